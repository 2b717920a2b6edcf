package import ClinicDomain

extension ClinicRules {
  /// What an appointment of a service carries that is made now; of a service that the clinic does not have nothing.
  package func stamp(of service: ServiceCode) -> SlotStamp { self.service(service)?.stamp ?? .exclusive }
}

/// What every new appointment carries of the rules that it was made under, whatever command made it.
extension Decision where Outcome == CommandOutcome {
  /// The same decision, each appointment that it makes stamped as its service is now, in a lane of its own where several share a slot.
  func stamped(in scope: CommandScope, rules: ClinicRules) -> Decision {
    var (decision, stamped) = (self, [Appointment]())
    for place in changes.indices {
      guard case .insert(let plain) = changes[place], let stamp = rules.service(plain.service)?.stamp, stamp != plain.stamp else { continue }
      var appointment = plain
      appointment.stamp = stamp
      if plain.lane == 0 { appointment.lane = scope.freeLane(of: plain.slot, stamped: stamp, at: plain.createdAt, besides: plain.replaces) }
      decision.changes[place] = .insert(appointment)
      stamped.append(appointment)
    }
    guard !stamped.isEmpty else { return self }
    func now(_ appointment: Appointment) -> Appointment { stamped.first { $0.folio == appointment.folio } ?? appointment }
    switch outcome {
    case .appointment(let appointment): decision.outcome = .appointment(now(appointment))
    case .appointments(let several): decision.outcome = .appointments(several.map(now))
    case .resolved(let booking, let appointment?): decision.outcome = .resolved(booking, now(appointment))
    default: break
    }
    return decision
  }
}

extension Offer {
  /// Whether the place that an appointment leaves cannot be had beside this one.
  func meets(_ old: Appointment) -> Bool {
    slot.resource == old.slot.resource && slot.date == old.slot.date && service.stamp.reach(of: slot.minutes).overlaps(old.reach)
  }
}

extension Appointment {
  /// Whether the two may stand in one slot, each in a lane of its own.
  func shares(with other: Appointment) -> Bool {
    slot.minutes == other.slot.minutes && lane != other.lane && max(lane, other.lane) < Int(min(stamp.capacity, other.stamp.capacity))
  }
}
