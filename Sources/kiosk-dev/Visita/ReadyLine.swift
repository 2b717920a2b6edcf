internal import TTRPCNIO

/// What kiosk-server says once it listens: "lista: 127.0.0.1:24820 /srv/ventanilla/kiosco.sock".
struct ReadyLine: Sendable {
  private static let prefix = "lista: "

  private let addresses: [Substring]

  /// Finds it in the server's log; `nil` until the whole line is there.
  init?(in log: String) {
    let lines = log.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    guard let line = lines.first(where: { $0.hasPrefix(Self.prefix) }) else { return nil }
    addresses = line.dropFirst(Self.prefix.count).split(separator: " ")
  }

  /// The first address that is no socket file.
  var firstTCP: TTRPCAddress? { tcp.first }

  /// Every address that is no socket file, in the order of the listeners.
  var tcp: [TTRPCAddress] { addresses.compactMap(Self.tcp) }

  private static func tcp(_ text: Substring) -> TTRPCAddress? {
    guard !text.contains("/"), let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]) else {
      return nil
    }
    let host = text[..<colon]
    return .tcp(host: host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : String(host), port: port)
  }
}
