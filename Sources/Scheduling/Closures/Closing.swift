package import ClinicDomain

/// Closes an agenda for hours or days while the clinic works: the doctor is absent, the chair is down.
package struct CloseAgenda: Hashable, Sendable {
  package var actor: Actor
  package var resource: ResourceID
  /// At most ``maximumDays``.
  package var dates: ClosedRange<CivilDate>
  /// On each date; the whole agenda by default.
  package var hours: Range<AgendaMinute>

  /// A longer absence is a line in clinic.yaml.
  package static let maximumDays = 31

  package init(
    actor: Actor, resource: ResourceID, dates: ClosedRange<CivilDate>, hours: Range<AgendaMinute> = .midnight ..< .latest
  ) {
    self.actor = actor
    self.resource = resource
    self.dates = dates
    self.hours = hours
  }
}

/// Lifts a closure of one day.
package struct ReopenAgenda: Hashable, Sendable {
  package var actor: Actor
  package var block: Int64

  package init(actor: Actor, block: Int64) {
    self.actor = actor
    self.block = block
  }
}

extension CloseAgenda {
  /// From this change on nothing is booked there. What was booked before is moved by ``DisplaceAppointment``, one by one.
  ///
  /// - Returns: one block for each date.
  /// - Throws: `notAllowed` for anybody but staff, `resourceNotOffered`, `slotInThePast` (all of it is over), `beyondHorizon` (more days
  ///   than a closure may have).
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant
  ) throws(CommandRefusal) -> Decision<[AgendaBlock]> {
    guard case .staff = actor else { throw .notAllowed }
    guard rules.clinic.resource(resource) != nil else { throw .resourceNotOffered }
    let yesterday = rules.today(at: now).advanced(by: -1)
    let last = dates.lowerBound.advanced(by: Self.maximumDays - 1)
    guard dates.upperBound <= last else { throw .beyondHorizon(last: last) }
    guard dates.upperBound >= yesterday else { throw .slotInThePast }
    var blocks: [AgendaBlock] = []
    for date in max(dates.lowerBound, yesterday)...dates.upperBound {
      let slot = Slot(resource: resource, date: date, minutes: hours)
      guard now < rules.end(of: slot) else { continue }
      blocks.append(AgendaBlock(id: scope.waitlist.nextBlock + Int64(blocks.count), slot: slot, createdAt: now))
    }
    guard !blocks.isEmpty else { throw .slotInThePast }
    return Decision(blocks, blocks.map { .block($0) })
  }
}

extension ReopenAgenda {
  /// The agenda can be booked again; its free slots that are still to come are offered to those who wait, the first ones first and no more of
  /// them than each turno's cap has room for. What must have time around it is offered with that time: no two places of which only one could
  /// be taken. Of a slot that several share each free seat is a place.
  ///
  /// - Throws: `notAllowed` for anybody but staff, `appointmentNotFound`. One that is lifted already stays so.
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant
  ) throws(CommandRefusal) -> Decision<[AgendaBlock]> {
    guard case .staff = actor else { throw .notAllowed }
    guard var block = scope.waitlist.block else { throw .appointmentNotFound }
    guard block.liftedAt == nil else { return Decision([block], []) }
    block.liftedAt = now
    return Decision([block], [.block(block)] + freed(by: block, in: scope, rules: rules, at: now))
  }

  private func freed(by block: AgendaBlock, in scope: CommandScope, rules: ClinicRules, at now: Instant) -> [AgendaChange] {
    guard let code = rules.clinic.resource(block.slot.resource)?.services.first, let service = rules.service(code) else { return [] }
    var open = scope
    open.kept.removeAll { $0.reason == .block(block.id) }
    var (changes, last) = ([AgendaChange](), [Slot]())
    for agenda in rules.turnoAgendas(of: block.slot.resource, on: block.slot.date) {
      let load = scope.waitlist.loads[agenda.turno] ?? TurnoLoad()
      var room = agenda.share.cap.map { $0 - load.people } ?? .max
      for slot in rules.slots(of: agenda)
      where slot.minutes.overlaps(block.slot.minutes) && now < rules.start(of: slot) && !open.isBlocked(slot, at: now)
        && !last.contains(where: { service.stamp.reach(of: $0.minutes).overlaps(service.stamp.reach(of: slot.minutes)) })
      {
        let seats = min(open.seatsLeft(in: slot, stamped: service.stamp, at: now), room)
        guard seats > 0 else { continue }
        let places = (0..<seats).compactMap {
          rules.freeing(slot, of: code, agenda.turno, id: block.place(at: slot.start, seat: $0), channel: .desk, by: .reopening, at: now)
        }
        guard !places.isEmpty else { continue }
        changes += places.map { .freed($0) }
        room -= places.count
        last.append(slot)
      }
    }
    return changes
  }
}

extension AgendaBlock {
  /// The number of a place that its end frees: below all folios, and never the same twice, as a block is lifted once. The seats of a slot after
  /// its first have numbers above those of all first ones: 250,000 blocks of 99 seats fit below the folios.
  fileprivate func place(at start: AgendaMinute, seat: Int) -> Int64 {
    seat == 0 ? id * 10_000 + Int64(start.minutes) : 20_000_000_000 + (id * 99 + Int64(seat)) * 3000 + Int64(start.minutes)
  }
}
