package import ClinicDomain

extension ClinicRules {
  /// What becomes of a slot that an appointment leaves, beside the appointment's own change: nothing where the clinic does not offer such
  /// places, overbooks these hours (who does not come is counted on there already), it has ended, or another system gives it. Of a slot that
  /// several people share it is the seat: a place of its own, so that each seat is one person's.
  ///
  /// Far enough ahead it is kept for those who wait: for five minutes at first, within which somebody is asked or it is given up. Near its
  /// start, and once it has begun, it is for today's walk-ins.
  package func freeing(
    _ appointment: Appointment, by source: FreedPlace.Source, at now: Instant
  ) -> [AgendaChange] {
    guard appointment.status.occupiesSlot, appointment.status != .pending, appointment.lane < Int(appointment.stamp.capacity),
      overbooking(of: appointment.slot) == nil
    else { return [] }
    return freeing(
      appointment.slot, of: appointment.service, appointment.turno, id: Int64(appointment.folio.number), channel: appointment.channel,
      by: source, at: now).map { [.freed($0)] } ?? []
  }

  func freeing(
    _ slot: Slot, of service: ServiceCode, _ turno: TurnoCode, id: Int64, channel: Channel, by source: FreedPlace.Source, at now: Instant
  ) -> FreedPlace? {
    guard let policy = clinic.waitlist, policy.sources.contains(source), now < end(of: slot), !isExternal(slot) else { return nil }
    var place = FreedPlace(
      id: id, slot: slot, service: service, turno: turno, source: source, channel: channel, state: .offered,
      until: min(now.adding(seconds: Self.offeringSeconds), lastOffer(of: slot, policy)), freedAt: now, changedAt: now)
    if place.until <= now {
      // A walk-in finds no specialist at a distance waiting: such a slot is simply free.
      guard isForWalkIns(service), slot.date == today(at: now) || start(of: slot) <= now else { return nil }
      place.state = .forWalkIns
      place.until = end(of: slot)
    }
    return place
  }

  /// Whether what nobody takes of a service is kept for today's walk-ins: not where it needs further agendas, which are free for others too.
  func isForWalkIns(_ service: ServiceCode) -> Bool { self.service(service)?.companions.isEmpty ?? true }

  /// A freed place is offered within five minutes (programme P29), or it is everybody's.
  static var offeringSeconds: Int { 300 }

  /// After this a place is offered to nobody who is elsewhere.
  func lastOffer(of slot: Slot, _ policy: WaitlistPolicy) -> Instant {
    start(of: slot).adding(seconds: -60 * policy.closesMinutes)
  }
}
