internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// The methods of the contract, as a person looks them up.
enum MethodCatalogue {
  /// - Throws: ``Failure`` that names the nearest method, or says how to see all.
  static func row(named name: String) throws(Failure) -> MethodRow {
    if let row = MethodTable.rows.named(name) { return row }
    let all = "Todos los métodos: kioskctl call --lista"
    guard name.contains("/") else {
      let methods = MethodTable.rows.filter { $0.descriptor.method.lowercased() == name.lowercased() }
      throw Failure(
        .usage, "\(name.printable) no dice el servicio: se escribe SERVICIO/MÉTODO.",
        next: methods.first.map { "¿Quiso decir \($0.shortName)?" } ?? all)
    }
    let nearest = MethodTable.rows.nearest(to: name)
    throw Failure(
      .usage, "El contrato no tiene el método \(name.printable).",
      next: nearest.map { "¿Quiso decir \($0.shortName)? \(all)" } ?? all)
  }

  static func show(on output: Output, json: Bool) {
    let rows = MethodTable.rows
    if json { return output.json(.array(rows.map(\.json))) }
    let table = TextTable(
      [.init("Método"), .init("Escribe"), .init("Quién puede llamarlo")],
      rows: rows.map { [$0.shortName, $0.descriptor.writes ? "sí" : "", $0.roleNames.joined(separator: ", ")] })
    output.lines(table.lines(output.style))
  }
}

extension MethodRow {
  var roleNames: [String] { RoleSet.named.filter { !descriptor.roles.isDisjoint(with: $0.role) }.map(\.name) }

  /// Keys: method, writes, roles.
  fileprivate var json: JSONValue {
    .object([
      .init("method", .string(name)), .init("writes", .bool(descriptor.writes)),
      .init("roles", .array(roleNames.map { .string($0) })),
    ])
  }

  func show(on output: Output, json asJSON: Bool) {
    guard !asJSON else {
      return output.json(
        .object([.init("method", .string(name)), .init("input", input.fieldsJSON), .init("output", self.output.fieldsJSON)]))
    }
    output.text("\(output.style.bold(name))  (\(roleNames.joined(separator: ", ")))")
    if descriptor.writes { output.text("Escribe: lleva un request-id, que kioskctl pone si no se da con --meta.") }
    if requestsStream { output.text("Recibe varios mensajes, uno tras otro.") }
    if repliesStream { output.text("Contesta varios mensajes; cada uno sale en cuanto llega.") }
    output.text("")
    output.lines(input.description(titled: "Pide", output.style))
    output.text("")
    output.lines(self.output.description(titled: "Contesta", output.style))
  }
}
