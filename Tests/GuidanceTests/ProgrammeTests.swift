internal import ClinicDomain
internal import Guidance
internal import Testing

/// The shipped guides against the founding programmes, over every key sequence. No session here knows who calls: there is nothing
/// to identify anybody with.
@Suite("Guidance of the founding programmes, on every way through the shipped guides")
struct ProgrammeTests {
  static let now = Instant(seconds: 1_795_680_000)

  @Test("P04: «dolor de pecho», «cara caída» and «sangrado en el embarazo» reach emergency words within two prompts, without NSS",
    arguments: ["dolor_de_pecho", "cara_caida", "sangrado_embarazo"])
  func emergencyWords(id: String) {
    let guide = shipped(id)
    for way in guide.everyWay() {
      let prompts = way.nodes.prefix(2).map { guide.prompt(at: guide[$0]!, in: .spanish)! }
      #expect(prompts.contains { $0.contains("911") || $0.contains("Urgencias") }, "\(way.nodes)")
      #expect(way.nodes.allSatisfy { !guide[$0]!.isIdentification })
    }
    #expect(guide.everyWay().count >= 4)
  }

  @Test("P10: no shipped guide identifies anybody")
  func nobodyIsIdentified() {
    for guide in shippedGuides { #expect(guide.nodes.allSatisfy { !$0.isIdentification }, "\(guide.id)") }
  }

  @Test("P24: «sí» to face, arm or speech raises código cerebro at once, and the onset is stored on every way to the end")
  func strokeCode() {
    let guide = shipped("cara_caida")
    var session = GuidanceSession(guide, hash: .any, language: .spanish)
    session.wentOn(in: guide)
    let alarm = Alarm(sign: SignCode("cara_brazo_habla"), code: .cerebro, at: Self.now)
    #expect(session.pressed(1, at: Self.now, in: guide) == .taken(alarm: alarm))
    #expect(session.step(in: guide) == .say([TextKey(guide.id, NodeID("que_hacer"))], emergency: .call911))
    session.wentOn(in: guide)
    #expect(session.pressed(2, at: Self.now, in: guide) == .taken(alarm: nil))
    #expect(session.onset == Onset(OnsetRange(minutes: 60...270), saidAt: Self.now))
    #expect(session.alarms == [alarm])
    #expect(session.state == .ended(.disposition(NodeID("llame_911"), .emergency911)))
  }

  @Test("P24: the window closes 4 hours 30 minutes after the first sign, and is never taken for longer than it may be", arguments: [
    (0...60, 0, Onset.Window.open(until: now.adding(seconds: 12_600))),
    (0...60, 12_599, .open(until: now.adding(seconds: 12_600))),
    (0...60, 12_600, .perhaps(until: now.adding(seconds: 16_200))),
    (0...60, 16_200, .closed),
    (60...270, 0, .perhaps(until: now.adding(seconds: 12_600))),
    (270...10_080, 0, .closed),
  ] as [(ClosedRange<Int>, Int, Onset.Window)])
  func strokeWindow(minutes: ClosedRange<Int>, later: Int, expected: Onset.Window) {
    let onset = Onset(OnsetRange(minutes: minutes), saidAt: Self.now)
    #expect(onset.window(at: Self.now.adding(seconds: later)) == expected)
  }

  @Test("P24: whatever the onset, the caller is sent to 911: the window lowers nothing")
  func windowLowersNothing() {
    let guide = shipped("cara_caida")
    for way in guide.everyWay() where way.session.alarms.contains(where: { $0.code == .cerebro }) {
      #expect(way.session.state == .ended(.disposition(NodeID("llame_911"), .emergency911)))
      let saidWhen = way.session.trail.last.map { $0.node == NodeID("cuando") && $0.key < 4 }
      #expect((way.session.onset != nil) == saidWhen)
    }
  }

  @Test("P25: «sí» to the signs of the heart raises código infarto")
  func heartCode() {
    let raised = shipped("dolor_de_pecho").everyWay().flatMap(\.session.alarms).map(\.code)
    #expect(raised.contains(.infarto))
  }

  @Test("P19: in the pregnancy guides an alarm sign ends in Urgencias; without one there is a date within 7 days or a person, never «no hay lugar»",
    arguments: ["embarazo", "sangrado_embarazo"])
  func zeroRejection(id: String) {
    let guide = shipped(id)
    for way in guide.everyWay() {
      guard case .ended(.disposition(_, let end)) = way.session.state else { continue }
      #expect(way.session.isPregnant)
      if !way.session.alarms.isEmpty { #expect(end == .urgencias || end == .emergency911, "\(way.nodes)") }
      switch end {
      case .emergency911, .urgencias, .person: break
      case .appointment(let term, _): #expect(term.days <= 7)
      default: Issue.record("\(way.nodes) ends in \(end)")
      }
    }
  }

  @Test("P19: a date in three months, or «no hay lugar», in a pregnancy guide is refused", arguments: [
    (Disposition.appointment(AppointmentTerm(service: ServiceCode("medicina_familiar"), days: 60), otherwise: "persona"), GuideRule.pregnantWaits),
    (.appointment(AppointmentTerm(service: ServiceCode("medicina_familiar"), days: 7), otherwise: "otras"), .pregnantWaits),
    (.callback(withinMinutes: 31), .pregnantWaits),
    (.noPlace, .pregnantIsRefused),
  ])
  func threeMonths(end: Disposition, rule: GuideRule) {
    let guide = shipped("embarazo").changing("cita") { $0.kind = .disposition(end) }
    let found = guide.problems.first { $0.rule == rule }
    #expect(found?.path.description == "aviso → sangrado (2) → otras (2) → cita")
  }

  @Test("P27: every positive answer of the oncology questionnaire ends in a date within 3 business days, or a person where there is none")
  func oncology() {
    let guide = shipped("cancer_infantil")
    let positive = guide.everyWay().filter { !$0.session.promptSigns.isEmpty }
    #expect(!positive.isEmpty)
    for way in positive {
      guard case .ended(.disposition(_, let end)) = way.session.state else { continue }
      #expect(end == .person || end.term.map { $0.days <= 3 && $0.areBusinessDays } == true, "\(way.nodes)")
      if end == .person { #expect(way.nodes.contains("cita_pronto")) }
    }
  }

  @Test("P40: a contact of less than 72 hours is sent to Urgencias, and so is who does not know")
  func within72Hours() {
    let guide = shipped("exposicion_vih")
    for key in [1, 3, 4] {
      var session = GuidanceSession(guide, hash: .any, language: .spanish)
      _ = session.pressed(key, at: Self.now, in: guide)
      #expect(session.state == .ended(.disposition("urgencias", .urgencias)))
      if key == 1 { #expect(session.onset?.earliest == Self.now.adding(seconds: -72 * 3600)) }
    }
  }

  @Test("P11: a foreign number is led to the guide for Mexicans abroad, which names CURP, RFC, NSS, e-mail and the first 20 days", arguments: [
    ("+13235550100", true), ("+525555550100", false), ("5555550100", false),
  ])
  func fromAbroad(number: String, isForeign: Bool) throws {
    let caller = try PhoneNumber(parsing: number)
    #expect(shippedGuides.filter { $0.audience.isMeant(for: caller) }.map(\.id.rawValue) == (isForeign ? ["mexicanos_extranjero"] : []))
    let guide = shipped("mexicanos_extranjero")
    let heard = guide.everyWay().map { $0.nodes.compactMap { guide[$0]!.text[.spanish] }.joined(separator: " ") }
    for word in ["CURP", "RFC", "NSS", "correo", "20 días"] { #expect(heard.contains { $0.contains(word) }, "\(word)") }
  }

  @Test("P04: whoever does not know, or cannot wait, is offered no date on any way of any guide")
  func noDateInDoubt() {
    for guide in shippedGuides {
      for way in guide.everyWay() {
        let meanings = way.session.trail.map { pressed in guide[pressed.node]!.answers.first { $0.key == pressed.key }!.meaning }
        guard meanings.contains(.dontKnow) || meanings.contains(.cannotWait) else { continue }
        #expect(way.nodes.allSatisfy { guide[$0]!.disposition?.isHelpNow != false }, "\(guide.id): \(way.nodes)")
      }
    }
  }
}

/// One whole way through a guide.
struct PlayedWay {
  let nodes: [NodeID]
  let session: GuidanceSession
}

extension Guide {
  /// Every way from the start to an end, a date taken and not found both; a node comes twice at most.
  func everyWay() -> [PlayedWay] {
    ways(GuidanceSession(self, hash: .any, language: .spanish), [])
  }

  private func ways(_ session: GuidanceSession, _ past: [NodeID]) -> [PlayedWay] {
    let nodes = past + [session.node]
    guard past.count(where: { $0 == session.node }) < 2 else { return [] }
    var found = session.ways(in: self).flatMap { ways($0.1, nodes) }
    if self[session.node]?.disposition != nil {
      var ended = session
      ended.tookTheOffer(in: self)
      found.append(PlayedWay(nodes: nodes, session: ended))
    }
    return found
  }
}
