internal import ClinicConfiguration
internal import TTRPCNIO

/// A listener as the command line names it: "tcp:127.0.0.1:24820=kiosco", "unix:/run/ventanilla/kiosco.sock=kiosco".
enum ListenerText {
  struct Fault: Error, CustomStringConvertible {
    var text: String
    var description: String {
      "--escucha \(text): escriba tcp:HOST:PUERTO=papel o unix:RUTA=papel; los papeles son \(ServerConfiguration.Role.allCases.map(\.rawValue).joined(separator: ", "))."
    }
  }

  static func read(_ text: String) throws(Fault) -> Listener {
    guard let equals = text.lastIndex(of: "="),
      let role = ServerConfiguration.Role(rawValue: String(text[text.index(after: equals)...])),
      let address = address(text[..<equals])
    else { throw Fault(text: text) }
    return Listener(address: address, role: role.set)
  }

  private static func address(_ text: Substring) -> TTRPCAddress? {
    if text.hasPrefix("unix:"), text.count > 5 { return .unix(path: String(text.dropFirst(5))) }
    guard text.hasPrefix("tcp:"), let colon = text.lastIndex(of: ":"),
      let port = Int(text[text.index(after: colon)...]), (0...65_535).contains(port)
    else { return nil }
    var host = text[..<colon].dropFirst(4)
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    return host.isEmpty ? nil : .tcp(host: String(host), port: port)
  }
}
