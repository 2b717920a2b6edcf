import ClinicDomain
import ClinicStore
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("Calls to return, from the promise to the outcome")
struct CallbackTests {
  static func request(_ phone: String = "5512345678", _ reason: Wire.CallbackReason = .guidance) -> Wire.RequestCallbackRequest {
    Wire.RequestCallbackRequest(phone: phone, reason: reason)
  }

  @Test("A clinician's callback has an owner and a deadline, three attempts, and is documented and closed", arguments: Depth.allCases)
  func closed(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      let promise = try await clinic.telephone().requestCallback(Self.request(), options: .write())
      #expect(promise.owner == "médico de guardia" && promise.date == "2026-11-23" && promise.minute == 540)
      let staff = clinic.telephone(.staff)
      var listed = try #require(try await staff.listCallbacks(.init()).callbacks.first)
      #expect(listed.folio == promise.folio && listed.phone == "+525512345678" && listed.state == .open)
      #expect(listed.text == "Llamar a más tardar el lunes 23 de noviembre, 09:00: por su salud. Le toca a médico de guardia.")

      listed = try #require(try await staff.takeCallback(.init(folio: promise.folio), options: .write()).callback)
      #expect(listed.state == .taken && listed.owner.hasPrefix("staff/") && listed.phone == "+525512345678")
      _ = try await staff.noteAttempt(.init(folio: promise.folio, result: .busy), options: .write())
      let spoken = try #require(try await staff.noteAttempt(.init(folio: promise.folio, result: .answered), options: .write()).callback)
      #expect(spoken.attempts.map(\.result) == [.busy, .answered] && spoken.attempts.map(\.number) == [1, 2])
      let closed = try #require(try await staff.closeCallback(.init(folio: promise.folio, outcome: .attended), options: .write()).callback)
      #expect(closed.state == .closed && closed.phone.isEmpty && closed.outcome == .attended)
      #expect(try await staff.listCallbacks(.init()).callbacks == [])
      let kept = try #require(try await staff.listCallbacks(.init(closed: true)).callbacks.first)
      #expect(kept.attempts.map(\.result) == [.busy, .answered] && kept.outcome == .attended)
    }
  }

  @Test("Who calls back reads that the guide ended in a visit at home, as long as the call is open")
  func homeVisit() async throws {
    try await withClinic { clinic in
      var record = Wire.KeepGuidanceRequest.fixture
      (record.endingStep, record.ending) = ("visita", "domicilio")
      _ = try await clinic.telephone().keepGuidance(record, options: .write())
      var request = Self.request()
      (request.withinMinutes, request.guidanceSession) = (60, record.session)
      let folio = try await clinic.telephone().requestCallback(request, options: .write()).folio
      _ = try await clinic.telephone().requestCallback(Self.request("5587654321"), options: .write())
      let texts = try await clinic.telephone(.staff).listCallbacks(.init()).callbacks.map { ($0.folio, $0.text) }
      for (listed, text) in texts {
        #expect(text.contains("La guía terminó en visita a domicilio: pida los datos de la visita.") == (listed == folio), "\(text)")
      }
      // Who takes the call reads it there too, without a second look; what is kept of the request has it no more than the number.
      let staff = clinic.telephone(.staff)
      let taken = try #require(try await staff.takeCallback(.init(folio: folio), options: .write(someID)).callback)
      #expect(taken.text.hasSuffix("La guía terminó en visita a domicilio: pida los datos de la visita."))
      _ = try await staff.noteAttempt(.init(folio: folio, result: .answered), options: .write())
      let closed = try await staff.closeCallback(.init(folio: folio, outcome: .attended), options: .write())
      let repeated = try await staff.takeCallback(.init(folio: folio), options: .write(someID))
      for text in [closed.callback?.text, repeated.callback?.text] { #expect(text?.contains("La guía") == false) }
    }
  }

  @Test("After three attempts that nobody answers it is the supervisor's, who may close it as unreached")
  func unreached() async throws {
    try await withClinic { clinic in
      let staff = clinic.telephone(.staff)
      let folio = try await clinic.telephone().requestCallback(Self.request(), options: .write()).folio
      let early = try await status { () throws(RPCError) in
        try await staff.noteAttempt(.init(folio: folio, result: .noAnswer), options: .write())
      }
      #expect(early == RPCError(.failedPrecondition, "Primero tome la llamada; si la tiene otra persona, ella anota."))
      _ = try await staff.takeCallback(.init(folio: folio), options: .write())
      for _ in 1...3 { _ = try await staff.noteAttempt(.init(folio: folio, result: .noAnswer), options: .write()) }
      let escalated = try #require(try await staff.listCallbacks(.init()).callbacks.first)
      #expect(escalated.owner == "jefatura" && escalated.escalation == .unreached && escalated.attempts.count == 3)
      _ = try await staff.takeCallback(.init(folio: folio), options: .write())
      let closed = try await staff.closeCallback(.init(folio: folio, outcome: .unreached), options: .write())
      #expect(closed.callback?.outcome == .unreached)
    }
  }

  @Test("A deadline that passes escalates the call, and it stands before all others")
  func late() async throws {
    try await withClinic { clinic in
      let first = try await clinic.telephone().requestCallback(Self.request("5511111111", .other), options: .write())
      let second = try await clinic.telephone().requestCallback(Self.request("5522222222", .guidance), options: .write())
      let folios = { () async throws in try await clinic.telephone(.staff).listCallbacks(.init()).callbacks.map(\.folio) }
      #expect(try await folios() == [second.folio, first.folio])
      clinic.clock.advance(.seconds(2 * 3600))
      #expect(try await clinic.telephoneKeeper.look() == 1)
      #expect(try await clinic.telephoneKeeper.look() == 0)
      let listed = try await clinic.telephone(.staff).listCallbacks(.init()).callbacks
      #expect(listed.map(\.folio) == [second.folio, first.folio] && listed.map(\.escalation) == [.late, .unspecified])
      #expect(listed[0].text.hasSuffix("SE PASÓ EL PLAZO."))
    }
  }

  @Test("A number that waits gets its own promise again; who has a session is known to staff by number; a guide's minutes count")
  func promises() async throws {
    try await withClinic { clinic in
      let first = try await clinic.telephone().requestCallback(Self.request("55 1234 5678"), options: .write())
      #expect(try await clinic.telephone().requestCallback(Self.request("+525512345678"), options: .write()) == first)
      let token = try await clinic.session(.ana, at: .ivr)
      var request = Self.request("5598765432", .appointment)
      (request.sessionToken, request.withinMinutes) = (token, 30)
      let second = try await clinic.telephone().requestCallback(request, options: .write())
      #expect(second.minute == 510 && second.owner == "ventanilla")
      let listed = try await clinic.telephone(.staff).listCallbacks(.init()).callbacks
      #expect(listed.map(\.patientNumber) == [Patient.ana.number.description, ""])
    }
  }

  @Test("What cannot be read is named", arguments: [
    (Wire.RequestCallbackRequest(), "phone"), (Wire.RequestCallbackRequest(phone: "12345"), "phone"),
    (Wire.RequestCallbackRequest(phone: "5512345678", withinMinutes: 2881), "within_minutes"),
    (Wire.RequestCallbackRequest(phone: "5512345678", guidanceSession: "x"), "guidance_session"),
  ])
  func wrong(request: Wire.RequestCallbackRequest, field: String) async throws {
    try await withClinic { clinic in
      let error = try await status { () throws(RPCError) in try await clinic.telephone().requestCallback(request, options: .write()) }
      #expect(error.code == .invalidArgument && error.message.hasPrefix("\(field): "))
    }
  }

  @Test("Nothing that is kept has the number once the call is closed")
  func forgotten() async throws {
    try await withClinic { clinic in
      let staff = clinic.telephone(.staff)
      let folio = try await clinic.telephone().requestCallback(Self.request("5512345678"), options: .write()).folio
      let taken = try await staff.takeCallback(.init(folio: folio), options: .write(someID))
      #expect(taken.callback?.phone == "+525512345678")
      _ = try await staff.noteAttempt(.init(folio: folio, result: .answered), options: .write())
      _ = try await staff.closeCallback(.init(folio: folio, outcome: .notNeeded), options: .write())
      let repeated = try await staff.takeCallback(.init(folio: folio), options: .write(someID))
      #expect(repeated.callback.map { $0.phone.isEmpty && $0.state == .taken } == true)
    }
  }
}
