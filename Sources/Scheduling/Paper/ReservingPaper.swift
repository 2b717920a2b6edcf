package import ClinicDomain

/// Reserves folios for the blank rows of a sheet. What is reserved already and still blank counts: a sheet printed again has the same
/// folios.
package struct ReservePaper: Hashable, Sendable {
  package var actor: Actor
  package var resource: ResourceID
  package var date: CivilDate
  package var turno: TurnoCode
  /// How many blank rows the sheet has afterwards, at least; 0 ... ``maximumBlank``.
  package var count: Int
  package var folioSeed: UInt64

  /// More rows than a turno has consultations twice over; they fill two pages.
  package static let maximumBlank = 60
  /// Of one sheet, keyed in or not: nobody can use up folios by printing again and again.
  package static let maximumRows = 240
  /// A sheet may be printed so many days before its own: the evening before a planned cut, the Friday before a Monday.
  package static let maximumDaysAhead = 7

  package init(actor: Actor, resource: ResourceID, date: CivilDate, turno: TurnoCode, count: Int, folioSeed: UInt64) {
    self.actor = actor
    self.resource = resource
    self.date = date
    self.turno = turno
    self.count = count
    self.folioSeed = folioSeed
  }
}

extension ReservePaper {
  /// - Returns: the blank rows, by their place.
  /// - Throws: `notAllowed` for a person, `resourceNotOffered`, `slotInThePast` (yesterday and before), `beyondHorizon`, `closed` (the agenda does
  ///   not work that turno then), `limitReached`.
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant, folio: Folio
  ) throws(CommandRefusal) -> Decision<[PaperRow]> {
    guard actor.person == nil else { throw .notAllowed }
    guard rules.clinic.resource(resource) != nil else { throw .resourceNotOffered }
    let today = rules.today(at: now)
    // A night turno goes on after midnight.
    guard date >= today.advanced(by: -1) else { throw .slotInThePast }
    let last = today.advanced(by: Self.maximumDaysAhead)
    guard date <= last else { throw .beyondHorizon(last: last) }
    guard rules.turnoAgendas(of: resource, on: date).contains(where: { $0.turno == turno }) else { throw .closed }
    let rows = scope.paper
    var blank = rows.filter(\.isBlank)
    let missing = max(0, min(count, Self.maximumBlank) - blank.count)
    guard rows.count + missing <= Self.maximumRows else { throw .limitReached(allowed: Self.maximumRows) }
    let made = (0..<missing).map { place in
      PaperRow(
        folio: folio.following(place), resource: resource, date: date, turno: turno, number: rows.count + place + 1, reservedAt: now,
        changedAt: now)
    }
    blank += made
    return Decision(blank, made.map { .reservePaper($0) })
  }
}
