internal import ClinicDomain

extension ClinicReader {
  private static let turnoKeys: [Key] = [
    .required("codigo", "matutino"), .required("nombre", "matutino"), .required("horario", "08:00-14:00"),
  ]

  mutating func readTurnos(_ tree: Tree?) {
    guard let tree, let items = tree.items("turnos", &findings) else { return }
    turnos.begin()
    if items.isEmpty {
      findings.error(tree.position, "no hay ningún turno", fix: "defina al menos uno, como matutino de 08:00-14:00")
    }
    for (index, item) in items.enumerated() {
      let fields = item.fields(of: "el elemento \(index + 1) de turnos", Self.turnoKeys, &findings)
      let code = fields?.placed("codigo", .code, &findings)
      let name = fields?.value("nombre", .sentence, &findings)
      let hours = fields?.value("horario", .hours, &findings)
      var turno: Turno?
      if let code, let name, let hours { turno = Turno(code: TurnoCode(code.value), name: name, hours: hours) }
      turnos.append(turno, named: code)
    }
    turnos.checkNames("el turno", &findings)
  }

  /// `nil` when it is not defined, or not legibly.
  func turno(_ code: TurnoCode) -> Turno? { turnos.values.first { $0.code == code } }
}
