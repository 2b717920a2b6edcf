internal import ClinicDomain
internal import Guidance
internal import IVRDialogue
internal import Testing

@Suite("A call, event by event")
struct CallTests {
  static let tuesday = CivilDate(year: 2026, month: 11, day: 24)!
  static let slot = OfferedSlot(
    service: ServiceCode("medicina_familiar"),
    slot: SlotChoice(resource: ResourceID(.consultorio, 12)!, date: tuesday.adding(days: 1), start: AgendaMinute(minutes: 495)!), isOwnDoctor: true)
  static let folio = Folio("482011570363")!

  static func start(_ script: String, language: Language = .spanish, hour: Int = 10) -> CallStart {
    CallStart(script: script, language: language, today: tuesday, time: AgendaMinute(minutes: 60 * hour)!)
  }

  /// The call after its start and these events.
  static func call(_ script: String = "citas", _ events: CallEvent...) -> (call: Call, turn: CallTurn) {
    var call = Call(line: shippedLine)
    var turn = call.handle(.started(start(script)), at: .epoch)
    for event in events { turn = call.handle(event, at: .epoch) }
    return (call, turn)
  }

  static func identified(_ events: CallEvent...) -> (call: Call, turn: CallTurn) {
    var (call, turn) = Self.call("citas", .played, .digits("12345678903"), .digits("05021990"), .digits("1"), .answer(.identified), .answer(.noNews))
    for event in events { turn = call.handle(event, at: .epoch) }
    return (call, turn)
  }

  static func wanted(_ turn: CallTurn) -> Wanted? { if case .collect(_, let wanted) = turn.step { wanted } else { nil } }

  @Test("Why somebody calls is in no name under which a step is counted: not in a guide, at its last words, nor in a menu that leads to it")
  func whereCounted() {
    let keys = ["4", "4", "1"].map { CallEvent.digits($0) }
    let call = Self.call("orientacion", .played, keys[0], keys[1]).call
    #expect(call.whereabouts == "orientacion.otros_temas" && call.whereCounted == "orientacion")
    var guide = Self.call("orientacion", .played, keys[0], keys[1], keys[2]).call
    #expect(guide.whereabouts.hasPrefix("guia.exposicion_vih."))
    #expect(guide.whereCounted == "guia")
    _ = guide.handle(.digits("3"), at: .epoch)
    #expect(guide.whereabouts == "orientacion.vih" && guide.whereCounted == "guia")
    #expect(Self.call("citas", .played).call.whereCounted == "identificacion.pide_nss")
  }

  @Test("It begins with words that no key stops, then collects the number together with the greeting")
  func begins() {
    var call = Call(line: shippedLine)
    let first = call.handle(.started(Self.start("citas")), at: .epoch)
    #expect(first == CallTurn(.say([Prompt(.spanish, [.text(PromptID("citas.emergencia"))])], stoppedBy: .none)))
    let second = call.handle(.played, at: .epoch)
    #expect(second == CallTurn(.collect(
      [PromptID("citas.saludo"), PromptID("linea.otra_lengua"), PromptID("identificacion.pide_nss")].map { Prompt(.spanish, [.text($0)]) },
      Wanted(maximum: 11, firstKey: 8000, betweenKeys: 4000, absorbsMore: true))))
  }

  @Test("What is typed is asked of the back end as values, and read back in groups")
  func identifies() {
    let (call, turn) = Self.call("citas", .played, .digits("12345678903"), .digits("05021990"))
    guard case .collect(let prompts, _) = turn.step else { return #expect(Bool(false)) }
    #expect(prompts[0].parts.contains(.digits(["12", "34", "56", "7890", "3"])))
    #expect(prompts[0].parts.contains(.birthDate(CivilDate(year: 1990, month: 2, day: 5)!)))
    var next = call
    let request = next.handle(.digits("1"), at: .epoch)
    #expect(request.step == .request(
      .identify(.nss(NSS("12345678903")!), birthDate: CivilDate(year: 1990, month: 2, day: 5)!, ordinal: nil),
      moment: [Prompt(.spanish, [.text(PromptID("linea.un_momento"))])]))
  }

  @Test("A number is not taken with a wrong digit, too short, or with a day that does not exist", arguments: [
    ("12345678904", "linea.digito_cambiado"), ("1234", "linea.faltan_digitos"),
  ])
  func wrongNumbers(keys: String, expected: String) {
    let (_, turn) = Self.call("citas", .played, keys.count == 11 ? .digits(keys) : .partial(keys))
    guard case .collect(let prompts, _) = turn.step else { return #expect(Bool(false)) }
    #expect(prompts.first?.parts == [.text(PromptID(expected))])
  }

  @Test("0 and 9 mean themselves only alone: a number may begin with them")
  func leadingZeros() {
    #expect(Self.call("citas", .played, .digits("00755000015")).call.whereabouts == "identificacion.pide_nacimiento")
    #expect(Self.call("citas", .played, .partial("0")).turn.step == .say([Prompt(.spanish, [.text(PromptID("persona.comunica"))])], stoppedBy: KeySet("09*")))
    #expect(Self.call("citas", .played, .partial("9")).call.whereabouts == "lenguas.primeras")
  }

  @Test("* among the digits asks again without a penalty; # alone is «no lo tengo»")
  func starAndHash() {
    let asked = Self.call("citas", .played)
    #expect(Self.call("citas", .played, .digits("12*")).turn == asked.turn)
    #expect(Self.call("citas", .played, .digits("")).call.whereabouts == "identificacion.sin_nss")
  }

  @Test("After the first silence all times of the call are doubled")
  func doubled() {
    #expect(Self.wanted(Self.call("menu", .played, .silence).turn) == Wanted(maximum: 1, firstKey: 16_000, betweenKeys: 8000, absorbsMore: false))
    #expect(Self.wanted(Self.call("menu", .played, .silence, .digits("2")).turn)?.firstKey == 16_000)
  }

  @Test("Whatever is repeated ends: at the eighth correction a person takes over")
  func corrections() {
    var (call, turn) = Self.call("citas", .played)
    var rounds = 0
    while case .collect = turn.step, rounds < 20 {
      turn = call.handle(.digits("12345678903"), at: .epoch)
      guard case .collect = turn.step else { break }
      _ = call.handle(.digits("05021990"), at: .epoch)
      turn = call.handle(.digits("2"), at: .epoch)
      rounds += 1
    }
    #expect(rounds == 8)
    #expect(call.whereabouts == "persona.comunica")
  }

  @Test("9 comes back to where it was pressed, with what was known; the language of a channel is used from the start")
  func languages() {
    let (call, _) = Self.call("citas", .played, .digits("12345678903"), .digits("9"), .digits(""))
    #expect(call.whereabouts == "identificacion.pide_nacimiento")
    #expect(call.memory.identity == .nss(NSS("12345678903")!))
    var other = Call(line: shippedLine)
    // Nobody is handed on before they heard what to do in an emergency.
    #expect(other.handle(.started(Self.start("citas", language: Language("nah"))), at: .epoch).step == Self.call("citas").turn.step)
    let turn = other.handle(.played, at: .epoch)
    #expect(turn.step == .say([Prompt(.spanish, [.text(PromptID("linea.persona_por_lengua"))])], stoppedBy: KeySet("09*")))
    var unknown = Call(line: shippedLine)
    #expect(unknown.handle(.started(Self.start("citas", language: Language("en"))), at: .epoch).step == Self.call("citas").turn.step)
  }

  @Test("A language without prompts is announced in itself where that one text is written, and its recording is listed")
  func announcement() {
    var line = shippedLine
    let index = line.texts.entries.firstIndex { $0.name == .personForLanguage }!
    // No word of Maya: nobody here speaks it.
    line.texts.entries[index].text.entries.append(Spoken.Entry(Language("yua"), [.words("xxx")]))
    let id = PromptID("linea.persona_por_lengua")
    #expect(line.texts(in: Language("yua")).map(\.id) == [id])
    #expect(line.texts(in: Language("nah")).isEmpty)
    var call = Call(line: line)
    _ = call.handle(.started(Self.start("citas", language: Language("yua"))), at: .epoch)
    let turn = call.handle(.played, at: .epoch)
    #expect(turn.step == .say([Prompt(Language("yua"), [.text(id)])], stoppedBy: KeySet("09*")))
  }

  @Test("0 and 9 mean what they mean in the last words too")
  func lastWords() {
    let booking = Booking(folio: Self.folio, slot: Self.slot)
    let events: [CallEvent] = [.digits("2"), .answer(.appointments([booking])), .digits("1"), .answer(.cancelled(booking)), .answer(.checkNotDue)]
    var (call, turn) = Self.identified()
    for event in events { turn = call.handle(event, at: .epoch) }
    #expect(call.whereabouts == "citas.gracias")
    var other = call
    #expect(other.handle(.digits("*"), at: .epoch) == turn)
    _ = other.handle(.digits("9"), at: .epoch)
    #expect(other.whereabouts == "lenguas.primeras")
    _ = call.handle(.digits("0"), at: .epoch)
    #expect(call.whereabouts == "persona.comunica")
  }

  @Test("A hang-up gives the hold back and closes the session, at once and once")
  func hangUp() {
    var (call, _) = Self.identified(
      .digits("1"), .digits("1"), .answer(.slots([Self.slot])), .digits("1"), .answer(.held(Booking(folio: Self.folio, slot: Self.slot))))
    #expect(call.whereabouts == "citas.confirma")
    #expect(call.handle(.hangUp, at: .epoch) == CallTurn([.giveBack(Self.folio), .endSession], .end(.gone)))
    #expect(call.handle(.hangUp, at: .epoch) == CallTurn(.end(.gone)))
    #expect(call.handle(.digits("1"), at: .epoch) == CallTurn(.end(.gone)))
  }

  @Test("Who hangs up while their booking is made gives nothing back: it may be an appointment")
  func hangUpInBooking() {
    var (call, _) = Self.identified(
      .digits("1"), .digits("1"), .answer(.slots([Self.slot])), .digits("1"), .answer(.held(Booking(folio: Self.folio, slot: Self.slot))),
      .digits("1"))
    #expect(call.whereabouts == "citas.reserva")
    #expect(call.handle(.hangUp, at: .epoch) == CallTurn([.endSession], .end(.gone)))
  }

  @Test("Wrong keys are counted for the whole call, a guide's too; silence and * are none")
  func wrongKeys() {
    #expect(Self.call("citas", .played, .digits("12345678904"), .digits("123"), .silence, .digits("*")).call.wrongKeys == 2)
    #expect(Self.call("orientacion", .played, .digits("8"), .digits("1"), .played, .digits("8")).call.wrongKeys == 2)
  }

  @Test("The bridge's end hands every call to a person; so does a sound that is missing")
  func shutdown() {
    #expect(Self.call("citas", .played, .shutdown).turn == CallTurn(.end(.person)))
    #expect(Self.call("citas", .deadPrompt).turn == CallTurn(.end(.person)))
    #expect(Self.identified(.shutdown).turn == CallTurn([.endSession], .end(.person)))
  }

  @Test("A hold whose booking is not known is not given back: it may be an appointment")
  func lostAnswer() {
    let (_, turn) = Self.identified(
      .digits("1"), .digits("1"), .answer(.slots([Self.slot])), .digits("1"), .answer(.held(Booking(folio: Self.folio, slot: Self.slot))),
      .digits("1"), .backEndAway(mayHaveHappened: true), .played)
    #expect(turn == CallTurn([.endSession], .end(.person)))
  }

  @Test("An event that does not fit the step in hand changes nothing", arguments: [
    CallEvent.played, .answer(.identified), .backEndAway(mayHaveHappened: true), .started(start("menu")),
  ])
  func stray(event: CallEvent) {
    let (call, turn) = Self.call("citas", .played)
    var other = call
    #expect(other.handle(event, at: .epoch) == turn)
    #expect(other == call)
  }

  @Test("An answer that does not belong to the request is a server that is away")
  func foreignAnswer() {
    #expect(Self.call("citas", .played, .digits("12345678903"), .digits("05021990"), .digits("1"), .answer(.taken)).call.whereabouts
      == "identificacion.sin_sistema")
  }

  @Test("DDMM is the next day of that name: this year's, or the next one's; the 29th of February waits for its year", arguments: [
    ("2411", CivilDate(year: 2026, month: 11, day: 24)), ("2311", CivilDate(year: 2027, month: 11, day: 23)),
    ("2902", CivilDate(year: 2028, month: 2, day: 29)), ("3102", nil),
  ])
  func nextDay(keys: String, expected: CivilDate?) {
    let (call, _) = Self.identified(.digits("1"), .digits("1"), .answer(.noSlots), .digits("1"), .digits(keys))
    #expect(call.memory.askedDate == expected)
  }

  @Test("A record of every guide that was heard goes to the clinic, with its edition and without anything about who called")
  func record() {
    let (_, turn) = Self.call("orientacion", .played, .digits("1"), .played, .digits("2"))
    let records = turn.effects.compactMap { if case .keepRecord(let session) = $0 { session } else { nil } }
    #expect(records.map(\.edition.guide) == [GuideID("dolor_de_pecho")])
    #expect(records.first?.edition.hash == shippedLine[GuideID("dolor_de_pecho")]?.hash)
  }
}

extension CallTurn {
  fileprivate init(_ step: CallStep) { self.init([], step) }
}
