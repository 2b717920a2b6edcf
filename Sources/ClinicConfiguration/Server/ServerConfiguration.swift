/// What kiosk-server needs to know beside the clinic: where it listens, where its data lives, how patient it is.
///
/// Relative paths in server.yaml are relative to the file's own folder, and are resolved here.
package struct ServerConfiguration: Hashable, Sendable {
  /// At least one; no address twice.
  package var listeners: [Listener]
  /// The folder of the database.
  package var dataFolder: String
  /// The path of clinic.yaml.
  package var clinicFile: String
  /// After so many seconds without a call a patient's session ends, 10 ... 3600.
  package var sessionIdleSeconds: Int
  /// So long may calls in progress go on after SIGTERM, seconds, 0 ... 300.
  package var drainSeconds: Int
  package var limits: Limits
  /// Where the page of metrics is, on this machine; `nil` for nowhere.
  package var metrics: Address?

  package struct Listener: Hashable, Sendable {
    package var address: Address
    package var role: Role

    package init(address: Address, role: Role) {
      self.address = address
      self.role = role
    }
  }

  package enum Address: Hashable, Sendable, CustomStringConvertible {
    /// An IPv4 or IPv6 address (without brackets) or a host's name, and a port of 1 ... 65535.
    case tcp(host: String, port: Int)
    /// A path of at most 107 bytes, which is what the operating system takes.
    case unix(path: String)

    package var description: String {
      switch self {
      case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
      case .unix(let path): path
      }
    }
  }

  /// Who calls on a listener; what each may call is the method table's affair.
  package enum Role: String, Hashable, Sendable, CaseIterable {
    case kiosk = "kiosco"
    case phone = "telefono"
    case display = "pantalla"
    case technician = "tecnico"
    case staff = "personal"
    case center = "centro"
  }

  package init(
    listeners: [Listener], dataFolder: String, clinicFile: String, sessionIdleSeconds: Int, drainSeconds: Int,
    limits: Limits = Limits(), metrics: Address? = nil
  ) {
    self.listeners = listeners
    self.dataFolder = dataFolder
    self.clinicFile = clinicFile
    self.sessionIdleSeconds = sessionIdleSeconds
    self.drainSeconds = drainSeconds
    self.limits = limits
    self.metrics = metrics
  }
}
