import Testing
import TerminalText

@Suite("Tables in a terminal")
struct TextTableTests {
  @Test("A letter takes one column with or without its accent, however it is written", arguments: [
    ("Fecha", 5), ("Peña", 4), ("Pen\u{303}a", 4), ("José María", 10), ("", 0), ("診療", 4), ("👩‍⚕️", 2), ("a\u{1B}b", 2),
  ])
  func width(text: String, columns: Int) { #expect(text.displayWidth == columns) }

  @Test("Columns stand below each other when cells have accents, and no line ends in spaces")
  func alignment() {
    let table = TextTable(
      [.init("Nombre"), .init("Edad", alignedRight: true), .init("Turno")],
      rows: [["Íñigo", "4", "matutino"], ["Mari\u{301}a Jose\u{301}", "104", ""]])
    #expect(table.lines() == ["Nombre      Edad  Turno", "Íñigo          4  matutino", "Mari\u{301}a Jose\u{301}   104"])
  }

  @Test("A cell cannot move the cursor, change colours or break its row")
  func controlCharacters() {
    let table = TextTable([.init("A"), .init("B")], rows: [["x\u{1B}[31my\n", "z"]])
    #expect(table.lines()[1] == "x [31my   z")
  }

  @Test("Titles are bold only where there are colours")
  func style() {
    let table = TextTable([.init("A")], rows: [])
    #expect(table.lines(TerminalStyle(isColoured: true)) == ["\u{1B}[1mA\u{1B}[0m"])
    #expect(table.lines() == ["A"])
  }

  @Test("NO_COLOR, a dumb terminal and a file get no colours")
  func noColour() {
    #expect(!TerminalStyle(descriptor: -1, environment: [:]).isColoured)
    #expect(!TerminalStyle(descriptor: 1, environment: ["NO_COLOR": "1"]).isColoured)
    #expect(!TerminalStyle(descriptor: 1, environment: ["TERM": "dumb"]).isColoured)
  }
}

@Suite("Texts longer than a line")
struct WrappingTests {
  @Test("are broken at spaces, by what a terminal shows; a long word stands alone", arguments: [
    ("uno dos tres", 8, ["uno dos", "tres"]), ("ñandú ñandú", 11, ["ñandú ñandú"]), ("inconmensurable sí", 5, ["inconmensurable", "sí"]),
    ("", 5, []),
  ])
  func wrapping(text: String, width: Int, lines: [String]) {
    #expect(text.wrapped(to: width) == lines)
    #expect(text.wrapped(to: width + 2, indent: 2) == lines.map { "  " + $0 })
  }
}
