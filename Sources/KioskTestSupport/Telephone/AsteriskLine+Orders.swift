internal import Foundation

/// What an order asks for.
enum AsteriskDeed {
  case answer(String)
  /// What is heard, if anything, for how long, and what it waits for.
  case play([AsteriskPiece], Duration, AsteriskPlaying)
  /// An answer, and then the end of the call, after so long.
  case hangUp(String, after: Duration)

  static func play(_ what: String, _ length: Duration, _ playing: AsteriskPlaying) -> AsteriskDeed {
    .play(what.isEmpty ? [] : [AsteriskPiece(name: what, offset: .zero, length: length)], length, playing)
  }

  static func silence(_ length: Duration, _ playing: AsteriskPlaying) -> AsteriskDeed {
    .play([AsteriskPiece(name: nil, offset: .zero, length: length)], length, playing)
  }
}

extension AsteriskLine {
  /// What is answered on a dead channel too; `nil` for every other order.
  func answeredAlways(_ variables: inout [String: String], _ script: PhoneScript) -> String? {
    if let arguments = arguments(of: "SET VARIABLE") {
      guard arguments.count == 2 else { return usage("SET VARIABLE <variablename> <value>") }
      variables[arguments[0]] = arguments[1]
      return "200 result=1"
    }
    if let arguments = arguments(of: "GET VARIABLE") {
      guard arguments.count == 1 else { return usage("GET VARIABLE <variablename>") }
      return value(of: arguments[0], variables, script).map { "200 result=1 (\($0))" } ?? "200 result=0"
    }
    if let arguments = arguments(of: "GET FULL VARIABLE") {
      guard (1...2).contains(arguments.count) else { return usage("GET FULL VARIABLE <expression> [<channel name>]") }
      let text = arguments[0]
      guard text.hasPrefix("${"), text.hasSuffix("}") else { return "200 result=1 (\(text))" }
      return value(of: String(text.dropFirst(2).dropLast()), variables, script).map { "200 result=1 (\($0))" } ?? "200 result=0"
    }
    if arguments(of: "NOOP") != nil { return "200 result=0" }
    if arguments(of: "VERBOSE") != nil { return "200 result=1" }
    return nil
  }

  private func value(of name: String, _ variables: [String: String], _ script: PhoneScript) -> String? {
    switch name {
    case "CHANNEL(language)": variables[name] ?? script.language
    case "CALLERID(num)": variables[name] ?? script.callerID
    default: variables[name]
    }
  }

  var answeredAtOnce: String {
    if arguments(of: "ANSWER") != nil { return "200 result=0" }
    if arguments(of: "CHANNEL STATUS") != nil { return "200 result=6" }
    if arguments(of: "SET MUSIC") != nil { return "200 result=0" }
    return "510 Invalid or unknown command"
  }

  /// `nil` for what takes no time.
  func plays(_ script: PhoneScript) -> AsteriskDeed? {
    if arguments(of: "HANGUP") != nil { return .hangUp("200 result=1", after: .zero) }
    if let arguments = arguments(of: "SET AUTOHANGUP") {
      guard arguments.count == 1, let seconds = Int(arguments[0]) else { return .answer(usage("SET AUTOHANGUP <time>")) }
      return seconds == 0 ? .answer("200 result=0") : .hangUp("200 result=0", after: .seconds(seconds))
    }
    if let arguments = arguments(of: "STREAM FILE") {
      guard (2...3).contains(arguments.count) else { return .answer(usage("STREAM FILE <filename> <escape digits> [sample offset]")) }
      return file(arguments[0], .streamFile, keys: arguments[1], missing: "200 result=-1 endpos=0", script)
    }
    if let arguments = arguments(of: "CONTROL STREAM FILE") { return controlStreamFile(arguments, script) }
    if let arguments = arguments(of: "GET OPTION") {
      guard (2...3).contains(arguments.count) else { return .answer(usage("GET OPTION <filename> <escape_digits> [timeout]")) }
      let wait = arguments.count > 2 ? Int(arguments[2]) ?? 5000 : 5000
      return file(arguments[0], .getOption(wait: .milliseconds(wait)), keys: arguments[1], missing: "200 result=-1 endpos=0", script)
    }
    if let arguments = arguments(of: "GET DATA") { return getData(arguments, script) }
    if let arguments = arguments(of: "WAIT FOR DIGIT") {
      guard arguments.count == 1, let wait = Int(arguments[0]) else { return .answer(usage("WAIT FOR DIGIT <timeout>")) }
      return .silence(wait < 0 ? Self.forEver : .milliseconds(wait), AsteriskPlaying(kind: .waitForDigit, keys: ""))
    }
    if let arguments = arguments(of: "RECORD FILE") {
      guard arguments.count >= 4, let most = Int(arguments[3]) else {
        return .answer(usage("RECORD FILE <filename> <format> <escape_digits> <timeout> [offset samples] [BEEP] [s=silence]"))
      }
      if arguments.dropFirst(4).contains(where: { $0.uppercased() == "BEEP" }), script.lacks("beep") {
        return .answer("200 result=-1 (randomerror) endpos=0")
      }
      return .silence(most < 0 ? Self.forEver : .milliseconds(most), AsteriskPlaying(kind: .record, keys: arguments[2]))
    }
    if let arguments = arguments(of: "EXEC") {
      return arguments.isEmpty ? .answer(usage("EXEC <application> <options>")) : application(arguments[0], arguments.dropFirst().first ?? "", script)
    }
    return says(script)
  }

  /// Longer than any call.
  private static let forEver = Duration.seconds(3600)

  private func file(
    _ name: String, _ kind: AsteriskPlaying.Kind, keys: String, missing: String, _ script: PhoneScript
  ) -> AsteriskDeed {
    if script.lacks(name) { return .answer(missing) }
    let (pieces, length) = script.pieces(of: name)
    return .play(pieces, length, AsteriskPlaying(kind: kind, keys: keys))
  }

  private func controlStreamFile(_ arguments: [String], _ script: PhoneScript) -> AsteriskDeed {
    guard (2...7).contains(arguments.count) else {
      return .answer(usage("CONTROL STREAM FILE <filename> <escape_digits> [skipms] [ffchar] [rewchr] [pausechr] [offsetms]"))
    }
    func key(_ place: Int, _ otherwise: Character?) -> Character? { arguments.count > place ? arguments[place].first : otherwise }
    let skip = arguments.count > 2 ? Int(arguments[2]) ?? 3000 : 3000
    let kind = AsteriskPlaying.Kind.controlStreamFile(
      skip: .milliseconds(skip), forward: key(3, "#"), back: key(4, "*"), pause: key(5, nil))
    return file(arguments[0], kind, keys: arguments[1], missing: "200 result=-1 endpos=0", script)
  }

  private func getData(_ arguments: [String], _ script: PhoneScript) -> AsteriskDeed {
    guard (1...3).contains(arguments.count) else { return .answer(usage("GET DATA <filename> [timeout] [max digits]")) }
    let wait = arguments.count > 1 ? Int(arguments[1]) ?? 6000 : 6000
    let max = arguments.count > 2 ? Int(arguments[2]) ?? 1023 : 1023
    let kind = AsteriskPlaying.Kind.getData(wait: .milliseconds(wait), max: max)
    if arguments[0].isEmpty { return .play([], .zero, AsteriskPlaying(kind: kind, keys: "")) }
    return file(arguments[0], kind, keys: "", missing: "200 result=-1", script)
  }

  private func says(_ script: PhoneScript) -> AsteriskDeed? {
    if let arguments = arguments(of: "SAY DIGITS") {
      guard arguments.count == 2, let first = arguments[0].first, "0123456789+-".contains(first) else {
        return .answer(usage("SAY DIGITS <number> <escape digits>"))
      }
      return say("digits:\(arguments[0])", .milliseconds(500) * arguments[0].count, arguments[1])
    }
    if let arguments = arguments(of: "SAY NUMBER") {
      guard (2...3).contains(arguments.count), let number = Int64(arguments[0]) else {
        return .answer(usage("SAY NUMBER <number> <escape digits> [gender]"))
      }
      // Asterisk's numbers have 32 bits, and it says nothing about it.
      return say("number:\(Int32(truncatingIfNeeded: number))", .seconds(1), arguments[1])
    }
    for (name, what) in [("SAY ALPHA", "alpha"), ("SAY PHONETIC", "phonetic")] {
      guard let arguments = arguments(of: name) else { continue }
      guard arguments.count == 2 else { return .answer(usage("\(name) <string> <escape digits>")) }
      return say("\(what):\(arguments[0])", .milliseconds(500) * arguments[0].count, arguments[1])
    }
    for (name, what) in [("SAY DATE", "date"), ("SAY TIME", "time")] {
      guard let arguments = arguments(of: name) else { continue }
      guard arguments.count == 2, Int64(arguments[0]) != nil else { return .answer(usage("\(name) <\(what)> <escape digits>")) }
      return say("\(what):\(arguments[0])", .seconds(3), arguments[1])
    }
    if let arguments = arguments(of: "SAY DATETIME") {
      guard (2...4).contains(arguments.count), Int64(arguments[0]) != nil else {
        return .answer(usage("SAY DATETIME <time> <escape digits> [format] [timezone]"))
      }
      return say("moment:\(([arguments[0]] + arguments.dropFirst(2)).joined(separator: "|"))", .seconds(3), arguments[1])
    }
    return nil
  }

  private func say(_ what: String, _ length: Duration, _ keys: String) -> AsteriskDeed {
    .play(what, length, AsteriskPlaying(kind: .say, keys: keys))
  }

  func usage(_ text: String) -> String {
    "520-Invalid command syntax. Proper usage follows:\nUsage: \(text)\n520 End of proper usage."
  }
}

extension PhoneScript {
  func lacks(_ sound: String) -> Bool {
    if missing.contains(where: { sound.hasSuffix($0) }) { return true }
    guard let file = file(of: sound) else { return false }
    return !FileManager.default.fileExists(atPath: file)
  }

  /// As long as the file is, where there is a disk: sixteen bytes to a millisecond; and what it says, where it says its name.
  func pieces(of sound: String) -> ([AsteriskPiece], Duration) {
    guard let file = file(of: sound), let bytes = FileManager.default.contents(atPath: file).map(Array.init) else {
      return ([AsteriskPiece(name: sound, offset: .zero, length: soundLength)], soundLength)
    }
    let length = Duration.milliseconds(bytes.count / 16)
    return (NamedSound.pieces(of: bytes) ?? [AsteriskPiece(name: sound, offset: .zero, length: length)], length)
  }

  private func file(of sound: String) -> String? {
    guard let disk, sound.hasPrefix("ventanilla/") else { return nil }
    return "\(disk)/\(sound.dropFirst("ventanilla/".count)).wav"
  }
}
