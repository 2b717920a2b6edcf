internal import ClinicDomain
internal import Guidance
internal import Testing

@Suite("A caller's way through a guide")
struct GuidanceSessionTests {
  static let now = Instant(seconds: 1_795_680_000)

  private func session(_ language: Language = .spanish) -> GuidanceSession { GuidanceSession(fixture, hash: .any, language: language) }

  @Test("A whole way: heard, asked, alarmed, asked when, handed over; the record holds edition, keys and the sign")
  func wholeWay() {
    var session = session()
    #expect(session.step(in: fixture).spoken == ["say 911", "mareo.aviso"])
    session.wentOn(in: fixture)
    #expect(session.step(in: fixture).spoken == ["ask 1 2 3", "mareo.cara", "mareo.cara.1", "mareo.cara.2", "mareo.cara.3"])
    #expect(session.pressed(1, at: Self.now, in: fixture) == .taken(alarm: Alarm(sign: SignCode("cara"), code: .cerebro, at: Self.now)))
    #expect(session.step(in: fixture).spoken == ["say 911", "mareo.llame"])
    session.wentOn(in: fixture)
    #expect(session.pressed(1, at: Self.now, in: fixture) == .taken(alarm: nil))
    #expect(session.step(in: fixture).spoken == ["end", "mareo.urgencias"])
    #expect(session.state == .ended(.disposition("urgencias", .urgencias)))
    #expect(session.edition == GuideEdition(of: fixture, hash: .any))
    #expect(session.edition.version == 3)
    #expect(session.trail == [.init(node: "cara", key: 1), .init(node: "cuando", key: 1)])
  }

  @Test("0 is a person wherever something is asked, said or looked for", arguments: [[], [2], [2, 1]])
  func person(keys: [Int]) {
    var session = session()
    if !keys.isEmpty { session.wentOn(in: fixture) }
    for key in keys { _ = session.pressed(key, at: Self.now, in: fixture) }
    let node = session.node
    #expect(session.pressed(0, at: Self.now, in: fixture) == .taken(alarm: nil))
    #expect(session.state == .ended(.askedForAPerson(at: node)))
  }

  @Test("A key that is not offered, or pressed where nothing is asked, changes nothing")
  func notOffered() {
    var session = session()
    let before = session
    #expect(session.pressed(1, at: Self.now, in: fixture) == .notOffered)
    #expect(session == before)
    session.wentOn(in: fixture)
    let asked = session
    for key in [4, 8, 9, -1, 100] { #expect(session.pressed(key, at: Self.now, in: fixture) == .notOffered) }
    session.wentOn(in: fixture)
    session.foundNoPlace(in: fixture)
    session.tookTheOffer(in: fixture)
    #expect(session == asked)
  }

  @Test("A date is offered, taken, or not found; then comes what the guide says for that")
  func date() {
    var session = session()
    session.wentOn(in: fixture)
    for key in [2, 1] { _ = session.pressed(key, at: Self.now, in: fixture) }
    #expect(session.isPregnant)
    #expect(session.step(in: fixture).spoken == ["offer", "mareo.cita"])
    var taken = session
    taken.tookTheOffer(in: fixture)
    #expect(taken.state == .ended(.disposition("cita", fixture["cita"]!.disposition!)))
    session.foundNoPlace(in: fixture)
    #expect(session.state == .ended(.disposition("persona", .person)))
  }

  @Test("In a language without words the session is over at once, with a person; nobody hears silent Spanish", arguments: ["nah", "fr"])
  func noWords(language: String) {
    var session = session(Language(language))
    #expect(session.state == .ended(.noWords))
    #expect(session.step(in: fixture) == .end(.noWords, []))
    #expect(session.pressed(1, at: Self.now, in: fixture) == .notOffered)
  }

  @Test("After the end nothing happens any more")
  func theEnd() {
    var session = session()
    _ = session.pressed(0, at: Self.now, in: fixture)
    let ended = session
    #expect(session.pressed(0, at: Self.now, in: fixture) == .notOffered)
    session.wentOn(in: fixture)
    #expect(session == ended)
  }
}

extension GuidanceStep {
  /// What is done, then the texts' keys.
  fileprivate var spoken: [String] {
    switch self {
    case .say(let keys, let emergency): ["say\(emergency.map { " \($0.rawValue)" } ?? "")"] + keys.map(\.description)
    case .ask(let keys, let offered): ["ask \(offered.map(String.init).joined(separator: " "))"] + keys.map(\.description)
    case .identify(let keys): ["identify"] + keys.map(\.description)
    case .offer(_, let keys): ["offer"] + keys.map(\.description)
    case .end(_, let keys): ["end"] + keys.map(\.description)
    }
  }
}
