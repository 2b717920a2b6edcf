internal import ClinicDomain
internal import Scheduling

// MARK: - What a decision about the clinic's own calls reads

extension StoreCore {
  /// Open offers to those who chose the telephone and have not been called, or whose call a bridge took and forsook; the one that ends
  /// soonest first. There are a few dozen at once: all are read. Whose number is in use waits for the next look.
  func callCandidates(beside lines: LinesInUse, at now: Instant) throws(StoreFault) -> [CallCandidate] {
    let rows = try Statement(
      """
      SELECT \(SlotOffer.columns) FROM slot_offer WHERE state = 'open' AND expires_at > ?1 \
      AND EXISTS (SELECT 1 FROM waitlist_entry e WHERE e.id = slot_offer.entry AND e.reach = 'phone') \
      AND NOT EXISTS (SELECT 1 FROM outbound_call c WHERE c.offer = slot_offer.id AND NOT (c.state = 'leased' AND c.leased_until <= ?1)) \
      ORDER BY expires_at, id
      """, in: connection)
    rows.bind(now.milliseconds, at: 1)
    var candidates: [CallCandidate] = []
    for offer in try rows.all({ row throws(StoreFault) in try SlotOffer(row) }) {
      let entries = try Statement("SELECT \(WaitlistEntry.columns) FROM waitlist_entry WHERE id = ?", in: connection)
      entries.bind(offer.entry, at: 1)
      guard let entry = try entries.all({ row throws(StoreFault) in try WaitlistEntry(row) }).first else { continue }
      guard let person = try patient(offer.patient) else { continue }
      let call = try outboundCall("offer = ?") { $0.bind(offer.id, at: 1) }
      if lines.has(person.phone, but: call?.token) { continue }
      let isConfidential = entry.wish.services.contains { rules.isConfidential($0) }
      let consent = try callConsent(of: person.id)
      candidates.append(
        CallCandidate(
          offer: offer, entry: entry, phone: person.phone, call: call, isDeaf: person.isDeaf,
          consents: consent.map { $0.isGiven && ($0.isOwn || !isConfidential) } ?? false,
          isOwnNumber: isConfidential ? !(try Notice.sharesPhone(person, in: connection)) : true))
    }
    return candidates
  }

  func outboundCall(_ condition: String, _ bind: (Statement) -> Void) throws(StoreFault) -> OutboundCall? {
    let rows = try Statement("SELECT \(OutboundCall.columns) FROM outbound_call WHERE \(condition)", in: connection)
    bind(rows)
    return try rows.all { row throws(StoreFault) in try OutboundCall(row) }.first
  }
}
