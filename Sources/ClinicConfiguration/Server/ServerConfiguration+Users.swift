internal import ClinicDomain

extension ServerConfiguration {
  /// A system user whom a Unix listener lets in, and where server.yaml names it.
  ///
  /// That there is such a user on this machine is for whoever asks the system to say.
  package struct NamedUser: Hashable, Sendable {
    package enum Name: Hashable, Sendable, CustomStringConvertible {
      /// As in /etc/passwd.
      case name(String)
      /// A user's number.
      case number(UInt32)

      package var description: String {
        switch self {
        case .name(let name): name
        case .number(let number): "\(number)"
        }
      }
    }

    package var name: Name
    package var position: TextPosition

    package init(name: Name, position: TextPosition) {
      self.name = name
      self.position = position
    }
  }
}

extension ServerConfiguration.NamedUser {
  /// Reads what stands under `usuarios` of a listener: one, or a list; no user twice. `nil` when nothing usable does, which is then reported.
  static func read(
    _ tree: Tree, of listener: Fields, _ place: String, _ findings: inout Findings
  ) -> [ServerConfiguration.NamedUser]? {
    if listener["tcp"] != nil {
      findings.error(
        tree.position, "\(place) tiene tcp y usuarios, y usuarios es para unix: por la red nadie dice qué usuario llama",
        fix: "quite usuarios y use tls, o escriba unix en lugar de tcp")
    }
    guard let users = tree.values("usuarios", .systemUser, &findings) else { return nil }
    _ = findings.unique(users, { "el usuario \($0)" }, fix: "deje uno solo")
    return users.map { Self(name: $0.value, position: $0.position) }
  }
}

extension ValueParser<ServerConfiguration.NamedUser.Name> {
  /// A user's name as the system writes it, up to 32 characters, or its number.
  static let systemUser = ValueParser { text throws(Complaint) in
    let text = text.trimmed
    if let number = Int(digits: text.utf8) {
      // The last is what the system calls nobody at all.
      guard let user = UInt32(exactly: number), user != .max else {
        throw Complaint("\(text.excerpt) no es el número de ningún usuario", fix: "escriba el que dice: id -u NOMBRE")
      }
      return .number(user)
    }
    guard text.utf8.count <= 32, text.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_.\-]*\$?/) != nil else {
      throw Complaint("\"\(text.excerpt)\" no es el nombre de un usuario del sistema", fix: "escriba uno de los que lista: getent passwd")
    }
    return .name(text)
  }
}
