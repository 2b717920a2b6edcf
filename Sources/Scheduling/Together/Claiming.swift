package import ClinicDomain

/// Who could fill the further agendas that a slot needs, as the index finds them inside the transaction.
package enum CompanionChoice: Hashable, Sendable {
  /// One agenda for each role of the service, in their order, no two the same; empty when it needs none.
  case found([ResourceID])
  /// The role for which nobody is free.
  case missing(role: String)
}

extension AgendaIndex {
  /// Whether nobody keeps any part of a stretch of an agenda, and it is worked then: a turno's open hours, no break, no closure, not
  /// another system's, and room under the turno's cap. It need not stand on a grid.
  ///
  /// - Parameter own: appointments that are in nobody's way, nor what they claim.
  package func isFree(_ slot: Slot, besides own: [Folio] = [], at now: Instant) -> Bool {
    guard window.contains(slot.date), let resource = rules.clinic.resourceIndex(slot.resource),
      let agenda = rules.turnoAgendas(of: slot.resource, on: slot.date).first(where: { $0.hours.contains(slot.start) }),
      agenda.closed == nil, agenda.stretches.contains(where: { $0.covers(slot.minutes) }), rules.takesTime(slot),
      !rules.isExternal(slot)
    else { return false }
    let cell = cell(ofResource: resource, on: slot.date)
    guard !cell.keepsOut(slot.minutes, but: own, at: now) else { return false }
    let plan = rules.plan(ofResource: resource, on: slot.date)
    return agenda.share.cap.map { cell.load(of: agenda.hours, at: now, plan: plan).total < $0 } ?? true
  }

  /// The agendas that fill a service's roles at the time of a slot: of all ways to fill them the first in the configuration's order.
  ///
  /// - Complexity: O(agendas of the roles) as a rule; the roles are few, and so are their agendas.
  package func companions(of service: Service, at slot: Slot, besides own: [Folio] = [], now: Instant) -> CompanionChoice {
    var free: [[ResourceID]] = []
    for role in service.companions {
      let candidates = role.resources.filter { resource in
        resource != slot.resource && isFree(Slot(resource: resource, date: slot.date, minutes: slot.minutes), besides: own, at: now)
      }
      guard !candidates.isEmpty else { return .missing(role: role.code) }
      free.append(candidates)
    }
    guard let chosen = Self.one(ofEach: free[...], but: []) else { return .missing(role: service.companions.last?.code ?? "") }
    return .found(chosen)
  }

  private static func one(ofEach lists: ArraySlice<[ResourceID]>, but taken: [ResourceID]) -> [ResourceID]? {
    guard let first = lists.first else { return taken }
    for resource in first where !taken.contains(resource) {
      if let all = one(ofEach: lists.dropFirst(), but: taken + [resource]) { return all }
    }
    return nil
  }

  /// What a command's decision must know of further agendas.
  package func fillCompanions(of command: Command, into scope: inout CommandScope, at now: Instant) {
    if case .closure(.displace) = command, let named = scope.named {
      scope.areCompanionsBlocked = claims(of: named.folio).contains { claim in
        kept(on: AgendaDay(resource: claim.slot.resource, date: claim.slot.date))
          .contains { $0.isBlock && now < $0.until && $0.slot.overlaps(claim.slot) }
      }
    }
    guard let wish = command.companionWish(in: scope), let service = rules.service(wish.service), !service.companions.isEmpty,
      let end = wish.choice.start.adding(minutes: service.slotMinutes)
    else { return }
    let slot = Slot(resource: wish.choice.resource, date: wish.choice.date, minutes: wish.choice.start..<end)
    let own = [scope.named?.folio, scope.linked?.folio, scope.waitlist.replaced?.folio].compactMap(\.self)
    scope.companions = companions(of: service, at: slot, besides: own, now: now)
  }
}

extension Command {
  /// The slot whose further agendas a command would claim.
  fileprivate func companionWish(in scope: CommandScope) -> (service: ServiceCode, choice: SlotChoice)? {
    switch self {
    case .hold(let hold): return (hold.service, hold.choice)
    case .book(let book): if case .slot(let service, let choice) = book.what { return (service, choice) } else { return nil }
    case .life(let life):
      guard let named = scope.named else { return nil }
      switch life.step {
      case .reschedule(let choice, _): return (named.service, choice)
      case .undo:
        // Of a change of date, what comes back is the old appointment.
        let back = named.replacedBy == nil && scope.lastAct?.act == .reschedule ? scope.linked ?? named : named
        return (back.service, back.slot.choice)
      case .confirm, .checkIn, .attend, .miss, .free, .enterInError: return nil
      }
    case .closure(.displace(let displace)):
      guard let named = scope.named, case .slot(let to) = displace.to else { return nil }
      return (named.service, to)
    case .closure(.placeDisplaced(let place)): return scope.waitlist.entries.first?.wish.services.first.map { ($0, place.to) }
    case .waitlist(.round), .waitlist(.take): return scope.waitlist.place.map { ($0.service, $0.slot.choice) }
    case .transfer(.move(let move)): return wish(scope.named, move.to)
    case .transfer(.takeBackAppointment(let takeBack)): return wish(scope.named, takeBack.at)
    default: return nil
    }
  }
}

private func wish(_ named: Appointment?, _ choice: SlotChoice?) -> (service: ServiceCode, choice: SlotChoice)? {
  named.flatMap { named in choice.map { (named.service, $0) } }
}

extension CommandScope {
  /// What an appointment claims besides its own agenda: everything that its service needs.
  ///
  /// - Throws: ``CommandRefusal/companionTaken(role:)`` when one of them has nobody free; then nothing is claimed.
  func claims(of appointment: Appointment, for service: Service) throws(CommandRefusal) -> [AgendaChange] {
    switch companions {
    case .missing(let role): throw .companionTaken(role: role)
    case .found(let resources):
      guard resources.count == service.companions.count else { throw .companionTaken(role: service.companions[resources.count].code) }
      return resources.enumerated().map { number, resource in
        .claim(
          AgendaClaim(
            appointment: appointment.folio, place: number + 1, role: service.companions[number].code,
            slot: Slot(resource: resource, date: appointment.slot.date, minutes: appointment.slot.minutes),
            channel: appointment.channel, until: appointment.holdExpiresAt, changedAt: appointment.changedAt))
      }
    }
  }

  /// What an appointment that comes back claims again; nothing when it had its slot all the time.
  func claims(
    of back: Appointment, insteadOf before: Appointment, by rules: ClinicRules
  ) throws(CommandRefusal) -> [AgendaChange] {
    guard back.holdsSlot, !before.holdsSlot, let service = rules.service(back.service) else { return [] }
    return try claims(of: back, for: service)
  }
}

extension Range<AgendaMinute> {
  fileprivate func covers(_ other: Range<AgendaMinute>) -> Bool { lowerBound <= other.lowerBound && other.upperBound <= upperBound }
}
