package import ClinicDomain

/// What is free, as a value that committed changes keep up to date.
///
/// It holds every date from yesterday (whose night turno may not be over) to the horizon, resource by resource. It knows folios,
/// which releases need, and nothing of the people behind them. The same appointments give the same index, in whatever order
/// they came; so `index == rebuilt` is a check of the store.
///
/// Holds need no event when they run out: a search judges them by its own `now`.
///
/// A copy is cheap, and after a copy a change copies one date's row and one cell: a snapshot is published after each batch.
package struct AgendaIndex: Hashable, Sendable {
  package let rules: ClinicRules
  /// The date the window stands on.
  package private(set) var today: CivilDate
  /// One row per date of the window, one cell per resource of the clinic.
  private var days: [[AgendaCell]]
  /// Reservations after the window, left by rules with a longer horizon; by date, resource, start.
  private var later: [Later]
  /// The same of what is kept without an appointment; by date, resource, reason.
  private var keptLater: [KeptStretch] = []
  /// Who is cared for elsewhere, and from when on; asked by person, never gone through.
  private var handedOver: [PatientID: CaredElsewhere] = [:]
  /// What appointments keep on further agendas, since the window's first date; by appointment and place.
  private var claims: [AgendaClaim] = []

  private struct Later: Hashable, Sendable {
    var date: CivilDate
    var resource: Int
    var occupation: AgendaCell.Occupation

    func precedes(_ other: Self) -> Bool {
      (date, resource) == (other.date, other.resource)
        ? occupation.precedes(other.occupation) : (date, resource) < (other.date, other.resource)
    }
  }

  /// - Parameters:
  ///   - appointments: in any order, each folio once; those that keep no slot, or of resources or dates that are no longer
  ///     there, are passed over.
  ///   - kept: what is kept without an appointment, in any order.
  ///   - claims: what appointments keep on further agendas, in any order.
  ///   - handovers: of people, in any order; those that have ended are passed over.
  ///   - today: the clinic's date.
  package init(
    rules: ClinicRules, appointments: some Sequence<Appointment>, kept: [KeptStretch] = [], claims: [AgendaClaim] = [],
    handovers: [PatientHandover] = [], today: CivilDate
  ) {
    self.rules = rules
    self.today = today
    days = []
    later = []
    extendWindow()
    for appointment in appointments { set(appointment) }
    for stretch in kept { keep(stretch) }
    for claim in claims { set(claim) }
    for handover in handovers where handover.endedAt == nil { handedOver[handover.patient] = handover.to }
  }

  /// Where a person is cared for instead; `nil` for everybody else.
  package func elsewhere(_ patient: PatientID) -> CaredElsewhere? { handedOver[patient] }

  /// The dates it can answer for, without gap.
  package var window: ClosedRange<CivilDate> {
    firstDate...today.advanced(by: rules.clinic.policy.horizonDays)
  }

  private var firstDate: CivilDate { today.advanced(by: -1) }

  func cell(ofResource resource: Int, on date: CivilDate) -> AgendaCell {
    days[firstDate.distance(to: date)][resource]
  }
}

extension AgendaIndex {
  /// How much is spoken for of the turno that a choice falls into; nothing outside the window or the resource's hours.
  package func load(at choice: SlotChoice, now: Instant) -> TurnoLoad {
    guard window.contains(choice.date), let resource = rules.clinic.resourceIndex(choice.resource) else { return TurnoLoad() }
    let plan = rules.plan(ofResource: resource, on: choice.date)
    guard let turno = plan.turnos.first(where: { $0.hours.contains(choice.start) }) else { return TurnoLoad() }
    return cell(ofResource: resource, on: choice.date).load(of: turno.hours, at: now, plan: plan)
  }
}

extension AgendaIndex {
  /// Whether the row of any appointment has a part of a day's stretch, that of a hold that has run out too; true for a day outside the
  /// window and for a resource that the clinic does not have, of which the rows must be asked.
  package func mayBeTaken(_ minutes: Range<AgendaMinute>, on day: AgendaDay) -> Bool {
    guard window.contains(day.date), let resource = rules.clinic.resourceIndex(day.resource) else { return true }
    return cell(ofResource: resource, on: day.date).isTaken(minutes)
  }

  /// What is kept of a day without an appointment, over or not.
  package func kept(on day: AgendaDay) -> [KeptStretch] {
    guard window.contains(day.date), let resource = rules.clinic.resourceIndex(day.resource) else { return [] }
    return cell(ofResource: resource, on: day.date).kept
  }
}

// MARK: - Keeping up

extension AgendaIndex {
  /// Applies committed changes, in their order.
  ///
  /// - Complexity: O(appointments of the day) for each.
  package mutating func apply(_ changes: [AgendaChange]) {
    for change in changes {
      switch change {
      case .insert(let appointment): set(appointment)
      case .replace(let appointment):
        set(appointment)
        for claim in claims(of: appointment.folio) { set(claim.following(appointment)) }
      case .claim(let claim): set(claim)
      case .handover(let handover): handedOver[handover.patient] = handover.endedAt == nil ? handover.to : nil
      case .freed(let place):
        let stretch = KeptStretch(place, by: rules)
        place.isKept ? keep(stretch) : release(stretch)
      case .block(let block): block.liftedAt == nil ? keep(KeptStretch(block)) : release(KeptStretch(block))
      case .grant, .revoke, .waitlist, .offer, .series, .activity, .duty, .reservePaper, .paper, .proxy, .homeVisit, .promoter, .doctor, .handed, .care: break
      case .external(let booking, let before):
        if let before { release(KeptStretch(before, by: rules)) }
        if booking.state == .busy { keep(KeptStretch(booking, by: rules)) }
      }
    }
  }

  /// Moves the window to a new today; never back. To be called with each batch's date, before its changes.
  package mutating func roll(to today: CivilDate) {
    guard today > self.today else { return }
    days.removeFirst(min(days.count, self.today.distance(to: today)))
    self.today = today
    extendWindow()
    let moved = later.prefix { $0.date <= window.upperBound }
    later.removeFirst(moved.count)
    for reservation in moved where reservation.date >= firstDate {
      add(reservation.occupation, resource: reservation.resource, on: reservation.date)
    }
    let near = keptLater.filter { $0.slot.date <= window.upperBound }
    keptLater.removeFirst(near.count)
    for stretch in near { keep(stretch) }
    let first = firstDate
    claims.removeAll { $0.slot.date < first }
  }

  /// From now on the claim stands as it says.
  private mutating func set(_ claim: AgendaClaim) {
    guard claim.slot.date >= firstDate else { return }
    let place = claims.firstPlace { ($0.appointment, $0.place) < (claim.appointment, claim.place) }
    if place < claims.count, claims[place].appointment == claim.appointment, claims[place].place == claim.place {
      let before = claims.remove(at: place)
      release(KeptStretch(before))
    }
    guard claim.isStanding else { return }
    claims.insert(claim, at: place)
    keep(KeptStretch(claim))
  }

  /// What an appointment keeps on further agendas, in the order of their places; none of what is over since yesterday.
  package func claims(of appointment: Folio) -> [AgendaClaim] {
    let place = claims.firstPlace { $0.appointment < appointment }
    return Array(claims[place...].prefix { $0.appointment == appointment })
  }

  private mutating func keep(_ stretch: KeptStretch) {
    let date = stretch.slot.date
    guard date >= firstDate, let resource = rules.clinic.resourceIndex(stretch.slot.resource) else { return }
    guard date > window.upperBound else { return days[firstDate.distance(to: date)][resource].keep(stretch) }
    release(stretch)
    let key = (date, stretch.slot.resource, stretch.reason)
    keptLater.insert(
      stretch, at: keptLater.firstIndex { key < ($0.slot.date, $0.slot.resource, $0.reason) } ?? keptLater.endIndex)
  }

  private mutating func release(_ stretch: KeptStretch) {
    let date = stretch.slot.date
    guard date >= firstDate, let resource = rules.clinic.resourceIndex(stretch.slot.resource) else { return }
    guard date > window.upperBound else { return days[firstDate.distance(to: date)][resource].release(stretch.reason) }
    keptLater.removeAll { $0.reason == stretch.reason }
  }

  /// From now on the appointment stands as it says.
  private mutating func set(_ appointment: Appointment) {
    let date = appointment.slot.date
    guard date >= firstDate, let resource = rules.clinic.resourceIndex(appointment.slot.resource) else { return }
    if date > window.upperBound {
      later.removeAll { $0.occupation.folio == appointment.folio }
    } else {
      days[firstDate.distance(to: date)][resource].remove(
        appointment.folio, open: rules.openSlots(ofResource: resource, on: date),
        plan: rules.plan(ofResource: resource, on: date))
    }
    guard appointment.holdsSlot else { return }
    add(AgendaCell.Occupation(appointment), resource: resource, on: date)
  }

  private mutating func add(_ occupation: AgendaCell.Occupation, resource: Int, on date: CivilDate) {
    if date > window.upperBound {
      let reservation = Later(date: date, resource: resource, occupation: occupation)
      later.insert(reservation, at: later.firstIndex { reservation.precedes($0) } ?? later.endIndex)
    } else {
      days[firstDate.distance(to: date)][resource].add(occupation, plan: rules.plan(ofResource: resource, on: date))
    }
  }

  /// Appends empty rows up to the window's end.
  private mutating func extendWindow() {
    let first = firstDate.advanced(by: days.count)
    guard first <= window.upperBound else { return }
    for date in first...window.upperBound {
      days.append(rules.clinic.resources.indices.map { resource in
        AgendaCell(open: rules.openSlots(ofResource: resource, on: date))
      })
    }
  }
}

extension Array {
  /// The place of the first element that is not before, in a sorted array; by halving.
  fileprivate func firstPlace(whereNot isBefore: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
