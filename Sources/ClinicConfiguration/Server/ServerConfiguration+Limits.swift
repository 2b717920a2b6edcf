extension ServerConfiguration {
  /// What callers are held to where a clinic wants it otherwise; `nil` leaves what the server brings.
  package struct Limits: Hashable, Sendable {
    /// Connections at once, 16 ... 100,000.
    package var connections: Int?
    /// Connections at once from one TCP address, 1 ... 100,000; at most ``connections`` where both are given.
    package var connectionsPerAddress: Int?
    /// Calls in flight on one connection, 1 ... 10,000.
    package var callsInFlight: Int?
    /// Those of them that stream, 1 ... 10,000; at most ``callsInFlight`` where both are given.
    package var streamsPerConnection: Int?
    /// After so many seconds in which it says nothing a connection is closed, 10 ... 604,800.
    package var idleSeconds: Int?
    /// No role twice.
    package var calls: [Calls] = []

    /// How often one device of a role may call.
    package struct Calls: Hashable, Sendable {
      package var role: Role
      /// In the long run, 1 ... 1,000,000.
      package var perSecond: Int
      /// After a pause, 1 ... 1,000,000.
      package var atOnce: Int

      package init(role: Role, perSecond: Int, atOnce: Int) {
        self.role = role
        self.perSecond = perSecond
        self.atOnce = atOnce
      }
    }

    package init() {}
  }
}

extension ServerConfiguration.Limits {
  private static let keys: [Key] = [
    .optional("conexiones"), .optional("conexiones_por_direccion"), .optional("llamadas_en_curso"),
    .optional("flujos_por_conexion"), .optional("inactividad_segundos"), .optional("llamadas"),
  ]

  private static let callKeys: [Key] = [
    .required("papel", "telefono"), .required("por_segundo", "1000"), .required("de_golpe", "2000"),
  ]

  /// Reads what stands under `limites`; wrong values are reported and left out.
  static func read(_ tree: Tree, _ findings: inout Findings) -> Self {
    var limits = Self()
    guard let fields = tree.fields(of: "limites", keys, &findings) else { return limits }
    limits.connections = fields.value("conexiones", .integer(16...100_000), &findings)
    limits.connectionsPerAddress = fields.value("conexiones_por_direccion", .integer(1...100_000), &findings)
    limits.callsInFlight = fields.value("llamadas_en_curso", .integer(1...10_000), &findings)
    limits.streamsPerConnection = fields.value("flujos_por_conexion", .integer(1...10_000), &findings)
    limits.idleSeconds = fields.value("inactividad_segundos", .integer(10...604_800, unit: "segundos"), &findings)
    if let calls = fields["llamadas"] { limits.calls = readCalls(calls, &findings) }
    if let all = limits.connections, let some = limits.connectionsPerAddress, some > all {
      findings.error(
        fields["conexiones_por_direccion"]?.position ?? fields.position, "conexiones_por_direccion pasa de las \(all) conexiones",
        fix: "escriba un número de 1 a \(all)")
    }
    if let all = limits.callsInFlight, let some = limits.streamsPerConnection, some > all {
      findings.error(
        fields["flujos_por_conexion"]?.position ?? fields.position, "flujos_por_conexion pasa de las \(all) llamadas_en_curso",
        fix: "escriba un número de 1 a \(all)")
    }
    return limits
  }

  private static func readCalls(_ tree: Tree, _ findings: inout Findings) -> [Calls] {
    guard let items = tree.items("llamadas", &findings) else { return [] }
    var roles: [Placed<ServerConfiguration.Role>] = []
    var calls: [Calls] = []
    for (index, item) in items.enumerated() {
      guard let fields = item.fields(of: "el elemento \(index + 1) de llamadas", callKeys, &findings) else { continue }
      let role = fields.placed("papel", .role, &findings)
      let perSecond = fields.value("por_segundo", .integer(1...1_000_000), &findings)
      let atOnce = fields.value("de_golpe", .integer(1...1_000_000), &findings)
      if let role { roles.append(role) }
      guard let role, let perSecond, let atOnce else { continue }
      calls.append(Calls(role: role.value, perSecond: perSecond, atOnce: atOnce))
    }
    _ = findings.unique(roles, { "el papel \($0.rawValue)" }, fix: "deje uno solo")
    return calls
  }
}
