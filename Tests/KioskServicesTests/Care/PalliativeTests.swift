import ClinicDomain
import ClinicStore
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("Palliative care, and calling who does not hear, over the contract")
struct PalliativeTests {
  static func palliative(_ clinic: TestClinic, _ person: Patient) async throws {
    let token = try await clinic.session(person, at: .staff)
    let set = try await clinic.care(.staff).setNeeds(
      .init(sessionToken: token, add: [Patient.palliative], reason: .medicalPriority), options: .write())
    #expect(set.needs.contains(Patient.palliative))
  }

  @Test("P15: with the flag a search shows the person's own doctor alone, and others only when they are asked for; with nothing free there is a visit at home, a call and the others", arguments: Depth.allCases)
  func sameDoctor(depth: Depth) async throws {
    try await withClinic(depth, rules: .homeVisits()) { clinic in
      let before = try await clinic.appointments().find(.init(sessionToken: try await clinic.session(.ana), service: "medicina_familiar", date: "2026-11-24", limit: 100))
      #expect(Set(before.slots.map(\.resource)).count > 1)
      try await Self.palliative(clinic, .ana)
      let token = try await clinic.session(.ana)
      var find = Wire.FindRequest(sessionToken: token, service: "medicina_familiar", date: "2026-11-24", limit: 100)
      let own = try await clinic.appointments().find(find)
      #expect(!own.slots.isEmpty && own.slots.allSatisfy(\.ownDoctor))
      find.anyDoctor = true
      #expect(try await clinic.appointments().find(find).slots == before.slots)
      // Their doctor is away that day.
      _ = try await clinic.waitlist(.staff).close(.init(resource: "C1", firstDate: "2026-11-24", reason: .staffAbsent), options: .write())
      find.anyDoctor = false
      let none = try await clinic.appointments().find(find)
      #expect(none.slots.isEmpty && none.steps.prefix(3).map(\.code) == ["paliativos_visita", "paliativos_llamada", "paliativos_otro_medico"])
      let history = try await clinic.store.read { reader throws(StoreFault) in try reader.patient(id: Patient.ana.id)?.needs }
      #expect(history == [Patient.palliative])
      _ = try await clinic.care(.staff).setNeeds(
        .init(sessionToken: try await clinic.session(.ana, at: .staff), add: [Patient.noStairs], reason: .routine), options: .write())
      // The padrón comes again, and does not know of it.
      _ = try await clinic.store.submit(
        StoreCommand(
          requestID: nil, digest: [],
          command: .importPatients(ImportPatients(rows: [
            PatientImport(identityKey: "\(Patient.ana.id.rawValue)", patient: .ana, numberIsGiven: true, numberSeed: 0)
          ])), encodeReply: { _ in [] }))
      let after = try await clinic.store.read { reader throws(StoreFault) in try reader.patient(id: Patient.ana.id)?.needs }
      #expect(after == [Patient.palliative, Patient.noStairs])
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("P15: a call is asked for without the person and without their number, it is a clinician's within the hour; a relative asks for them; ADEC goes to the head of the clinic")
  func followUp() async throws {
    var ana = Patient.ana
    ana.phone = PhoneNumber("5512345678")
    try await withClinic(people: [ana, .beto, .dario]) { clinic in
      try await clinic.grant(ana, to: .beto)
      try await Self.palliative(clinic, ana)
      let token = try await clinic.session(.beto)
      let person = try #require(try await clinic.number(of: ana, in: token))
      let call = try await clinic.telephone(.kiosk).requestCallback(
        .init(reason: .palliative, sessionToken: token, person: person), options: .write())
      #expect(call.owner == "médico de guardia" && call.minute == 540)
      let listed = try #require(try await clinic.telephone(.staff).listCallbacks(.init()).callbacks.first)
      #expect(listed.phone == "+525512345678" && listed.patientNumber == ana.number.description && listed.text.contains("por cuidados paliativos"))
      let own = try await clinic.session(.dario)
      let noNumber = try await status { () throws(RPCError) in
        try await clinic.telephone(.kiosk).requestCallback(.init(reason: .adec, sessionToken: own), options: .write())
      }
      #expect(noNumber.code == .failedPrecondition && noNumber.message.hasPrefix("Falta a qué número llamar"))
      let adec = try await clinic.telephone(.kiosk).requestCallback(
        .init(phone: "5598765432", reason: .adec, sessionToken: own), options: .write())
      #expect(adec.owner == "jefatura")
      // Nobody else's relative.
      _ = try await clinic.patients().revokeConsent(.init(sessionToken: try await clinic.session(ana)), options: .write())
      let gone = try await status { () throws(RPCError) in
        try await clinic.telephone(.kiosk).requestCallback(.init(reason: .palliative, sessionToken: token, person: person), options: .write())
      }
      #expect(gone == .notForThisPerson)
    }
  }

  @Test("P15: no queue: who is in palliative care stands first in today's line, and is asked first for a freed place")
  func noQueue() async throws {
    try await withClinic(people: Patient.household + strangers(2), rules: .waiting()) { clinic in
      try await Self.palliative(clinic, .dario)
      for (place, person) in [("08:00", Patient.ana), ("08:15", .dario)] {
        let token = try await clinic.session(person)
        _ = try await clinic.book("C1 2026-11-23 \(place)", token)
      }
      clinic.clock.advance(.seconds(3 * 3600))
      for person in [Patient.ana, .dario] {
        let token = try await clinic.session(person)
        let folio = try #require(try await clinic.appointments().list(.init(sessionToken: token, includePast: true)).appointments.first?.folio)
        _ = try await clinic.agenda().markNoShow(.init(folio: folio, reason: .routine), options: .write())
        _ = try await clinic.appointments().checkIn(.init(sessionToken: token, folio: folio), options: .write())
        clinic.clock.advance(.seconds(60))
      }
      // Somebody leaves a place for later: who waited first is asked second.
      let others = [try await clinic.session(strangers(2)[0]), try await clinic.session(strangers(2)[1])]
      let booked = try await clinic.book("C2 2026-11-23 15:00", others[0])
      try await clinic.join(others[1])
      let waits = try await clinic.join(try await clinic.session(.dario))
      #expect(waits.id > 1)
      try await clinic.cancel(booked.folio, others[0])
      try await clinic.settle()
      let asked = try await clinic.store.read { reader throws(StoreFault) in try reader.slotOffer(1)?.patient }
      #expect(asked == Patient.dario.id)
      let line = try await clinic.agenda().listDay(.init(resource: "C1")).entries.filter(\.inTodaysLine)
      #expect(line.map(\.name) == [Patient.dario.name.address, Patient.ana.name.address])
    }
  }

  @Test("P13: a deaf person is called by eye: the day's list, the call-up and their own advice say so, and nobody is told to call them aloud", arguments: [Patient.deaf, Patient.signs])
  func byEye(need: String) async throws {
    try await withClinic { clinic in
      let staff = try await clinic.session(.ana, at: .staff)
      _ = try await clinic.care(.staff).setNeeds(.init(sessionToken: staff, add: [need], reason: .askedInPerson), options: .write())
      for (person, hour) in [(Patient.ana, "08:00"), (.dario, "08:15")] {
        let token = try await clinic.session(person)
        let folio = try await clinic.book("C1 2026-11-23 \(hour)", token).folio
        clinic.clock.set(Instant.fixture.adding(seconds: 45 * 60))
        let arrived = try await clinic.appointments().checkIn(.init(sessionToken: token, folio: folio), options: .write())
        #expect(arrived.appointment?.text.contains("le llamarán con la mano en alto y con su folio a la vista") == (person.id == Patient.ana.id))
      }
      let day = try await clinic.agenda().listDay(.init(resource: "C1")).entries
      #expect(day.map(\.byEye) == [true, false])
      #expect(day[0].calling.hasPrefix("No llame en voz alta. Salga con la mano en alto y muestre en la pantalla el folio terminado en "))
      #expect(day[1].calling.hasPrefix("Folio terminado en "))
      // Taken away again, they are called as everybody.
      let removed = try await clinic.care(.staff).setNeeds(
        .init(sessionToken: try await clinic.session(.ana, at: .staff), remove: [need], reason: .correction), options: .write())
      #expect(removed.needs == [])
      #expect(try await clinic.agenda().listDay(.init(resource: "C1")).entries.map(\.byEye) == [false, false])
    }
  }

  @Test("Only staff write needs down, with a reason; a word that cannot be one is named", arguments: [
    (["Paliativos"], [String](), "add"), ([], [], "add"), ([], ["dos palabras"], "remove"), ([""], [], "add"),
  ])
  func wrong(add: [String], remove: [String], field: String) async throws {
    try await withClinic { clinic in
      let token = try await clinic.session(.ana, at: .staff)
      let error = try await status { () throws(RPCError) in
        try await clinic.care(.staff).setNeeds(.init(sessionToken: token, add: add, remove: remove, reason: .routine), options: .write())
      }
      #expect(error.code == .invalidArgument && error.message.hasPrefix("\(field): "))
      let kiosk = try await status { () throws(RPCError) in
        try await clinic.care(.kiosk).setNeeds(.init(sessionToken: token, add: ["sordera"], reason: .routine), options: .write())
      }
      #expect(kiosk.code == .permissionDenied)
    }
  }
}
