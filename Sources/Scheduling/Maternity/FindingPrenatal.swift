package import ClinicDomain

extension AgendaIndex {
  /// The free slots that are an answer to a pregnant person, by date: within the clinic's days, and each could be booked. None when she has
  /// as many appointments as she may, or the service asks for rights that she does not have: then who is on duty answers.
  ///
  /// - Parameters:
  ///   - person: what is known of her; `nil` finds what is free for nobody in particular.
  ///   - household: what the others of her NSS have; see ``CommandScope/household``.
  package func prenatalSlots(
    _ policy: MaternityPolicy, for person: PersonView?, household: [Appointment] = [], through channel: Channel, limit: Int, at now: Instant
  ) -> [FoundSlot] {
    guard let scan = FreeSlotScan(self, service: policy.service, person: person, channel: channel, at: now),
      (try? scan.commitments.checkRoom(for: scan.service, asHold: false)) != nil,
      (try? scan.commitments.checkHousehold(household, at: now)) != nil
    else { return [] }
    let today = rules.today(at: now)
    var found: [FoundSlot] = []
    for day in 0...policy.days where found.count < limit {
      let query = FindSlots(
        service: policy.service, person: person, channel: channel, date: today.advanced(by: day), limit: limit - found.count)
      found += find(query, at: now)
    }
    return found
  }
}

extension MaternityPolicy {
  /// The appointment that she has already, when it is near enough to be an answer: the soonest.
  package func near(_ active: [Appointment], rules: ClinicRules, at now: Instant) -> Appointment? {
    let last = rules.today(at: now).advanced(by: days)
    return active.filter { $0.service == service && $0.status == .booked && now < rules.start(of: $0.slot) && $0.slot.date <= last }
      .min { ($0.slot.date, $0.slot.start) < ($1.slot.date, $1.slot.start) }
  }
}
