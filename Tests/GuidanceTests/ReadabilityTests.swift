internal import Guidance
internal import Testing

@Suite("How easily a Spanish text is understood")
struct ReadabilityTests {
  @Test("Syllables", arguments: [
    ("ahora", 3), ("Urgencias", 3), ("vaya", 2), ("día", 2), ("oído", 3), ("que", 1), ("guitarra", 3), ("pingüino", 3), ("ciudad", 2),
    ("aéreo", 4), ("muy", 1), ("y", 1), ("leer", 2), ("después", 2), ("911", 6), ("líquido", 3), ("médico", 3), ("país", 2), ("causa", 2),
  ])
  func syllables(word: String, expected: Int) { #expect(Readability.syllables(of: word) == expected) }

  @Test("Words, sentences and points: a figure is a word for each digit")
  func text() {
    let reading = Readability("Cuelgue y marque 911 ahora. ¿Le duele?")
    #expect([reading.words, reading.sentences, reading.longestSentence] == [9, 2, 7])
    #expect(reading.syllables == 2 + 1 + 2 + 6 + 3 + 1 + 2)
    // 206.835 − 62.3 · 17 ÷ 9 − 9 ÷ 2
    #expect(reading.points == 84)
    #expect(Readability("").points == 0)
  }

  @Test("Every prompt that is shipped is read within its time at 150 words a minute, and is easy enough")
  func shippedPrompts() {
    for guide in shippedGuides {
      for node in guide.nodes {
        let reading = Readability(guide.prompt(at: node, in: .spanish)!)
        #expect(reading.words * 60 / 150 <= (node.isEmergency ? 16 : 24) && reading.points >= 55, "\(guide.id).\(node.id)")
      }
    }
  }
}
