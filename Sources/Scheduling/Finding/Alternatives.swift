package import ClinicDomain

/// What a refused command wanted, as far as free slots can help.
///
/// The store takes it out of the scope of the refused decision; the service answers it from the snapshot, so that the
/// writer never searches.
package struct SlotWish: Hashable, Sendable {
  package var service: ServiceCode
  package var choice: SlotChoice
  package var channel: Channel
  package var person: PersonView
  /// What the others of the person's NSS have; see ``CommandScope/household``.
  package var household: [Appointment]
  /// Whether a hold was asked for, which has a limit of its own.
  package var asHold: Bool

  package init(
    service: ServiceCode, choice: SlotChoice, channel: Channel, person: PersonView, household: [Appointment] = [], asHold: Bool
  ) {
    self.service = service
    self.choice = choice
    self.channel = channel
    self.person = person
    self.household = household
    self.asHold = asHold
  }
}

extension SchedulingCommand {
  /// What other slots could give instead, after a refusal; `nil` when none could.
  package func wish(after refusal: CommandRefusal, in scope: CommandScope) -> SlotWish? {
    switch refusal {
    case .notAllowed, .appointmentNotFound, .wrongState, .offerOver, .series, .nothingToUndo, .notLive, .tooEarly, .serviceNotOffered, .limitReached,
      .householdLimitReached, .telephone, .notTogether, .homeVisit, .promoter: return nil
    case .holdExpired, .resourceNotOffered, .slotInThePast, .beyondHorizon, .notReleased, .closed, .notOnGrid, .externalAgenda, .rightsEndBefore,
      .caredElsewhere, .notAccessible, .personBusy, .turnoFull, .quotaSpent, .slotOffered, .slotTaken, .companionTaken: break
    }
    guard let patient = scope.patient else { return nil }
    // What an undone change of date put in its place is given back with it.
    let others = scope.active.filter { $0.folio != scope.named?.folio && $0.folio != scope.linked?.folio }
    let person = PersonView(patient, active: others, inSeries: scope.inSeries)
    switch self {
    case .hold(let hold):
      return SlotWish(
        service: hold.service, choice: hold.choice, channel: hold.channel, person: person, household: scope.household, asHold: true)
    case .book(let book):
      switch book.what {
      case .slot(let service, let choice):
        return SlotWish(
          service: service, choice: choice, channel: book.channel, person: person, household: scope.household, asHold: false)
      case .hold:
        return scope.named.map {
          SlotWish(
            service: $0.service, choice: $0.slot.choice, channel: book.channel, person: person, household: scope.household, asHold: true)
        }
      }
    case .life(let life):
      guard let named = scope.named else { return nil }
      switch life.step {
      case .reschedule(let choice, _):
        return SlotWish(service: named.service, choice: choice, channel: life.channel, person: person, asHold: false)
      case .undo:
        return SlotWish(service: named.service, choice: named.slot.choice, channel: life.channel, person: person, asHold: false)
      case .confirm, .checkIn, .attend, .miss, .free, .enterInError: return nil
      }
    case .cancel, .releaseHold, .grantConsent, .revokeConsent, .admit, .waitlist, .closure, .series, .override, .duty, .together, .paper, .proxy, .homeVisit, .promoter, .transfer, .care: return nil
    case .resolve(let resolve):
      guard case .move(let to) = resolve.how, let booking = scope.external else { return nil }
      return SlotWish(service: booking.service, choice: to, channel: .desk, person: person, asHold: false)
    }
  }
}

extension AgendaIndex {
  /// The free slots nearest to what was wanted, nearest first; each can be reserved by the person. What was wanted is among them
  /// when it is free (after a hold that ran out).
  ///
  /// Nearness is one key, read from left to right:
  /// 1. the same resource on the same date; then the person's own doctor; then the same turno; then the rest;
  /// 2. days between the dates;
  /// 3. minutes between the starts;
  /// 4. date, start, resource.
  ///
  /// - Complexity: O(slots on the nearest dates that hold `limit` free ones); the whole window when fewer are free.
  package func alternatives(to wish: SlotWish, at now: Instant, limit: Int = 6) -> [FoundSlot] {
    guard limit > 0,
      var scan = FreeSlotScan(self, service: wish.service, person: wish.person, channel: wish.channel, at: now),
      (try? scan.commitments.checkRoom(for: scan.service, asHold: wish.asHold)) != nil,
      (try? scan.commitments.checkHousehold(wish.household, at: now)) != nil
    else { return [] }
    var nearest = NearestSlots(wish, rules: rules, limit: limit)
    for kinship in NearestSlots.Kinship.allCases where !nearest.isFull {
      nearest.collect(kinship, from: &scan)
    }
    return nearest.found
  }
}
