internal import ClinicDomain

/// What holds of visits at home whatever command brings them about: a change of date, a place of the waitlist, a closed agenda.
extension Decision {
  /// The same decision, with a visit for each appointment of the service that it makes.
  ///
  /// A new appointment instead of another, and one out of the waitlist, goes to the home that the clinic knows. None is made without: a hold, an
  /// ordinary booking or a wish to wait has no address. What was keyed in from paper happened, and stays.
  ///
  /// - Throws: `serviceNotOffered` for an appointment without a home, and what the zone refuses (``HomeVisitRefusal``).
  func keepingHomeVisits(in scope: CommandScope, rules: ClinicRules) throws(CommandRefusal) -> Decision {
    guard let policy = rules.clinic.homeVisits, !isFromPaper else { return self }
    var kept = self
    var visits = scope.home.days
    for change in changes.freeingFirst {
      switch change {
      case .insert(let new) where new.service == policy.service:
        guard let visit = visit(for: new, in: scope) else { throw .serviceNotOffered }
        try policy.check(new.slot, zone: visit.zone, visits: visits.count(on: new.slot.date))
        visits.add(1, on: new.slot.date)
        if !changes.contains(.homeVisit(visit)) { kept.changes.append(.homeVisit(visit)) }
      case .replace(let now) where now.service == policy.service:
        let held = scope.known(now.folio)?.holdsSlot ?? false
        guard held != now.holdsSlot else { continue }
        if !held, let visit = scope.home.visit {
          try policy.check(now.slot, zone: visit.zone, visits: visits.count(on: now.slot.date))
        }
        visits.add(held ? -1 : 1, on: now.slot.date)
      case .waitlist(let entry) where entry.wish.services.contains(policy.service) && !entry.isDisplaced: throw .serviceNotOffered
      default: continue
      }
    }
    return kept
  }

  private var isFromPaper: Bool { changes.contains { if case .paper = $0 { true } else { false } } }

  private func visit(for new: Appointment, in scope: CommandScope) -> HomeVisit? {
    for case .homeVisit(let visit) in changes where visit.appointment == new.folio { return visit }
    guard let known = scope.home.visit else { return nil }
    let isOfWaiting = changes.contains { if case .waitlist = $0 { true } else { false } }
    return new.replaces == known.appointment || isOfWaiting ? known.moved(to: new) : nil
  }
}

extension [AgendaChange] {
  /// What gives a place back before what takes one: a visit never stands in its own way.
  fileprivate var freeingFirst: [AgendaChange] {
    let frees = { (change: AgendaChange) in if case .replace(let now) = change { !now.holdsSlot } else { false } }
    return filter(frees) + filter { !frees($0) }
  }
}

extension CommandScope {
  /// An appointment as the decision found it.
  fileprivate func known(_ folio: Folio) -> Appointment? {
    [named, linked].compactMap(\.self).first { $0.folio == folio } ?? active.first { $0.folio == folio } ?? day.first { $0.folio == folio }
  }
}

extension [HomeVisitDay] {
  /// How many visits stand on a date.
  func count(on date: CivilDate) -> Int { first { $0.date == date }?.visits ?? 0 }

  fileprivate mutating func add(_ number: Int, on date: CivilDate) {
    if let place = firstIndex(where: { $0.date == date }) {
      self[place].visits += number
    } else {
      append(HomeVisitDay(date: date, visits: number))
    }
  }
}
