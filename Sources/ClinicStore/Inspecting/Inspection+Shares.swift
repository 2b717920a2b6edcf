internal import ClinicDomain
internal import Scheduling

/// Whether each place of the last two days was given when, where and through what it may be.
extension Inspection {
  /// Nobody has a place before its release, of another channel's share or of another system's hours, but whom the history explains.
  ///
  /// As of caps, only what was given within two days: rules that are changed later make nothing wrong of what was right before.
  func places() throws(StoreFault) -> [CheckFinding] {
    guard let (rules, now) = night, rules.sharesPlaces else { return [] }
    var found: [CheckFinding] = []
    var days: [AgendaDay: [GivenPlace]] = [:]
    for place in try given(since: now.adding(seconds: -2 * 86_400)) where found.count < Self.bound {
      var others: [GivenPlace] = []
      if rules.isShared(place.slot) {
        let day = AgendaDay(resource: place.slot.resource, date: place.slot.date)
        if days[day] == nil { days[day] = try standing(on: day) }
        others = days[day] ?? []
      }
      guard let breach = rules.breach(of: place, among: others) else { continue }
      let what = switch breach {
      case .external: "se dio en horas que da otro sistema"
      case .beforeRelease: "se dio antes de que se abrieran los lugares de esa fecha"
      case .othersShare: "se dio de los lugares que se guardan para otro canal"
      }
      found.append(CheckFinding(.order, "La cita \(place.folio.number) \(what), y la bitácora no dice quién lo autorizó."))
    }
    return found
  }

  /// Appointments that were made since then by an act that keeps every rule of sharing, or by none that the history knows.
  private func given(since: Instant) throws(StoreFault) -> [GivenPlace] {
    let rows = try Statement(
      """
      SELECT \(Self.columns) FROM appointment WHERE created_at > ? AND status IN ('booked', 'arrived', 'checked-in', 'fulfilled', 'noshow')
        AND 'appointment:' || folio NOT IN (SELECT object FROM audit WHERE act IN (\(Self.freely))) ORDER BY folio
      """, in: connection)
    rows.bind(since.milliseconds, at: 1)
    return try places(rows)
  }

  /// What stood on an agenda's date and is sure to have stood from when it was made until it was left: what was undone, or came back, may not
  /// have. A hold stands until its time; of one that was not booked no row says any more until when it did.
  private func standing(on day: AgendaDay) throws(StoreFault) -> [GivenPlace] {
    let rows = try Statement(
      """
      SELECT \(Self.columns) FROM appointment WHERE resource = ? AND day = ? AND lane <> folio
        AND cancellation IS NOT 'hold-expired'
        AND 'appointment:' || folio NOT IN (SELECT object FROM audit WHERE act IN (\(Self.returning))) ORDER BY folio
      """, in: connection)
    rows.bind(day.resource.description, at: 1)
    rows.bind(Int64(day.date.daysSinceEpoch), at: 2)
    return try places(rows)
  }

  private static let columns = "folio, resource, day, start_minute, end_minute, status, channel, created_at, changed_at, hold_expires_at"

  private func places(_ rows: Statement) throws(StoreFault) -> [GivenPlace] {
    defer { rows.reset() }
    var places: [GivenPlace] = []
    while try rows.step() {
      guard let folio = Folio(number: UInt64(bitPattern: rows.integer(0))), let resource = ResourceID(text: rows.text(1)),
        let date = CivilDate(daysSinceEpoch: Int(rows.integer(2))), let start = AgendaMinute(minutes: Int(rows.integer(3))),
        let end = AgendaMinute(minutes: Int(rows.integer(4))), start < end, let channel = Channel(rawValue: rows.text(6))
      else { throw .damagedRow("appointment", rows.integer(0)) }
      let isGone = ["cancelled", "noshow", "entered-in-error"].contains(rows.text(5))
      let left = isGone ? rows.integer(8) : rows.optionalInteger(9)
      places.append(
        GivenPlace(
          folio: folio, slot: Slot(resource: resource, date: date, minutes: start..<end), channel: channel,
          createdAt: Instant(milliseconds: rows.integer(7)), leftAt: left.map { Instant(milliseconds: $0) } ?? .latest))
    }
    return places
  }

  /// Acts that keep no rule of sharing, or not every one: staff's, another system's, paper's, and those that hand on what was somebody's share
  /// already.
  private static let freely = words([
    .admit, .admitOverCap, .overrideCap, .acceptConflict, .moveConflict, .importBooking, .enterPaper, .takePlace, .moveToDoctor, .takeBack,
    .displace, .placeDisplaced, .replanSessions, .placeActivity, .screenChild, .refer, .dateReferral, .returnReferral, .bookForListed, .requestHomeVisit,
  ])
  private static let returning = words([.undo, .takeBack])
}
