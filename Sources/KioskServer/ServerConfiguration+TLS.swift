package import ClinicConfiguration
internal import TTRPCCore
package import TTRPCNIO
internal import VentanillaMessages

extension ServerConfiguration {
  /// What only this machine can tell: users that it does not have, and ``tlsProblems(file:clues:)``; in the order of the file.
  package func machineProblems(file: String, clues: String?) -> [ConfigurationProblem] {
    (userProblems(file: file) + tlsProblems(file: file, clues: clues)).sorted { $0.position < $1.position }
  }

  /// What is wrong with the files that the TLS listeners name, each at the line that names it; in the order of server.yaml.
  ///
  /// - Parameters:
  ///   - file: the path of server.yaml.
  ///   - clues: of the clinic; `nil` when clinic.yaml cannot be read, and then whose certificate it is stays open.
  package func tlsProblems(file: String, clues: String?) -> [ConfigurationProblem] {
    listeners.compactMap(\.tls).flatMap { tls in
      ServerTLS.faults(of: tls.files, clinic: clues ?? "")
        .filter { fault in
          if clues == nil, case .identity(.otherClinic) = fault { false } else { true }
        }
        .map { tls.problem($0, file: file, clues: clues ?? "CLUES") }
    }
  }

  /// The listeners as a server takes them.
  ///
  /// - Parameter onRefusal: told of every connection that TLS does not let in, on an event loop: it must not wait.
  /// - Throws: every one of ``machineProblems(file:clues:)``.
  package func makeListeners(
    file: String, clues: String, onRefusal: @escaping @Sendable (TLSRefusal) -> Void
  ) throws(ConfigurationProblems) -> [TTRPCNIO.Listener] {
    let problems = machineProblems(file: file, clues: clues)
    guard problems.isEmpty else { throw ConfigurationProblems(problems) }
    var made: [TTRPCNIO.Listener] = []
    for listener in listeners {
      guard let tls = listener.tls, case .tcp(let host, let port) = listener.address else {
        made.append(listener.withoutTLS)
        continue
      }
      let admission = CertificateAdmission(
        clinic: clues, roles: RoleSet.named, admitted: RoleSet(listener.roles.map(\.set)))
      do throws(TLSFaults) {
        made.append(
          TTRPCNIO.Listener(host: host, port: port, tls: try ServerTLS(files: tls.files, admission: admission, onRefusal: onRefusal)))
      } catch {
        // Somebody has changed a file since it was looked at.
        throw ConfigurationProblems(error.faults.map { tls.problem($0, file: file, clues: clues) })
      }
    }
    return made
  }
}

extension ServerConfiguration.Listener {
  fileprivate var withoutTLS: TTRPCNIO.Listener {
    guard let users, case .unix(let path) = address else { return TTRPCNIO.Listener(address: address.ttrpc, role: role.set) }
    let numbers = users.compactMap { SystemUsers.number(of: $0.name) }
    return TTRPCNIO.Listener(path: path, users: Dictionary(numbers.map { ($0, role.set) }) { role, _ in role })
  }
}

extension ServerConfiguration.TLS {
  var files: TLSFiles {
    TLSFiles(certificate: certificate.path, key: key.path, trustRoot: authority.path, denyList: denied?.path)
  }

  func problem(_ fault: TLSFault, file: String, clues: String) -> ConfigurationProblem {
    let named = self[fault.file]
    let (message, fix) = fault.mensaje(path: named.path, identity: TLSFault.serverIdentity(clues))
    return ConfigurationProblem(severity: .error, file: file, position: named.position, message: message, fix: fix)
  }

  private subscript(_ file: TLSFile) -> ServerConfiguration.NamedFile {
    switch file {
    case .certificate: certificate
    case .key: key
    case .trustRoot: authority
    case .denyList: denied ?? certificate
    }
  }
}
