import ClinicDomain
import ClinicStore
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("A day at the desk, over the contract")
struct AgendaMethodsTests {
  @Test("Booked, confirmed, late, freed, in today's line, seen: the day's list and the history tell it", arguments: Depth.allCases)
  func day(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      let valeria = try await clinic.session(.valeria)
      let folio = try await clinic.book("C1 2026-11-23 08:15", valeria).folio
      let confirmed = try await clinic.appointments().confirm(.init(sessionToken: valeria, folio: folio), options: .write()).appointment
      #expect(confirmed?.status == .booked)
      clinic.clock.advance(.seconds(86 * 60))
      var entry = try #require(try await clinic.agenda().listDay(.init(resource: "C1")).entries.first)
      #expect((entry.name, entry.mayBeFreed, entry.inTodaysLine) == ("Valeria", true, false))
      #expect(entry.confirmedAtUnixMs == Instant.fixture.milliseconds)
      let freed = try await clinic.agenda().free(.init(folio: folio, reason: .routine), options: .write()).appointment
      #expect(freed?.status == .noshow)
      let late = try await clinic.appointments().checkIn(
        .init(sessionToken: try await clinic.session(.valeria), folio: folio), options: .write())
      #expect((late.arrival, late.appointment?.status) == (.todaysLine, .checkedIn))
      #expect(late.appointment?.text.contains("Tiene un lugar en la fila de hoy") == true)
      entry = try #require(try await clinic.agenda().listDay(.init(resource: "C1", date: "2026-11-23")).entries.first)
      #expect((entry.mayBeFreed, entry.inTodaysLine, entry.arrivedAtUnixMs) == (false, true, clinic.clock.now.milliseconds))
      let seen = try await clinic.agenda().markAttended(.init(folio: folio, reason: .routine), options: .write()).appointment
      #expect(seen?.status == .fulfilled)
      let history = try await clinic.agenda().history(.init(folio: folio)).changes
      #expect(history.map(\.act) == ["book", "confirm", "free", "check-in", "attend"])
      #expect(history.map(\.after) == ["booked", "booked", "noshow", "checked-in", "fulfilled"])
      #expect(history[2].actor.hasPrefix("staff:") && history[2].reason == "routine" && history[2].channel == "desk")
      #expect(history[2].text == "lunes 23 de noviembre, 08:26: se liberó el lugar porque no llegó, por el personal, en la ventanilla.")
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("P12: nothing that a screen, a voice or the desk shows of an appointment has the legal name")
  func chosenName() async throws {
    try await withClinic { clinic in
      let kiosk = RecordingTransport(clinic.doors[.kiosk])
      let desk = RecordingTransport(clinic.doors[.staff])
      let identified = try await PatientsClient(kiosk).identify(
        Wire.IdentifyRequest(
          identifier: .patientNumber(Patient.valeria.number.description), birthDate: Patient.valeria.birthDate.description))
      #expect(identified.person?.name == "Valeria")
      let token = identified.sessionToken
      let appointments = AppointmentsClient(kiosk)
      let booked = try await appointments.book(
        .init(sessionToken: token, what: .slot(Wire.SlotChoice("C1 2026-11-23 08:15"))), options: .write())
      var folio = try #require(booked.appointment?.folio)
      folio = try #require(
        try await appointments.reschedule(
          .init(sessionToken: token, folio: folio, resource: "C1", date: "2026-11-23", startMinute: 510), options: .write()
        ).appointment?.folio)
      _ = try await appointments.confirm(.init(sessionToken: token, folio: folio), options: .write())
      _ = try await appointments.prove(.init(folio: folio, birthDate: "2001-01-01"))
      _ = try await appointments.list(.init(sessionToken: token, includePast: true))
      _ = try await PatientsClient(kiosk).listFamily(.init(sessionToken: token))
      clinic.clock.advance(.seconds(80 * 60))
      let agenda = AgendaClient(desk)
      #expect(try await agenda.listDay(.init(resource: "C1")).entries.map(\.name) == ["Valeria"])
      _ = try await AppointmentsClient(desk).checkIn(.init(folio: folio, staffReason: .askedInPerson), options: .write())
      _ = try await agenda.markAttended(.init(folio: folio, reason: .routine), options: .write())
      _ = try await agenda.undo(.init(folio: folio, reason: .correction), options: .write())
      _ = try await agenda.history(.init(folio: folio))
      for said in [kiosk.said, desk.said] {
        #expect(!said.isEmpty && !said.contains("Rodolfo") && !said.contains("Legalsurname"))
      }
      #expect(desk.said.contains("Valeria"))
    }
  }

  @Test("Staff says why, or nothing is done; nobody else acts without a session")
  func reasons() async throws {
    try await withClinic { clinic in
      let folio = try await clinic.book("C1 2026-11-24 08:15", try await clinic.session(.ana)).folio
      let silent = try await status { () throws(RPCError) in
        try await clinic.appointments(.staff).confirm(.init(folio: folio), options: .write())
      }
      #expect(silent.code == .invalidArgument && silent.message.hasPrefix("staff_reason:"))
      let desk = try await status { () throws(RPCError) in
        try await clinic.agenda().free(.init(folio: folio), options: .write())
      }
      #expect(desk.code == .invalidArgument && desk.message.hasPrefix("reason:"))
      let kiosk = try await status { () throws(RPCError) in
        try await clinic.appointments().confirm(.init(folio: folio, staffReason: .askedInPerson), options: .write())
      }
      #expect(kiosk == .sessionEnded)
      let phone = try await clinic.appointments(.staff).confirm(.init(folio: folio, staffReason: .askedByPhone), options: .write())
      #expect(phone.appointment?.status == .booked)
    }
  }

  @Test("A place that was given away: the undo says what else can be done, with free slots")
  func givenAway() async throws {
    try await withClinic { clinic in
      let folio = try await clinic.book("C1 2026-11-24 08:15", try await clinic.session(.ana)).folio
      let moved = try await clinic.appointments(.staff).reschedule(
        .init(folio: folio, resource: "C1", date: "2026-11-24", startMinute: 600, staffReason: .staffAbsent), options: .write())
      #expect(moved.replacedFolio == folio)
      try await clinic.occupy("C1 2026-11-24 08:15")
      let refused = try await status { () throws(RPCError) in
        try await clinic.agenda().undo(.init(folio: folio, reason: .correction), options: .write())
      }
      #expect(refused.refusal?.reason == .slotTaken)
      #expect(refused.message.contains("Ofrezca otro lugar") && refused.refusal?.alternatives.isEmpty == false)
      #expect(refused.refusal?.steps.isEmpty == false)
    }
  }

  @Test("A cancelled appointment whose person has another at that hour by now does not come back; other hours are shown")
  func busyByNow() async throws {
    try await withClinic { clinic in
      let token = try await clinic.session(.ana)
      let folio = try await clinic.book("C1 2026-11-24 08:15", token).folio
      _ = try await clinic.appointments(.staff).cancel(.init(folio: folio, reason: .cannotCome, staffReason: .askedByPhone), options: .write())
      let other = try await clinic.book("C2 2026-11-24 08:15", token).folio
      let refused = try await status { () throws(RPCError) in
        try await clinic.agenda().undo(.init(folio: folio, reason: .correction), options: .write())
      }
      #expect(refused.refusal?.reason == .personBusy && refused.message.hasPrefix("A esa hora la persona ya tiene otra cita: no se puede devolver."))
      let all = try await clinic.appointments().list(.init(sessionToken: token)).appointments.filter { $0.status == .booked }
      #expect(all.map(\.folio) == [other])
    }
  }

  @Test("An appointment is proved by folio and birth date at every door; a wrong one and an unknown one get the same answer", arguments: [
    RoleSet.kiosk, .ivr, .staff,
  ])
  func proof(role: RoleSet) async throws {
    try await withClinic { clinic in
      let token = try await clinic.session(.ana)
      let folio = try await clinic.book("C1 2026-11-24 08:15", token).folio
      let held = try await clinic.hold("C2 2026-11-25 09:00", try await clinic.session(.dario)).folio
      let doors = clinic.appointments(role)
      let proved = try await doors.prove(.init(folio: folio, birthDate: Patient.ana.birthDate.description)).appointment
      #expect(proved?.status == .booked && proved?.slot?.display.contains("08:15") == true)
      var answers: [RPCError] = []
      for (folio, birthDate) in [
        (folio, "1985-05-01"), (Folio.fixture(77).description, Patient.ana.birthDate.description),
        (held, Patient.dario.birthDate.description),
      ] {
        answers.append(try await status { () throws(RPCError) in try await doors.prove(.init(folio: folio, birthDate: birthDate)) })
      }
      #expect(answers[0].code == .notFound && Set(answers.map(\.message)).count == 1 && answers.allSatisfy { $0.details == answers[0].details })
      _ = try await clinic.appointments().cancel(.init(sessionToken: token, folio: folio), options: .write())
      let after = try await doors.prove(.init(folio: folio, birthDate: Patient.ana.birthDate.description)).appointment
      #expect(after?.status == .cancelled)
    }
  }

  @Test("A change of date repeated with its request id is made once")
  func repeated() async throws {
    try await withClinic { clinic in
      let token = try await clinic.session(.ana)
      let folio = try await clinic.book("C1 2026-11-24 08:15", token).folio
      let request = Wire.RescheduleRequest(sessionToken: token, folio: folio, resource: "C2", date: "2026-11-25", startMinute: 600)
      let first = try await clinic.appointments().reschedule(request, options: .write(someID))
      let again = try await clinic.appointments().reschedule(request, options: .write(someID))
      #expect(first.appointment?.folio == again.appointment?.folio && first.replacedFolio == folio)
      let all = try await clinic.appointments().list(.init(sessionToken: token, includePast: true)).appointments
      #expect(all.map(\.status) == [.cancelled, .booked])
    }
  }
}

@Suite("Who is there, and who only seemed to be, over the contract")
struct PresenceMethodsTests {
  @Test("Who is late is seen behind those who were on time, and says so; who was there first goes first", arguments: Depth.allCases)
  func late(depth: Depth) async throws {
    let people = strangers(4)
    try await withClinic(depth, people: people) { clinic in
      var folios: [String] = []
      for (number, person) in people.enumerated() {
        folios.append(try await clinic.book("C1 2026-11-23 \(AgendaMinute(minutes: 480 + 15 * number)!)", try await clinic.session(person)).folio)
      }
      func arrives(_ number: Int) async throws -> Wire.Arrival {
        try await clinic.appointments().checkIn(
          .init(sessionToken: try await clinic.session(people[number]), folio: folios[number]), options: .write()).arrival
      }
      func list() async throws -> [Wire.AgendaEntry] { try await clinic.agenda().listDay(.init(resource: "C1")).entries }
      // 08:10: the third is there early. 08:12: the first comes after the tolerance. 08:14: the second, on time.
      clinic.clock.advance(.seconds(70 * 60))
      #expect(try await arrives(2) == .onTime)
      clinic.clock.advance(.seconds(120))
      #expect(try await arrives(0) == .late)
      clinic.clock.advance(.seconds(120))
      #expect(try await arrives(1) == .onTime)
      #expect(try await list().map { $0.appointment?.folio } == [folios[1], folios[2], folios[0], folios[3]])
      #expect(try await list().map(\.late) == [false, false, true, false])
      _ = try await clinic.agenda().markAttended(.init(folio: folios[0], reason: .routine), options: .write())
      #expect(try await list().map { $0.appointment?.folio } == folios)
      #expect(try await list().map(\.late) == [false, false, false, false])
    }
  }

  @Test("Who came and left, and what was made by mistake, is written down as that; a place beyond that is somebody else's", arguments: Depth.allCases)
  func leftAndMistakes(depth: Depth) async throws {
    let people = strangers(3)
    try await withClinic(depth, people: people, rules: .waiting()) { clinic in
      var folios: [String] = []
      for (number, person) in people.enumerated() {
        folios.append(try await clinic.book("C1 2026-11-23 \(AgendaMinute(minutes: 480 + 15 * number)!)", try await clinic.session(person)).folio)
      }
      clinic.clock.advance(.seconds(61 * 60))
      for number in 0..<2 {
        _ = try await clinic.appointments().checkIn(
          .init(sessionToken: try await clinic.session(people[number]), folio: folios[number]), options: .write())
      }
      let agenda = clinic.agenda()
      let why = try await status { () throws(RPCError) in try await agenda.markNoShow(.init(folio: folios[0], reason: .routine), options: .write()) }
      #expect(why.message == "Esa persona ya llegó. Si se fue sin que la atendieran, márquela como falta con el motivo «se retiró».")
      #expect(try await agenda.markNoShow(.init(folio: folios[0], reason: .personLeft), options: .write()).appointment?.status == .noshow)
      #expect(try await agenda.markEnteredInError(.init(folio: folios[1], reason: .correction), options: .write()).appointment?.status == .enteredInError)
      #expect(try await clinic.day().places.map { $0.slot?.place } == ["C1 2026-11-23 480", "C1 2026-11-23 495"])
      #expect(try await agenda.undo(.init(folio: folios[1], reason: .correction), options: .write()).appointment?.status == .checkedIn)
      let history = try await agenda.history(.init(folio: folios[1])).changes
      #expect(history.map { [$0.act, $0.reason] } == [
        ["book", "person"], ["check-in", "person"], ["enter-in-error", "correction"], ["undo", "correction"],
      ])
      #expect(history[2].text == "lunes 23 de noviembre, 08:01: se marcó como hecha por error, por el personal, en la ventanilla.")
      #expect(try await agenda.history(.init(folio: folios[0])).changes.last.map { [$0.act, $0.reason] } == ["miss", "person-left"])
      // Nobody but staff.
      let kiosk = try await status { () throws(RPCError) in
        try await clinic.agenda(.kiosk).markEnteredInError(.init(folio: folios[2], reason: .correction), options: .write())
      }
      #expect(kiosk.code == .permissionDenied)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("Somebody taken in by mistake, taken back within two minutes, was never there; past that nothing is undone")
  func admittedByMistake() async throws {
    let people = strangers(2)
    let rules = ClinicRules.fixture { $0.capacity.caps = [TurnoCap(scope: TurnoScope(resources: [.c(1)]), places: 1)] }
    try await withClinic(people: people, rules: rules) { clinic in
      clinic.clock.advance(.seconds(65 * 60))
      func admit(_ number: Int) async throws -> String {
        let token = try await clinic.session(people[number], at: .staff)
        let reply = try await clinic.waitlist(.staff).admit(
          .init(sessionToken: token, service: "medicina_familiar", resource: "C1", emergency: true), options: .write())
        return try #require(reply.appointment).folio
      }
      let wrong = try await admit(0)
      #expect(try await clinic.agenda().undo(.init(folio: wrong, reason: .correction), options: .write()).appointment?.status == .enteredInError)
      // The turno has room for one, and has it again.
      let right = try await admit(1)
      #expect(try await clinic.agenda().listDay(.init(resource: "C1")).entries.map { $0.appointment?.folio } == [right])
      clinic.clock.advance(.seconds(120))
      let late = try await status { () throws(RPCError) in try await clinic.agenda().undo(.init(folio: right, reason: .correction), options: .write()) }
      #expect(late.refusal?.reason == .nothingToUndo)
      #expect(try await clinic.store.check() == [])
    }
  }
}
