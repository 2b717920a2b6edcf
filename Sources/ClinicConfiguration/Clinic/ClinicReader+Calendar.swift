internal import ClinicDomain

extension ClinicReader {
  private static let closureKeys: [Key] = [
    .required("desde", "2026-12-24"), .optional("hasta"), .optional("recursos"), .optional("turno"),
    .required("motivo", "fumigación"),
  ]

  /// One closure for each resource that an element names.
  mutating func readClosures(_ tree: Tree?) -> [Closure] {
    guard let tree, let items = tree.items("cierres", &findings) else { return [] }
    var closures: [Closure] = []
    for (index, item) in items.enumerated() {
      guard let fields = item.fields(of: "el elemento \(index + 1) de cierres", Self.closureKeys, &findings) else { continue }
      let first = fields.placed("desde", .date, &findings)
      let last = fields.placed("hasta", .date, &findings)
      let resources = fields["recursos"].flatMap { readResourceNames($0, "recursos") }
      let turno = fields.value("turno", turnos.name(TurnoCode.self), &findings)
      let reason = fields.value("motivo", .sentence, &findings)
      guard let first, fields["hasta"] == nil || last != nil, let reason else { continue }
      let end = last ?? first
      guard first.value <= end.value else {
        findings.error(
          end.position, "el cierre termina (\(end.value)) antes de empezar (\(first.value))",
          fix: "escriba en hasta la fecha del último día cerrado")
        continue
      }
      for resource in resources.map({ $0.map(Optional.some) }) ?? [nil] {
        closures.append(Closure(resource: resource, turno: turno, dates: first.value...end.value, reason: reason))
      }
    }
    return closures
  }

  private static let dayKeys: [Key] = [.required("fecha", "2026-01-01"), .required("nombre", "Año Nuevo")]

  /// Ascending, whatever the order in the file.
  mutating func readNonWorkingDays(_ tree: Tree?) -> [CivilDate] {
    guard let tree, let items = tree.items("dias_inhabiles", &findings) else { return [] }
    var days: [Placed<CivilDate>] = []
    for (index, item) in items.enumerated() {
      guard let fields = item.fields(of: "el elemento \(index + 1) de dias_inhabiles", Self.dayKeys, &findings) else { continue }
      _ = fields.value("nombre", .sentence, &findings)
      if let day = fields.placed("fecha", .date, &findings) { days.append(day) }
    }
    return findings.unique(days, { "el día \($0)" }, fix: "quite el repetido").sorted()
  }
}
