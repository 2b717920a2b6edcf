internal import ClinicDomain
internal import KioskTestSupport
internal import Scheduling
internal import Testing

@Suite("Acting for somebody")
struct AuthorityTests {
  static let twin = Patient.fixture(30, born: "2015-09-10")
  static let alone = Patient.fixture(31, nss: nil)
  static let childAlone = Patient.fixture(32, nss: nil, born: "2015-09-10")

  @Test("Who may act for whom", arguments: [
    (Patient.ana, Patient.ana, false, true), (Patient.carla, Patient.carla, false, true),
    (Patient.ana, Patient.carla, false, true), (Patient.beto, Patient.carla, false, true),
    (Patient.ana, Patient.beto, false, false), (Patient.ana, Patient.beto, true, true),
    (Patient.carla, Patient.ana, false, false), (Patient.carla, Patient.ana, true, false),
    (Patient.carla, twin, false, false), (Patient.ana, Patient.dario, true, false),
    (Patient.dario, Patient.carla, false, false), (alone, alone, false, true), (alone, childAlone, true, false),
  ])
  func table(actor: Patient, patient: Patient, consent: Bool, allowed: Bool) {
    #expect(
      mayActFor(actor: actor, patient: patient, consent: consent, today: .fixture, adultAge: 18) == allowed)
  }

  @Test("On the day they come of age, a child decides alone")
  func ofAge() {
    let birthday = CivilDate(iso: "2033-09-10")!
    for (date, allowed) in [(birthday.advanced(by: -1), true), (birthday, false)] {
      #expect(mayActFor(actor: .ana, patient: .carla, consent: false, today: date, adultAge: 18) == allowed)
    }
  }

  @Test("A reservation for another adult needs their consent, and is then theirs")
  func consentedHold() throws {
    var situation = HoldingTests.situation
    situation.scope.patient = .beto
    #expect(situation.refusal() == .notAllowed)
    situation.scope.consent = true
    guard case .appointment(let hold) = try situation.decide().outcome else { return #expect(Bool(false), "an appointment") }
    #expect(hold.patient == Patient.beto.id)
  }

  @Test("Somebody unknown may nothing")
  func unknown() {
    var situation = HoldingTests.situation
    situation.scope.patient = nil
    #expect(situation.refusal() == .notAllowed)
    situation.scope.patient = .ana
    situation.scope.actor = nil
    #expect(situation.refusal() == .notAllowed)
  }
}

@Suite("Consents")
struct ConsentingTests {
  static let situation = Situation(
    command: .grantConsent(GrantConsent(grantor: Patient.ana.id, grantee: Patient.beto.id)),
    scope: CommandScope(actor: .ana, patient: .beto))

  @Test("An adult consents that another adult of the same NSS acts for them")
  func granted() throws {
    #expect(try Self.situation.decide() == Decision(
      .consent, [.grant(Consent(grantor: Patient.ana.id, grantee: Patient.beto.id, grantedAt: .fixture))]))
  }

  @Test("Nobody else can consent or be consented to", arguments: [
    (Patient.ana as Patient?, Patient.carla as Patient?), (.carla, .ana), (.ana, .dario), (.ana, .ana), (.ana, nil), (nil, .beto),
    (AuthorityTests.alone, .fixture(33, nss: nil)),
  ])
  func refused(grantor: Patient?, grantee: Patient?) {
    var situation = Self.situation
    situation.scope = CommandScope(actor: grantor, patient: grantee)
    #expect(situation.refusal() == .notAllowed)
  }

  @Test("A consent is taken back, or all of them, by the one who gave it")
  func revoked() throws {
    for grantee in [Patient.beto.id, nil] {
      let situation = Situation(
        command: .revokeConsent(RevokeConsent(grantor: Patient.ana.id, grantee: grantee)), scope: CommandScope(actor: .ana))
      #expect(try situation.decide() == Decision(.consent, [.revoke(grantor: Patient.ana.id, grantee: grantee)]))
    }
    let stranger = Situation(
      command: .revokeConsent(RevokeConsent(grantor: Patient.ana.id, grantee: nil)), scope: CommandScope())
    #expect(stranger.refusal() == .notAllowed)
  }
}
