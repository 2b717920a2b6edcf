internal import ClinicDomain

/// What a service's appointments keep free around themselves, and how many people have one slot of it.
extension ClinicReader {
  mutating func readStamp(_ fields: Fields) -> SlotStamp {
    let minutes = ValueParser<Int>.integer(0...SlotStamp.longest, unit: "minutos")
    let before = fields["preparacion_minutos"]?.value("preparacion_minutos", minutes, &findings)
    let after = fields["limpieza_minutos"]?.value("limpieza_minutos", minutes, &findings)
    let capacity = fields["cupo"]?.value("cupo", .integer(1...99, unit: "personas"), &findings)
    return SlotStamp(before: UInt8(before ?? 0), after: UInt8(after ?? 0), capacity: UInt8(capacity ?? 1))
  }

  /// What stamps do not go together with: in one agenda all slots take as many people, and what is one person's by its nature is so.
  ///
  /// Chairs of a series have their cleaning within the session. With time around a session two neighbouring slots of the grid would shut each
  /// other out: half of it could never be used, and who sits where when chairs are down would be no matching of sessions and slots any more
  /// (``OutagePlan``), which is what makes sure that nobody loses two in a row.
  mutating func checkStamps(_ series: SeriesPolicy, _ homeVisits: HomeVisitPolicy?) {
    checkOneCapacity()
    for service in services.values where service.stamp != .exclusive {
      let position = services.position(of: service.code.rawValue) ?? .start
      if series.chairs(of: service.code) != nil {
        findings.error(
          position, "\(service.code) se da en sillas propias: ahí la limpieza va dentro de minutos, y en una silla no caben dos",
          fix: "quite preparacion_minutos, limpieza_minutos y cupo, y alargue minutos")
      }
      guard service.stamp.capacity > 1 else { continue }
      if companionTrees.contains(where: { $0.service == service.code.rawValue }) {
        findings.error(
          position, "\(service.code) tiene cupo para varias personas y acompanan, que es de una sola", fix: "quite uno de los dos")
      }
      if homeVisits?.service == service.code {
        findings.error(position, "\(service.code) es de visitas a domicilio y tiene cupo para varias personas", fix: "quite cupo")
      }
    }
    for entry in overbooking {
      let given = resources.values.filter { $0.ids.contains(where: entry.value.resources.contains) }.flatMap(\.services).map(\.value)
      guard let service = services.values.first(where: { given.contains($0.code) && $0.stamp != .exclusive }) else { continue }
      findings.error(
        entry.position, "\(service.code) tiene cupo, preparación o limpieza, y en esos lugares no se da sobrecupo",
        fix: "quite esos recursos de este elemento")
    }
  }

  private mutating func checkOneCapacity() {
    for entry in resources.values {
      let given = entry.services.compactMap { named in services.values.first { $0.code == named.value }.map { (named.position, $0) } }
      guard let first = given.first, let other = given.first(where: { $0.1.stamp.capacity != first.1.stamp.capacity }) else { continue }
      findings.error(
        other.0, "\(other.1.code) tiene cupo de \(other.1.stamp.capacity) y \(first.1.code), del mismo lugar, de \(first.1.stamp.capacity)",
        fix: "ponga juntos solo servicios del mismo cupo")
    }
  }
}
