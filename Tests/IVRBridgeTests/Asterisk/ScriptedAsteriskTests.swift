import Foundation
import IVRBridge
import IVRDialogue
import KioskTestSupport
import Logging
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
    ("GET FULL VARIABLE \"${CHANNEL(language)}\"", "200 result=1 (es_MX)"), ("GET FULL VARIABLE \"${A}\"", "200 result=0"),
    ("GET VARIABLE CALLERID(num)", "200 result=1 (unknown)"), ("SET AUTOHANGUP 0", "200 result=0"), ("SET MUSIC ON nada", "200 result=0"),
    ("SAY ALPHA abc \"\"", "200 result=0"), ("SAY DATE 1795000000 \"\"", "200 result=0"), ("SAY TIME 1795000000 \"\"", "200 result=0"),
    ("SAY DATE ayer \"\"", "520-Invalid command syntax. Proper usage follows:"),
    ("SAY DATETIME 1795000000 \"\" \"AdB 'digits/es-de' Y IMp\" America/Mexico_City", "200 result=0"),
    ("CONTROL STREAM FILE x \"\"", "200 result=0 endpos=3000"), ("CONTROL STREAM FILE falta \"\"", "200 result=-1 endpos=0"),
    ("RECORD FILE x wav \"#\" 1000", "200 result=0 (timeout) endpos=8000"), ("RECORD FILE x wav", "520-Invalid command syntax. Proper usage follows:"),
    ("EXEC Nada x", "200 result=-2"), ("EXEC NoOp x", "200 result=0"), ("EXEC Playback falta&x", "200 result=0"),
    ("SET VARIABLE A", "520-Invalid command syntax. Proper usage follows:"), ("GET OPTION x \"12\" 500", "200 result=0 endpos=24000"),
  ])
  func answers(order: String, answer: String) async throws {
    var script = PhoneScript(speed: 50)
    script.missing = ["falta"]
    _ = try await RawBridge.taking(script) { (line: inout RawLine) async throws in #expect(try await line.ask(order) == answer) }
  }

  @Test("A long reading goes forward, and the key that stops it tells where")
  func longReading() async throws {
    let transcript = try await RawBridge.taking(PhoneScript(speed: 10).pressing("#5", on: "x")) { (line: inout RawLine) async throws in
      let answer = try await line.ask("CONTROL STREAM FILE x 5 2000")
      #expect(answer.hasPrefix("200 result=53 endpos="))
      #expect(Int(answer.split(separator: "=").last ?? "") ?? 0 >= 2500)
    }
    #expect(transcript.variables["CPLAYBACKSTATUS"] == "USERSTOPPED" && transcript.variables["CPLAYBACKSTOPKEY"] == "5")
  }

  @Test("An application leaves what it has to say in variables, and its answer says nothing")
  func applications() async throws {
    var script = PhoneScript(speed: 10).pressing("12", on: "b").pressing("3", on: "y")
    script.missing = ["falta"]
    let transcript = try await RawBridge.taking(script) { (line: inout RawLine) async throws in
      for order in ["EXEC Read \"V,a&b,3,,1,2\"", "EXEC Playback falta", "EXEC Dial Local/operadora@x,20,g", "EXEC Transfer x"] {
        #expect(try await line.ask(order) == "200 result=0")
      }
      #expect(try await line.ask("GET VARIABLE V") == "200 result=1 (12)")
      #expect(try await line.ask("EXEC Read W,falta,3") == "200 result=0")
      #expect(try await line.ask("GET VARIABLE READSTATUS") == "200 result=1 (ERROR)")
      // A key pressed while it plays is nobody's.
      #expect(try await line.ask("EXEC Playback y") == "200 result=0")
      #expect(try await line.ask("EXEC Hangup 16") == "200 result=-1")
      #expect(try await line.next() == "HANGUP")
    }
    #expect(transcript.variables["PLAYBACKSTATUS"] == "SUCCESS" && transcript.variables["DIALSTATUS"] == "ANSWER")
    #expect(transcript.variables["TRANSFERSTATUS"] == "UNSUPPORTED")
    #expect(transcript.heard == ["a", "b", "dial:Local/operadora@x", "y"] && transcript.lostKeys == "3" && transcript.hungUp)
  }

  @Test("A joined file is heard as its parts, each in its time; what a key cuts off is not heard")
  func parts() async throws {
    let place = try FreshFolder.make()
    defer { try? FileManager.default.removeItem(atPath: place) }
    for name in ["es/uno", "es/dos", "asterisk/es_MX/digits/4"] { try NamedSound.write(name, milliseconds: 1000, in: place) }
    let joiner = try #require(
      SoundJoiner(place, SoundLibrary(prefix: "ventanilla"), logger: Logger(label: "prueba") { _ in SwiftLogNoOpLogHandler() }))
    let unknown = SoundLibrary.unknownLength
    let joined = try #require(
      joiner.join([.file("ventanilla/es/uno", length: unknown), .pause(.milliseconds(700)), .digits("4"), .file("ventanilla/es/dos", length: unknown)]))
    guard case .file(let name, let length) = joined.sound else { return }
    #expect(length == .milliseconds(3700))
    var script = PhoneScript(speed: 10)
    script.disk = place
    let whole = try await RawBridge.taking(script) { (line: inout RawLine) async throws in
      #expect(try await line.ask("STREAM FILE \(name) \"\"") == "200 result=0 endpos=29616")
    }
    #expect(whole.heard == ["ventanilla/es/uno", "digits/4", "ventanilla/es/dos"] && whole.digits(after: "uno") == "4")
    #expect(whole.orderedSilence == .milliseconds(700))
    let cut = try await RawBridge.taking(script.pressing("1", on: "digits/4")) { (line: inout RawLine) async throws in
      #expect(try await line.ask("STREAM FILE \(name) 1") == "200 result=49 endpos=4000")
    }
    #expect(cut.heard == ["ventanilla/es/uno", "digits/4"])
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
