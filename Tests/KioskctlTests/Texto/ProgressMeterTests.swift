import Testing
import TerminalText

@Suite("Progress of an import")
struct ProgressMeterTests {
  @Test("Without a terminal there is one line at each tenth that is passed, and no control characters")
  func plainLines() {
    var meter = ProgressMeter(totalBytes: 1000, isTerminal: false)
    #expect(meter.advanced(bytes: 99, people: 10, elapsed: .seconds(1)) == nil)
    #expect(meter.advanced(bytes: 100, people: 20, elapsed: .seconds(1)) == " 10 %  20 personas, 20 por segundo, faltan unos 9 s\n")
    #expect(meter.advanced(bytes: 190, people: 20, elapsed: .seconds(1)) == nil)
    #expect(
      meter.advanced(bytes: 500, people: 70_607, elapsed: .seconds(100))
        == " 50 %  70,607 personas, 706 por segundo, faltan unos 1 min 40 s\n")
    #expect(meter.advanced(bytes: 1000, people: 80_000, elapsed: .seconds(160)) == "100 %  80,000 personas, 500 por segundo\n")
    #expect(meter.closing == "")
  }

  @Test("On a terminal a bar is drawn over itself, at most ten times a second, and always at the end")
  func bar() {
    var meter = ProgressMeter(totalBytes: 1000, isTerminal: true)
    #expect(
      meter.advanced(bytes: 500, people: 5, elapsed: .seconds(1))
        == "\r\u{1B}[K" + String(repeating: "█", count: 15) + String(repeating: "░", count: 15)
        + "  50 %  5 personas, 5 por segundo, faltan unos 1 s")
    #expect(meter.advanced(bytes: 600, people: 6, elapsed: .milliseconds(1050)) == nil)
    #expect(meter.advanced(bytes: 1000, people: 9, elapsed: .milliseconds(1060))?.contains("100 %") == true)
    #expect(meter.closing == "\n")
  }

  @Test("A file whose size is not known, or is empty, does not divide by zero")
  func emptyFile() {
    var meter = ProgressMeter(totalBytes: 0, isTerminal: false)
    #expect(meter.advanced(bytes: 0, people: 0, elapsed: .zero) == "100 %  0 personas\n")
  }

  @Test("Numbers have a comma at the thousands", arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (-70_607, "-70,607"), (1_234_567, "1,234,567")])
  func grouping(number: Int, text: String) { #expect(number.grouped == text) }
}
