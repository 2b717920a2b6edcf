internal import ClinicDomain

extension ServerConfiguration {
  /// Reads server.yaml as ``ClinicConfiguration`` reads clinic.yaml.
  ///
  /// - Parameter file: the path that the problems name, and whose folder relative paths start from.
  package static func read(text: String, file: String) throws(ConfigurationProblems) -> Configured<ServerConfiguration> {
    try read(bytes: Array(text.utf8), file: file)
  }

  /// As ``read(text:file:)``, for bytes whose encoding nobody has checked.
  package static func read(
    bytes: [UInt8], file: String
  ) throws(ConfigurationProblems) -> Configured<ServerConfiguration> {
    let root = try Tree.root(of: bytes, file: file)
    var reader = ServerReader(findings: Findings(file: file), folder: ServerReader.folder(of: file))
    let server = reader.read(root)
    return try reader.findings.result(server)
  }

  /// Reads a file; one that cannot be opened is a problem like the others.
  package static func load(path: String) throws(ConfigurationProblems) -> Configured<ServerConfiguration> {
    try read(bytes: ConfigurationFile.bytes(path), file: path)
  }
}

private struct ServerReader {
  var findings: Findings
  let folder: String

  static func folder(of file: String) -> String {
    file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
  }

  private static let keys: [Key] = [
    .required("clinica", "clinics/umf-muestra-30/clinic.yaml"),
    .required("datos", "../.ventanilla"),
    .required("escuchas", "una lista con tcp o unix, y papel"),
    .required("sesion_inactiva_segundos", "60"),
    .required("drenado_segundos", "10"),
    .optional("limites"),
    .optional("metricas"),
    .optional("hojas"),
    .optional("cabezas"),
  ]

  mutating func read(_ root: Tree) -> ServerConfiguration? {
    guard let fields = root.fields(of: "la raíz del archivo", Self.keys, &findings) else { return nil }
    let clinic = fields.value("clinica", .path, &findings)
    let data = fields.value("datos", .path, &findings)
    let listeners = fields["escuchas"].flatMap { readListeners($0) }
    let idle = fields.value("sesion_inactiva_segundos", .integer(10...3600, unit: "segundos"), &findings)
    let drain = fields.value("drenado_segundos", .integer(0...300, unit: "segundos"), &findings)
    let limits = fields["limites"].map { ServerConfiguration.Limits.read($0, &findings) }
    let metrics = fields["metricas"] == nil ? nil : fields.value("metricas", .loopbackAddress, &findings)
    let sheets = fields["hojas"].flatMap { readSheets($0) }
    let heads = fields["cabezas"].flatMap { readHeads($0, besides: data) }
    guard let clinic, let data, let listeners, let idle, let drain else { return nil }
    return ServerConfiguration(
      listeners: listeners, dataFolder: resolve(data), clinicFile: resolve(clinic), sessionIdleSeconds: idle,
      drainSeconds: drain, limits: limits ?? ServerConfiguration.Limits(), metrics: metrics, sheets: sheets, heads: heads)
  }

  private static let headKeys: [Key] = [.required("carpeta", "/mnt/centro/cabezas"), .required("llave", "../secretos/cabezas.llave")]

  /// Neither may be where whoever holds the store's folder has them too.
  private mutating func readHeads(_ tree: Tree, besides data: String?) -> ServerConfiguration.Heads? {
    guard let fields = tree.fields(of: "cabezas", Self.headKeys, &findings) else { return nil }
    let places = ["carpeta", "llave"].map { fields.placed($0, .path, &findings) }
    var isApart = true
    for (key, place) in zip(["carpeta", "llave"], places) {
      guard let place, let data, "\(Self.plain(resolve(place.value)))/".hasPrefix("\(Self.plain(resolve(data)))/") else { continue }
      isApart = false
      findings.error(
        place.position, "\(key) está en la carpeta de datos: quien cambie la base la tiene también",
        fix: key == "llave" ? "póngala en otra carpeta, solo para el usuario del servidor" : "use una carpeta de otra máquina")
    }
    guard let folder = places[0], let key = places[1] else { return nil }
    if isApart, Self.plain(resolve(key.value)).hasPrefix("\(Self.plain(resolve(folder.value)))/") {
      findings.error(
        key.position, "llave está en la carpeta de las cabezas: quien las guarda podría firmar otras",
        fix: "póngala en otra carpeta, solo para el usuario del servidor")
    }
    return ServerConfiguration.Heads(folder: resolve(folder.value), key: resolve(key.value))
  }

  private static let sheetKeys: [Key] = [
    .required("carpeta", "../.ventanilla/hojas"), .required("horas", "[07:00, 13:00]"), .required("renglones", "8"),
  ]

  private mutating func readSheets(_ tree: Tree) -> ServerConfiguration.Sheets? {
    guard let fields = tree.fields(of: "hojas", Self.sheetKeys, &findings) else { return nil }
    let folder = fields.value("carpeta", .path, &findings)
    let hours = fields["horas"]?.values("horas", .timeOfDay, &findings)
    let rows = fields.value("renglones", .integer(0...60, unit: "renglones"), &findings)
    guard let folder, let hours, let rows else { return nil }
    let each = findings.unique(hours, { "la hora \($0)" }, fix: "escriba cada hora una vez")
    return ServerConfiguration.Sheets(folder: resolve(folder), hours: each.sorted(), blankRows: rows)
  }

  /// Without `.`, `..` and doubled slashes, as far as the words alone say; links are not followed.
  private static func plain(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
    }
    return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }

  private func resolve(_ path: String) -> String { path.hasPrefix("/") ? path : folder + path }

  private mutating func readListeners(_ tree: Tree) -> [ServerConfiguration.Listener]? {
    guard let items = tree.items("escuchas", &findings) else { return nil }
    if items.isEmpty {
      findings.error(tree.position, "el servidor no escucha en ningún lado", fix: "agregue al menos un elemento con tcp o unix")
    }
    var addresses: [Placed<ServerConfiguration.Address>] = []
    var listeners: [ServerConfiguration.Listener] = []
    for (index, item) in items.enumerated() {
      let place = "el elemento \(index + 1) de escuchas"
      let keys: [Key] = [.optional("tcp"), .optional("unix"), .required("papel", "kiosco"), .optional("tls"), .optional("usuarios")]
      guard let fields = item.fields(of: place, keys, &findings) else { continue }
      let address = readAddress(fields, place)
      let tls = fields["tls"].map { readTLS($0, of: fields, place) }
      let users = fields["usuarios"].map { ServerConfiguration.NamedUser.read($0, of: fields, place, &findings) }
      let roles = readRoles(fields, hasTLS: tls != nil)
      if let address { addresses.append(address) }
      guard let address, let roles else { continue }
      if let tls {
        // Without its files it would be an open listener.
        guard let tls else { continue }
        listeners.append(ServerConfiguration.Listener(address: address.value, roles: roles, tls: tls))
      } else {
        warn(address, roles[0])
        listeners.append(ServerConfiguration.Listener(address: address.value, role: roles[0], users: users ?? nil))
      }
    }
    _ = findings.unique(addresses, { "la dirección \($0)" }, fix: "use una distinta para cada papel")
    return listeners
  }

  /// One role; with TLS one or several. `nil` when there is none that can be used, which is then reported.
  private mutating func readRoles(_ fields: Fields, hasTLS: Bool) -> [ServerConfiguration.Role]? {
    guard hasTLS else { return fields.value("papel", .role, &findings).map { [$0] } }
    return fields["papel"]?.values("papel", .role, &findings).map { findings.unique($0, { "el papel \($0.rawValue)" }, fix: "deje uno solo") }
  }

  private static let tlsKeys: [Key] = [
    .required("certificado", "tls/servidor.pem"), .required("llave", "tls/servidor.key"), .required("autoridad", "tls/autoridad.pem"),
    .optional("negados"),
  ]

  private mutating func readTLS(_ tree: Tree, of listener: Fields, _ place: String) -> ServerConfiguration.TLS? {
    if listener["unix"] != nil {
      findings.error(tree.position, "\(place) tiene unix y tls, y tls es para tcp", fix: "quite tls, o escriba tcp en lugar de unix")
    }
    guard let fields = tree.fields(of: "tls", Self.tlsKeys, &findings) else { return nil }
    let certificate = readFile("certificado", fields)
    let key = readFile("llave", fields)
    let authority = readFile("autoridad", fields)
    let denied = readFile("negados", fields)
    guard let certificate, let key, let authority else { return nil }
    return ServerConfiguration.TLS(certificate: certificate, key: key, authority: authority, denied: denied)
  }

  private mutating func readFile(_ key: String, _ fields: Fields) -> ServerConfiguration.NamedFile? {
    fields.placed(key, .path, &findings).map { ServerConfiguration.NamedFile(path: resolve($0.value), position: $0.position) }
  }

  private mutating func readAddress(_ fields: Fields, _ place: String) -> Placed<ServerConfiguration.Address>? {
    switch (fields["tcp"], fields["unix"]) {
    case (nil, nil):
      findings.error(
        fields.position, "\(place) no dice dónde escuchar", fix: "agregue, por ejemplo, tcp: 127.0.0.1:24820 o unix: kiosco.sock")
      return nil
    case (.some, .some(let unix)):
      findings.error(unix.position, "\(place) tiene tcp y unix", fix: "haga de ellos dos elementos")
      return nil
    case (.some, nil): return fields.placed("tcp", .tcpAddress, &findings)
    case (nil, .some(let tree)):
      guard let path = fields.value("unix", .path, &findings).map(resolve) else { return nil }
      guard path.utf8.count <= 107 else {
        findings.error(
          tree.position, "unix: la ruta \"\(path.excerpt)\" mide \(path.utf8.count) bytes y caben 107", fix: "use una más corta")
        return nil
      }
      return Placed(value: .unix(path: path), position: tree.position)
    }
  }

  /// There is no encryption on listeners without TLS; who may change things should not call over the network.
  private mutating func warn(_ address: Placed<ServerConfiguration.Address>, _ role: ServerConfiguration.Role) {
    guard case .tcp(let host, _) = address.value, host != "127.0.0.1", host != "::1", host != "localhost",
      role == .technician || role == .staff || role == .promoter
    else { return }
    findings.warning(
      address.position, "el papel \(role.rawValue) escucha en la red, sin cifrado", fix: "agregue tls, o use unix o 127.0.0.1 para él")
  }
}

extension ValueParser<ServerConfiguration.Role> {
  static let role = word(of: ServerConfiguration.Role.allCases.map { ($0.rawValue, $0) })
}

extension ValueParser<ServerConfiguration.Address> {
  /// `127.0.0.1:24820`, `[::1]:24820`, `localhost:24820`.
  static let tcpAddress = ValueParser { text throws(Complaint) in
    let example = "escriba dirección y puerto, como 127.0.0.1:24820"
    guard let colon = text.lastIndex(of: ":") else { throw Complaint("\"\(text.excerpt)\" no tiene puerto", fix: example) }
    let portText = text[text.index(after: colon)...]
    guard let port = Int(digits: portText.utf8), (1...65535).contains(port) else {
      throw Complaint("el puerto \"\(String(portText).excerpt)\" no es un número de 1 a 65535", fix: example)
    }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = String(host.dropFirst().dropLast())
    } else if host.contains(":") {
      throw Complaint("una dirección IPv6 va entre corchetes", fix: "escriba [\(host)]:\(port)")
    }
    guard !host.isEmpty, !host.contains(where: { $0.isWhitespace || $0 == "/" || $0 == "[" || $0 == "]" }) else {
      throw Complaint("\"\(text.excerpt)\" no es una dirección", fix: example)
    }
    return .tcp(host: host, port: port)
  }
}

extension ValueParser<ServerConfiguration.Address> {
  /// As ``tcpAddress``, for what only this machine may reach: 127.0.0.0/8, ::1 or localhost.
  static let loopbackAddress = ValueParser { text throws(Complaint) in
    let address = try tcpAddress.parse(text)
    guard case .tcp(let host, _) = address, isLoopback(host) else {
      throw Complaint(
        "\"\(text.excerpt)\" se ve desde otras máquinas, y esta página no pide contraseña",
        fix: "use 127.0.0.1:9464; quien la lea de lejos, que pase por un túnel")
    }
    return address
  }

  private static func isLoopback(_ host: String) -> Bool {
    if host == "::1" || host == "localhost" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}
