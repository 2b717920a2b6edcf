package import ClinicDomain

/// Makes appointments for several people in one step: all of them, or none.
package struct BookTogether: Hashable, Sendable {
  package struct Member: Hashable, Sendable {
    package var patient: PatientID
    package var choice: SlotChoice

    package init(patient: PatientID, choice: SlotChoice) {
      self.patient = patient
      self.choice = choice
    }
  }

  package var actor: Actor
  package var service: ServiceCode
  /// In the order in which they are seen.
  package var members: [Member]
  package var channel: Channel
  package var folioSeed: UInt64

  /// A household that comes at once. More is a group, which has a list and somebody who keeps it.
  package static let maximumMembers = 8

  package init(actor: Actor, service: ServiceCode, members: [Member], channel: Channel, folioSeed: UInt64) {
    self.actor = actor
    self.service = service
    self.members = members
    self.channel = channel
    self.folioSeed = folioSeed
  }

  /// What it is made of.
  var bookings: [BookAppointment] {
    members.map {
      BookAppointment(actor: actor, patient: $0.patient, what: .slot(service, $0.choice), channel: channel, folioSeed: folioSeed)
    }
  }

  var needs: CommandNeeds {
    var needs = CommandNeeds(actor: actor.person)
    needs.members = bookings
    return needs
  }
}

extension BookTogether {
  /// Each booking is judged as it would be alone, after those before it: limits, the household's count, shares and caps see them.
  ///
  /// - Returns: the appointments, in the order of the members.
  /// - Throws: in this order, `notAllowed` (for any of them), `serviceNotOffered` (a service that needs further agendas), `notTogether`, then
  ///   what refuses the first member that is refused, as a booking.
  package func decide(
    in scope: CommandScope, rules: ClinicRules, at now: Instant, folio: Folio
  ) throws(CommandRefusal) -> Decision<[Appointment]> {
    guard scope.members.count == members.count else { throw .notAllowed }
    for member in scope.members where member.subject(of: actor, by: rules, at: now) == nil { throw .notAllowed }
    guard let service = rules.service(service), service.companions.isEmpty else { throw .serviceNotOffered }
    guard isOneHousehold(scope), areAdjacent(service), isOneTurno(rules) else { throw .notTogether }
    var made: [Appointment] = []
    var changes: [AgendaChange] = []
    for (number, booking) in bookings.enumerated() {
      let after = scope.members[number].after(changes, rules: rules)
      let decision = try booking.decide(in: after, rules: rules, at: now, folio: folio.following(number))
      made.append(decision.outcome)
      changes += decision.changes
    }
    return Decision(made, changes)
  }

  /// Two to eight people of one NSS, nobody twice.
  private func isOneHousehold(_ scope: CommandScope) -> Bool {
    guard 2...Self.maximumMembers ~= members.count, let nss = scope.members[0].patient?.nss else { return false }
    return scope.members.allSatisfy { $0.patient?.nss == nss } && Set(members.map(\.patient)).count == members.count
  }

  /// One agenda's one date, each slot beginning where the one before ends, or where the time around both lets it.
  private func areAdjacent(_ service: Service) -> Bool {
    zip(members, members.dropFirst()).allSatisfy { before, after in
      before.choice.resource == after.choice.resource && before.choice.date == after.choice.date
        && before.choice.start.adding(minutes: service.stepMinutes) == after.choice.start
    }
  }

  /// Slots of two turnos of an agenda may touch. What no turno has is refused as a booking.
  private func isOneTurno(_ rules: ClinicRules) -> Bool {
    let turnos = rules.turnoAgendas(of: members[0].choice.resource, on: members[0].choice.date)
    let theirs = members.map { member in turnos.first { $0.hours.contains(member.choice.start) }?.turno }
    return theirs.allSatisfy { $0 == theirs[0] }
  }
}

extension CommandScope {
  /// The scope of one booking of several, as the changes of those before it leave it.
  fileprivate func after(_ changes: [AgendaChange], rules: ClinicRules) -> CommandScope {
    var scope = self
    // A household takes free slots: nobody has counted how full the hours are after those before it.
    scope.crowd = nil
    for change in changes {
      switch change {
      case .insert(let appointment): scope.add(appointment)
      case .replace(let appointment):
        let wasHold = scope.day.contains { $0.folio == appointment.folio } || scope.active.contains { $0.folio == appointment.folio }
        guard wasHold else { scope.add(appointment, isNew: false); continue }
        scope.day.removeAll { $0.folio == appointment.folio && !appointment.holdsSlot }
        scope.active.removeAll { $0.folio == appointment.folio && !appointment.holdsSlot }
      default: break
      }
    }
    return scope
  }

  private mutating func add(_ appointment: Appointment, isNew: Bool = true) {
    guard appointment.holdsSlot, appointment.patient != patient?.id else { return }
    household.removeAll { $0.folio == appointment.folio }
    household.append(appointment)
    guard isNew else { return }
    day.append(appointment)
    load[appointment.channel] += 1
  }
}
