internal import ClinicDomain
internal import Foundation
internal import Guidance
internal import IVRDialogue
internal import Testing

/// The founding programmes, as far as the telephone's dialogues answer for them: over every key sequence of the shipped line.
@Suite("The telephone of the founding programmes, on every way through a call")
struct ProgrammeTests {
  static let tuesday = CivilDate(year: 2026, month: 11, day: 24)!

  static func start(_ script: String, hour: Int = 10, caller: String? = nil) -> CallStart {
    CallStart(script: script, caller: caller.flatMap { PhoneNumber($0) }, today: tuesday, time: AgendaMinute(minutes: 60 * hour)!)
  }

  static let away: @Sendable (BackEndRequest) -> CallEvent = { _ in .backEndAway(mayHaveHappened: false) }
  static let ways = EveryWay()

  @Test("P04: from «dolor de pecho», «cara caída» and «sangrado» the emergency words are the next prompt, without NSS and with the server away",
    arguments: ["menu", "orientacion"])
  func emergencyWords(script: String) {
    let choices = [("orientacion.temas", "1", "pecho"), ("orientacion.temas", "2", "cara"), ("orientacion.embarazo", "1", "sangra")]
    var found: Set<String> = []
    for way in Self.ways.ways(from: Self.start(script), back: Self.away) {
      guard let last = way.stood.last, let key = way.pressed.last else { continue }
      for choice in choices where choice.0 == last && choice.1 == key {
        found.insert(choice.2)
        // What was played after the key: the emergency's words first, and alone.
        let after = way.heard.suffix(2)
        #expect(after.first?.contains("911") == true || after.first?.contains("Urgencias") == true, "\(way.pressed): \(after)")
        #expect(!way.heard.contains { $0.contains("Seguridad Social") || $0.contains("fecha de nacimiento") })
        #expect(way.asked == [])
      }
    }
    #expect(found == ["pecho", "cara", "sangra"])
  }

  @Test("P04: the first words of every call are what to do in an emergency", arguments: ["menu", "orientacion", "citas", "tramites", "", "nada"])
  func firstWords(script: String) {
    for way in Self.ways.ways(from: Self.start(script), back: Self.away, while: { _ in false }) {
      #expect(way.heard.first == "Si es una emergencia, cuelgue y marque 911.")
    }
  }

  @Test("P10: with the server dead every alarm is raised all the same, nobody is asked who they are before it, and the caller is told where to go")
  func alarmsWithoutServer() {
    var alarms: Set<String> = []
    for way in Self.ways.ways(from: Self.start("orientacion", hour: 23), back: Self.away) {
      let raised = way.effects.compactMap { if case .raiseAlarm(let notice) = $0 { notice.alarm.sign.rawValue } else { nil } }
      guard !raised.isEmpty else { continue }
      alarms.formUnion(raised)
      #expect(!way.asked.contains { if case .identify = $0 { true } else { false } })
      if case .end = way.turn.step {
        #expect(way.heard.contains { $0.contains("Nadie ha contestado el aviso. Vaya ahora a Urgencias, o marque 911.") } || way.pressed.last == "0" || way.pressed.last == "calla")
        #expect(!way.heard.contains { $0.contains("ya vienen") })
      }
    }
    #expect(alarms.isSuperset(of: ["dolor_de_pecho", "cara_brazo_habla", "sangrado_embarazo"]))
  }

  @Test("P24 and P25: «ya vienen» is said only after a person has acknowledged the alarm", arguments: [true, false])
  func acknowledgement(isAcknowledged: Bool) {
    let back: (BackEndRequest) -> CallEvent = { request in
      if case .awaitAlarm(seconds: 30) = request { return .answer(isAcknowledged ? .alarmAcknowledged : .alarmUnanswered) }
      return .backEndAway(mayHaveHappened: false)
    }
    var ends = 0
    for way in Self.ways.ways(from: Self.start("orientacion"), back: back) {
      let isAwaited = way.asked.contains { if case .awaitAlarm = $0 { true } else { false } }
      let saysSo = way.heard.contains { $0.contains("ya vienen") }
      #expect(saysSo == (isAwaited && isAcknowledged), "\(way.pressed)")
      if isAwaited { ends += 1 }
    }
    #expect(ends >= 3)
  }

  @Test("P11: a caller with a foreign number reaches the insurance for Mexicans abroad first: CURP, RFC, NSS, a mail and the first 20 days")
  func abroad() {
    let ways = Self.ways.ways(from: Self.start("menu", caller: "+13105550123"), back: Self.away)
    #expect(ways[0].call.whereabouts == "guia.mexicanos_extranjero.tema")
    let text = ways.first { $0.pressed == ["1"] }?.heard.joined(separator: " ") ?? ""
    for word in ["CURP", "RFC", "NSS", "correo", "20 días"] { #expect(text.contains(word)) }
    #expect(Self.ways.ways(from: Self.start("menu", caller: "+525512345678"), back: Self.away)[0].call.whereabouts == "menu.principal")
  }

  @Test("P19: a pregnant caller ends in a date within seven days, a person or Urgencias, whatever the agenda has", arguments: [0, 7, 8, 90])
  func pregnancy(firstSlotInDays: Int) {
    let date = Self.tuesday.adding(days: firstSlotInDays)
    let slot = OfferedSlot(service: ServiceCode("medicina_familiar"), slot: SlotChoice(resource: ResourceID(.consultorio, 12)!, date: date, start: AgendaMinute(minutes: 495)!))
    let back: (BackEndRequest) -> CallEvent = { request in
      if case .find = request { return .answer(.slots([slot])) }
      return .backEndAway(mayHaveHappened: false)
    }
    var offers = 0
    for way in Self.ways.ways(from: Self.start("orientacion"), back: back) where way.call.session?.edition.guide == GuideID("embarazo") || way.stood.contains("guia.embarazo.otras") {
      guard way.pressed.starts(with: ["3", "2", "2"]) else { continue }
      let isOffered = way.call.memory.slots.contains(slot)
      if isOffered { offers += 1 }
      #expect(!isOffered || firstSlotInDays <= 7)
      if case .end(let result) = way.turn.step { #expect(result != .gone) }
      #expect(!way.heard.contains { $0.contains("no queda lugar") })
    }
    #expect((offers > 0) == (firstSlotInDays <= 7))
  }

  @Test("P27: a positive screen of a child is looked for within three business days, and goes to a person when there is none")
  func childhoodCancer() {
    var searches: Set<CivilDate?> = []
    let back: (BackEndRequest) -> CallEvent = { request in
      if case .find(let search) = request { searches.insert(search.latest) }
      return .answer(.noSlots)
    }
    let ways = Self.ways.ways(from: Self.start("orientacion"), back: back).filter { $0.stood.contains { $0.hasPrefix("guia.cancer_infantil") } }
    #expect(searches.contains(CivilDate(year: 2026, month: 11, day: 27)))
    for way in ways where way.asked.contains(where: { if case .find = $0 { true } else { false } }) {
      if case .end(let result) = way.turn.step { #expect(result == .person) }
    }
  }

  @Test("P39: whoever asks for an employer's payments hears where and at what hours, on every way there, and nothing is asked of them")
  func collection() {
    let ways = Self.ways.ways(from: Self.start("tramites"), back: Self.away).filter { $0.stood.last == "tramites.otros" && $0.pressed.last == "1" }
    #expect(!ways.isEmpty)
    for way in ways {
      #expect(way.heard.last?.hasSuffix("Vaya a la Subdelegación del IMSS que le toca. Atiende de lunes a viernes, de 8 de la mañana a 3 y media de la tarde.") == true)
      #expect(way.asked == [])
      if case .end(let result) = way.turn.step { #expect(result == .ok) } else { #expect(Bool(false)) }
    }
  }

  @Test("P40: contact with HIV within 72 hours goes to Urgencias, and its motive is in no request")
  func exposure() {
    let ways = Self.ways.ways(from: Self.start("orientacion"), back: Self.away).filter { $0.stood.last == "guia.exposicion_vih.cuando" && $0.pressed.last == "1" }
    #expect(!ways.isEmpty)
    for way in ways {
      #expect(way.heard.contains { $0.contains("Vaya ahora a Urgencias de un hospital. Pida la profilaxis.") })
      #expect(way.asked == [.awaitAlarm(seconds: 30)])
    }
  }

  @Test("P13: a blind person books by keys and voice alone: each key was heard with what it does, each number is read back, nothing is shown, and the folio is heard twice",
    arguments: ["citas", "menu"])
  func blindBooking(script: String) throws {
    let wishes = ["Para citas", "Correcto", "Cita nueva", "Con el médico", "Para apartarla", "Para confirmar la cita"]
    var call = LengthTests.rehearse(script, keys: [])
    var heard: [String] = []
    var typed = ["12345678903", "05021990"][...]
    while call.ended == nil, heard.count < 40 {
      let words = call.heard.map(\.words).joined(separator: " ")
      heard.append(words)
      if let wanted = call.wanted, wanted.maximum > 1 {
        // How many digits is said before they are typed.
        let next = typed.popFirst()
        let number = try #require(next, "\(words)")
        #expect(words.contains("\(number.count) dígitos") && wanted.maximum == number.count, "\(words)")
        call.press(number)
      } else {
        let wish = try #require(wishes.first { words.contains($0) }, "\(words)")
        let option = words[words.range(of: wish)!.lowerBound...].prefix { $0 != "." }
        call.press(String(try #require(option.last { $0.isNumber }, "\(option)")))
      }
    }
    heard.append(call.heard.map(\.words).joined(separator: " "))
    #expect(call.ended == .ok && typed.isEmpty)
    #expect(heard.contains { $0.contains("Marcó 12 34 56 7890 3. Nació el 5 de febrero de 1990.") })
    let made = try #require(call.clinic.appointments.first)
    let last = heard.joined(separator: " ")
    #expect(last.components(separatedBy: made.folio.spoken).count == 3 && last.contains("\(made.slot.slot.date.spanishDayText), a las \(made.slot.slot.start)"))
    for word in ["pantalla", "vea ", "mire", "color", "imagen", "toque"] { #expect(!last.lowercased().contains(word), "\(word)") }
  }
}
