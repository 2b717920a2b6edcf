internal import ClinicDomain

/// What of the index a search may offer: the service's resources and the dates a person could book, less what is past, held
/// or in the person's way. Each slot it shows could be reserved.
struct FreeSlotScan {
  let index: AgendaIndex
  let service: Service
  let person: PersonView?
  let channel: Channel
  let now: Instant
  /// Resources by their place in the clinic, ascending.
  let resources: [Int]
  /// Dates that can be booked; one after the other.
  let dates: ClosedRange<CivilDate>
  let commitments: Commitments
  /// How much was looked at.
  var work = SearchWork()
  /// How many places of one turno are wanted at once.
  var places = 1
  /// Whether slots count as free that may be given to a second person.
  var includesOverbooked = false

  private let today: CivilDate

  /// Returns `nil` when nothing at all can be offered: no such service on this channel, no reachable resource, no covered date.
  init?(_ index: AgendaIndex, service: ServiceCode, person: PersonView?, channel: Channel, at now: Instant) {
    var index = index
    let today = index.rules.today(at: now)
    index.roll(to: today)
    let rules = index.rules
    guard let service = rules.service(service), service.bookableBy.contains(channel) else { return nil }
    let reachable = rules.givers(of: service.code).filter { resource in
      person.map { rules.clinic.resources[resource].isReachable(by: $0) } ?? true
    }
    var last = min(rules.horizon(at: now), index.window.upperBound)
    if service.requiresRights, let coverage = person?.coverage {
      switch coverage {
      case .none: return nil
      case .through(let end): last = min(last, end)
      case .withoutKnownEnd: break
      }
    }
    if service.requiresRights, let elsewhere = person?.elsewhere { last = min(last, elsewhere.from.advanced(by: -1)) }
    guard !reachable.isEmpty, index.window.lowerBound <= last else { return nil }
    self.index = index
    self.service = service
    self.person = person
    self.channel = channel
    self.now = now
    self.today = today
    resources = reachable
    dates = index.window.lowerBound...last
    commitments = Commitments(of: person?.active ?? [], inSeries: person?.inSeries ?? [], rules: rules, at: now)
  }

  /// The first time of a date that has not begun; `nil` when all of it has.
  func firstMinute(of date: CivilDate) -> AgendaMinute? {
    guard date <= today else { return .midnight }
    // A later time of an agenda is never an earlier instant, so halving finds it.
    var (low, high) = (0, AgendaMinute.latest.minutes + 1)
    while low < high {
      let middle = (low + high) / 2
      if now < index.rules.zone.instant(of: date, minute: AgendaMinute(minutes: middle)!) { high = middle } else { low = middle + 1 }
    }
    return AgendaMinute(minutes: low)
  }

  /// One resource's free slots of one date, from a time on, of the turnos that are wanted; `nil` when there are none.
  mutating func lane(
    ofResource resource: Int, on date: CivilDate, from minute: AgendaMinute, turnos wanted: (TurnoCode) -> Bool
  ) -> SlotLane? {
    work.cells += 1
    let cell = index.cell(ofResource: resource, on: date)
    let shared = includesOverbooked && service.companions.isEmpty ? index.overbookable(ofResource: resource, on: date, at: now) : []
    guard !cell.free.isEmpty || !shared.isEmpty || service.stamp.capacity > 1 else { return nil }
    let plan = index.rules.plan(ofResource: resource, on: date)
    var mask = cell.free(at: now, plan: plan, for: service.stamp, open: index.rules.openSlots(ofResource: resource, on: date))
    for number in shared { mask.insert(number..<number + 1) }
    mask.remove(0..<plan.firstSlot(from: minute))
    for turno in plan.turnos where !wanted(turno.turno) || !isGiven(turno, of: cell, plan, on: date) { mask.remove(turno.slots) }
    if !service.companions.isEmpty { removeLonely(from: &mask, ofResource: resource, on: date, plan: plan) }
    return SlotLane(resource: resource, date: date, plan: plan, mask: mask)
  }

  /// Takes out the slots for which a further agenda of the service has nobody free.
  private func removeLonely(from mask: inout SlotMask, ofResource resource: Int, on date: CivilDate, plan: DayPlan) {
    var next = mask.next(from: 0)
    while let number = next {
      let slot = Slot(resource: index.rules.clinic.resources[resource].id, date: date, minutes: plan.minutes(ofSlot: number))
      if case .missing = index.companions(of: service, at: slot, now: now) { mask.remove(number..<number + 1) }
      next = mask.next(from: number + 1)
    }
  }

  /// Whether a turno's places are out, and some of them are the channel's.
  private func isGiven(_ turno: DayPlan.TurnoPlan, of cell: AgendaCell, _ plan: DayPlan, on date: CivilDate) -> Bool {
    let rules = index.rules
    guard rules.isOpened(turno.share, on: date, today: today, at: now) else { return false }
    guard turno.share.isLimited else { return true }
    var load = cell.load(of: turno.hours, at: now, plan: plan)
    load[channel] += places - 1
    return turno.share.denial(
      for: channel, load: load,
      sharesHold: rules.sharesHold(turno.share, hours: turno.hours, on: date, at: now)) == nil
  }

  /// Whether the person has nothing else at that time.
  mutating func isClear(_ slot: Slot) -> Bool {
    work.slots += 1
    return commitments.clash(with: slot) == nil
  }

  func slot(_ number: Int, of lane: SlotLane) -> Slot {
    Slot(
      resource: index.rules.clinic.resources[lane.resource].id, date: lane.date,
      minutes: lane.plan.minutes(ofSlot: number))
  }

  func found(_ slot: Slot, turno: TurnoCode) -> FoundSlot {
    FoundSlot(
      slot: slot, turno: turno, service: service.code, ownDoctor: person?.isOwnDoctor(slot.resource, turno) ?? false)
  }
}

/// How much a search looked at: its cost, in things that do not depend on the machine.
package struct SearchWork: Hashable, Sendable {
  /// Resource-days.
  package var cells = 0
  /// Free slots.
  package var slots = 0

  package init(cells: Int = 0, slots: Int = 0) {
    self.cells = cells
    self.slots = slots
  }
}

/// The free slots of one resource on one date, read from the first to the last.
struct SlotLane {
  let resource: Int
  let date: CivilDate
  let plan: DayPlan
  private let mask: SlotMask
  /// The number of the slot that stands first; `nil` at the end.
  private(set) var head: Int?

  /// Returns `nil` when nothing is free.
  init?(resource: Int, date: CivilDate, plan: DayPlan, mask: SlotMask) {
    guard let head = mask.next(from: 0) else { return nil }
    self.resource = resource
    self.date = date
    self.plan = plan
    self.mask = mask
    self.head = head
  }

  /// How many are free, from the first to the last.
  var count: Int { mask.count }

  mutating func advance() { head = head.flatMap { mask.next(from: $0 + 1) } }

  /// - Precondition: `number` is a slot of the plan.
  func turno(ofSlot number: Int) -> TurnoCode {
    plan.turnos.first { $0.slots.contains(number) }!.turno
  }
}
