package import ClinicDomain

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
  /// Sheets for a day without power; `nil` writes none.
  package var sheets: Sheets?

  /// Where the history's heads are kept, signed; `nil` for nowhere but beside the store.
  package var heads: Heads?

  package struct Heads: Hashable, Sendable {
    package var folder: String
    package var key: String

    package init(folder: String, key: String) {
      self.folder = folder
      self.key = key
    }
  }

  package struct Sheets: Hashable, Sendable {
    package var folder: String
    /// Of the clinic's wall, below 1440; ascending, unique, at least one.
    package var hours: [AgendaMinute]
    /// Rows with a reserved folio on each sheet, 0 ... 60.
    package var blankRows: Int

    package init(folder: String, hours: [AgendaMinute], blankRows: Int) {
      self.folder = folder
      self.hours = hours
      self.blankRows = blankRows
    }
  }

  package struct Listener: Hashable, Sendable {
    package var address: Address
    /// Of every caller, and then exactly one; with ``tls`` those that a certificate may name, at least one.
    package var roles: [Role]
    /// TLS 1.3 with client certificates; `nil` for a listener that everybody may call who reaches it. On TCP only.
    package var tls: TLS?
    /// The system users who may call, at least one; `nil` for everybody whom the socket's file lets in. On Unix sockets only.
    package var users: [NamedUser]?

    package init(address: Address, role: Role, users: [NamedUser]? = nil) {
      self.init(address: address, roles: [role], tls: nil)
      self.users = users
    }

    package init(address: Address, roles: [Role], tls: TLS?) {
      self.address = address
      self.roles = roles
      self.tls = tls
    }

    /// Of an open listener's callers.
    package var role: Role { roles[0] }
  }

  /// The files of a listener's TLS side; that they exist and fit is for the reader of certificates to say.
  package struct TLS: Hashable, Sendable {
    package var certificate: NamedFile
    package var key: NamedFile
    /// What the callers' certificates must lead to.
    package var authority: NamedFile
    /// The serials that are not let in, although the authority stands for them.
    package var denied: NamedFile?

    package init(certificate: NamedFile, key: NamedFile, authority: NamedFile, denied: NamedFile?) {
      self.certificate = certificate
      self.key = key
      self.authority = authority
      self.denied = denied
    }
  }

  /// A file, and where server.yaml names it.
  package struct NamedFile: Hashable, Sendable {
    package var path: String
    package var position: TextPosition

    package init(path: String, position: TextPosition) {
      self.path = path
      self.position = position
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
    case promoter = "promotor"
  }

  package init(
    listeners: [Listener], dataFolder: String, clinicFile: String, sessionIdleSeconds: Int, drainSeconds: Int,
    limits: Limits = Limits(), metrics: Address? = nil, sheets: Sheets? = nil, heads: Heads? = nil
  ) {
    self.listeners = listeners
    self.dataFolder = dataFolder
    self.clinicFile = clinicFile
    self.sessionIdleSeconds = sessionIdleSeconds
    self.drainSeconds = drainSeconds
    self.limits = limits
    self.metrics = metrics
    self.sheets = sheets
    self.heads = heads
  }
}
