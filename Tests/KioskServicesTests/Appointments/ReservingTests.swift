import ClinicDomain
import ClinicStore
import KioskTestSupport
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("Holding, booking and cancelling")
struct ReservingTests {
  static let venga =
    "Venga el martes 24 de noviembre, 08:15, consultorio 1, planta baja. Puede registrar su llegada desde las 07:45; después de las 08:25 su lugar puede darse a otra persona."

  @Test("A hold lasts as long as its channel's people need", arguments: Depth.allCases, [(RoleSet.kiosk, 120), (.ivr, 240), (.staff, 300)])
  func holdTimes(depth: Depth, example: (RoleSet, Int)) async throws {
    try await withClinic(depth) { clinic in
      let token = try await clinic.session(.ana, at: example.0)
      let held = try await clinic.hold("C1 2026-11-24 08:15", token, at: example.0)
      #expect(held.holdExpiresAtUnixMs == clinic.clock.now.adding(seconds: example.1).milliseconds)
    }
  }

  @Test("A hold, the appointment it becomes under the same folio, and its cancellation, as they travel", arguments: Depth.allCases)
  func wholeLife(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      let token = try await clinic.session(.ana)
      let slot = Wire.Slot(
        service: "medicina_familiar", resource: "C1", date: "2026-11-24", startMinute: 495, endMinute: 510,
        turno: "matutino", startsAtUnixMs: Instant(iso: "2026-11-24T14:15:00Z")!.milliseconds, ownDoctor: true,
        display: "martes 24 de noviembre, 08:15, consultorio 1, planta baja")
      let held = try await clinic.hold("C1 2026-11-24 08:15", token)
      let folio = try #require(Folio(held.folio))
      var expected = Wire.Appointment(
        folio: held.folio, status: .pending, slot: slot,
        holdExpiresAtUnixMs: clinic.clock.now.adding(seconds: 120).milliseconds, folioDisplay: folio.spoken,
        text: "El lugar está apartado, todavía no es una cita. Confírmelo para quedarse con él.")
      #expect(held == expected)

      let booked = try await clinic.appointments().book(
        Wire.BookRequest(sessionToken: token, what: .holdFolio(folio.spoken)), options: .write())
      expected.status = .booked
      expected.holdExpiresAtUnixMs = 0
      expected.text = Self.venga
      #expect(booked.appointment == expected)
      let got = try await clinic.appointments().get(Wire.GetRequest(sessionToken: token, folio: held.folio))
      #expect(got.appointment == expected)

      // Only a hold would be given back so.
      let refusal = await #expect(throws: RPCError.self) {
        try await clinic.appointments().cancel(
          Wire.CancelRequest(sessionToken: token, folio: held.folio, reason: .cannotCome, onlyHold: true), options: .write())
      }
      #expect(refusal?.code == .failedPrecondition)
      let cancelled = try await clinic.appointments().cancel(
        Wire.CancelRequest(sessionToken: token, folio: held.folio, reason: .cannotCome), options: .write())
      expected.status = .cancelled
      expected.text = "La cita está cancelada. Puede hacer otra cuando quiera."
      #expect(cancelled.appointment == expected)
      #expect(try await clinic.store.appointment(folio: folio)?.cancellation == .cannotCome)
    }
  }

  @Test("A trámite's desk is booked like a consultorio, and its appointment says what to bring")
  func desk() async throws {
    try await withClinic { clinic in
      let booked = try await clinic.book(
        "V1 2026-11-24 08:20", try await clinic.session(.ana), service: "cambio_de_clinica")
      #expect(booked.slot?.display == "martes 24 de noviembre, 08:20, ventanilla 1, planta baja")
      #expect(booked.text.hasSuffix("Traiga: Identificación oficial vigente."))
    }
  }

  @Test("Of a night's slot the text says the morning on which to come, and the hours of that morning")
  func night() async throws {
    try await withClinic { clinic in
      let booked = try await clinic.book("C5 2026-11-27 24:05", try await clinic.session(.ana), orNil: true)
      #expect(booked == nil)
      let appointment = try await clinic.book("C5 2026-11-27 24:15", try await clinic.session(.ana))
      #expect(
        appointment.text
          == "Venga el sábado 28 de noviembre, 00:15, consultorio 5, planta baja. Puede registrar su llegada desde las 23:45; después de las 00:25 su lugar puede darse a otra persona.")
    }
  }

  @Test("A hold given back frees the slot at once")
  func givenBack() async throws {
    try await withClinic { clinic in
      let token = try await clinic.session(.ana)
      let held = try await clinic.hold("C1 2026-11-24 08:15", token)
      _ = try await clinic.appointments().cancel(
        Wire.CancelRequest(sessionToken: token, folio: held.folio), options: .write())
      #expect(try await clinic.book("C1 2026-11-24 08:15", try await clinic.session(.beto)).status == .booked)
    }
  }

  @Test("Holding the same slot again gives the same hold, and not one second more")
  func holdAgain() async throws {
    try await withClinic { clinic in
      let token = try await clinic.session(.ana)
      let first = try await clinic.hold("C1 2026-11-24 08:15", token)
      clinic.clock.advance(.seconds(30))
      #expect(try await clinic.hold("C1 2026-11-24 08:15", token) == first)
    }
  }

  @Test("A hold that ran out reads as ended by folio, is in no list of what is to come, and never invites to confirm it")
  func ranOut() async throws {
    try await withClinic { clinic in
      let folio = try await clinic.hold("C1 2026-11-24 08:15", try await clinic.session(.ana)).folio
      clinic.clock.advance(.seconds(120))
      let token = try await clinic.session(.ana)
      let got = try await clinic.appointments().get(Wire.GetRequest(sessionToken: token, folio: folio)).appointment
      #expect(got?.status == .cancelled && got?.holdExpiresAtUnixMs == 0)
      #expect(got?.text == "El apartado venció. Puede buscar otro lugar.")
      #expect(try await clinic.appointments().list(Wire.ListRequest(sessionToken: token)).appointments == [])
      let all = try await clinic.appointments().list(Wire.ListRequest(sessionToken: token, includePast: true))
      #expect(all.appointments == [got])
    }
  }

  @Test("A list is soonest first; what is past or cancelled only when asked for", arguments: Depth.allCases)
  func list(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      let token = try await clinic.session(.ana)
      let later = try await clinic.book("C1 2026-11-25 08:15", token)
      let dentist = try await clinic.book("C4 2026-11-24 08:00", token, service: "estomatologia")
      let desk = try await clinic.book("V1 2026-11-23 08:00", token, service: "cambio_de_clinica")
      let list = try await clinic.appointments().list(Wire.ListRequest(sessionToken: token))
      #expect(list.appointments == [desk, dentist, later])
      _ = try await clinic.appointments().cancel(
        Wire.CancelRequest(sessionToken: token, folio: dentist.folio), options: .write())
      // The desk's appointment is over.
      clinic.clock.set(Instant(iso: "2026-11-23T15:00:00Z")!)
      let next = try await clinic.appointments().list(Wire.ListRequest(sessionToken: token))
      #expect(next.appointments == [later])
      let all = try await clinic.appointments().list(Wire.ListRequest(sessionToken: token, includePast: true))
      #expect(all.appointments.map(\.folio) == [desk.folio, dentist.folio, later.folio])
      #expect(all.appointments.map(\.status) == [.booked, .cancelled, .booked])
    }
  }

  @Test("Fields are judged before the session: what cannot be read is told first", arguments: [
    (Wire.HoldRequest(), "slot: falta decir qué lugar se aparta"),
    (
      Wire.HoldRequest(person: -1, slot: Wire.SlotChoice("C1 2026-11-24 08:15")),
      "person: el número de persona empieza en 0"
    ),
  ])
  func fieldsFirst(request: Wire.HoldRequest, message: String) async throws {
    try await withClinic { clinic in
      let error = try await status { () throws(RPCError) in
        try await clinic.appointments().hold(request, options: .write())
      }
      #expect(error == RPCError(.invalidArgument, message))
    }
  }

  @Test("Folios that cannot be read are told by Get and Cancel alike")
  func folios() async throws {
    try await withClinic { clinic in
      let message = "folio: El folio tiene 12 dígitos y aquí hay 4. Revíselo en su comprobante y escríbalo completo."
      let errors = [try await clinic.getStatus("4820", ""), try await clinic.cancelStatus("4820", "")]
      #expect(errors == [RPCError(.invalidArgument, message), RPCError(.invalidArgument, message)])
    }
  }
}

extension TestClinic {
  /// As ``book(_:_:person:service:at:)``; `nil` when it is refused.
  func book(_ slot: String, _ token: String, orNil: Bool) async throws -> Wire.Appointment? {
    do { return try await book(slot, token) } catch let error as RPCError where error.code == .failedPrecondition { return nil }
  }
}
