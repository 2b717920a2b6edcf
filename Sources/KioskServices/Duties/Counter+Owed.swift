internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
internal import TTRPCCore
internal import VentanillaMessages

extension Counter {
  /// How many slots are tried before the clinic says that there is none: somebody may take one between the look and the command.
  private static let attempts = 8

  /// Free slots for something that the clinic itself gives, in the share of the desk or, when that is spent, of any channel.
  ///
  /// - Parameter soonest: whether the first date counts more than the person's own doctor.
  func owedSlots(
    _ service: ServiceCode, for patient: Patient, active: [Appointment], on dates: ClosedRange<CivilDate>, soonest: Bool
  ) -> [SlotChoice] {
    let (now, snapshot) = (now, store.snapshot)
    let person = PersonView(patient, active: active)
    var own: [SlotChoice] = []
    var others: [SlotChoice] = []
    for date in max(dates.lowerBound, today)...max(dates.upperBound, today) where date <= dates.upperBound {
      var found: [FoundSlot] = []
      for channel in [rules.ownChannel(for: service)] + Channel.allCases where found.isEmpty {
        found = snapshot.find(FindSlots(service: service, person: person, channel: channel, date: date, limit: Self.attempts), at: now)
      }
      own += found.filter { $0.ownDoctor || soonest }.map(\.slot.choice)
      others += found.filter { !$0.ownDoctor && !soonest }.map(\.slot.choice)
      if own.count >= Self.attempts { break }
    }
    return Array((own + others).prefix(Self.attempts))
  }

  /// Hands the store a command with one slot after the other, and at last with none.
  ///
  /// - Parameter refused: the status of a refusal that another slot does not help.
  func writeOwed<Reply>(
    _ slots: [SlotChoice], _ context: CallContext, command: (SlotChoice?) -> Command,
    encode: @escaping @Sendable (CommandOutcome) -> [UInt8], refused: (CommandRefusal) -> RPCError
  ) async throws(RPCError) -> Encoded<Reply> {
    for slot in slots {
      var isGone = false
      do throws(RPCError) {
        return try await write(command(slot), context, encode: encode) { refusal, _ in
          isGone = refusal.isOfSlot
          return refused(refusal)
        }
      } catch { guard isGone else { throw error } }
    }
    return try await write(command(nil), context, encode: encode) { refusal, _ in refused(refusal) }
  }

  /// A person's appointments that are still to come.
  func standing(of patient: Patient) async throws(RPCError) -> [Appointment] {
    let now = now
    return try await reading { store throws(StoreFault) in try await store.appointments(of: patient.id, includePast: false, now: now) }
      .filter(\.status.isActive)
  }
}

extension CommandRefusal {
  /// Whether another slot may be granted.
  fileprivate var isOfSlot: Bool {
    switch self {
    case .resourceNotOffered, .slotInThePast, .beyondHorizon, .notReleased, .closed, .notOnGrid, .externalAgenda, .rightsEndBefore, .caredElsewhere,
      .notAccessible, .personBusy, .turnoFull, .quotaSpent, .slotOffered, .slotTaken, .companionTaken, .homeVisit: true
    case .notAllowed, .appointmentNotFound, .holdExpired, .wrongState, .nothingToUndo, .notLive, .tooEarly, .offerOver, .serviceNotOffered,
      .limitReached, .householdLimitReached, .series, .notTogether, .telephone, .promoter: false
    }
  }
}

extension CommandOutcome {
  /// What a command about a duty gave.
  var duty: DutyOutcome {
    guard case .duty(let duty) = self else { preconditionFailure("a duty was granted with another outcome") }
    return duty
  }
}
