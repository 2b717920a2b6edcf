import ClinicDomain
import ClinicStore
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("A place that somebody leaves")
struct WaitlistTests {
  /// 07:00; Darío has the nine o'clock of C1 today.
  func withFreed(
    _ depth: Depth = .direct, rules: ClinicRules = .waiting(), people: [Patient] = strangers(3),
    _ body: (TestClinic, _ waiting: [String], _ freed: () async throws -> Void) async throws -> Void
  ) async throws {
    try await withClinic(depth, people: Patient.household + people, rules: rules) { clinic in
      let dario = try await clinic.session(.dario)
      let booked = try await clinic.book("C1 2026-11-23 09:00", dario)
      var tokens: [String] = []
      for person in people { tokens.append(try await clinic.session(person)) }
      try await body(clinic, tokens) { try await clinic.cancel(booked.folio, dario) }
    }
  }

  @Test("P28: cancelling a slot two hours ahead fills it from the waitlist", arguments: Depth.allCases)
  func filled(depth: Depth) async throws {
    try await withFreed(depth) { clinic, waiting, free in
      for token in waiting { try await clinic.join(token) }
      try await free()
      // From its first moment it is for those who wait, and nobody else's.
      #expect(try await !clinic.isFree("C1 2026-11-23 540", on: "2026-11-23"))
      let ana = try await clinic.session(.ana)
      let refusal = await #expect(throws: RPCError.self) { try await clinic.book("C1 2026-11-23 09:00", ana) }
      #expect(refusal?.message == "Ese lugar se está ofreciendo a quienes esperan en la lista. Le ofrecemos los más cercanos.")
      #expect(try await clinic.settle() == 1)
      // The two who wait longest are asked; the third is not.
      #expect(try await clinic.offers(waiting[2]).isEmpty)
      let offer = try #require(try await clinic.offers(waiting[1]).first)
      #expect(offer.text == "Se libró un lugar: lunes 23 de noviembre, 09:00, consultorio 1, planta baja. "
        + "Puede aceptarlo hasta el lunes 23 de noviembre, 07:20; es de quien lo acepte primero.")
      let taken = try await clinic.answer(offer.id, true, waiting[1])
      #expect(taken.appointment?.status == .booked)
      #expect(taken.appointment?.slot?.place == "C1 2026-11-23 540")
      #expect(try await clinic.entries(waiting[1]).isEmpty)
      #expect(try await clinic.day().places.map(\.text) == ["Ya es de alguien que esperaba."])
      #expect(try await clinic.settle() == 0)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("P29: fifty claims at once for one slot: one has it, and forty-nine keep their order", arguments: [Depth.direct, .socket])
  func claims(depth: Depth) async throws {
    let people = strangers(50)
    let rules = ClinicRules.waiting { $0.waitlist?.offersAtOnce = 50 }
    try await withFreed(depth, rules: rules, people: people) { clinic, waiting, free in
      for token in waiting { try await clinic.join(token) }
      try await free()
      try await clinic.settle()
      var offers: [Int64] = []
      for token in waiting { offers.append(try #require(try await clinic.offers(token).first).id) }
      // A kiosk's rate is for one person who stands at it, not for fifty: let it come back.
      if depth == .socket { try await Task.sleep(for: .seconds(2)) }
      let won = await withTaskGroup(of: (Int, String?).self) { group in
        for (number, token) in waiting.enumerated() {
          let offer = offers[number]
          group.addTask {
            do {
              _ = try await clinic.answer(offer, true, token)
              return (number, nil)
            } catch { return (number, (error as? RPCError)?.message ?? "\(error)") }
          }
        }
        return await group.reduce(into: [String?](repeating: nil, count: 50)) { $0[$1.0] = $1.1 }
      }
      let winners = won.indices.filter { won[$0] == nil }
      #expect(winners.count == 1)
      #expect(Set(won.compactMap(\.self)) == [
        "Ese lugar ya no está: alguien lo aceptó antes o se acabó el tiempo. Usted conserva su lugar en la lista de espera."
      ])
      if depth == .socket { try await Task.sleep(for: .seconds(1)) }
      var positions: [Int32] = []
      for (number, token) in waiting.enumerated() where !winners.contains(number) {
        positions.append(try #require(try await clinic.entries(token).first).position)
      }
      #expect(positions == Array(1...49))
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("Who says no, or nothing, keeps their place; the next are asked; what nobody takes is for today's walk-ins")
  func nobody() async throws {
    try await withFreed { clinic, waiting, free in
      for token in waiting { try await clinic.join(token) }
      try await free()
      try await clinic.settle()
      let declined = try #require(try await clinic.offers(waiting[0]).first)
      #expect(try await clinic.answer(declined.id, false, waiting[0]).text == "Gracias por contestar. Usted conserva su lugar en la lista de espera.")
      // The other offer of the round is open still.
      #expect(try await clinic.settle() == 0)
      clinic.clock.advance(.seconds(20 * 60))
      let tokens = try await [clinic.session(strangers(3)[1]), clinic.session(strangers(3)[2])]
      #expect(try await clinic.offers(tokens[0]).isEmpty)
      #expect(try await clinic.settle() == 1)
      #expect(try await clinic.offers(tokens[1]).count == 1)
      clinic.clock.advance(.seconds(20 * 60))
      #expect(try await clinic.settle() == 1)
      let day = try await clinic.day()
      #expect(day.places.map(\.text) == ["Para quien llegue hoy sin cita."])
      #expect(day.places.map(\.asked) == [3])
      #expect(day.waiting == 3)
      #expect(try await !clinic.isFree("C1 2026-11-23 540", on: "2026-11-23"))
      // Somebody comes in.
      let ana = try await clinic.session(.ana)
      let place = try #require(day.places.first).id
      let taken = try await clinic.waitlist().takeWalkInPlace(.init(sessionToken: ana, place: place), options: .write())
      #expect(taken.appointment?.slot?.place == "C1 2026-11-23 540")
      let beto = try await clinic.session(.beto)
      let gone = await #expect(throws: RPCError.self) {
        try await clinic.waitlist().takeWalkInPlace(.init(sessionToken: beto, place: place), options: .write())
      }
      #expect(gone?.code == .failedPrecondition)
      let third = try await clinic.session(strangers(3)[0])
      #expect(try await clinic.entries(third).map(\.position) == [1])
    }
  }

  @Test("On a later day what nobody takes is anybody's again, and where nobody waits at once")
  func released() async throws {
    try await withClinic(people: Patient.household, rules: .waiting()) { clinic in
      let dario = try await clinic.session(.dario)
      let booked = try await clinic.book("C1 2026-11-25 09:00", dario)
      try await clinic.cancel(booked.folio, dario)
      #expect(try await !clinic.isFree("C1 2026-11-25 540", on: "2026-11-25"))
      try await clinic.settle()
      #expect(try await clinic.isFree("C1 2026-11-25 540", on: "2026-11-25"))
    }
  }

  @Test("An appointment that somebody waits to exchange stands until the new one is theirs, and is then offered in its turn")
  func exchange() async throws {
    try await withFreed { clinic, waiting, free in
      let late = try await clinic.book("C2 2026-11-26 10:00", waiting[0])
      try await clinic.join(waiting[0], replacing: late.folio)
      try await clinic.join(waiting[1])
      try await free()
      try await clinic.settle()
      let offer = try #require(try await clinic.offers(waiting[0]).first)
      #expect(try await clinic.appointments().get(.init(sessionToken: waiting[0], folio: late.folio)).appointment?.status == .booked)
      let taken = try await clinic.answer(offer.id, true, waiting[0])
      #expect(try await clinic.appointments().get(.init(sessionToken: waiting[0], folio: late.folio)).appointment?.status == .cancelled)
      let mine = try await clinic.appointments().list(.init(sessionToken: waiting[0])).appointments
      #expect(mine.map(\.folio) == [taken.appointment?.folio])
      try await clinic.settle()
      #expect(try await clinic.offers(waiting[1]).map { $0.slot?.place } == ["C2 2026-11-26 600"])
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("Nobody is asked who would not accept the place, cannot have it, or has something else at that time")
  func unsuited() async throws {
    let people = [
      Patient.fixture(201, nss: nil, consultorio: nil, turno: nil), .fixture(202, nss: nil, consultorio: nil, turno: nil),
      .fixture(203, nss: nil, needs: [Patient.noStairs], consultorio: nil, turno: nil), .fixture(204, nss: nil, consultorio: nil, turno: nil),
    ]
    let rules = ClinicRules.waiting { clinic in
      clinic.resources[0].floor = 1
      clinic.services[0].maxActivePerPatient = 2
    }
    try await withFreed(rules: rules, people: people) { clinic, waiting, free in
      try await clinic.join(waiting[0], turno: "vespertino")
      try await clinic.book("C4 2026-11-23 08:30", waiting[1], service: "estomatologia")
      try await clinic.book("C2 2026-11-23 09:00", waiting[1])
      try await clinic.join(waiting[1])
      try await clinic.join(waiting[2])
      try await clinic.join(waiting[3])
      try await free()
      try await clinic.settle()
      var asked: [Int] = []
      for token in waiting { asked.append(try await clinic.offers(token).count) }
      #expect(asked == [0, 0, 0, 1])
    }
  }

  @Test("Another's offers and entries are nobody's business")
  func privacy() async throws {
    try await withFreed { clinic, waiting, free in
      let entry = try await clinic.join(waiting[0])
      try await free()
      try await clinic.settle()
      let offer = try #require(try await clinic.offers(waiting[0]).first)
      for call in [
        { _ = try await clinic.answer(offer.id, true, waiting[1]) }, { _ = try await clinic.answer(offer.id, false, waiting[1]) },
        { _ = try await clinic.answer(999, true, waiting[1]) },
        { _ = try await clinic.waitlist().leave(.init(sessionToken: waiting[1], entry: entry.id), options: .write()) },
      ] as [() async throws -> Void] {
        let refusal = await #expect(throws: RPCError.self) { try await call() }
        #expect(refusal?.message == "No encontramos ese número entre los suyos. Pida su lista de espera de nuevo.")
        #expect(refusal?.code == .notFound)
      }
      let denied = await #expect(throws: RPCError.self) { _ = try await clinic.waitlist(.kiosk).listDay(.init()) }
      #expect(denied?.code == .permissionDenied)
    }
  }

  @Test("Who leaves the list while a place is offered to them has no offer any more, and the next one has it")
  func leavingWithOffer() async throws {
    try await withFreed { clinic, waiting, free in
      let entry = try await clinic.join(waiting[0])
      try await clinic.join(waiting[1])
      try await free()
      try await clinic.settle()
      let offer = try #require(try await clinic.offers(waiting[0]).first)
      _ = try await clinic.waitlist().leave(.init(sessionToken: waiting[0], entry: entry.id), options: .write())
      let late = await #expect(throws: RPCError.self) { _ = try await clinic.answer(offer.id, true, waiting[0]) }
      #expect(late?.refusal?.reason == .offerOver)
      try await clinic.settle()
      #expect(try await clinic.offers(waiting[1]).count == 1)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("Nobody reads that they will be called whom the clinic never calls", arguments: [
    (true, "5512345678", false, true), (false, "5512345678", false, false), (true, "", false, false), (true, "+12025550100", false, false),
    (true, "5512345678", true, false),
  ])
  func promisedCall(clinicCalls: Bool, phone: String, isDeaf: Bool, isPromised: Bool) async throws {
    var person = strangers(1)[0]
    person.phone = PhoneNumber(phone)
    person.needs = isDeaf ? [Patient.deaf] : []
    let rules = ClinicRules.waiting { clinic in
      if clinicCalls { clinic.waitlist?.calls = CallingHours(days: Weekday.allCases, hours: .hours(6, 20)) }
    }
    try await withClinic(people: [person], rules: rules) { clinic in
      let token = try await clinic.session(person)
      let joined = try await clinic.join(token)
      #expect(joined.text.contains(" Le llamaremos si se libra") == isPromised)
      #expect(joined.text.contains(" Pregunte aquí") == !isPromised)
      #expect(try await clinic.entries(token).map(\.text) == [joined.text])
    }
  }

  @Test("Who is in palliative care and lets the clinic call reads at the join, too, that they will be called, and that they are the first")
  func promisedCallInPalliativeCare() async throws {
    var person = strangers(2)[1]
    person.phone = PhoneNumber("5512345678")
    let rules = ClinicRules.waiting { $0.waitlist?.calls = CallingHours(days: Weekday.allCases, hours: .hours(6, 20)) }
    try await withClinic(people: [strangers(2)[0], person], rules: rules) { clinic in
      try await PalliativeTests.palliative(clinic, person)
      try await clinic.join(try await clinic.session(strangers(2)[0]))
      let token = try await clinic.session(person)
      _ = try await clinic.contact().chooseCalls(.init(sessionToken: token, calls: true), options: .write())
      let joined = try await clinic.join(token)
      #expect(joined.text.hasPrefix("Es la primera persona de la lista de espera. Le llamaremos si se libra"), "\(joined.text)")
      #expect(try await clinic.entries(token) == [joined])
    }
  }

  @Test("The same wish again is the same entry and the same place in line: nobody is asked twice for it", arguments: Depth.allCases)
  func sameWish(depth: Depth) async throws {
    try await withClinic(depth, people: strangers(2), rules: .waiting()) { clinic in
      let token = try await clinic.session(strangers(2)[0])
      let first = try await clinic.join(token)
      try await clinic.join(try await clinic.session(strangers(2)[1]))
      #expect(try await clinic.join(token) == first)
      clinic.clock.advance(.seconds(86_400))
      let tomorrow = try await clinic.session(strangers(2)[0])
      // The day that is over is no part of the wish any more.
      #expect(try await clinic.join(tomorrow, from: "2026-11-24") == first)
      #expect(try await clinic.entries(tomorrow) == [first])
      let other = try await clinic.join(tomorrow, from: "2026-11-24", turno: "vespertino")
      #expect(other.id != first.id)
      // With as many as they may have, the same is still no refusal.
      #expect(try await clinic.join(tomorrow, from: "2026-11-24", turno: "vespertino") == other)
      _ = try await clinic.waitlist().leave(.init(sessionToken: tomorrow, entry: first.id), options: .write())
      #expect(try await clinic.join(tomorrow, from: "2026-11-24").id > other.id)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("What a person reads who joins, and who cannot")
  func joining() async throws {
    try await withClinic(people: strangers(3), rules: .waiting()) { clinic in
      let first = try await clinic.session(strangers(3)[0])
      #expect(try await clinic.join(first).text == "Es la primera persona de la lista de espera. Pregunte aquí, o por teléfono, si se libra un lugar "
        + "entre el lunes 23 de noviembre y el viernes 27 de noviembre. Decir que no, o no contestar, no le quita su lugar.")
      let second = try await clinic.session(strangers(3)[1])
      #expect(try await clinic.join(second, to: "2026-11-23").text.hasPrefix("Es el número 2 de la lista de espera. Pregunte aquí, o por teléfono,"))
      try await clinic.join(second)
      let full = await #expect(throws: RPCError.self) { try await clinic.join(second, to: "2026-11-26") }
      #expect(full?.message == "Ya está 2 veces en la lista de espera, que es lo más que se puede.")
      let past = await #expect(throws: RPCError.self) { try await clinic.join(first, from: "2026-11-20", to: "2026-11-22") }
      #expect(past?.message == "Esas fechas ya pasaron. Elija otras.")
    }
    try await withClinic(people: strangers(1), rules: .waiting()) { clinic in
      let request = Wire.JoinRequest(sessionToken: try await clinic.session(strangers(1)[0]), services: ["medicina_familiar"], reach: .message)
      let letters = await #expect(throws: RPCError.self) { _ = try await clinic.waitlist().join(request, options: .write()) }
      #expect(letters?.code == .invalidArgument)
      #expect(letters?.message == "reach: todavía no se envían mensajes: elija que le llamen, o pregunte en persona")
    }
    try await withClinic(people: strangers(1)) { clinic in
      let token = try await clinic.session(strangers(1)[0])
      let none = await #expect(throws: RPCError.self) { try await clinic.join(token) }
      #expect(none?.message == "Esta clínica no tiene lista de espera: lo que se libra es de quien lo pida primero.")
    }
  }
}
