internal import TTRPCNIO

extension TTRPCAddress {
  /// Reads `127.0.0.1:24820`, `[::1]:24820`, `/run/ventanilla.sock`, `./v.sock`, `unix:PATH` and `tcp:HOST:PORT`.
  ///
  /// - Throws: what is wrong and how it is written, for whoever typed it.
  init(typed text: String) throws(AddressFault) {
    if text.hasPrefix("unix:") {
      self = try .path(String(text.dropFirst("unix:".count)))
    } else if text.contains("/") || text.hasSuffix(".sock") {
      self = try .path(text)
    } else {
      self = try .hostAndPort(text.hasPrefix("tcp:") ? text.dropFirst("tcp:".count) : text[...])
    }
  }

  private static func path(_ path: String) throws(AddressFault) -> TTRPCAddress {
    guard !path.isEmpty else { throw .notAnAddress }
    guard path.utf8.count <= maxPathLength else { throw .pathTooLong(path.utf8.count) }
    return .unix(path: path)
  }

  private static func hostAndPort(_ text: Substring) throws(AddressFault) -> TTRPCAddress {
    guard let colon = text.lastIndex(of: ":") else { throw .notAnAddress }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    guard !host.isEmpty, let port = Int(text[text.index(after: colon)...]) else { throw .notAnAddress }
    guard (1...65_535).contains(port) else { throw .portOutOfRange }
    return .tcp(host: String(host), port: port)
  }
}

/// Why a text is no server's address.
enum AddressFault: Error, Equatable, CustomStringConvertible {
  case notAnAddress
  case portOutOfRange
  case pathTooLong(Int)

  var description: String {
    switch self {
    case .notAnAddress: "escriba la ruta de un socket (.ventanilla/ventanilla.sock) o un equipo y su puerto (127.0.0.1:24820)"
    case .portOutOfRange: "el puerto va de 1 a 65535"
    case .pathTooLong(let bytes):
      "la ruta del socket mide \(bytes) bytes y el sistema admite \(TTRPCAddress.maxPathLength); use una más corta"
    }
  }
}
