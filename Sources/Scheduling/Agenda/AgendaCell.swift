internal import ClinicDomain

/// One resource's one date: what is free of it, and who keeps the rest.
struct AgendaCell: Hashable, Sendable {
  /// Somebody keeps a stretch of the agenda.
  struct Occupation: Hashable, Sendable {
    var folio: Folio
    var start: UInt16
    var end: UInt16
    /// For a hold, when it ends; otherwise never.
    var until: Instant
    /// The one that took it.
    var channel: Channel
    var stamp: SlotStamp

    init(_ appointment: Appointment) {
      folio = appointment.folio
      start = UInt16(appointment.slot.minutes.lowerBound.minutes)
      end = UInt16(appointment.slot.minutes.upperBound.minutes)
      until = appointment.status == .pending ? appointment.holdExpiresAt ?? .latest : .latest
      channel = appointment.channel
      stamp = appointment.stamp
    }

    var isHold: Bool { until != .latest }
    var minutes: Range<AgendaMinute> { AgendaMinute(minutes: Int(start))!..<AgendaMinute(minutes: Int(end))! }
    /// With what its stamp keeps free around it.
    var reach: Range<AgendaMinute> { stamp.reach(of: minutes) }

    /// By start; the folio makes the order of equal starts the same, however they came in.
    func precedes(_ other: Self) -> Bool { (start, folio) < (other.start, other.folio) }
  }

  /// The slots that are open and that no appointment reaches into; holds are not looked at.
  private(set) var free: SlotMask
  private var booked: [Occupation] = []
  private var held: [Occupation] = []
  /// What is kept without an appointment; by start, then reason.
  private(set) var kept: [KeptStretch] = []

  /// Nobody has reserved anything.
  init(open: SlotMask) { free = open }

  /// The slots that are free at an instant for what carries a stamp: open, not booked or with room for one more, not kept by a live hold.
  ///
  /// - Parameter open: the slots that can be reserved when nobody has; asked for only where several people share one.
  func free(at now: Instant, plan: DayPlan, for stamp: SlotStamp, open: @autoclosure () -> SlotMask) -> SlotMask {
    var mask = free
    if stamp.capacity > 1 {
      mask = open()
      for number in plan.starts.indices where mask.contains(number) && !hasRoom(in: plan.minutes(ofSlot: number), for: stamp, at: now) {
        mask.remove(number..<number + 1)
      }
    } else {
      for hold in held where now < hold.until { mask.remove(plan.slots(overlapping: stamp.shadow(of: hold.reach))) }
      if stamp.hasBuffers { for occupation in booked { mask.remove(plan.slots(overlapping: stamp.shadow(of: occupation.reach))) } }
    }
    for stretch in kept where now < stretch.until {
      let slots = plan.slots(overlapping: stretch.isBlock ? stretch.slot.minutes : stamp.shadow(of: stretch.reach))
      guard min(stretch.stamp.capacity, stamp.capacity) > 1 else {
        mask.remove(slots)
        continue
      }
      // A seat leaves its own slot to others, as long as there is room.
      for number in slots where !stretch.isSeat(in: plan.minutes(ofSlot: number), stamped: stamp) { mask.remove(number..<number + 1) }
    }
    return mask
  }

  /// As ``CommandScope/occupant(of:stamped:at:besides:)`` decides it, and ``CommandScope/keeper(of:stamped:but:leaving:at:)`` of seats.
  private func hasRoom(in minutes: Range<AgendaMinute>, for stamp: SlotStamp, at now: Instant) -> Bool {
    let reach = stamp.reach(of: minutes)
    var (people, capacity) = (kept.count { now < $0.until && $0.isSeat(in: minutes, stamped: stamp) }, Int(stamp.capacity))
    for other in [booked, held].joined() where now < other.until && other.reach.overlaps(reach) {
      guard other.minutes == minutes else { return false }
      people += 1
      capacity = min(capacity, Int(other.stamp.capacity))
    }
    return people < capacity
  }

  /// How much of a stretch of the agenda is spoken for at an instant, by where each begins.
  func load(of hours: Range<AgendaMinute>, at now: Instant, plan: DayPlan) -> TurnoLoad {
    let hours = UInt16(hours.lowerBound.minutes)..<UInt16(hours.upperBound.minutes)
    var load = TurnoLoad()
    for occupation in booked where hours.contains(occupation.start) {
      if !plan.external.isEmpty, plan.isExternal(occupation.minutes) { load.external += 1 } else { load[occupation.channel] += 1 }
    }
    for hold in held where hours.contains(hold.start) && now < hold.until { load[hold.channel] += 1 }
    // A place that waits for its next owner stays in the share that it was in.
    for stretch in kept where now < stretch.until && hours.contains(UInt16(stretch.slot.start.minutes)) {
      if let channel = stretch.channel { load[channel] += 1 }
      if case .external = stretch.reason { load.external += 1 }
    }
    return load
  }

  /// How many people have any part of a stretch at an instant, live holds among them.
  func people(in minutes: Range<AgendaMinute>, at now: Instant) -> Int {
    booked.count { $0.minutes.overlaps(minutes) } + held.count { now < $0.until && $0.minutes.overlaps(minutes) }
  }

  /// Whether any part of a stretch is kept at an instant without an appointment in it: also for what comes before or after one.
  func isKept(_ minutes: Range<AgendaMinute>, at now: Instant) -> Bool {
    kept.contains { now < $0.until && $0.slot.minutes.overlaps(minutes) }
      || [booked, held].joined().contains { $0.stamp.hasBuffers && now < $0.until && $0.reach.overlaps(minutes) }
  }

  /// Whether the row of any appointment reaches into a stretch: also that of a hold that has run out.
  func isTaken(_ minutes: Range<AgendaMinute>) -> Bool {
    let wanted = minutes.lowerBound.minutes..<minutes.upperBound.minutes
    func meets(_ other: Occupation) -> Bool {
      Int(other.start) - Int(other.stamp.before) < wanted.upperBound && wanted.lowerBound < Int(other.end) + Int(other.stamp.after)
    }
    return booked.contains(where: meets) || held.contains(where: meets)
  }

  /// Whether somebody keeps any part of a stretch at an instant.
  ///
  /// - Parameter own: appointments that are in nobody's way, nor what they claim.
  func keepsOut(_ minutes: Range<AgendaMinute>, but own: [Folio], at now: Instant) -> Bool {
    if booked.contains(where: { $0.reach.overlaps(minutes) && !own.contains($0.folio) }) { return true }
    if held.contains(where: { now < $0.until && $0.reach.overlaps(minutes) && !own.contains($0.folio) }) { return true }
    return kept.contains { stretch in
      if case .claim(let folio, _) = stretch.reason, own.contains(folio) { return false }
      return now < stretch.until && stretch.reach.overlaps(minutes)
    }
  }

  /// Takes every slot that it reaches into, off the grid or on it.
  mutating func add(_ occupation: Occupation, plan: DayPlan) {
    if occupation.isHold {
      held.insertSorted(occupation)
    } else {
      booked.insertSorted(occupation)
      free.remove(plan.slots(overlapping: occupation.reach))
    }
  }

  /// Gives back what nobody else overlaps; a folio that keeps nothing changes nothing.
  mutating func remove(_ folio: Folio, open: @autoclosure () -> SlotMask, plan: DayPlan) {
    if let place = held.firstIndex(where: { $0.folio == folio }) {
      held.remove(at: place)
    } else if let place = booked.firstIndex(where: { $0.folio == folio }) {
      booked.remove(at: place)
      free = open()
      for occupation in booked { free.remove(plan.slots(overlapping: occupation.reach)) }
    }
  }
}

extension AgendaCell {
  /// From now on the stretch is kept; its reason keeps one stretch of the cell at most.
  mutating func keep(_ stretch: KeptStretch) {
    release(stretch.reason)
    kept.insert(
      stretch, at: kept.firstIndex { (stretch.slot.start, stretch.reason) < ($0.slot.start, $0.reason) } ?? kept.endIndex)
  }

  mutating func release(_ reason: KeptStretch.Reason) { kept.removeAll { $0.reason == reason } }
}

extension [AgendaCell.Occupation] {
  fileprivate mutating func insertSorted(_ occupation: Element) {
    insert(occupation, at: firstIndex { occupation.precedes($0) } ?? endIndex)
  }
}
