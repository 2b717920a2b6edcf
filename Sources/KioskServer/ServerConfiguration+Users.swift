package import ClinicConfiguration
internal import Foundation

extension ServerConfiguration {
  /// The users whom the Unix listeners name and this machine does not have, each at the line that names it.
  ///
  /// A number needs no name: a container's users often have none.
  ///
  /// - Parameter file: the path of server.yaml.
  package func userProblems(file: String) -> [ConfigurationProblem] {
    listeners.flatMap { $0.users ?? [] }.filter { SystemUsers.number(of: $0.name) == nil }.map { user in
      ConfigurationProblem(
        severity: .error, file: file, position: user.position, message: "usuarios: este equipo no tiene al usuario \(user.name)",
        fix: "escriba uno de los que lista getent passwd, o créelo: useradd --system \(user.name)")
    }
  }
}

/// The users of this machine.
enum SystemUsers {
  /// The longest entry of a user database that is read: a thousand times what /etc/passwd has.
  private static let longestEntry = 1 << 20

  /// - Returns: `nil` for a name that nobody has, or that cannot be looked up.
  static func number(of name: ServerConfiguration.NamedUser.Name) -> UInt32? {
    switch name {
    case .number(let number): number
    case .name(let name): number(ofName: name, room: 1024)
    }
  }

  private static func number(ofName name: String, room: Int) -> UInt32? {
    var (entry, found) = (passwd(), UnsafeMutablePointer<passwd>?.none)
    var texts = [CChar](repeating: 0, count: room)
    let status = getpwnam_r(name, &entry, &texts, room, &found)
    if status == ERANGE, room < longestEntry { return number(ofName: name, room: room * 4) }
    return status == 0 && found != nil ? entry.pw_uid : nil
  }
}
