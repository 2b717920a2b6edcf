internal import ClinicDomain
internal import KioskTestSupport
internal import Scheduling
internal import Testing

@Suite("Permissions with exact rights")
struct GrantingTests {
  static let staff = Actor.staff(StaffName("uid:1000")!, .askedInPerson)

  static func grant(
    _ rights: ProxyRights, from grantor: Patient = .ana, to grantee: Patient = .dario, by actor: Actor? = nil, first: CivilDate? = nil,
    until: CivilDate? = nil
  ) -> Situation {
    Situation(
      command: .proxy(.grant(
        GrantProxy(
          actor: actor ?? .person(grantor.id), grantor: grantor.id, grantee: grantee.id, rights: rights, from: first, until: until,
          channel: .kiosk))),
      scope: CommandScope(actor: grantor, patient: grantee))
  }

  static func standing(
    _ id: Int64, _ rights: ProxyRights, to grantee: Patient = .dario, from: CivilDate = .fixture, until: CivilDate? = nil,
    revoked: Instant? = nil
  ) -> Proxy {
    Proxy(
      id: id, grantor: Patient.ana.id, grantee: grantee.id, basis: .person, rights: rights, from: from, until: until, recordedBy: "person:1",
      grantedAt: .fixture, revokedAt: revoked)
  }

  @Test("An adult gives an adult of any family exactly what they say; it is written down who said so")
  func granted() throws {
    let expected = Self.standing(1, [.see, .book])
    #expect(try Self.grant([.see, .book]).decide() == Decision(.proxy(.proxies([expected])), [.proxy(.proxy(expected))]))
    guard case .proxy(.proxies(let written)) = try Self.grant(.see, by: Self.staff).decide().outcome else { return #expect(Bool(false)) }
    #expect(written.map(\.recordedBy) == ["staff:uid:1000"])
  }

  @Test("What may be done for somebody ends by itself with a permission's last day and with childhood, and a permission besides goes on")
  func lastDay() {
    func last(of patient: Patient, for actor: Patient, consent: Bool = false, _ proxies: [Proxy] = []) -> Int {
      let day = lastDayOfRights(of: actor, for: patient, consent: consent, proxies: proxies, today: .fixture, adultAge: 18)
      return CivilDate.fixture.distance(to: day)
    }
    let (tomorrow, soon) = (CivilDate.fixture.advanced(by: 1), CivilDate.fixture.advanced(by: 3))
    #expect(last(of: .ana, for: .dario, [Self.standing(1, .see, until: .fixture)]) == 0)
    #expect(last(of: .ana, for: .dario, [Self.standing(1, .see, until: tomorrow), Self.standing(2, .agenda, until: soon)]) == 3)
    #expect(last(of: .ana, for: .dario, [Self.standing(1, .see, until: soon), Self.standing(2, .agenda, until: tomorrow)]) == 1)
    #expect(last(of: .ana, for: .beto, consent: true, [Self.standing(1, .see, to: .beto, until: tomorrow)]) == 7)
    #expect(last(of: .fixture(9, born: "2008-11-25"), for: .ana) == 1)
    #expect(last(of: .carla, for: .ana) == 7)
  }

  @Test("The same again changes nothing; other rights take the place of those before")
  func again() throws {
    var situation = Self.grant([.see, .book])
    situation.scope.proxy.given = [Self.standing(1, [.see, .book])]
    situation.scope.proxy.nextProxy = 2
    #expect(try situation.decide() == Decision(.proxy(.proxies([Self.standing(1, [.see, .book])])), []))
    situation.command = Self.grant(.see).command
    let expected = Self.standing(2, .see)
    #expect(try situation.decide() == Decision(
      .proxy(.proxies([expected])), [.proxy(.proxy(Self.standing(1, [.see, .book], revoked: .fixture))), .proxy(.proxy(expected))]))
  }

  static let refusals: [(Situation, CommandRefusal)] = [
    (grant([]), .notAllowed), (grant(.book), .notAllowed), (grant([.change, .plan]), .notAllowed), (grant(.care), .notAllowed),
    (grant(.see, to: .ana), .notAllowed), (grant(.see, to: .carla), .notAllowed), (grant(.see, from: .carla), .notAllowed),
    (grant([.see, .plan], from: .carla), .notAllowed), (grant(.see, by: .person(Patient.beto.id)), .notAllowed),
    (grant(.see, by: .system), .notAllowed), (grant(.see, until: CivilDate.fixture.advanced(by: -1)), .slotInThePast),
    (grant(.see, first: CivilDate.fixture.advanced(by: 3), until: CivilDate.fixture.advanced(by: 2)), .slotInThePast),
  ]

  @Test("What cannot be given", arguments: refusals)
  func refused(situation: Situation, refusal: CommandRefusal) { #expect(situation.refusal() == refusal) }

  @Test("A minor names the companion of her birth herself, and gives the sight of her plan and nothing else")
  func minor() throws {
    guard case .proxy(.proxies(let given)) = try Self.grant(.plan, from: .carla).decide().outcome else { return #expect(Bool(false)) }
    #expect(given.map(\.rights) == [.plan])
  }

  @Test("One person has at most ten permissions standing at once")
  func limit() {
    var situation = Self.grant(.see)
    situation.scope.proxy.given = (0..<10).map { Self.standing(Int64($0) + 1, .see, to: .fixture(Int64(100 + $0))) }
    #expect(situation.refusal() == .limitReached(allowed: 10))
  }

  @Test("Only the grantor and staff take back; all at once takes consents too; what does not stand is no refusal")
  func revoked() throws {
    func revoke(_ id: Int64?, by actor: Actor = .person(Patient.ana.id)) -> Situation {
      var situation = Situation(
        command: .proxy(.revoke(RevokeProxy(actor: actor, grantor: Patient.ana.id, id: id, channel: .kiosk))), scope: CommandScope(actor: .ana))
      situation.scope.proxy.given = [Self.standing(1, .see), Self.standing(2, .plan, to: .beto)]
      return situation
    }
    let (one, two) = (Self.standing(1, .see, revoked: .fixture), Self.standing(2, .plan, to: .beto, revoked: .fixture))
    #expect(try revoke(2).decide() == Decision(.proxy(.proxies([two])), [.proxy(.proxy(two))]))
    #expect(try revoke(nil, by: Self.staff).decide() == Decision(
      .proxy(.proxies([one, two])),
      [.proxy(.proxy(one)), .proxy(.proxy(two)), .revoke(grantor: Patient.ana.id, grantee: nil)]))
    #expect(try revoke(9).decide() == Decision(.proxy(.proxies([])), []))
    #expect(revoke(1, by: .person(Patient.dario.id)).refusal() == .notAllowed)
  }

  static let days: [(Proxy, Int, ProxyRights)] = [
    (standing(1, [.see, .book]), 0, [.see, .book]), (standing(1, .see, from: CivilDate.fixture.advanced(by: 1)), 0, []),
    (standing(1, .see, until: .fixture), 0, .see), (standing(1, .see, until: .fixture), 1, []), (standing(1, .see, revoked: .fixture), 0, []),
  ]

  @Test("What a permission gives on a day, and what the law and a consent give besides", arguments: days)
  func stands(proxy: Proxy, days: Int, rights: ProxyRights) {
    let today = CivilDate.fixture.advanced(by: days)
    func all(_ actor: Patient, for patient: Patient, consent: Bool = false) -> ProxyRights {
      proxyRights(of: actor, for: patient, consent: consent, proxies: [proxy], today: today, adultAge: 18)
    }
    #expect(all(.dario, for: .ana) == rights)
    #expect(all(.ana, for: .dario) == [] && all(.beto, for: .ana) == [])
    #expect(all(.beto, for: .ana, consent: true) == .agenda && all(.ana, for: .carla) == .agenda && all(.ana, for: .ana) == .all)
  }

  static let acts: [(ProxyRights, Bool, Bool)] = [
    (.see, false, false), ([.see, .book], true, false), ([.see, .change], false, true), (.plan, false, false),
    ([.see, .care, .plan], false, false), ([.see, .book, .change], true, true),
  ]

  @Test("Every act takes exactly its right: who was given others is answered as somebody whom nobody gave anything", arguments: acts)
  func exact(rights: ProxyRights, books: Bool, cancels: Bool) {
    let choice = SlotChoice("C1 2026-11-24 09:00")
    let scope = {
      var scope = CommandScope(actor: .dario, patient: .ana, named: .fixture(Slot("C1 2026-11-25 09:00"), folio: 7))
      scope.proxies = [Self.standing(1, rights)]
      return scope
    }()
    let dario = Actor.person(Patient.dario.id)
    func refusal(_ command: SchedulingCommand) -> CommandRefusal? { Situation(command: command, scope: scope).refusal() }
    let hold = HoldSlot(actor: dario, patient: Patient.ana.id, service: .familyMedicine, choice: choice, channel: .kiosk, folioSeed: 1)
    let book = BookAppointment(
      actor: dario, patient: Patient.ana.id, what: .slot(.familyMedicine, choice), channel: .kiosk, folioSeed: 1)
    #expect(refusal(.hold(hold)) == (books ? nil : .notAllowed))
    #expect(refusal(.book(book)) == (books ? nil : .notAllowed))
    let cancel = CancelAppointment(actor: dario, folio: .fixture(7), reason: .cannotCome, channel: .kiosk)
    #expect(refusal(.cancel(cancel)) == (cancels ? nil : .appointmentNotFound))
    for step in [LifeCommand.Step.confirm, .reschedule(choice, folioSeed: 1)] {
      let life = LifeCommand(actor: dario, folio: .fixture(7), step: step, channel: .kiosk)
      #expect(refusal(.life(life)) == (cancels ? nil : .appointmentNotFound))
    }
  }
}

@Suite("A birth plan")
struct BirthPlanTests {
  static let form = BirthPlanForm(
    notice: "Muestra.", items: [.init(code: "acompanante", text: "A"), .init(code: "cordon", text: "B"), .init(code: "dolor", text: "C")])

  static func record(_ lines: [BirthPlan.Line], by actor: Actor = .person(Patient.ana.id), before: BirthPlan? = nil) -> Situation {
    var situation = Situation(
      clinic: .fixture { $0.birthPlan = form },
      command: .proxy(.plan(RecordBirthPlan(actor: actor, patient: Patient.ana.id, lines: lines, channel: .kiosk))),
      scope: CommandScope(patient: .ana))
    situation.scope.proxy.birthPlan = before
    return situation
  }

  static func plan(_ version: Int, _ lines: [BirthPlan.Line]) -> BirthPlan {
    BirthPlan(patient: Patient.ana.id, version: version, lines: lines, recordedAt: .fixture)
  }

  @Test("Each change is a version of its own, in the form's order; the same answers again are none")
  func versions() throws {
    let first = Self.plan(1, [.init("acompanante", .yes), .init("dolor", .talk)])
    #expect(try Self.record([.init("dolor", .talk), .init("acompanante", .yes)]).decide() == Decision(.proxy(.plan(first)), [.proxy(.plan(first))]))
    let second = Self.plan(2, [.init("acompanante", .yes), .init("cordon", .no), .init("dolor", .yes)])
    #expect(try Self.record([.init("dolor", .yes), .init("cordon", .no)], before: first).decide()
      == Decision(.proxy(.plan(second)), [.proxy(.plan(second))]))
    #expect(try Self.record([.init("dolor", .talk)], before: first).decide() == Decision(.proxy(.plan(first)), []))
  }

  @Test("An answer to a sentence that the form has no more stays, after the others")
  func former() throws {
    let before = Self.plan(1, [.init("velas", .yes)])
    let after = Self.plan(2, [.init("cordon", .no), .init("velas", .yes)])
    #expect(try Self.record([.init("cordon", .no)], before: before).decide().outcome == .proxy(.plan(after)))
  }

  static let refusals: [(Situation, CommandRefusal)] = [
    (record([.init("dolor", .yes)], by: .person(Patient.beto.id)), .notAllowed), (record([.init("dolor", .yes)], by: .system), .notAllowed),
    (record([]), .notAllowed), (record([.init("dolor", .yes), .init("dolor", .no)]), .notAllowed), (record([.init("velas", .yes)]), .notAllowed),
  ]

  @Test("Only she and staff write in it, and only answers to the form's sentences", arguments: refusals)
  func refused(situation: Situation, refusal: CommandRefusal) { #expect(situation.refusal() == refusal) }

  @Test("Without a form there is no plan")
  func noForm() {
    var situation = Self.record([.init("dolor", .yes)])
    situation.clinic.birthPlan = nil
    #expect(situation.refusal() == .serviceNotOffered)
  }
}

@Suite("A newborn at their mother's record")
struct NewbornTests {
  static func register(_ born: CivilDate = .fixture, given: String? = nil, by actor: Actor = GrantingTests.staff) -> Situation {
    var situation = Situation(
      command: .proxy(.newborn(
        RegisterNewborn(actor: actor, mother: Patient.ana.id, birthDate: born, given: given, numberSeed: 5))),
      scope: CommandScope(patient: .ana))
    situation.scope.proxy.freeNumber = PatientNumber(random: 5)
    situation.scope.proxy.nextPatient = PatientID(rawValue: 90)
    situation.scope.proxy.nextProxy = 4
    return situation
  }

  static func newborn(_ ordinal: Int, born: CivilDate = .fixture) -> Newborn {
    Newborn(child: PatientID(rawValue: Int64(79 + ordinal)), mother: Patient.ana.id, ordinal: ordinal, birthDate: born, registeredAt: .fixture)
  }

  @Test("Without NSS and CURP, flagged, with the next ordinal, with their mother's doctor and rights; she may do everything about their agenda")
  func registered() throws {
    var situation = Self.register()
    situation.scope.proxy.newborns = [Self.newborn(1)]
    guard case .proxy(.newborn(let registered)) = try situation.decide().outcome else { return #expect(Bool(false)) }
    let child = registered.person
    #expect(child.nss == nil && child.curp == nil && child.needs == ["recien_nacido"] && child.name.given == "Recién nacido 2")
    #expect(child.consultorio == Patient.ana.consultorio && child.rights == Patient.ana.rights && child.name.firstSurname == "De Ejemplo")
    #expect(registered.newborn == Newborn(
      child: PatientID(rawValue: 90), mother: Patient.ana.id, ordinal: 2, birthDate: .fixture, registeredAt: .fixture))
    let proxy = Proxy(
      id: 4, grantor: child.id, grantee: Patient.ana.id, basis: .newborn, rights: .agenda, from: .fixture, recordedBy: "staff:uid:1000",
      grantedAt: .fixture)
    #expect(try situation.decide().changes == [
      .proxy(.person(child, identityKey: "recien_nacido:1:2")), .proxy(.newborn(registered.newborn)), .proxy(.proxy(proxy)),
    ])
  }

  @Test("Only staff, only of a mother who is known, only of the last 28 days, at most six of one birth")
  func refused() {
    #expect(Self.register(by: .person(Patient.ana.id)).refusal() == .notAllowed)
    #expect(Self.register(CivilDate.fixture.advanced(by: 1)).refusal() == .notAllowed)
    #expect(Self.register(CivilDate.fixture.advanced(by: -29)).refusal() == .notAllowed)
    #expect(Self.register(CivilDate.fixture.advanced(by: -28)).refusal() == nil)
    var nobody = Self.register()
    nobody.scope.patient = nil
    #expect(nobody.refusal() == .notAllowed)
    var seventh = Self.register()
    seventh.scope.proxy.newborns = (1...6).map { Self.newborn($0) }
    #expect(seventh.refusal() == .limitReached(allowed: 6))
  }
}

@Suite("Where people without rights are cared for")
struct FreeCareTests {
  static let care = FreeCare(
    units: [
      .init(clues: CLUES("DFSSA003961")!, name: "Centro de Salud Uno", address: "Calle 1", hours: "lunes a viernes de 8:00 a 20:00"),
      .init(clues: CLUES("DFSSA004012")!, name: "Centro de Salud Dos", address: "Calle 2", hours: "todos los días"),
    ], bring: ["su CURP", "su acta"], credential: ["Vaya al módulo.", "Pida la credencial."])

  @Test("Who is refused for their rights is told the units, what to bring and the credential's steps, after the clinic's own; nobody else is")
  func steps() {
    let clinic = Clinic.fixture { $0.freeCare = Self.care }
    let expected = [
      NextStep(code: "imss_bienestar", text: "Acuda a la unidad de IMSS-Bienestar más cercana."),
      NextStep(code: "unidad_gratuita_1", text: "Le atienden sin costo en Centro de Salud Uno, Calle 1, lunes a viernes de 8:00 a 20:00.", clues: CLUES("DFSSA003961")),
      NextStep(code: "unidad_gratuita_2", text: "Le atienden sin costo en Centro de Salud Dos, Calle 2, todos los días.", clues: CLUES("DFSSA004012")),
      NextStep(code: "unidad_gratuita_llevar", text: "Lleve su CURP, su acta."),
      NextStep(code: "credencial_1", text: "Vaya al módulo."), NextStep(code: "credencial_2", text: "Pida la credencial."),
    ]
    #expect(clinic.nextSteps(for: .rightsEndBefore(last: nil)) == expected)
    #expect(clinic.nextSteps(for: .closed) == [NextStep(code: "unifila", text: "Pase al módulo de Unifila.")])
    let bare = Clinic.fixture { clinic in
      clinic.guidance = [:]
      clinic.freeCare = Self.care
    }
    #expect(bare.nextSteps(for: .noRights) == Array(expected.dropFirst()))
  }
}
