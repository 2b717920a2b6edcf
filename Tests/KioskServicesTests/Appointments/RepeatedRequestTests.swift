import ClinicDomain
import ClinicStore
import KioskTestSupport
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("A request that is repeated")
struct RepeatedRequestTests {
  static let slot = Wire.SlotChoice("C1 2026-11-24 08:15")

  /// The reply's bytes, as they travelled.
  func book(
    _ clinic: TestClinic, _ token: String, _ slot: Wire.SlotChoice = slot, id: String? = someID, timeout: Duration? = nil
  ) async throws(RPCError) -> [UInt8] {
    guard let payload = try? Wire.BookRequest(sessionToken: token, what: .slot(slot)).encoded() else { return [] }
    return try await clinic.doors[.kiosk].unary(
      MethodTable.Appointments.book, payload: payload, options: .write(id, timeout: timeout))
  }

  @Test("It gets the bytes of the first answer, also after the appointment was cancelled", arguments: Depth.allCases)
  func sameBytes(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      let token = try await clinic.session(.ana)
      let first = try await book(clinic, token)
      let folio = try #require(try Wire.BookResponse(decoding: first).appointment?.folio)
      #expect(try await book(clinic, token) == first)
      _ = try await clinic.appointments().cancel(Wire.CancelRequest(sessionToken: token, folio: folio), options: .write())
      #expect(try await book(clinic, token) == first)
      #expect(try await clinic.store.counts().appointments == 1)
    }
  }

  @Test("It gets them through another session of the same person too, as after a restart")
  func anotherSession() async throws {
    try await withClinic { clinic in
      let token = try await clinic.session(.ana)
      let first = try await book(clinic, token)
      _ = try await clinic.patients().endSession(Wire.EndSessionRequest(sessionToken: token))
      #expect(try await book(clinic, try await clinic.session(.ana)) == first)
    }
  }

  @Test("Upper and lower case of a request id are one id")
  func caseOfDigits() async throws {
    try await withClinic { clinic in
      let token = try await clinic.session(.ana)
      #expect(try await book(clinic, token) == book(clinic, token, id: someID.uppercased()))
    }
  }

  @Test("The same id for another slot, another person or another verb is refused, and changes nothing", arguments: Depth.allCases)
  func otherContent(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      let token = try await clinic.session(.ana)
      _ = try await book(clinic, token)
      let hers = try await clinic.session(.beto)
      let errors = [
        try await status { () throws(RPCError) in try await book(clinic, token, Wire.SlotChoice("C1 2026-11-24 08:30")) },
        try await status { () throws(RPCError) in try await book(clinic, hers) },
        try await status { () throws(RPCError) in
          try await clinic.appointments().hold(
            Wire.HoldRequest(sessionToken: token, slot: Self.slot), options: .write(someID))
        },
      ]
      let expected = RPCError(
        .alreadyExists, "request-id: este identificador ya se usó para otra solicitud; use uno nuevo por cada intención")
      #expect(errors == [expected, expected, expected])
      #expect(try await clinic.store.counts().appointments == 1)
    }
  }

  @Test("A refused one left nothing behind: the same id is granted once the way is free")
  func refusedThenGranted() async throws {
    try await withClinic { clinic in
      let his = try await clinic.session(.beto)
      let folio = try await clinic.book("C1 2026-11-24 08:15", his).folio
      let rows = try await clinic.store.counts()
      let token = try await clinic.session(.ana)
      let error = try await status { () throws(RPCError) in try await book(clinic, token) }
      #expect(error.refusal?.reason == .slotTaken)
      #expect(try await clinic.store.counts() == rows)
      _ = try await clinic.appointments().cancel(Wire.CancelRequest(sessionToken: his, folio: folio), options: .write())
      #expect(try Wire.BookResponse(decoding: try await book(clinic, token)).appointment?.status == .booked)
    }
  }

  @Test("Every writing call asks for a request id that can be read", arguments: [
    (
      nil,
      "request-id: falta en los metadatos: 32 dígitos hexadecimales, uno nuevo por cada intención y el mismo al repetirla"
    ),
    ("", "request-id: escriba 32 dígitos hexadecimales"),
    ("00010203", "request-id: escriba 32 dígitos hexadecimales"),
    ("000102030405060708090a0b0c0d0e0g", "request-id: escriba 32 dígitos hexadecimales"),
    ("000102030405060708090a0b0c0d0e0f00", "request-id: escriba 32 dígitos hexadecimales"),
  ] as [(String?, String)])
  func requestID(id: String?, message: String) async throws {
    try await withClinic { clinic in
      let token = try await clinic.session(.ana)
      let options = id.map { CallOptions.write($0) } ?? CallOptions()
      let folio = try await clinic.book("C4 2026-11-24 08:00", token, service: "estomatologia").folio
      let rows = try await clinic.store.counts()
      let errors = [
        try await status { () throws(RPCError) in
          try await clinic.appointments().hold(Wire.HoldRequest(sessionToken: token, slot: Self.slot), options: options)
        },
        try await status { () throws(RPCError) in
          try await clinic.appointments().book(
            Wire.BookRequest(sessionToken: token, what: .slot(Self.slot)), options: options)
        },
        try await status { () throws(RPCError) in
          try await clinic.appointments().cancel(Wire.CancelRequest(sessionToken: token, folio: folio), options: options)
        },
        try await status { () throws(RPCError) in
          try await clinic.patients().grantConsent(
            Wire.GrantConsentRequest(sessionToken: token, birthDate: "29021984"), options: options)
        },
        try await status { () throws(RPCError) in
          try await clinic.patients().revokeConsent(Wire.RevokeConsentRequest(sessionToken: token), options: options)
        },
      ]
      #expect(errors == Array(repeating: RPCError(.invalidArgument, message), count: 5))
      #expect(try await clinic.store.counts() == rows)
    }
  }

  @Test("Who has stopped waiting gets nothing done: at the door, and after waiting in the store's queue", arguments: [
    (Duration.zero, Duration.zero), (.seconds(5), .seconds(6)),
  ])
  func late(timeout: Duration, wait: Duration) async throws {
    try await withClinic { clinic in
      let token = try await clinic.session(.ana)
      clinic.clock.delayStore(wait)
      let error = try await status { () throws(RPCError) in try await book(clinic, token, timeout: timeout) }
      #expect(error == RPCError(.deadlineExceeded, "context deadline exceeded"))
      #expect(try await clinic.store.counts().appointments == 0)
      #expect(try await clinic.store.counts().requests == 0)
      clinic.clock.delayStore(.zero)
      _ = try await book(clinic, token, timeout: .seconds(5))
      #expect(try await clinic.store.counts().appointments == 1)
    }
  }

  @Test("A wall clock that is set back makes nobody late")
  func clockSetBack() async throws {
    try await withClinic { clinic in
      try await clinic.occupy("C1 2026-11-24 09:00")
      clinic.clock.set(clinic.clock.now.adding(seconds: -3600))
      let token = try await clinic.session(.ana)
      _ = try await book(clinic, token, timeout: .seconds(5))
      #expect(try await clinic.store.counts().appointments == 2)
    }
  }
}
