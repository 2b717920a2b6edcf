import KioskTestSupport
import Testing

/// The peer that the bridge is tested with is itself held against design/TELEPHONY.md §1.
@Suite("The scripted Asterisk")
struct ScriptedAsteriskTests {
  @Test("Orders are answered as the table says", arguments: [
    ("ANSWER", "200 result=0"), ("answer", "200 result=0"), ("ANSWER\r", "510 Invalid or unknown command"), ("CHANNEL STATUS", "200 result=6"),
    ("NOOP", "200 result=0"), ("VERBOSE \"x\" 1", "200 result=1"), ("SET VARIABLE A \"b c\"", "200 result=1"),
    ("GET VARIABLE A", "200 result=0"), ("FLY", "510 Invalid or unknown command"),
    ("STREAM FILE falta \"\"", "200 result=-1 endpos=0"), ("GET DATA falta 1000 1", "200 result=-1"),
    ("STREAM FILE x \"\"", "200 result=0 endpos=24000"), ("GET DATA x 1000 3", "200 result= (timeout)"),
    ("WAIT FOR DIGIT 100", "200 result=0"), ("SAY DIGITS 007 \"\"", "200 result=0"),
    ("SAY DIGITS *5 \"\"", "520-Invalid command syntax. Proper usage follows:"),
    ("SET VARIABLE A", "520-Invalid command syntax. Proper usage follows:"), ("GET OPTION x \"12\" 500", "200 result=0 endpos=24000"),
  ])
  func answers(order: String, answer: String) async throws {
    var script = PhoneScript(speed: 50)
    script.missing = ["falta"]
    _ = try await RawBridge.taking(script) { (line: inout RawLine) async throws in #expect(try await line.ask(order) == answer) }
  }

  @Test("SAY NUMBER has 32 bits, and says nothing about it")
  func numbers() async throws {
    let transcript = try await RawBridge.taking(PhoneScript(speed: 50)) { (line: inout RawLine) async throws in
      #expect(try await line.ask("SAY NUMBER 9999999999 \"\"") == "200 result=0")
    }
    #expect(transcript.heard == ["number:1410065407"])
  }

  @Test("Digits pressed while no order runs are thrown away")
  func lostDigits() async throws {
    let script = PhoneScript(speed: 10).pressing("12345", on: "x", after: .milliseconds(3500))
    let transcript = try await RawBridge.taking(script) { (line: inout RawLine) async throws in
      #expect(try await line.ask("STREAM FILE x \"\"") == "200 result=0 endpos=24000")
      try await Task.sleep(for: .milliseconds(250))
      #expect(try await line.ask("GET DATA \"\" 1000 5") == "200 result= (timeout)")
    }
    #expect(transcript.lostKeys == "12345")
  }

  @Test("Over-typed digits are the next order's, and barge through its prompt")
  func bleeding() async throws {
    let script = PhoneScript(speed: 5).pressing("98765", on: "x", every: .milliseconds(500))
    let transcript = try await RawBridge.taking(script) { (line: inout RawLine) async throws in
      #expect(try await line.ask("GET DATA x 2000 3") == "200 result=987")
      #expect(try await line.ask("GET DATA y 2000 2") == "200 result=65")
    }
    #expect(transcript.heard == ["x", "y"] && transcript.lostKeys == "")
  }

  @Test("A second order ends a sound and GET DATA without a word of theirs, and WAIT FOR DIGIT with 1")
  func interrupting() async throws {
    let transcript = try await RawBridge.taking(PhoneScript(speed: 1)) { (line: inout RawLine) async throws in
      for order in ["STREAM FILE x \"\"", "GET DATA x 9000 3"] {
        try await line.send(order + "\n")
        try await Task.sleep(for: .milliseconds(50))
        #expect(try await line.ask("CHANNEL STATUS") == "200 result=6")
      }
      try await line.send("WAIT FOR DIGIT 9000\n")
      try await Task.sleep(for: .milliseconds(50))
      #expect(try await line.ask("CHANNEL STATUS") == "200 result=1")
      #expect(try await line.next() == "200 result=6")
    }
    #expect(transcript.faults == [])
  }

  @Test("Two orders that come together: the second lies in a buffer until more bytes come, and is carried out after the end")
  func twoAtOnce() async throws {
    let transcript = try await RawBridge.taking(PhoneScript(speed: 1)) { (line: inout RawLine) async throws in
      try await line.send("NOOP\nSET VARIABLE A b\n")
      #expect(try await line.next() == "200 result=0")
    }
    #expect(transcript.variables == ["A": "b"])
    #expect(transcript.faults == ["two orders at once"])
  }

  @Test("A hang-up ends what runs with -1, then says HANGUP; after it all but a few orders find a dead channel")
  func hangUp() async throws {
    var script = PhoneScript(speed: 10).hangingUp(on: "x")
    script.exitsOnHangUp = false
    let transcript = try await RawBridge.taking(script) { (line: inout RawLine) async throws in
      #expect(try await line.ask("STREAM FILE x \"\"") == "200 result=-1 endpos=4000")
      #expect(try await line.next() == "HANGUP")
      #expect(try await line.ask("CHANNEL STATUS") == "511 Command Not Permitted on a dead channel or intercept routine")
      #expect(try await line.ask("GET VARIABLE A") == "200 result=0")
      #expect(try await line.ask("NOOP") == "200 result=0")
    }
    #expect(transcript.hungUp && transcript.dialplan == "h")
  }

  @Test("GET OPTION's wait ends with 0 when the caller hangs up, as for silence; HANGUP may come only before the next answer")
  func lateHangUp() async throws {
    var script = PhoneScript(speed: 10).hangingUp(on: "x", after: .seconds(4))
    (script.exitsOnHangUp, script.tellsHangUpLate) = (false, true)
    _ = try await RawBridge.taking(script) { (line: inout RawLine) async throws in
      #expect(try await line.ask("GET OPTION x \"1\" 9000") == "200 result=0")
      #expect(try await line.ask("NOOP") == "HANGUP")
      #expect(try await line.next() == "200 result=0")
    }
  }

  @Test("With AGIEXITONHANGUP the bridge sees HANGUP and then the end")
  func exit() async throws {
    _ = try await RawBridge.taking(PhoneScript(speed: 10).hangingUp(on: "x")) { (line: inout RawLine) async throws in
      #expect(try await line.ask("STREAM FILE x \"\"") == "200 result=-1 endpos=4000")
      #expect(try await line.next() == "HANGUP")
      #expect(try await line.next() == "EOF")
    }
  }
}
