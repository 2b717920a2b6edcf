import ClinicDomain
import ClinicStore
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("Referencia and contrarreferencia")
struct ReferralMethodsTests {
  @Test(
    "P23: a referral created at 10:00 without a date raises an alert at 10:30; the contrarreferencia creates the follow-up cita",
    arguments: Depth.allCases)
  func whole(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      clinic.clock.set(Instant(iso: "2026-11-23T16:00:00Z")!)
      let keeper = DutyKeeper(clinic.counter)
      let referral = try await clinic.refer(.dario)
      #expect(referral.state == .requested && referral.dateDueAtUnixMs - referral.createdAtUnixMs == 30 * 60_000)
      clinic.clock.advance(.seconds(30 * 60 - 1))
      #expect(try await keeper.look() == 0)
      #expect(try await clinic.dutyAlerts().isEmpty)
      clinic.clock.advance(.seconds(1))
      #expect(try await keeper.look() == 1)
      #expect(try await keeper.look() == 0)
      let alert = try #require(try await clinic.dutyAlerts().first)
      #expect(alert.kind == .referralWithoutDate && alert.owner == .desk && alert.object == "referral:\(referral.folio)")
      #expect(alert.patientNumber == Patient.dario.number.description)
      #expect(alert.text == "La referencia \(referral.folioDisplay) no tiene fecha. Consígala con la otra unidad, anótela y avise a la persona.")
      #expect(alert.raisedAtUnixMs == Instant(iso: "2026-11-23T16:30:00Z")!.milliseconds)
      // Somebody takes it on; the date ends it.
      let taken = try await clinic.referrals().acknowledgeAlert(.init(alert: alert.id), options: .write()).alert
      #expect(taken?.acknowledgedAtUnixMs == alert.raisedAtUnixMs)
      #expect(try await clinic.dutyAlerts().isEmpty)
      let dated = try await clinic.date(referral.folio)
      #expect(dated.state == .dated && dated.text == "Le esperan el miércoles 9 de diciembre, 10:15, en HGZ 32: Torre B, piso 2. Lleve su referencia y una identificación.")
      #expect(try await clinic.dutyAlerts(all: true).map { $0.resolvedAtUnixMs != 0 } == [true])
      _ = try await clinic.referrals().markSeen(.init(folio: referral.folio), options: .write())
      // Back: the follow-up is made in the same step, with the person's own doctor, C1 in the morning.
      let back = try await clinic.referrals().returnPerson(
        .init(folio: referral.folio, service: "medicina_familiar", earliestDate: "2026-11-25", lastDate: "2026-11-27"), options: .write())
      #expect(back.referral?.state == .returned && back.task == nil)
      #expect(back.appointment?.slot?.place == "C1 2026-11-25 480" && back.appointment?.status == .booked)
      #expect(back.referral?.followUpFolio == back.appointment?.folio)
      let mine = try await clinic.appointments().list(.init(sessionToken: try await clinic.session(.dario))).appointments
      #expect(mine.map(\.folio) == [back.appointment?.folio])
      let history = try await clinic.agenda().history(.init(folio: mine[0].folio)).changes.map(\.act)
      #expect(history == ["return-referral"])
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("Where no slot is free the desk has a task, and the return stands")
  func task() async throws {
    let rules = ClinicRules.fixture { clinic in
      clinic.nonWorkingDays = (0...28).map { CivilDate.fixture.adding(days: $0) }
    }
    try await withClinic(rules: rules) { clinic in
      let referral = try await clinic.refer(.dario)
      let id = "00000000000000000000000000000abc"
      let request = Wire.ReturnReferralRequest(folio: referral.folio, service: "medicina_familiar")
      let back = try await clinic.referrals().returnPerson(request, options: .write(id))
      #expect(back.referral?.state == .returned && back.appointment == nil)
      #expect(back.task?.kind == .followUpWithoutSlot && back.task?.owner == .desk)
      #expect(try await clinic.dutyAlerts().map(\.id) == [back.task?.id])
      // A repeat is the same answer, and no second task.
      #expect(try await clinic.referrals().returnPerson(request, options: .write(id)) == back)
      #expect(try await clinic.dutyAlerts(all: true).count == 1)
      let again = try await status { () throws(RPCError) in try await clinic.referrals().returnPerson(request, options: .write()) }
      #expect(again.code == .failedPrecondition && again.message.hasPrefix("Esa referencia ya pasó por ahí"))
    }
  }

  @Test("P28: a surgical referral shows its date or its days waiting; over the limit it reaches the jefe de servicio")
  func surgery() async throws {
    try await withClinic(rules: .fixture { $0.duties.surgeryDays = 20 }) { clinic in
      let keeper = DutyKeeper(clinic.counter)
      let (dated, waiting) = (try await clinic.refer(.dario, .surgery), try await clinic.refer(.ana, .surgery))
      _ = try await clinic.date(dated.folio)
      clinic.clock.advance(.seconds(20 * 86_400))
      _ = try await keeper.look()
      func shown(_ folio: String, _ person: Patient, _ role: RoleSet) async throws -> Wire.Referral {
        try await clinic.referrals(role).getStatus(.init(folio: folio, birthDate: person.birthDate.description)).referral!
      }
      for role in [RoleSet.kiosk, .ivr, .staff] {
        #expect(try await shown(dated.folio, .dario, role).date == "2026-12-09")
        let other = try await shown(waiting.folio, .ana, role)
        #expect(other.daysWaiting == 20 && other.text == "Todavía no tiene fecha. Lleva 20 días de espera. La ventanilla ya tiene el aviso y debe conseguirla: pregunte ahí.")
        #expect(other.specialty.isEmpty)
      }
      #expect(try await clinic.dutyAlerts(.headOfService).isEmpty)
      clinic.clock.advance(.seconds(86_400))
      _ = try await keeper.look()
      // Of one instant: in the order of their folios, which are chance.
      #expect(try await Set(clinic.dutyAlerts(.headOfService).map { [$0.object, "\($0.kind)"] }) == [
        ["referral:\(dated.folio)", "surgeryOverLimit"], ["referral:\(waiting.folio)", "surgeryOverLimit"],
      ])
      // Whoever was operated on is nobody's any more.
      _ = try await clinic.referrals().markSeen(.init(folio: dated.folio), options: .write())
      #expect(try await clinic.dutyAlerts(.headOfService).map(\.object) == ["referral:\(waiting.folio)"])
    }
  }

  @Test("Of an unknown folio and a wrong birth date the answer is one, and the dates of one folio are not tried")
  func unknown() async throws {
    try await withClinic { clinic in
      let referral = try await clinic.refer(.dario)
      for (folio, born) in [(referral.folio, "1985-05-01"), (Folio.fixture(77).description, "1985-04-30")] {
        let answer = try await status { () throws(RPCError) in
          try await clinic.referrals(.ivr).getStatus(.init(folio: folio, birthDate: born))
        }
        #expect(answer == RPCError(.notFound, "No hay una referencia con ese folio y esa fecha de nacimiento. Revise los dos, o pida ayuda en la ventanilla."))
      }
      // One of five tries is used up above.
      for _ in 2...5 {
        _ = try await status { () throws(RPCError) in
          try await clinic.referrals(.ivr).getStatus(.init(folio: referral.folio, birthDate: "1985-05-01"))
        }
      }
      let sixth = try await status { () throws(RPCError) in
        try await clinic.referrals(.ivr).getStatus(.init(folio: referral.folio, birthDate: Patient.dario.birthDate.description))
      }
      #expect(sixth.code == .failedPrecondition)
      _ = try await clinic.referrals(.kiosk).getStatus(.init(folio: referral.folio, birthDate: Patient.dario.birthDate.description))
      for (role, call) in [(RoleSet.kiosk, "kiosk"), (.ivr, "ivr")] {
        let denied = try await status { () throws(RPCError) in try await clinic.referrals(role).listAlerts(.init()) }
        #expect(denied.code == .permissionDenied, "\(call)")
      }
    }
  }
}

@Suite("A child with alarm signs of cancer")
struct ScreenChildMethodTests {
  static func screen(_ clinic: TestClinic, _ signs: [Wire.ChildAlarmSign], id: String? = nil) async throws -> Wire.ScreenChildResponse {
    let token = try await clinic.session(.ana)
    let person = try #require(try await clinic.number(of: .carla, in: token))
    return try await clinic.referrals(.kiosk).screenChild(.init(sessionToken: token, person: person, signs: signs), options: .write(id))
  }

  @Test("P27: a positive screen yields a slot within three business days", arguments: Depth.allCases)
  func slot(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      let reply = try await Self.screen(clinic, [.bruises, .fever])
      #expect(reply.positive && reply.dueDate == "2026-11-26" && reply.alert == nil)
      let slot = try #require(reply.appointment?.slot)
      #expect(slot.date <= reply.dueDate && reply.appointment?.status == .booked)
      #expect(reply.text.hasPrefix("Su médico debe verle pronto: tiene cita el lunes 23 de noviembre, 08:00"))
      // Asked again, the slot is the one that the child has.
      #expect(try await Self.screen(clinic, [.lump]).appointment?.folio == reply.appointment?.folio)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("P27: … or escalates: with every slot of three business days taken the jefe de servicio has the case, and the family is told until when")
  func escalates() async throws {
    let rules = ClinicRules.fixture { clinic in
      // Nothing until Friday, the fourth business day.
      clinic.closures = [Closure(resource: nil, turno: nil, dates: CivilDate.fixture...CivilDate(iso: "2026-11-26")!, reason: "obra")]
    }
    try await withClinic(rules: rules) { clinic in
      let reply = try await Self.screen(clinic, [.eye])
      #expect(reply.positive && reply.appointment == nil)
      #expect(reply.alert?.owner == .headOfService && reply.alert?.kind == .childWithoutSlot)
      #expect(reply.text.contains("Una persona de la clínica ya tiene el caso y se encarga a más tardar el lunes 23 de noviembre, 07:30"))
      let alert = try #require(try await clinic.dutyAlerts(.headOfService).first)
      #expect(alert.id == reply.alert?.id && alert.patientNumber == Patient.carla.number.description)
      #expect(alert.dueAtUnixMs - alert.raisedAtUnixMs == 30 * 60_000)
    }
  }

  @Test("Without a sign nothing is kept; who is of age is told that this is not for them")
  func negative() async throws {
    try await withClinic { clinic in
      let reply = try await Self.screen(clinic, [])
      #expect(!reply.positive && reply.appointment == nil && reply.text.contains("Urgencias"))
      let token = try await clinic.session(.ana)
      let adult = try await status { () throws(RPCError) in
        try await clinic.referrals(.ivr).screenChild(.init(sessionToken: token, signs: [.lump]), options: .write())
      }
      #expect(adult == .sessionEnded)
      let own = try await status { () throws(RPCError) in
        try await clinic.referrals(.kiosk).screenChild(.init(sessionToken: token, signs: [.lump]), options: .write())
      }
      #expect(own.code == .failedPrecondition && own.message.hasPrefix("Estas preguntas son para niñas, niños y adolescentes."))
    }
  }
}

extension TestClinic {
  /// Refers a person whom staff have before them.
  func refer(_ person: Patient, _ kind: Wire.ReferralKind = .consultation) async throws -> Wire.Referral {
    let token = try await session(person, at: .staff)
    return try await referrals().create(
      .init(sessionToken: token, kind: kind, specialty: "cardiologia", destination: "HGZ 32"), options: .write()
    ).referral!
  }

  /// Gives a referral 9 December, 10:15.
  func date(_ folio: String) async throws -> Wire.Referral {
    try await referrals().setDate(
      .init(folio: folio, date: "2026-12-09", startMinute: 615, place: "Torre B, piso 2"), options: .write()
    ).referral!
  }

  func dutyAlerts(_ owner: Wire.AlertOwner = .unspecified, all: Bool = false) async throws -> [Wire.DutyAlert] {
    try await referrals().listAlerts(.init(owner: owner, all: all)).alerts
  }
}
