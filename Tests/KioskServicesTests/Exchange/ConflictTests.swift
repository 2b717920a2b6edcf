import ClinicDomain
import ClinicStore
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("What another system booked and does not fit")
struct ConflictTests {
  static let wanted = ExchangeMethodsTests.row(4, "C2 2026-11-24 08:15", .olga)

  /// Rosa has the time that the other system gave to Olga.
  static func conflict(_ clinic: TestClinic, _ row: Wire.ExternalRow = wanted) async throws -> Wire.Appointment {
    let rosas = try await clinic.book("C2 2026-11-24 08:15", try await clinic.session(.rosa))
    #expect(try await kind(clinic, row) == .conflict)
    return rosas
  }

  static func kind(_ clinic: TestClinic, _ row: Wire.ExternalRow = wanted) async throws -> Wire.ExternalKind? {
    try await clinic.exchange().importBookings(.init(source: "simf", rows: [row]), options: .write()).results.first?.kind
  }

  static func request(_ how: Wire.Resolution, _ change: (inout Wire.ResolveConflictRequest) -> Void = { _ in }) -> Wire.ResolveConflictRequest {
    var request = Wire.ResolveConflictRequest(source: "simf", reference: "R4", resolution: how, reason: .medicalPriority)
    change(&request)
    return request
  }

  static func move(_ slot: String) -> Wire.ResolveConflictRequest {
    let choice = SlotChoice(slot)
    return request(.move) {
      ($0.resource, $0.date, $0.startMinute) = (choice.resource.description, choice.date.description, Int32(choice.start.minutes))
    }
  }

  static func told(_ clinic: TestClinic) async throws -> Wire.ExportedBooking? {
    try await clinic.exchange().listBookings(.init(source: "simf", date: "2026-11-24")).bookings.first { $0.reference == "R4" }
  }

  @Test("Accepted, both have the hour, with who said so and why; the same row again changes nothing, and the night finds nothing wrong", arguments: Depth.allCases)
  func accepted(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      let rosas = try await Self.conflict(clinic)
      let done = try await clinic.exchange().resolveConflict(Self.request(.accept), options: .write(someID))
      #expect(done.text == "Quedó en su hora, martes 24 de noviembre, 08:15, consultorio 2, planta baja, además de quien ya la tenía.")
      #expect(try await clinic.exchange().resolveConflict(Self.request(.accept), options: .write(someID)) == done)
      let day = try await clinic.agenda().listDay(.init(resource: "C2", date: "2026-11-24")).entries.compactMap(\.appointment)
      #expect(Set(day.map(\.folio)) == [rosas.folio, done.folio] && day.allSatisfy { $0.slot?.startMinute == 495 && $0.status == .booked })
      let last = try await clinic.agenda().history(.init(folio: done.folio)).changes.last
      #expect(last?.act == "accept-conflict" && last?.reason == "medical-priority" && last?.actor.hasPrefix("staff:") == true)
      #expect(try await clinic.exchange().listConflicts(.init()).conflicts.isEmpty)
      #expect(try await Self.kind(clinic) == .unchanged)
      #expect(try await Self.told(clinic)?.conflict == false)
      #expect(try await clinic.register().runNightlyCheck(.init(), options: .write()).check?.problems == [])
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("Beyond a cap of our own hours it does not fit; accepted, the history says who and why, and the night finds nothing wrong", arguments: Depth.allCases)
  func full(depth: Depth) async throws {
    let rules = ClinicRules.fixture { $0.capacity.caps = [TurnoCap(scope: TurnoScope(resources: [.c(2)], turno: .matutino), places: 1)] }
    try await withClinic(depth, rules: rules) { clinic in
      try await clinic.book("C2 2026-11-24 08:15", try await clinic.session(.rosa))
      let free = ExchangeMethodsTests.row(4, "C2 2026-11-24 09:00", .olga)
      let result = try await clinic.exchange().importBookings(.init(source: "simf", rows: [free]), options: .write()).results.first
      #expect(result?.kind == .conflict)
      #expect(result?.text == "Ese turno ya tiene a todas las personas que puede atender. Muévala a otro turno, o acéptela diciendo por qué.")
      #expect(try await clinic.exchange().listConflicts(.init()).conflicts.map(\.reference) == ["R4"])
      #expect(try await clinic.register().runNightlyCheck(.init(), options: .write()).check?.problems == [])
      let done = try await clinic.exchange().resolveConflict(Self.request(.accept), options: .write())
      #expect(!done.folio.isEmpty)
      #expect(try await clinic.agenda().history(.init(folio: done.folio)).changes.map(\.act) == ["accept-conflict"])
      #expect(try await clinic.register().runNightlyCheck(.init(), options: .write()).check?.problems == [])
      #expect(try await Self.kind(clinic, free) == .unchanged)
      // In a later month, which the agenda does not reach yet, the cap is the same.
      #expect(try await Self.kind(clinic, ExchangeMethodsTests.row(7, "C2 2027-02-02 09:00", .ana)) == .added)
      #expect(try await Self.kind(clinic, ExchangeMethodsTests.row(8, "C2 2027-02-02 09:15", .rosa)) == .conflict)
      // What moves within its turno is not one more.
      #expect(try await Self.kind(clinic, ExchangeMethodsTests.row(7, "C2 2027-02-02 10:00", .ana)) == .changed)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("What was closed since the import, by the clinic's calendar or its staff, cannot be accepted")
  func closedSince() async throws {
    try await withClinic { clinic in
      _ = try await Self.conflict(clinic)
      let day = CivilDate(iso: "2026-11-24")!
      _ = try await clinic.store.submit(
        StoreCommand(
          requestID: nil, digest: [],
          command: .closure(.close(CloseAgenda(
            actor: .staff(StaffName("uid:1")!, .closure), resource: .c(2), dates: day...day, hours: .hours(8, 9)))),
          encodeReply: { _ in [] }))
      let error = try await status { () throws(RPCError) in try await clinic.exchange().resolveConflict(Self.request(.accept), options: .write()) }
      #expect(error.message.hasPrefix("Ese consultorio no trabaja a esa hora: no se puede aceptar."), "\(error.message)")
    }
  }

  @Test("Conflicts come page by page, in their order, each once, and each page says how many are left")
  func pages() async throws {
    try await withClinic { clinic in
      let rows = (1...7).map { ExchangeMethodsTests.row(Int32($0), "C9 2026-11-2\($0 % 3 + 4) 08:00", nil) }
      _ = try await clinic.exchange().importBookings(.init(source: "simf", rows: rows), options: .write())
      let all = try await clinic.exchange().listConflicts(.init())
      #expect(all.conflicts.count == 7 && all.next == 0 && all.leftOut == 0)
      var (seen, next, left): ([String], Int64, [Int32]) = ([], 0, [])
      repeat {
        let page = try await clinic.exchange().listConflicts(.init(after: next, limit: 3))
        seen += page.conflicts.map(\.reference)
        left.append(page.leftOut)
        next = page.next
      } while next != 0
      #expect(seen == all.conflicts.map(\.reference) && left == [4, 1, 0])
      let wrong = try await status { () throws(RPCError) in try await clinic.exchange().listConflicts(.init(limit: 1001)) }
      #expect(wrong.message.hasPrefix("limit:"))
    }
  }

  @Test("Dismissed, it is no conflict and not taken; the export says so, and a change of the other system is judged anew")
  func dismissed() async throws {
    try await withClinic { clinic in
      _ = try await Self.conflict(clinic)
      let done = try await clinic.exchange().resolveConflict(Self.request(.dismiss), options: .write())
      #expect(done.folio.isEmpty && done.text == "Quedó descartada: aquí no se da. El siguiente export se lo dice al otro sistema.")
      #expect(try await clinic.exchange().listConflicts(.init()).conflicts.isEmpty)
      #expect(try await Self.kind(clinic) == .unchanged)
      #expect(try await Self.told(clinic)?.cancelled == true)
      #expect(try await clinic.appointments().list(.init(sessionToken: try await clinic.session(.olga))).appointments.isEmpty)
      #expect(try await Self.kind(clinic, ExchangeMethodsTests.row(4, "C2 2026-11-24 08:30", .olga)) == .added)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("Moved, its person has another slot under the same name of the other system; a slot that is taken is refused with others")
  func moved() async throws {
    try await withClinic { clinic in
      _ = try await Self.conflict(clinic)
      let taken = try await status { () throws(RPCError) in
        try await clinic.exchange().resolveConflict(Self.move("C2 2026-11-24 08:15"), options: .write())
      }
      #expect(taken.refusal?.reason == .slotTaken && taken.refusal?.alternatives.isEmpty == false)
      let done = try await clinic.exchange().resolveConflict(Self.move("C2 2026-11-25 09:00"), options: .write())
      #expect(done.text == "Quedó en consultorio 2, planta baja, miércoles 25 de noviembre, 09:00. El siguiente export se lo dice al otro sistema.")
      let olgas = try await clinic.appointments().list(.init(sessionToken: try await clinic.session(.olga))).appointments
      #expect(olgas.map(\.folio) == [done.folio] && olgas.first?.slot?.date == "2026-11-25")
      #expect(try await Self.kind(clinic) == .unchanged)
      let told = try #require(try await Self.told(clinic))
      #expect((told.sourceDate, told.date, told.startMinute, told.conflict) == ("2026-11-24", "2026-11-25", 540, false))
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("Settled before, it is answered with how it stands, whatever is asked now")
  func settledBefore() async throws {
    try await withClinic { clinic in
      _ = try await Self.conflict(clinic)
      let moved = try await clinic.exchange().resolveConflict(Self.move("C2 2026-11-25 09:00"), options: .write())
      for other in [Self.request(.accept), Self.request(.dismiss), Self.move("C2 2026-11-26 10:00")] {
        #expect(try await clinic.exchange().resolveConflict(other, options: .write()) == moved)
      }
      try await clinic.cancel(moved.folio, try await clinic.session(.olga))
      let after = try await clinic.exchange().resolveConflict(Self.request(.accept), options: .write())
      #expect(after.text.hasPrefix("Ya estaba resuelta, y después esa cita se canceló: miércoles 25 de noviembre, 09:00"))
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("What cannot be settled so says what can be done; nobody but staff settles, and not without a reason")
  func refused() async throws {
    try await withClinic { clinic in
      let rows = [ExchangeMethodsTests.row(4, "C9 2026-11-24 08:00", .olga), ExchangeMethodsTests.row(5, "C1 2026-11-28 08:00", .ana), ExchangeMethodsTests.row(6, "C2 2026-11-24 08:15")]
      try await clinic.book("C2 2026-11-24 08:15", try await clinic.session(.rosa))
      _ = try await clinic.exchange().importBookings(.init(source: "simf", rows: rows), options: .write())
      for (request, expected) in [
        (Self.request(.accept), "La clínica no tiene esa agenda, o ahí no se da ese servicio: no se puede aceptar."),
        (Self.request(.accept) { $0.reference = "R5" }, "Ese consultorio no trabaja a esa hora: no se puede aceptar."),
        (Self.request(.dismiss) { $0.reference = "R9" }, "No hay ninguna cita de ese sistema con ese identificador."),
        (Self.request(.dismiss) { $0.reason = .unspecified }, "reason: diga por qué"),
        (Self.request(.unspecified), "resolution: diga cómo se resuelve: aceptar, descartar o mover"),
      ] {
        let error = try await status { () throws(RPCError) in try await clinic.exchange().resolveConflict(request, options: .write()) }
        #expect(error.message.hasPrefix(expected), "\(error.message)")
      }
      var nobody = Self.move("C2 2026-11-25 09:00")
      nobody.reference = "R6"
      let refused = try await status { () throws(RPCError) in try await clinic.exchange().resolveConflict(nobody, options: .write()) }
      #expect(refused.message == "Nadie del padrón coincide con esa cita: no hay a quién darle otro lugar. Acéptela, o descártela.")
      // The time of somebody nobody knows is kept beside whoever has it.
      let kept = try await clinic.exchange().resolveConflict(Self.request(.accept) { $0.reference = "R6" }, options: .write())
      #expect(kept.folio.isEmpty && kept.text.hasPrefix("La hora queda ocupada, sin persona: martes 24 de noviembre, 08:15"))
      let denied = try await status { () throws(RPCError) in
        try await clinic.exchange(.kiosk).resolveConflict(Self.request(.dismiss), options: .write())
      }
      #expect(denied.code == .permissionDenied)
      #expect(try await clinic.store.check() == [])
    }
  }
}
