/// How a clinic shares its places out: what nobody exceeds, what each channel is sure of, and when places are given out.
///
/// Each list is read from its beginning: the first entry that names the consultorio and the turno holds. No entry says anything
/// about a person: not by age, not by their past, not by who they are.
package struct CapacityPolicy: Hashable, Sendable {
  package var caps: [TurnoCap]
  package var quotas: [ChannelQuotas]
  package var releases: [ReleaseRule]
  /// None overbooks nothing.
  package var overbooking: [OverbookingRule]

  package init(
    caps: [TurnoCap] = [], quotas: [ChannelQuotas] = [], releases: [ReleaseRule] = [], overbooking: [OverbookingRule] = []
  ) {
    self.caps = caps
    self.quotas = quotas
    self.releases = releases
    self.overbooking = overbooking
  }

  /// The grid alone decides.
  package static let open = CapacityPolicy()
}

/// Which turnos a rule is about.
package struct TurnoScope: Hashable, Sendable {
  /// In the order of the file, without repeats.
  package var resources: [ResourceID]
  /// `nil` is every turno that they work.
  package var turno: TurnoCode?

  package init(resources: [ResourceID], turno: TurnoCode? = nil) {
    self.resources = resources
    self.turno = turno
  }

  package func contains(_ resource: ResourceID, _ turno: TurnoCode) -> Bool {
    (self.turno == nil || self.turno == turno) && resources.contains(resource)
  }
}

/// How many people a consultorio sees in one turno at most, however they came: with an appointment, without one, in an emergency.
package struct TurnoCap: Hashable, Sendable {
  package var scope: TurnoScope
  /// 1 ... 500.
  package var places: Int

  package init(scope: TurnoScope, places: Int) {
    self.scope = scope
    self.places = places
  }
}

/// How many places of a turno each channel is sure of. What is left of the turno is for whoever comes first.
package struct ChannelQuotas: CountedByChannel, Hashable, Sendable {
  package var scope: TurnoScope
  package var kiosk: Int
  package var phone: Int
  package var desk: Int
  /// From so many minutes before the turno begins, what a channel has not used is everybody's.
  package var fallbackMinutes: Int

  package init(scope: TurnoScope, kiosk: Int = 0, phone: Int = 0, desk: Int = 0, fallbackMinutes: Int) {
    self.scope = scope
    self.kiosk = kiosk
    self.phone = phone
    self.desk = desk
    self.fallbackMinutes = fallbackMinutes
  }
}

/// When the places of a date can be reserved for the first time: consultorio by consultorio, not all in one second.
///
/// The first turno of the scope opens at ``first``, the next ``stepMinutes`` later, and so on: by resource in the order of the
/// scope, and within one by the turno's place in the clinic. The same every day, so that it can be announced.
package struct ReleaseRule: Hashable, Sendable {
  package var scope: TurnoScope
  /// Days before the date, 0 ... the horizon.
  package var daysAhead: Int
  /// Below 1440.
  package var first: AgendaMinute
  /// 0 opens all of them together.
  package var stepMinutes: Int

  package init(scope: TurnoScope, daysAhead: Int, first: AgendaMinute, stepMinutes: Int) {
    self.scope = scope
    self.daysAhead = daysAhead
    self.first = first
    self.stepMinutes = stepMinutes
  }

  /// The minute of the day on which it opens a turno; `nil` when the rule is not about it, or the day is over before.
  package func minute(of resource: ResourceID, _ turno: TurnoCode, among turnos: [TurnoCode]) -> AgendaMinute? {
    guard scope.turno == nil || scope.turno == turno, let place = scope.resources.firstIndex(of: resource) else { return nil }
    let step: Int
    if scope.turno == nil {
      guard let number = turnos.firstIndex(of: turno) else { return nil }
      step = place * turnos.count + number
    } else {
      step = place
    }
    return first.adding(minutes: step * stepMinutes).flatMap { $0 < .endOfDay ? $0 : nil }
  }
}
