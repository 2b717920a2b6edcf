package import ClinicDomain
internal import Scheduling

/// What is printed of one turno of one agenda on one date, so that it can be worked without a server.
///
/// It has no name, no number of anybody and no service. It lies on a desk at which patients sit, is carried through corridors and thrown away: hour,
/// room and name together say who sees a doctor and when, which is health data (LGPDPPSO), and to an ex-spouse where somebody will be. The folio
/// is enough: the person has it on their ticket or by heart, it opens nothing without their birth date, and with it the row is found again.
package struct PaperSheet: Hashable, Sendable {
  package enum State: Hashable, Sendable { case expected, arrived, seen, inLine }

  /// Somebody who has an appointment.
  package struct Expected: Hashable, Sendable {
    package var hour: AgendaMinute
    package var folio: Folio
    package var state: State

    package init(hour: AgendaMinute, folio: Folio, state: State) {
      self.hour = hour
      self.folio = folio
      self.state = state
    }
  }

  package var clinic: String
  package var resource: ResourceID
  /// "planta baja".
  package var floor: String
  package var date: CivilDate
  package var turno: String
  package var turnoCode: TurnoCode
  package var hours: Range<AgendaMinute>
  /// On the clinic's wall.
  package var printedOn: CivilDate
  package var printedAt: AgendaMinute
  /// By hour; who is in today's line behind them.
  package var expected: [Expected]
  /// Hours that can still be given by hand.
  package var free: [AgendaMinute]
  /// By their place.
  package var blank: [PaperRow]

  /// "consultorio 12".
  package var place: String { "\(resource.kind.word) \(resource.number)" }

  /// "C12-vespertino".
  package var fileName: String { "\(resource)-\(turnoCode)" }
}

extension ClinicRules {
  /// The sheet of a turno as the agenda stands.
  ///
  /// - Parameters:
  ///   - appointments: of the agenda's date.
  ///   - rows: reserved for that date, of any sheet.
  ///   - index: what is free.
  /// - Returns: `nil` when the agenda does not work that turno.
  func sheet(
    of resource: ResourceID, on date: CivilDate, _ turno: TurnoCode, appointments: [Appointment], rows: [PaperRow], index: AgendaIndex,
    at now: Instant
  ) -> PaperSheet? {
    guard let agenda = turnoAgendas(of: resource, on: date).first(where: { $0.turno == turno }) else { return nil }
    let those = appointments.filter { agenda.hours.contains($0.slot.start) && $0.status != .pending && $0.status != .noshow }
    var scope = CommandScope()
    (scope.day, scope.kept) = (appointments, index.kept(on: AgendaDay(resource: resource, date: date)))
    let stamp = clinic.resource(resource)?.services.first.map { self.stamp(of: $0) } ?? SlotStamp.exclusive
    let free = slots(of: agenda).filter { now < end(of: $0) && scope.seatsLeft(in: $0, stamped: stamp, at: now) > 0 }
    let expected = those.map { PaperSheet.Expected(hour: $0.slot.start, folio: $0.folio, state: PaperSheet.State($0)) }
    let (today, minute) = zone.local(of: now)
    return PaperSheet(
      clinic: clinic.identity.name, resource: resource, floor: placeText(of: resource).split(separator: ", ").last.map(String.init) ?? "",
      date: date, turno: clinic.turno(turno)?.name ?? turno.rawValue, turnoCode: turno, hours: agenda.hours, printedOn: today, printedAt: minute,
      expected: expected.sorted { ($0.state == .inLine ? 1 : 0, $0.hour, $0.folio) < ($1.state == .inLine ? 1 : 0, $1.hour, $1.folio) },
      free: free.map(\.start),
      blank: rows.filter { $0.isBlank && $0.resource == resource && $0.turno == turno && $0.date == date }.sorted { $0.number < $1.number })
  }
}

extension PaperSheet.State {
  fileprivate init(_ appointment: Appointment) {
    switch appointment.status {
    case .fulfilled: self = .seen
    case .arrived, .checkedIn: self = appointment.isInTodaysLine ? .inLine : .arrived
    default: self = .expected
    }
  }
}

extension AgendaMinute {
  /// "08:15"; what is after midnight as the wall has it.
  var wallText: String { self < .endOfDay ? description : adding(minutes: -AgendaMinute.endOfDay.minutes)?.description ?? description }
}
