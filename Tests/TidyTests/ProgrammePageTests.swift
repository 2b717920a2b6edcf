import Foundation
import Testing

@testable import kiosk_dev

@Suite("The page of programmes")
struct ProgrammePageTests {
  @Test("Tests/PROGRAMMES.md is what `kiosk-dev programmes` would write now")
  func isUpToDate() throws {
    let page = try ProgrammePage(root: Project.root)
    #expect(page.unknown == [])
    #expect(!page.shown.contains { $0.file.hasSuffix("ProgrammePageTests.swift") }, "its titles are made up")
    #expect(try Project.text(of: ProgrammePage.path) == page.text, "the page is stale: run `kiosk-dev programmes`")
  }

  @Test("A title names its programmes before the colon; what names none is no row of the page")
  func titles() {
    let text = """
      @Test("P24 and P25: «ya vienen» is said late")
      @Test(
        "P32, P40: no text says \\"PrEP\\"", arguments: [1])
      @Test("P1: no id")
      @Test("A row of P28: not at the beginning")
      let word = "P07: no test"
      """
    let shown = ProgrammePage.shown(in: text, file: "a.swift")
    #expect(shown.map(\.ids) == [["P24", "P25"], ["P32", "P40"]])
    #expect(shown.map(\.statement) == ["«ya vienen» is said late", "no text says \\\"PrEP\\\""])
  }

  @Test("A programme is shown, shown in part with what is missing, or has no test")
  func states() throws {
    let shown = ["P11: all of it", "P10: half of it", "P99: nobody's"].compactMap { ProgrammePage.Shown(title: $0[...], file: "a.swift") }
    let page = ProgrammePage(shown: shown)
    #expect(page.unknown == ["P99"])
    let lines = page.text.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("| P11 |") && $0.hasSuffix("| shown |  |") })
    #expect(lines.contains { $0.hasPrefix("| P10 |") && $0.contains("| in part | the kiosk's one touch") })
    #expect(lines.contains { $0.hasPrefix("| P05 |") && $0.hasSuffix("| no test |  |") })
    #expect(page.text.contains("1 of 43 shown, 1 in part, 41 without a test."))
    #expect(Programme.all.map(\.id) == (1...43).map { "P" + ($0 < 10 ? "0" : "") + "\($0)" })
  }
}
