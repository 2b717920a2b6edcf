internal import ClinicConfiguration
internal import ClinicDomain
internal import Guidance
internal import IVRDialogue
internal import Testing

@Suite("When a person answers, and what is said when none does")
struct HoursTests {
  static let clinic: Clinic = {
    do { return try ClinicConfiguration.load(path: "\(configuration)/clinics/umf-muestra-30/clinic.yaml").value } catch {
      preconditionFailure("the shipped clinic: \(error)")
    }
  }()

  /// The shipped line in the shipped clinic.
  static let line: PhoneLine = {
    var line = shippedLine
    line.closed = PhoneLine.ClosedHours.all(of: clinic)
    return line
  }()

  static func day(_ text: String) -> CivilDate { CivilDate(iso: text)! }
  static func time(_ text: String) -> AgendaMinute { AgendaMinute(text: text)! }

  @Test("On a non-working day, and in the turno that closes, nobody answers whatever linea.yaml says; a room that closes closes no telephone", arguments: [
    ("2026-12-24", "10:00", true), ("2026-12-24", "13:59", true), ("2026-12-24", "14:00", false), ("2026-12-24", "19:59", false),
    ("2026-12-25", "10:00", false), ("2026-12-28", "10:00", true), ("2026-12-26", "10:00", false), ("2026-11-24", "20:00", false),
  ])
  func staffed(date: String, at time: String, expected: Bool) {
    #expect(Self.line.isStaffed(on: Self.day(date), at: Self.time(time)) == expected)
  }

  @Test("When somebody answers next is today, tomorrow, or after the weekend and the holidays", arguments: [
    ("2026-11-24", "10:00", "2026-11-24 10:00"), ("2026-11-24", "05:00", "2026-11-24 08:00"), ("2026-11-24", "23:00", "2026-11-25 08:00"),
    ("2026-11-27", "20:00", "2026-11-30 08:00"), ("2026-12-24", "15:00", "2026-12-28 08:00"), ("2026-12-31", "21:00", "2027-01-04 08:00"),
  ])
  func next(date: String, at time: String, expected: String) throws {
    let next = try #require(Self.line.nextAnswering(from: Self.day(date), at: Self.time(time)))
    #expect("\(next.date) \(next.time)" == expected)
  }

  @Test("Who calls on a holiday hears the day and the hour out of the files, whatever those are; where nobody ever answers, that")
  func truth() {
    func heard(_ line: PhoneLine, _ date: String, _ hour: Int) -> String {
      var call = Rehearsal(line, CallStart(script: "menu", today: Self.day(date), time: AgendaMinute(minutes: 60 * hour)!))
      call.press("0")
      return call.heard.map(\.words).joined(separator: " ")
    }
    #expect(heard(Self.line, "2026-12-25", 10).contains("Ahora no contesta nadie. Contesta una persona el lunes 28 de diciembre a las 08:00."))
    #expect(heard(shippedLine, "2026-12-25", 10).contains("Le comunico con una persona."))
    var line = Self.line
    line.attention = [PhoneLine.Attention(days: [.saturday], hours: Self.time("09:30") ..< Self.time("13:00"))]
    #expect(heard(line, "2026-11-24", 10).contains("Contesta una persona el sábado 28 de noviembre a las 09:30."))
    line.attention = []
    #expect(heard(line, "2026-11-24", 10).contains("Ahora no contesta nadie. Venga a la clínica, o llame otra vez."))
    #expect(heard(line, "2026-11-24", 10).contains("Si es una emergencia, cuelgue y marque 911."))
  }

  @Test("A term in business days leaves out weekends and the days on which the clinic does not work")
  func terms() throws {
    var latest: [CivilDate?] = []
    for line in [shippedLine, Self.line] {
      let back: (BackEndRequest) -> CallEvent = { request in
        if case .find(let search) = request { latest.append(search.latest) }
        return .answer(.noSlots)
      }
      let start = CallStart(script: "orientacion", today: Self.day("2026-12-23"), time: Self.time("10:00"))
      let ways = EveryWay(line: line).ways(from: start, back: back) { $0.pressed.isEmpty || ["4", "4", "2", "2", "1"].starts(with: $0.pressed) }
      #expect(!ways.isEmpty)
    }
    // Three days from Wednesday the 23rd: Thursday, not Christmas, Monday, Tuesday.
    #expect(latest.contains(Self.day("2026-12-28")) && latest.contains(Self.day("2026-12-29")))
  }

  @Test("At night nobody is promised a person for their language, in the languages' menu, on a channel, and in a guide; whoever is in an emergency has heard what to do",
    arguments: ["menu", "orientacion", "citas", "tramites"])
  func languages(script: String) {
    for language in Self.line.languages where language.coverage != .complete {
      let start = CallStart(script: script, language: language.language, today: Self.day("2026-11-24"), time: Self.time("23:00"))
      let call = Rehearsal(Self.line, start)
      #expect(call.heard.first?.words == "Si es una emergencia, cuelgue y marque 911.")
      let heard = call.heard.map(\.words).joined(separator: " ")
      #expect(heard.contains("Ahora no hay quien le atienda en su lengua.") && !heard.contains("Le comunico"))
      #expect(call.ended == nil && call.call.whereabouts == "persona.horario")
    }
  }

  @Test("A guide that ends in a visit at home leaves a call, at any hour: by a clinician, within an hour, with what the guide was", arguments: [10, 23])
  func homeVisit(hour: Int) throws {
    var line = Self.line
    let index = try #require(line.guides.firstIndex { $0.guide.id == GuideID("dengue") })
    for node in line.guides[index].guide.nodes.indices where line.guides[index].guide.nodes[node].disposition != nil {
      line.guides[index].guide.nodes[node].kind = .disposition(.homeVisit)
    }
    let start = CallStart(script: "orientacion", today: Self.day("2026-11-24"), time: AgendaMinute(minutes: 60 * hour)!)
    var call = Rehearsal(line, start)
    for key in ["4", "2"] { call.press(key) }
    var records: [GuidanceSession] = []
    for _ in 0..<8 where call.call.whereabouts.hasPrefix("guia.dengue") {
      call.press("2")
      records += call.effects.compactMap { if case .keepRecord(let session) = $0 { session } else { nil } }
    }
    #expect(call.call.whereabouts == "llamada.pide_telefono")
    #expect(records.map(\.edition.guide) == [GuideID("dengue")])
    for key in ["5512345678", "1", "3"] { call.press(key) }
    // Whatever she says it is about: the guide knows.
    #expect(call.asked == [.leaveCallback(digits: "5512345678", .guidance, withinMinutes: 60)])
    #expect(call.ended == .ok && call.heard.last?.words.contains("Su folio es") == true)
  }
}
