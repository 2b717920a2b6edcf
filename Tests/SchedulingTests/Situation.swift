internal import ClinicDomain
internal import KioskTestSupport
internal import Scheduling
internal import Testing

/// Everything a decision reads, in one value that a test can spoil.
struct Situation {
  var clinic = Clinic.fixture()
  var zone = ClinicZone.mexicoCity
  var command: SchedulingCommand
  var scope = CommandScope(actor: .ana, patient: .ana)
  var now = Instant.fixture

  var rules: ClinicRules { ClinicRules(clinic: clinic, zone: zone) }

  /// The folio that the store offers.
  static let candidate = Folio.fixture(900)

  func decide() throws(CommandRefusal) -> Decision<CommandOutcome> {
    try command.decide(in: scope, rules: rules, at: now, folio: Self.candidate)
  }

  func refusal() -> CommandRefusal? {
    do { _ = try decide(); return nil } catch { return error }
  }

  func after(_ spoilers: [Spoiler]) -> Situation {
    var situation = self
    for spoiler in spoilers { spoiler.spoil(&situation) }
    return situation
  }
}

/// One thing wrong, and the refusal it alone brings.
struct Spoiler: Sendable, CustomTestStringConvertible {
  let refusal: CommandRefusal
  let spoil: @Sendable (inout Situation) -> Void

  init(_ refusal: CommandRefusal, _ spoil: @escaping @Sendable (inout Situation) -> Void) {
    self.refusal = refusal
    self.spoil = spoil
  }

  var testDescription: String { "\(refusal)" }

  /// Every two of a list in check order, the earlier first.
  static func pairs(of list: [Spoiler]) -> [(Spoiler, Spoiler)] {
    list.indices.flatMap { first in list[(first + 1)...].map { (list[first], $0) } }
  }
}

extension Spoiler {
  /// What can be wrong with a wish for C1 on the 24th at 09:00, from `serviceNotOffered` to `notAccessible`, in check order.
  static let offer: [Spoiler] = [
    Spoiler(.serviceNotOffered) { $0.clinic.services[0].bookableBy = [.desk] },
    Spoiler(.resourceNotOffered) { $0.clinic.resources[0].services = [.dentist] },
    Spoiler(.slotInThePast) { $0.now = Instant(iso: "2026-11-24T15:00:00Z")! },
    Spoiler(.beyondHorizon(last: CivilDate(iso: "2026-11-22")!)) { situation in
      // Whatever today has become, the horizon ends on the 22nd.
      let today = situation.zone.date(of: situation.now)
      situation.clinic.policy.horizonDays = today.distance(to: CivilDate(iso: "2026-11-22")!)
    },
    Spoiler(.notReleased(at: Instant(iso: "2026-11-24T14:59:00Z")!)) { situation in
      // On the very day, at 08:59.
      situation.clinic.capacity.releases = [
        ReleaseRule(scope: TurnoScope(resources: [.c(1)]), daysAhead: 0, first: AgendaMinute(minutes: 539)!, stepMinutes: 0)
      ]
    },
    Spoiler(.closed) { situation in
      let day = CivilDate(iso: "2026-11-24")!
      situation.clinic.closures = [Closure(resource: .c(1), turno: nil, dates: day...day, reason: "Fumigación")]
    },
    Spoiler(.notOnGrid) { situation in
      situation.clinic.resources[0].rules[0].breaks = [AgendaMinute(minutes: 480)!..<AgendaMinute(minutes: 485)!]
    },
    Spoiler(.externalAgenda) { $0.clinic.owners = [OwnershipRule(.externa, resources: [.c(1)], hours: .hours(8, 10))] },
    Spoiler(.rightsEndBefore(last: CivilDate(iso: "2026-11-23")!)) { situation in
      situation.scope.patient?.rights = Rights(state: .vigente, date: CivilDate(iso: "2026-11-23")!)
    },
    Spoiler(.caredElsewhere(HandingOverTests.near)) { $0.scope.patient?.elsewhere = HandingOverTests.near },
    Spoiler(.notAccessible) { situation in
      situation.scope.patient?.needs = [Patient.noStairs]
      situation.clinic.resources[0].floor = 2
    },
  ]

  /// What can stand in the way of one who may have the slot, in check order.
  static let taken: [Spoiler] = [
    Spoiler(.limitReached(allowed: 1)) { situation in
      situation.scope.active.append(.fixture(Slot("C2 2026-12-01 09:00"), folio: 51))
    },
    Spoiler(.householdLimitReached(allowed: 2)) { situation in
      situation.clinic.policy.maxActivePerHousehold = 2
      situation.scope.household = [
        .fixture(Slot("C2 2026-12-01 09:00"), folio: 54, patient: Patient.beto.id),
        .fixture(Slot("C2 2026-12-02 09:00"), folio: 55, patient: Patient.beto.id),
      ]
    },
    Spoiler(.personBusy(.fixture(52))) { situation in
      situation.scope.active.append(.fixture(Slot("C4 2026-11-24 08:45", minutes: 30), folio: 52, service: .dentist))
    },
    Spoiler(.turnoFull(cap: 5)) { situation in
      situation.clinic.capacity.caps = [TurnoCap(scope: TurnoScope(resources: [.c(1)], turno: .matutino), places: 5)]
      situation.scope.load.phone = 5
    },
    // The other channels are sure of 14 of the 24 places, and the kiosk has taken the ten.
    Spoiler(.quotaSpent(opens: Instant(iso: "2026-11-24T13:00:00Z")!)) { situation in
      situation.clinic.capacity.quotas = [
        ChannelQuotas(scope: TurnoScope(resources: [.c(1)]), phone: 8, desk: 6, fallbackMinutes: 60)
      ]
      situation.scope.load.kiosk = 10
    },
    Spoiler(.slotOffered(until: Instant(iso: "2026-11-25T00:00:00Z")!)) { situation in
      situation.scope.kept = [
        KeptStretch(
          reason: .place(7), slot: Slot("C1 2026-11-24 09:00"), until: Instant(iso: "2026-11-25T00:00:00Z")!, channel: .kiosk)
      ]
    },
    Spoiler(.slotTaken(by: .fixture(53))) { situation in
      situation.scope.day.append(.fixture(Slot("C1 2026-11-24 08:50", minutes: 20), folio: 53, patient: Patient.dario.id))
    },
  ]

  static let stranger = Spoiler(.notAllowed) { $0.scope.actor = .dario }
}
