@testable internal import ClinicConfiguration
internal import Testing

@Suite("The word that somebody probably meant")
struct SuggestionTests {
  @Test(
    "Edits are counted: insert, delete, change, swap neighbours",
    arguments: [
      ("", "", 0), ("a", "", 1), ("kiosko", "kiosco", 1), ("matutno", "matutino", 1), ("vienres", "viernes", 1),
      ("ca", "abc", 3), ("lunes", "martes", 4), ("turnos", "turno", 1),
    ])
  func distance(left: String, right: String, expected: Int) {
    #expect(Suggestion.editDistance(Array(left), Array(right)) == expected)
    #expect(Suggestion.editDistance(Array(right), Array(left)) == expected)
  }

  @Test(
    "The nearest legal word, when one is near",
    arguments: [
      ("matutno", "matutino"), ("Matutino", "matutino"), ("vespertíno", "vespertino"), ("matutino ", "matutino"), ("vesp", "vespertino"),
      ("nocturno", nil), ("", nil), ("turno matutino", nil),
    ] as [(String, String?)])
  func nearest(word: String, expected: String?) {
    #expect(Suggestion.nearest(to: word, among: ["matutino", "vespertino"]) == expected)
  }

  @Test("When nothing is near, the legal words are listed")
  func fixes() {
    #expect(Suggestion.fix(for: "x", among: ["uno", "dos"]) == "se admiten: uno, dos")
    #expect(Suggestion.fix(for: "x", among: ["uno"]) == "solo se admite \"uno\"")
    #expect(Suggestion.fix(for: "x", among: []) == "no hay ninguno definido")
    #expect(Suggestion.fix(for: "dso", among: ["uno", "dos"]) == "¿quiso decir \"dos\"?")
  }

  @Test("Very long words are far from everything, and cost nothing")
  func longWords() {
    #expect(Suggestion.nearest(to: String(repeating: "a", count: 100_000), among: ["aaaa"]) == nil)
  }
}
