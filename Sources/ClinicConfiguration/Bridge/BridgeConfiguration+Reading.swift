internal import Guidance

extension BridgeConfiguration {
  /// Reads ivr-bridge.yaml as ``ServerConfiguration`` reads server.yaml.
  ///
  /// - Parameter file: the path that the problems name, and whose folder relative paths start from.
  package static func read(bytes: [UInt8], file: String) throws(ConfigurationProblems) -> Configured<BridgeConfiguration> {
    let root = try Tree.root(of: bytes, file: file)
    var reader = BridgeReader(findings: Findings(file: file), folder: file.lastIndex(of: "/").map { String(file[...$0]) } ?? "")
    let bridge = reader.read(root)
    return try reader.findings.result(bridge)
  }

  /// Reads a file; one that cannot be opened is a problem like the others.
  package static func load(path: String) throws(ConfigurationProblems) -> Configured<BridgeConfiguration> {
    try read(bytes: ConfigurationFile.bytes(path), file: path)
  }
}

private struct BridgeReader {
  var findings: Findings
  let folder: String

  private static let keys: [Key] = [
    .required("escucha", "127.0.0.1:4573"),
    .required("asterisk", "127.0.0.1"),
    .required("servidores", "una lista con tcp o unix"),
    .required("clinica", "clinics/umf-muestra-30/clinic.yaml"),
    .required("guias", "guidance"),
    .required("dialogos", "dialogues"),
    .required("perfil", "prueba"),
    .required("grabaciones", "prompts"),
    .required("sonidos", "../.ventanilla/sonidos"),
    .required("sonidos_en_asterisk", "ventanilla"),
    .optional("revisados"), .optional("llamadas"), .optional("espera_segundos"), .optional("drenado_segundos"), .optional("salientes"), .optional("tls"),
  ]

  mutating func read(_ root: Tree) -> BridgeConfiguration? {
    guard let fields = root.fields(of: "la raíz del archivo", Self.keys, &findings) else { return nil }
    let address = fields.placed("escucha", .tcpAddress, &findings)
    if let address { warn(address) }
    let asterisks = fields["asterisk"]?.values("asterisk", .ipAddress, &findings)
      .map { findings.unique($0, { "la dirección \($0)" }, fix: "deje una sola") }
    let servers = fields["servidores"].flatMap { readServers($0) }
    let clinic = path("clinica", fields)
    let guides = path("guias", fields)
    let dialogues = path("dialogos", fields)
    let profile = fields.value("perfil", .profile, &findings)
    let recordings = path("grabaciones", fields)
    let sounds = path("sonidos", fields)
    let name = fields.value("sonidos_en_asterisk", .soundsName, &findings)
    let reviewed = readReviewed(fields)
    let calls = number("llamadas", 1...2000, otherwise: 200, fields)
    let request = number("espera_segundos", 2...30, otherwise: 10, fields)
    let drain = number("drenado_segundos", 1...60, otherwise: 10, fields)
    let outbound = fields["salientes"].map { readOutbound($0) }
    let tls = fields["tls"].map { readTLS($0) }
    guard outbound != .some(.none), tls != .some(.none), case .tcp(let host, let port)? = address?.value, let asterisks, let servers, let clinic, let guides, let dialogues, let profile,
      let recordings, let sounds, let name, let reviewed, let calls, let request, let drain
    else { return nil }
    if let tree = fields["tls"], !servers.contains(where: { if case .tcp = $0 { true } else { false } }) {
      findings.warning(tree.position, "tls es para servidores por tcp, y no hay ninguno", fix: "quite la sección")
    }
    var bridge = BridgeConfiguration(
      host: host, port: port, asterisks: asterisks, servers: servers, clinicFile: clinic, guidesFolder: guides,
      dialoguesFolder: dialogues, profile: profile, recordingsFolder: recordings, soundsFolder: sounds, soundsName: name,
      reviewedLanguages: reviewed, calls: calls, requestSeconds: request, drainSeconds: drain, outbound: outbound ?? nil)
    bridge.tls = tls ?? nil
    return bridge
  }

  private static let tlsKeys: [Key] = [
    .required("certificado", "puente.pem"), .required("llave", "puente.key"), .required("autoridad", "autoridad.pem"),
  ]

  private mutating func readTLS(_ tree: Tree) -> BridgeConfiguration.TLS? {
    guard let fields = tree.fields(of: "tls", Self.tlsKeys, &findings) else { return nil }
    let certificate = path("certificado", fields)
    let key = path("llave", fields)
    let authority = path("autoridad", fields)
    guard let certificate, let key, let authority else { return nil }
    return BridgeConfiguration.TLS(certificate: certificate, key: key, authority: authority)
  }

  private static let outboundKeys: [Key] = [
    .required("carpeta", "/var/spool/asterisk/outgoing"), .required("canal", "PJSIP/{numero}@troncal"), .required("identificador", "5550100000"),
    .required("a_la_vez", "2"),
  ]

  private mutating func readOutbound(_ tree: Tree) -> BridgeConfiguration.Outbound? {
    guard let fields = tree.fields(of: "salientes", Self.outboundKeys, &findings) else { return nil }
    let folder = path("carpeta", fields)
    let channel = fields.value("canal", .dialledChannel, &findings)
    let caller = fields.value("identificador", .tenDigits, &findings)
    let atOnce = fields.value("a_la_vez", .integer(1...20, unit: "llamadas"), &findings)
    guard let folder, let channel, let caller, let atOnce else { return nil }
    return BridgeConfiguration.Outbound(
      spoolFolder: folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder, channel: channel, callerID: caller,
      atOnce: atOnce)
  }

  private mutating func readReviewed(_ fields: Fields) -> [String]? {
    guard let tree = fields["revisados"] else { return [] }
    if case .list(let items) = tree.content, items.isEmpty { return [] }
    return tree.values("revisados", .code, &findings).map { findings.unique($0, { "la lengua \($0)" }, fix: "deje una sola") }
  }

  private mutating func path(_ key: String, _ fields: Fields) -> String? { fields.value(key, .path, &findings).map(resolve) }

  private func resolve(_ path: String) -> String { path.hasPrefix("/") ? path : folder + path }

  private mutating func number(_ key: String, _ range: ClosedRange<Int>, otherwise: Int, _ fields: Fields) -> Int? {
    fields[key] == nil ? otherwise : fields.value(key, .integer(range), &findings)
  }

  /// FastAGI has no password and no encryption.
  private mutating func warn(_ address: Placed<ServerConfiguration.Address>) {
    guard case .tcp(let host, _) = address.value, (try? ValueParser.loopbackAddress.parse("\(address.value)")) == nil else { return }
    findings.warning(
      address.position, "escucha: a \(host) se llega desde otras máquinas, y FastAGI no tiene contraseña ni cifrado",
      fix: "use 127.0.0.1, o un túnel entre las dos máquinas")
  }

  private mutating func readServers(_ tree: Tree) -> [ServerConfiguration.Address]? {
    guard let items = tree.items("servidores", &findings) else { return nil }
    if items.isEmpty { findings.error(tree.position, "no hay ningún servidor", fix: "agregue al menos un elemento con tcp o unix") }
    var addresses: [Placed<ServerConfiguration.Address>] = []
    for (index, item) in items.enumerated() {
      let place = "el elemento \(index + 1) de servidores"
      guard let fields = item.fields(of: place, [.optional("tcp"), .optional("unix")], &findings) else { continue }
      switch (fields["tcp"], fields["unix"]) {
      case (.some, nil): if let address = fields.placed("tcp", .tcpAddress, &findings) { addresses.append(address) }
      case (nil, .some(let tree)):
        guard let path = fields.value("unix", .path, &findings).map(resolve) else { continue }
        addresses.append(Placed(value: .unix(path: path), position: tree.position))
      default:
        findings.error(fields.position, "\(place) dice una sola dirección", fix: "escriba tcp: 127.0.0.1:24820 o unix: telefono.sock")
      }
    }
    return findings.unique(addresses, { "la dirección \($0)" }, fix: "deje una sola")
  }
}

extension ValueParser<GuidanceProfile> {
  static let profile = word(of: [("prueba", GuidanceProfile.trial), ("produccion", .production)])
}

extension ValueParser<String> {
  /// `127.0.0.1`, `::1`: as the system writes them, because they are compared with what it says of a caller.
  static let ipAddress = ValueParser { text throws(Complaint) in
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    if parts.count == 4, parts.allSatisfy({ UInt8($0)?.description == String($0) }) { return text }
    if text.contains(":"), text.unicodeScalars.allSatisfy({ "0123456789abcdef:".unicodeScalars.contains($0) }) { return text }
    throw Complaint("\"\(text.excerpt)\" no es una dirección IP", fix: "escriba una como 127.0.0.1 o ::1, en minúsculas")
  }

  /// What a call file has Asterisk dial: one line, and the number once.
  static let dialledChannel = ValueParser { text throws(Complaint) in
    guard text.split(separator: "{numero}", omittingEmptySubsequences: false).count == 2, text.contains("/"),
      text.utf8.allSatisfy({ 0x21...0x7E ~= $0 })
    else {
      throw Complaint("\"\(text.excerpt)\" no dice a qué número llama Asterisk", fix: "escríbalo como PJSIP/{numero}@troncal")
    }
    return text
  }

  static let tenDigits = ValueParser { text throws(Complaint) in
    guard text.utf8.count == 10, text.utf8.allSatisfy({ 48...57 ~= $0 }) else {
      throw Complaint("\"\(text.excerpt)\" no es un número de diez dígitos", fix: "escriba entre comillas el de la unidad, como \"5550100000\"")
    }
    return text
  }

  /// A folder of sounds as it stands in a command to Asterisk.
  static let soundsName = ValueParser { text throws(Complaint) in
    let name = try path.parse(text)
    guard !name.contains(where: { "&,\"\\ ".contains($0) }), name.utf8.count <= 200 else {
      throw Complaint("\"\(name.excerpt)\" no se puede decir en una orden a Asterisk", fix: "use letras, dígitos, _, - y /")
    }
    return name.count > 1 && name.hasSuffix("/") ? String(name.dropLast()) : name
  }
}
