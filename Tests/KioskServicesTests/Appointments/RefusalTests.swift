import ClinicDomain
import ClinicStore
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

/// One refusal: who asks for what, and what they are told.
struct RefusalExample: Sendable, CustomTestStringConvertible {
  var reason: Wire.RefusalReason
  var text: String
  /// The first alternative, "C1 2026-11-24 480"; `nil` when none is offered.
  var first: String?
  var step: String
  var code = StatusCode.failedPrecondition
  var person = Patient.ana
  var role = RoleSet.kiosk
  var slot = "C1 2026-11-24 08:15"
  var service = "medicina_familiar"
  /// What stands in the way.
  var before: @Sendable (TestClinic) async throws -> Void = { _ in }

  var testDescription: String { "\(reason): \(slot)" }

  func expect(_ error: RPCError, sourceLocation: SourceLocation = #_sourceLocation) throws {
    #expect(error.code == code, sourceLocation: sourceLocation)
    #expect(error.message == text, sourceLocation: sourceLocation)
    let refusal = try #require(error.refusal, sourceLocation: sourceLocation)
    #expect(refusal.reason == reason && refusal.text == text, sourceLocation: sourceLocation)
    #expect(refusal.alternatives.first?.place == first, sourceLocation: sourceLocation)
    #expect(refusal.alternatives.count <= 6, sourceLocation: sourceLocation)
    #expect(refusal.steps.map(\.code) == [step], sourceLocation: sourceLocation)
  }
}

@Suite("Refused reservations")
struct RefusalTests {
  static func withRights(_ state: Rights.State, _ date: String?) -> Patient {
    var person = Patient.ana
    person.rights = Rights(state: state, date: date.flatMap { CivilDate(iso: $0) })
    return person
  }

  /// In the order in which the rules are checked; the same through Hold and through Book.
  static let ofSlots: [RefusalExample] = [
    RefusalExample(
      reason: .serviceNotOffered, text: "Aquí no se dan citas para ese servicio. Elija otro o pregunte en la ventanilla.",
      step: "asistente_medica", service: "dermatologia"),
    RefusalExample(
      reason: .serviceNotOffered, text: "Aquí no se dan citas para ese servicio. Elija otro o pregunte en la ventanilla.",
      step: "asistente_medica", role: .ivr, slot: "V1 2026-11-24 08:20", service: "cambio_de_clinica"),
    RefusalExample(
      reason: .resourceNotOffered, text: "Ese consultorio o ventanilla no da ese servicio. Elija otro lugar.",
      first: "C1 2026-11-24 480", step: "asistente_medica", slot: "C4 2026-11-24 08:00"),
    RefusalExample(
      reason: .resourceNotOffered, text: "Ese consultorio o ventanilla no da ese servicio. Elija otro lugar.",
      first: "C1 2026-11-24 480", step: "asistente_medica", slot: "C77 2026-11-24 08:00"),
    RefusalExample(
      reason: .slotInThePast, text: "Esa hora ya pasó. Elija una más tarde.", first: "C1 2026-11-23 480", step: "unifila",
      slot: "C1 2026-11-20 08:00"),
    RefusalExample(
      reason: .beyondHorizon, text: "La agenda está abierta hasta el lunes 21 de diciembre. Elija una fecha antes.",
      first: "C1 2026-12-21 480", step: "unifila", slot: "C1 2026-12-22 08:00"),
    RefusalExample(
      reason: .closed, text: "A esa hora no hay servicio. Elija otra fecha u hora.", first: "C1 2026-11-27 480",
      step: "unifila", slot: "C1 2026-11-28 08:00"),
    RefusalExample(
      reason: .notOnGrid, text: "Las citas no empiezan a esa hora. Elija uno de los horarios de la lista.",
      first: "C1 2026-11-24 480", step: "unifila", slot: "C1 2026-11-24 08:05"),
    RefusalExample(
      reason: .rightsEndBefore,
      text: "Sus derechos cubren hasta el jueves 26 de noviembre de 2026. Elija una fecha antes, o renueve su vigencia.",
      first: "C1 2026-11-26 495", step: "imss_bienestar", person: withRights(.baja, "2026-10-01"),
      slot: "C1 2026-11-27 08:15"),
    // A baja 57 days ago.
    RefusalExample(
      reason: .rightsEndBefore,
      text: "Sus derechos cubrieron hasta el domingo 22 de noviembre de 2026. Esto es lo que puede hacer hoy.",
      step: "imss_bienestar", person: withRights(.baja, "2026-09-27")),
    RefusalExample(
      reason: .rightsEndBefore, text: "No tenemos registrado su derecho a consulta. Esto es lo que puede hacer hoy.",
      step: "imss_bienestar", person: withRights(.conservacionDerechos, nil)),
    RefusalExample(
      reason: .notAccessible, text: "A ese lugar se llega por escaleras. Le ofrecemos otros en planta baja.",
      first: "C1 2026-11-24 495", step: "unifila", person: .olga, slot: "C3 2026-11-24 08:15"),
    RefusalExample(
      reason: .limitReached, text: "Ya tiene una cita o un lugar apartado. Cancélelo si prefiere otro.",
      step: "cancelar", before: { try await $0.book("C1 2026-11-25 08:15", try await $0.session(.ana)) }),
    RefusalExample(
      reason: .personBusy, text: "A esa hora la persona ya tiene otra cita. Elija otra hora.", first: "C4 2026-11-24 510",
      step: "unifila", slot: "C4 2026-11-24 08:00", service: "estomatologia",
      before: { try await $0.book("C1 2026-11-24 08:15", try await $0.session(.ana)) }),
    RefusalExample(
      reason: .slotTaken, text: "Alguien tomó ese lugar antes. Le ofrecemos los más cercanos.",
      first: "C1 2026-11-24 480", step: "unifila", before: { try await $0.occupy("C1 2026-11-24 08:15") }),
  ]

  @Test("Each refusal, in the order it is checked, is told alike by Hold and by Book", arguments: ofSlots)
  func slots(example: RefusalExample) async throws {
    try await withClinic(people: Patient.household.filter { $0.id != example.person.id } + [example.person]) { clinic in
      try await example.before(clinic)
      let token = try await clinic.session(example.person, at: example.role)
      let slot = Wire.SlotChoice(example.slot, service: example.service)
      let rows = try await clinic.store.counts()
      try example.expect(
        await status { () throws(RPCError) in
          try await clinic.appointments(example.role).hold(
            Wire.HoldRequest(sessionToken: token, slot: slot), options: .write())
        })
      try example.expect(
        await status { () throws(RPCError) in
          try await clinic.appointments(example.role).book(
            Wire.BookRequest(sessionToken: token, what: .slot(slot)), options: .write())
        })
      #expect(try await clinic.store.counts() == rows)
    }
  }

  @Test("Every reason of the contract has its example here")
  func complete() {
    let byFolio: [Wire.RefusalReason] = [.appointmentNotFound, .holdExpired, .wrongState]
    #expect(Set((Self.ofSlots.map(\.reason) + byFolio).map(\.rawValue)) == Set(1...14))
  }

  @Test("Somebody has the slot, over a socket: the detail travels with the status")
  func overASocket() async throws {
    let example = Self.ofSlots.last!
    try await withClinic(.socket) { clinic in
      try await example.before(clinic)
      let token = try await clinic.session(.ana)
      let error = try await status { () throws(RPCError) in
        try await clinic.appointments().book(
          Wire.BookRequest(sessionToken: token, what: .slot(Wire.SlotChoice(example.slot))), options: .write())
      }
      try example.expect(error)
      #expect(
        error.refusal?.alternatives.map(\.place) == [480, 510, 525, 540, 555, 570].map { "C1 2026-11-24 \($0)" })
    }
  }

  @Test("Alternatives are free when they are told, and each can be booked")
  func alternativesCanBeBooked() async throws {
    try await withClinic { clinic in
      for start in ["08:15", "08:30"] { try await clinic.occupyFor(start) }
      let token = try await clinic.session(.ana)
      let error = try await status { () throws(RPCError) in
        try await clinic.appointments().book(
          Wire.BookRequest(sessionToken: token, what: .slot(Wire.SlotChoice("C1 2026-11-24 08:15"))), options: .write())
      }
      let alternatives = try #require(error.refusal?.alternatives)
      #expect(alternatives.map(\.startMinute) == [480, 525, 540, 555, 570, 585])
      for slot in alternatives {
        let choice = Wire.SlotChoice(
          service: slot.service, resource: slot.resource, date: slot.date, startMinute: slot.startMinute)
        let booked = try await clinic.appointments().book(
          Wire.BookRequest(sessionToken: token, what: .slot(choice)), options: .write())
        _ = try await clinic.appointments().cancel(
          Wire.CancelRequest(sessionToken: token, folio: booked.appointment!.folio), options: .write())
      }
    }
  }

  @Test("With nothing free anywhere the sentence promises nothing, and there is still something to do")
  func nothingFree() async throws {
    let rules = ClinicRules.fixture { clinic in
      clinic.turnos = [Turno(code: .matutino, name: "matutino", hours: .hours(8, 9))]
      clinic.resources = [
        AgendaResource(
          id: .c(4), services: [.dentist], floor: 0, tags: [],
          rules: [WeeklyRule(turno: .matutino, weekdays: [.monday])])
      ]
      clinic.policy.horizonDays = 1
    }
    try await withClinic(rules: rules) { clinic in
      for (person, start) in [(Patient.dario, "08:00"), (.beto, "08:30")] {
        try await clinic.book("C4 2026-11-23 \(start)", try await clinic.session(person), service: "estomatologia")
      }
      let token = try await clinic.session(.ana)
      let error = try await status { () throws(RPCError) in
        try await clinic.appointments().book(
          Wire.BookRequest(
            sessionToken: token, what: .slot(Wire.SlotChoice("C4 2026-11-23 08:00", service: "estomatologia"))),
          options: .write())
      }
      #expect(error.message == "Alguien tomó ese lugar antes.")
      #expect(error.refusal?.alternatives == [] && error.refusal?.steps.map(\.code) == ["unifila"])
    }
  }

  // MARK: By folio

  @Test("A folio that is nobody's: NOT_FOUND from Book, Cancel and Get alike", arguments: Depth.allCases)
  func notFound(depth: Depth) async throws {
    let example = RefusalExample(
      reason: .appointmentNotFound, text: "No encontramos esa cita entre las suyas. Revise el folio: son 12 dígitos.",
      step: "asistente_medica", code: .notFound)
    try await withClinic(depth) { clinic in
      let token = try await clinic.session(.ana)
      let unknown = try await clinic.unknownFolio(token)
      try example.expect(unknown.get)
      try example.expect(unknown.cancel)
      let book = try await status { () throws(RPCError) in
        try await clinic.appointments().book(
          Wire.BookRequest(sessionToken: token, what: .holdFolio(Folio.fixture(4711).description)), options: .write())
      }
      try example.expect(book)
    }
  }

  @Test("A hold that ran out: the slot itself is the first alternative while it is free")
  func holdExpired() async throws {
    let example = RefusalExample(
      reason: .holdExpired, text: "Se acabó el tiempo del apartado. Elija de nuevo; tal vez el lugar siga libre.",
      first: "C1 2026-11-24 495", step: "unifila")
    try await withClinic { clinic in
      let folio = try await clinic.hold("C1 2026-11-24 08:15", try await clinic.session(.ana)).folio
      clinic.clock.advance(.seconds(120))
      let token = try await clinic.session(.ana)
      let book = try await status { () throws(RPCError) in
        try await clinic.appointments().book(
          Wire.BookRequest(sessionToken: token, what: .holdFolio(folio)), options: .write())
      }
      try example.expect(book)
    }
  }

  @Test("What has been done already cannot be done again")
  func wrongState() async throws {
    try await withClinic { clinic in
      let token = try await clinic.session(.ana)
      let folio = try await clinic.book("C1 2026-11-24 08:15", token).folio
      let book = try await status { () throws(RPCError) in
        try await clinic.appointments().book(
          Wire.BookRequest(sessionToken: token, what: .holdFolio(folio)), options: .write())
      }
      try RefusalExample(reason: .wrongState, text: "Ese apartado ya es una cita.", step: "asistente_medica").expect(book)
      _ = try await clinic.appointments().cancel(Wire.CancelRequest(sessionToken: token, folio: folio), options: .write())
      try RefusalExample(reason: .wrongState, text: "Esa cita ya está cancelada.", step: "asistente_medica")
        .expect(try await clinic.cancelStatus(folio, token))
    }
  }

  @Test("An appointment whose hour has come is not cancelled, and the sentence is about that")
  func tooLateToCancel() async throws {
    let example = RefusalExample(
      reason: .slotInThePast,
      text: "La hora de esa cita ya llegó y no se puede cancelar. Si no alcanzó a venir, pregunte en la ventanilla.",
      step: "unifila")
    try await withClinic { clinic in
      let token = try await clinic.session(.ana)
      let folio = try await clinic.book("C1 2026-11-23 08:00", token).folio
      clinic.clock.set(Instant(iso: "2026-11-23T14:00:00Z")!)
      try example.expect(try await clinic.cancelStatus(folio, token))
    }
  }

  @Test("A third hold is one too many, whatever it is for")
  func holdLimit() async throws {
    try await withClinic { clinic in
      let token = try await clinic.session(.ana)
      try await clinic.hold("C1 2026-11-24 08:15", token)
      try await clinic.hold("C4 2026-11-24 09:00", token, service: "estomatologia")
      let error = try await status { () throws(RPCError) in
        try await clinic.appointments().hold(
          Wire.HoldRequest(sessionToken: token, slot: Wire.SlotChoice("V1 2026-11-24 10:00", service: "cambio_de_clinica")),
          options: .write())
      }
      try RefusalExample(
        reason: .limitReached,
        text: "Ya tiene 2 citas o lugares apartados, que es lo más que se puede. Cancele uno si prefiere otro.",
        step: "cancelar"
      ).expect(error)
    }
  }
}

extension TestClinic {
  /// A slot of C1 on 24 November, for the next of the household who has none.
  func occupyFor(_ start: String) async throws {
    let person = start == "08:15" ? Patient.dario : .elias
    try await book("C1 2026-11-24 \(start)", try await session(person))
  }
}
