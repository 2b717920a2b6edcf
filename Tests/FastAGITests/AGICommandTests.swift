import FastAGI
import Testing

/// Source: design/TELEPHONY.md §1.
@Suite("What the bridge sends to Asterisk")
struct AGICommandTests {
  @Test("Each command is one line, every argument in quotes", arguments: [
    (AGICommand.answer, "ANSWER\n"),
    (.noop, "NOOP\n"),
    (.channelStatus, "CHANNEL STATUS\n"),
    (.streamFile("ventanilla/es/menu", keys: "0123456789*#"), "STREAM FILE \"ventanilla/es/menu\" \"0123456789*#\"\n"),
    (.getData("", wait: .seconds(4), max: 10), "GET DATA \"\" \"4000\" \"10\"\n"),
    (.waitForDigit(.milliseconds(600)), "WAIT FOR DIGIT \"600\"\n"),
    (.sayDigits("0042", keys: ""), "SAY DIGITS \"0042\" \"\"\n"),
    (.setVariable("IVR_RESULTADO", "operadora"), "SET VARIABLE \"IVR_RESULTADO\" \"operadora\"\n"),
    (.getVariable("CHANNEL(language)"), "GET VARIABLE \"CHANNEL(language)\"\n"),
    (.setVariable("X", #"a "b" \c ñ"#), #"SET VARIABLE "X" "a \"b\" \\c ñ""# + "\n"),
  ])
  func lines(command: AGICommand, expected: String) throws {
    #expect(String(decoding: try command.line(), as: UTF8.self) == expected)
  }

  @Test("A line end inside of an argument is refused: it would be another command", arguments: ["a\nHANGUP", "a\r", "\0"])
  func controlCharacters(value: String) {
    #expect(throws: AGICommandFault.controlCharacter) { try AGICommand.setVariable("X", value).line() }
  }

  @Test("A line of more than 2 KiB is refused, long before Asterisk would cut it in two")
  func tooLong() throws {
    let fits = String(repeating: "a", count: 2048 - 20)
    #expect(try AGICommand.setVariable("X", fits).line().count == 2048)
    #expect(throws: AGICommandFault.tooLong(bytes: 2049)) { try AGICommand.setVariable("X", fits + "a").line() }
    // Escapes count.
    #expect(throws: AGICommandFault.tooLong(bytes: 2049)) { try AGICommand.setVariable("X", String(fits.dropLast()) + "\"").line() }
  }

  @Test("What a command waits for counts into its deadline, and only sounds and waits may be interrupted")
  func waits() {
    #expect(AGICommand.getData("x", wait: .seconds(4), max: 3).waits == .seconds(12))
    #expect(AGICommand.waitForDigit(.milliseconds(600)).waits == .milliseconds(600))
    #expect(AGICommand.streamFile("x", keys: "").interruption == .unanswered)
    #expect(AGICommand.getData("", wait: .seconds(1), max: 1).interruption == .unanswered)
    #expect(AGICommand.waitForDigit(.seconds(1)).interruption == .answered)
    #expect(AGICommand.sayDigits("1", keys: "").interruption == .none)
  }
}
