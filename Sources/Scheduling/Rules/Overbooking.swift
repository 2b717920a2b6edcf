package import ClinicDomain

/// How full the hours are that one rule of overbooking names, on one agenda's one date.
package struct Crowd: Hashable, Sendable {
  /// Slots that can be reserved and that nobody has.
  package var free: Int
  /// People beyond one a slot, however they came there.
  package var beyond: Int

  package init(free: Int, beyond: Int) {
    self.free = free
    self.beyond = beyond
  }
}

extension ClinicRules {
  /// The clinic's rule for a slot, the first that names it; `nil` where a slot is one person's.
  package func overbooking(of slot: Slot) -> OverbookingRule? { clinic.capacity.overbooking.first { $0.names(slot) } }

  /// Whether a slot that one person has is given to a second: it is as many days ahead as the rule says, nobody could have a slot of its
  /// hours alone, and fewer people more than slots are there than the rule allows.
  ///
  /// Nothing is known here of who asks or of who has the slot: everybody gets the same answer. Only in a turno with a cap, which is asked
  /// beside this and which no overbooking exceeds.
  package func mayOverbook(_ slot: Slot, _ crowd: Crowd, at now: Instant) -> Bool {
    guard let rule = overbooking(of: slot), rule.lead <= today(at: now).distance(to: slot.date) else { return false }
    return crowd.free == 0 && crowd.beyond < rule.people && isCapped(slot)
  }

  private func isCapped(_ slot: Slot) -> Bool {
    guard let resource = clinic.resourceIndex(slot.resource) else { return false }
    return plan(ofResource: resource, on: slot.date).turnos.first { $0.hours.contains(slot.start) }?.share.cap != nil
  }
}

extension CommandScope {
  /// The lane in which a person gets a slot: the first that is free while there is room, a further one where the clinic gives it to two.
  ///
  /// - Parameter own: an appointment that gives way to the new one. Within the same hours nobody moves to a slot that somebody has.
  /// - Throws: ``CommandRefusal/slotTaken(by:)``.
  func lane(
    for offer: Offer, by rules: ClinicRules, leaving own: Appointment? = nil, at now: Instant
  ) throws(CommandRefusal) -> Int {
    let stamp = offer.service.stamp
    let others = occupants(of: offer.slot, stamped: stamp, at: now, besides: own?.folio)
    guard let other = occupant(of: offer.slot, stamped: stamp, at: now, besides: own?.folio) else {
      return freeLane(of: offer.slot, stamped: stamp, at: now, besides: own?.folio)
    }
    let isNear = own.map { $0.slot.resource == offer.slot.resource && $0.slot.date == offer.slot.date } ?? false
    guard others.count == 1, stamp == .exclusive, other.stamp == .exclusive, !isNear, offer.service.companions.isEmpty, let crowd, rules.mayOverbook(offer.slot, crowd, at: now) else {
      throw .slotTaken(by: other.folio)
    }
    return other.lane == 1 ? 2 : 1
  }
}

extension AgendaIndex {
  /// How full the overbooked hours of a choice are; `nil` when no rule names it, or it is no slot of the window.
  package func crowd(at choice: SlotChoice, now: Instant) -> Crowd? {
    guard !rules.clinic.capacity.overbooking.isEmpty, window.contains(choice.date),
      let resource = rules.clinic.resourceIndex(choice.resource)
    else { return nil }
    let plan = rules.plan(ofResource: resource, on: choice.date)
    let number = plan.firstSlot(from: choice.start)
    guard number < plan.starts.count, plan.starts[number] == choice.start else { return nil }
    let slot = Slot(resource: choice.resource, date: choice.date, minutes: plan.minutes(ofSlot: number))
    return rules.overbooking(of: slot).map { fill(of: $0, ofResource: resource, on: choice.date, at: now).crowd }
  }

  /// The numbers of a day's slots that one person has and a second would be given, ascending.
  func overbookable(ofResource resource: Int, on date: CivilDate, at now: Instant) -> [Int] {
    guard !rules.clinic.capacity.overbooking.isEmpty else { return [] }
    let id = rules.clinic.resources[resource].id
    let plan = rules.plan(ofResource: resource, on: date)
    var fills: [OverbookingRule: (crowd: Crowd, single: [Int])] = [:]
    return plan.starts.indices.filter { number in
      let slot = Slot(resource: id, date: date, minutes: plan.minutes(ofSlot: number))
      guard let rule = rules.overbooking(of: slot) else { return false }
      let fill = fills[rule] ?? fill(of: rule, ofResource: resource, on: date, at: now)
      fills[rule] = fill
      return fill.single.contains(number) && rules.mayOverbook(slot, fill.crowd, at: now)
    }
  }

  /// - Returns: how full a rule's hours are, and which of their slots exactly one person has.
  private func fill(
    of rule: OverbookingRule, ofResource resource: Int, on date: CivilDate, at now: Instant
  ) -> (crowd: Crowd, single: [Int]) {
    let id = rules.clinic.resources[resource].id
    let plan = rules.plan(ofResource: resource, on: date)
    let open = rules.openSlots(ofResource: resource, on: date)
    let cell = cell(ofResource: resource, on: date)
    var crowd = Crowd(free: 0, beyond: 0)
    var single: [Int] = []
    for number in plan.starts.indices where open.contains(number) {
      let minutes = plan.minutes(ofSlot: number)
      guard rules.overbooking(of: Slot(resource: id, date: date, minutes: minutes)) == rule else { continue }
      let isKept = cell.isKept(minutes, at: now)
      switch cell.people(in: minutes, at: now) {
      case 0: if !isKept { crowd.free += 1 }
      case 1: if !isKept { single.append(number) }
      case let people: crowd.beyond += people - 1
      }
    }
    return (crowd, single)
  }
}
