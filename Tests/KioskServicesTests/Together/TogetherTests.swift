import ClinicDomain
import ClinicStore
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("Several people, several resources")
struct TogetherTests {
  @Test("A family gets slots that follow each other, each person with a folio of their own", arguments: Depth.allCases)
  func family(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      let token = try await clinic.session(.ana)
      let carla = try #require(try await clinic.number(of: .carla, in: token))
      let lucas = try #require(try await clinic.number(of: .lucas, in: token))
      let found = try await clinic.together().findTogether(
        .init(sessionToken: token, people: [0, carla, lucas], service: "medicina_familiar", date: "2026-11-24"))
      #expect(found.runs.first?.display == "martes 24 de noviembre, de 08:00 a 08:45, consultorio 1, planta baja")
      #expect(found.runs.first?.slots.map(\.startMinute) == [480, 495, 510])
      #expect(found.runs.first?.slots.allSatisfy(\.ownDoctor) == true)
      let book = Wire.BookTogetherRequest(
        sessionToken: token, service: "medicina_familiar", resource: "C1", date: "2026-11-24", startMinute: 480, people: [0, carla, lucas])
      let reply = try await clinic.together().bookTogether(book, options: .write(someID))
      #expect(reply.appointments.map { $0.slot?.startMinute } == [480, 495, 510])
      #expect(reply.appointments.allSatisfy { $0.status == .booked })
      #expect(Set(reply.appointments.map(\.folio)).count == 3)
      #expect(reply.text == "Son 3 citas seguidas: martes 24 de noviembre, de 08:00 a 08:45, consultorio 1, planta baja. Cada persona tiene su propio folio; si una no puede venir, cancele solo la suya.")
      // The same request again: the same bytes, nothing twice.
      #expect(try await clinic.together().bookTogether(book, options: .write(someID)) == reply)
      #expect(try await clinic.store.counts().appointments == 3)
    }
  }

  @Test("If one of a family cannot have their slot nobody gets any, and the answer says what can be done")
  func oneIsTaken() async throws {
    try await withClinic { clinic in
      try await clinic.occupy("C1 2026-11-24 08:30")
      let token = try await clinic.session(.ana)
      let carla = try #require(try await clinic.number(of: .carla, in: token))
      let lucas = try #require(try await clinic.number(of: .lucas, in: token))
      let book = Wire.BookTogetherRequest(
        sessionToken: token, service: "medicina_familiar", resource: "C1", date: "2026-11-24", startMinute: 480, people: [0, carla, lucas])
      let error = try await status { () async throws(RPCError) in try await clinic.together().bookTogether(book, options: .write()) }
      #expect(error.code == .failedPrecondition && error.refusal?.reason == .slotTaken)
      #expect(error.refusal?.steps.isEmpty == false)
      #expect(try await clinic.store.counts().appointments == 1)
      var wrong = book
      wrong.people = [0, 0]
      #expect(try await status { () async throws(RPCError) in try await clinic.together().bookTogether(wrong, options: .write()) }.code == .invalidArgument)
      wrong.people = [0, 31]
      #expect(try await status { () async throws(RPCError) in try await clinic.together().bookTogether(wrong, options: .write()) } == .notForThisPerson)
    }
  }

  @Test("An adult of the family is booked with the others only while they consent")
  func consentEnds() async throws {
    try await withClinic { clinic in
      try await clinic.grant(.beto, to: .ana)
      let token = try await clinic.session(.ana)
      let beto = try #require(try await clinic.number(of: .beto, in: token))
      let theirs = try await clinic.session(.beto)
      // Through the store alone, so that Ana's session still has the number.
      let revoke = Command.revokeConsent(RevokeConsent(grantor: Patient.beto.id, grantee: nil))
      _ = try await clinic.store.submit(.init(requestID: nil, digest: [], command: revoke, encodeReply: { _ in [] }))
      _ = theirs
      let book = Wire.BookTogetherRequest(
        sessionToken: token, service: "medicina_familiar", resource: "C1", date: "2026-11-24", startMinute: 480, people: [0, beto])
      #expect(try await status { () async throws(RPCError) in try await clinic.together().bookTogether(book, options: .write()) } == .notForThisPerson)
      #expect(try await clinic.store.counts().appointments == 0)
    }
  }

  @Test("P05: A consultation at a distance has its room, its specialist and its professional, or nothing; the specialist's day shows it", arguments: Depth.allCases)
  func telemedicine(depth: Depth) async throws {
    try await withClinic(depth, rules: .telemedicine()) { clinic in
      let ana = try await clinic.session(.ana)
      let made = try await clinic.book("C6 2026-11-24 09:00", ana, service: "telemedicina")
      let dario = try await clinic.session(.dario)
      let error = try await status { () async throws(RPCError) in
        try await clinic.appointments().book(
          .init(sessionToken: dario, what: .slot(Wire.SlotChoice("C7 2026-11-24 09:00", service: "telemedicina"))), options: .write())
      }
      #expect(error.refusal?.reason == .companionTaken)
      #expect(error.refusal?.text == "A esa hora no está libre quien debe acompañar la cita: especialista a distancia. No se apartó nada. Le ofrecemos las horas más cercanas en que sí.")
      #expect(error.refusal?.alternatives.isEmpty == false)
      #expect(error.refusal?.alternatives.contains { $0.startMinute == 540 && $0.date == "2026-11-24" } == false)
      for resource in ["C6", "P1", "P2"] {
        let day = try await clinic.agenda().listDay(.init(resource: resource, date: "2026-11-24"))
        #expect(day.entries.map { $0.appointment?.folio } == [made.folio])
      }
      // The specialist is absent that day: the appointment is moved, all of it.
      _ = try await clinic.waitlist(.staff).close(.init(resource: "P1", firstDate: "2026-11-24", reason: .staffAbsent), options: .write())
      #expect(try await clinic.settle() == 1)
      let moved = try await clinic.appointments().list(.init(sessionToken: ana)).appointments
      #expect(moved.count == 1 && moved[0].slot?.date != "2026-11-24" && moved[0].slot?.service == "telemedicina")
      let date = moved[0].slot?.date ?? ""
      #expect(try await clinic.agenda().listDay(.init(resource: "P1", date: date)).entries.map { $0.appointment?.folio } == [moved[0].folio])
      #expect(try await clinic.agenda().listDay(.init(resource: "P2", date: "2026-11-24")).entries.isEmpty)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("P13: Who cannot take stairs is never given a slot upstairs, by whatever way it is asked for")
  func stairs() async throws {
    let person = Patient.fixture(21, nss: "00050100015", needs: [Patient.noStairs])
    let child = Patient.fixture(22, nss: "00050100015", born: "2015-01-01")
    try await withClinic(people: [person, child, .dario]) { clinic in
      let token = try await clinic.session(person)
      let number = try #require(try await clinic.number(of: child, in: token))
      let found = try await clinic.appointments().find(.init(sessionToken: token, service: "medicina_familiar", limit: 100)).slots
      #expect(!found.isEmpty && found.allSatisfy { $0.resource != "C3" })
      let runs = try await clinic.together().findTogether(
        .init(sessionToken: token, people: [number, 0], service: "medicina_familiar", limit: 20)).runs
      #expect(!runs.isEmpty && runs.allSatisfy { $0.slots.allSatisfy { $0.resource != "C3" } })
      let book = Wire.BookTogetherRequest(
        sessionToken: token, service: "medicina_familiar", resource: "C3", date: "2026-11-24", startMinute: 480, people: [number, 0])
      let error = try await status { () async throws(RPCError) in try await clinic.together().bookTogether(book, options: .write()) }
      #expect(error.refusal?.reason == .notAccessible)
      let alone = try await status { () async throws(RPCError) in
        try await clinic.appointments().book(.init(sessionToken: token, what: .slot(.init("C3 2026-11-24 08:00"))), options: .write())
      }
      #expect(alone.refusal?.reason == .notAccessible)
      #expect(alone.refusal?.alternatives.isEmpty == false && alone.refusal?.alternatives.allSatisfy { $0.resource != "C3" } == true)
    }
  }
}
