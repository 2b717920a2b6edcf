import FastAGI
import Testing

/// Source: design/TELEPHONY.md §1, as an Asterisk 22.10.1 sends it.
@Suite("What Asterisk sends")
struct AGIReaderTests {
  static let block = """
    agi_network: yes
    agi_network_script: orientacion?clinica=JCIMS000123&x=
    agi_request: agi://127.0.0.1:4573/orientacion?clinica=JCIMS000123&x=
    agi_channel: Local/5550100@entrada-00000009;2
    agi_language: es_MX
    agi_callerid: 5550100
    agi_calleridname: José "Pepe": el de la tienda
    agi_accountcode: \n\
    agi_rdnis:
    agi_arg_1: \n\n
    """

  @Test("The environment's lines are split at the first colon with a space, and empty values stay empty")
  func environment() {
    let expected = AGIEnvironment([
      "agi_network": "yes", "agi_network_script": "orientacion?clinica=JCIMS000123&x=",
      "agi_request": "agi://127.0.0.1:4573/orientacion?clinica=JCIMS000123&x=",
      "agi_channel": "Local/5550100@entrada-00000009;2", "agi_language": "es_MX", "agi_callerid": "5550100",
      "agi_calleridname": #"José "Pepe": el de la tienda"#, "agi_accountcode": "", "agi_rdnis": "", "agi_arg_1": "",
    ])
    var reader = AGIReader()
    #expect(reader.read(Self.block.utf8) == [.environment(expected)])
    #expect(expected.script == "orientacion")
    #expect(expected.query("clinica") == "JCIMS000123")
    #expect(expected.query("x") == "")
    #expect(expected.query("y") == nil)
    #expect(AGIEnvironment().script == nil)
  }

  @Test("Each answer, as the table of the commands shows it", arguments: [
    ("200 result=0", AGIReply.result(AGIResult("0"))),
    ("200 result=-1", .result(AGIResult("-1"))),
    ("200 result=0 endpos=12800", .result(AGIResult("0", endPosition: 12800))),
    ("200 result=53 endpos=4000", .result(AGIResult("53", endPosition: 4000))),
    ("200 result=00123", .result(AGIResult("00123"))),
    ("200 result=123 (timeout)", .result(AGIResult("123", data: "timeout"))),
    ("200 result= (timeout)", .result(AGIResult("", data: "timeout"))),
    ("200 result=", .result(AGIResult(""))),
    ("200 result=1 ()", .result(AGIResult("1", data: ""))),
    ("200 result=1 (a (b) c)", .result(AGIResult("1", data: "a (b) c"))),
    ("200 result=0 (timeout) endpos=8000", .result(AGIResult("0", data: "timeout", endPosition: 8000))),
    ("200 result=1 (x endpos=3)", .result(AGIResult("1", data: "x endpos=3"))),
    ("510 Invalid or unknown command", .unknownCommand),
    ("511 Command Not Permitted on a dead channel or intercept routine", .deadChannel),
    ("520 Invalid command syntax.  Proper usage not available.", .usage([])),
    ("100 Trying", .unreadable("100 Trying")),
    ("", .unreadable("")),
  ])
  func replies(line: String, expected: AGIReply) {
    var reader = Self.answering()
    #expect(reader.read("\(line)\n".utf8) == [.reply(expected)])
  }

  @Test("A 520 block is one answer, with the text between its first and its last line")
  func usage() {
    var reader = Self.answering()
    let text = "520-Invalid command syntax. Proper usage follows:\nUsage: SAY DIGITS\n\n Says digits.\n520 End of proper usage.\n200 result=0\n"
    #expect(
      reader.read(text.utf8) == [.reply(.usage(["Usage: SAY DIGITS", "", " Says digits."])), .reply(.result(AGIResult("0")))])
  }

  @Test("HANGUP is heard wherever it comes: before an answer, in a block, among the environment")
  func hangup() {
    var reader = Self.answering()
    #expect(reader.read("HANGUP\n200 result=-1\nHANGUP\n".utf8) == [.hangup, .reply(.result(AGIResult("-1"))), .hangup])
    #expect(reader.read("520-x\nHANGUP\ny\n520 z\n".utf8) == [.hangup, .reply(.usage(["y"]))])
    var early = AGIReader()
    #expect(early.read("agi_network: yes\nHANGUP\n\n".utf8) == [.hangup, .environment(AGIEnvironment(["agi_network": "yes"]))])
  }

  @Test("The same bytes whole, one at a time and in pieces say the same")
  func anyCutting() {
    let bytes = Array((Self.block + "200 result=1 (ñ)\nHANGUP\n520-a\nb\n520 c\n511 x\n").utf8)
    var whole = AGIReader()
    let expected = whole.read(bytes)
    #expect(expected.count == 5)
    for size in [1, 2, 3, 7, 64] {
      var reader = AGIReader()
      var events: [AGIReader.Event] = []
      for start in stride(from: 0, to: bytes.count, by: size) {
        events += reader.read(bytes[start..<min(start + size, bytes.count)])
      }
      #expect(events == expected)
    }
  }

  @Test("A peer that sends no end is told apart from Asterisk by a bound, and nothing is read after it")
  func bounds() {
    var limits = AGILimits()
    (limits.maxLineBytes, limits.maxEnvironmentLines, limits.maxUsageLines) = (8, 1, 1)
    var line = AGIReader(limits: limits)
    #expect(line.read("123456789\n\n".utf8) == [.fault(.lineTooLong)])
    #expect(line.read("a: b\n\n".utf8) == [])
    var environment = AGIReader(limits: limits)
    #expect(environment.read("a: b\nc: d\n\n".utf8) == [.fault(.environmentTooLong)])
    var usage = AGIReader(limits: limits)
    #expect(usage.read("\n520-x\na\nb\n".utf8) == [.environment(AGIEnvironment()), .fault(.usageTooLong)])
  }

  @Test("A key is read from its ASCII code, and nothing else is a key", arguments: [
    ("48", Character("0")), ("57", "9"), ("42", "*"), ("35", "#"), ("0", nil), ("-1", nil), ("65", nil), ("300", nil), ("", nil),
  ] as [(String, Character?)])
  func keys(value: String, expected: Character?) {
    #expect(AGIResult(value).key == expected)
  }

  private static func answering() -> AGIReader {
    var reader = AGIReader()
    _ = reader.read("\n".utf8)
    return reader
  }
}
