internal import ClinicDomain
internal import Guidance
internal import KioskTestSupport
internal import Testing

@Suite("Who signed which content")
struct SignatureTests {
  /// Nothing but an end that waits for its signature is wrong with it.
  static let waiting: Guide = {
    var guide = fixture
    guide.nodes.append(Node("llamada", .disposition(.callback(withinMinutes: 30)), "Le llama un médico."))
    return guide.changing("embarazo", key: 2) {
      $0.next = "llamada"
      $0.marks = Marks()
    }
  }()

  private func signed(_ guide: Guide) -> Guide {
    var guide = guide
    guide.signature = GuideSignature(clinician: "Dra. Ejemplo Muestra", licence: "1234567", date: CivilDate(iso: "2026-11-26")!, hash: guide.hash)
    return guide
  }

  @Test("In production a callback waits for a signature, named with the way to it; for trying out it does not")
  func unsigned() {
    let guide = Self.waiting
    let found = guide.problems(under: .production, hash: guide.hash)
    #expect(found.map(\.rule) == [.unsignedEnd])
    #expect(found.first?.path.description == "aviso → cara (2) → embarazo (2) → llamada")
    #expect(guide.problems(under: .trial, hash: guide.hash) == [])
  }

  @Test("Every end but 911, Urgencias, a person and an appointment needs one", arguments: [
    Disposition.callback(withinMinutes: 15), .homeVisit, .noPlace,
    .teleconsultation(AppointmentTerm(service: ServiceCode("medicina_familiar"), days: 3), otherwise: "persona"),
  ])
  func lowerEnds(end: Disposition) {
    let guide = Self.waiting.changing("llamada") { $0.kind = .disposition(end) }
    #expect(guide.problems.map(\.rule) == [.unsignedEnd])
    #expect(signed(guide).problems == [])
  }

  @Test("A signature holds for the content it was given for, and for no other letter of it, in either profile", arguments: GuidanceProfile.allCases)
  func otherContent(profile: GuidanceProfile) {
    var guide = signed(Self.waiting)
    #expect(guide.problems(under: profile, hash: guide.hash) == [])
    guide.nodes[0].text = "Si se siente mal, marque 911."
    #expect(guide.problems(under: profile, hash: guide.hash).map(\.rule) == [.signedOtherContent])
    #expect(guide.problems(under: profile, hash: nil).map(\.rule) == [.signedOtherContent])
  }

  @Test("Two contents have two canonical forms: any of 2,000 mutations that changes the guide changes its hash; the signature is no part of it")
  func canonicalForm() {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<2000 {
      let guide = random.pick([fixture] + shippedGuides)
      let other = guide.mutated(&random)
      #expect((guide == other) == (guide.canonicalForm == other.canonicalForm))
    }
    #expect(signed(fixture).canonicalForm == fixture.canonicalForm)
  }

  @Test("No text can pass for the next line of the form")
  func noForgery() {
    let (one, other) = (fixture.changing("persona") { $0.text = "a\nnode=b" }, fixture.changing("persona") { $0.text = "a\\nnode=b" })
    #expect(Set([one.canonicalForm, other.canonicalForm, fixture.canonicalForm]).count == 3)
  }

  @Test("A hash is 64 lower-case hexadecimal digits", arguments: [
    (String(repeating: "0a", count: 32), true), (String(repeating: "0A", count: 32), false), ("0a", false), ("", false),
  ])
  func hashText(text: String, isHash: Bool) { #expect((ContentHash(text) != nil) == isHash) }
}
