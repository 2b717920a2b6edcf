internal import Foundation

/// What an order asks for.
enum AsteriskDeed {
  case answer(String)
  /// What is heard, if anything, for how long, and what it waits for.
  case play(String, Duration, AsteriskPlaying)
}

extension AsteriskLine {
  /// What is answered on a dead channel too; `nil` for every other order.
  func answeredAlways(_ variables: inout [String: String]) -> String? {
    if let arguments = arguments(of: "SET VARIABLE") {
      guard arguments.count == 2 else { return usage("SET VARIABLE <variablename> <value>") }
      variables[arguments[0]] = arguments[1]
      return "200 result=1"
    }
    if let arguments = arguments(of: "GET VARIABLE") {
      guard arguments.count == 1 else { return usage("GET VARIABLE <variablename>") }
      return variables[arguments[0]].map { "200 result=1 (\($0))" } ?? "200 result=0"
    }
    if arguments(of: "NOOP") != nil { return "200 result=0" }
    if arguments(of: "VERBOSE") != nil { return "200 result=1" }
    if let arguments = arguments(of: "EXEC") { return arguments.isEmpty ? usage("EXEC <application> <options>") : "200 result=0" }
    return nil
  }

  var answeredAtOnce: String {
    if arguments(of: "ANSWER") != nil { return "200 result=0" }
    if arguments(of: "CHANNEL STATUS") != nil { return "200 result=6" }
    if arguments(of: "HANGUP") != nil { return "200 result=1" }
    if arguments(of: "SET AUTOHANGUP") != nil { return "200 result=0" }
    if arguments(of: "SET MUSIC") != nil { return "200 result=0" }
    return "510 Invalid or unknown command"
  }

  /// `nil` for what takes no time.
  func plays(_ script: PhoneScript) -> AsteriskDeed? {
    if let arguments = arguments(of: "STREAM FILE") {
      guard (2...3).contains(arguments.count) else { return .answer(usage("STREAM FILE <filename> <escape digits> [sample offset]")) }
      if script.lacks(arguments[0]) { return .answer("200 result=-1 endpos=0") }
      return .play(arguments[0], script.length(of: arguments[0]), AsteriskPlaying(kind: .streamFile, keys: arguments[1]))
    }
    if let arguments = arguments(of: "GET OPTION") {
      guard (2...3).contains(arguments.count) else { return .answer(usage("GET OPTION <filename> <escape_digits> [timeout]")) }
      if script.lacks(arguments[0]) { return .answer("200 result=-1 endpos=0") }
      let wait = arguments.count > 2 ? Int(arguments[2]) ?? 5000 : 5000
      return .play(arguments[0], script.length(of: arguments[0]), AsteriskPlaying(kind: .getOption(wait: .milliseconds(wait)), keys: arguments[1]))
    }
    if let arguments = arguments(of: "GET DATA") { return getData(arguments, script) }
    if let arguments = arguments(of: "WAIT FOR DIGIT") {
      guard arguments.count == 1, let wait = Int(arguments[0]) else { return .answer(usage("WAIT FOR DIGIT <timeout>")) }
      return .play("", .milliseconds(wait), AsteriskPlaying(kind: .waitForDigit, keys: ""))
    }
    return says(script)
  }

  private func getData(_ arguments: [String], _ script: PhoneScript) -> AsteriskDeed {
    guard (1...3).contains(arguments.count) else { return .answer(usage("GET DATA <filename> [timeout] [max digits]")) }
    if script.lacks(arguments[0]) { return .answer("200 result=-1") }
    let wait = arguments.count > 1 ? Int(arguments[1]) ?? 6000 : 6000
    let max = arguments.count > 2 ? Int(arguments[2]) ?? 1023 : 1023
    let length = arguments[0].isEmpty ? .zero : script.length(of: arguments[0])
    return .play(arguments[0], length, AsteriskPlaying(kind: .getData(wait: .milliseconds(wait), max: max), keys: ""))
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

  private func usage(_ text: String) -> String {
    "520-Invalid command syntax. Proper usage follows:\nUsage: \(text)\n520 End of proper usage."
  }
}

extension PhoneScript {
  fileprivate func lacks(_ sound: String) -> Bool {
    if missing.contains(where: { sound.hasSuffix($0) }) { return true }
    guard let file = file(of: sound) else { return false }
    return !FileManager.default.fileExists(atPath: file)
  }

  /// As long as the file is, where there is a disk: sixteen bytes to a millisecond.
  fileprivate func length(of sound: String) -> Duration {
    guard let file = file(of: sound), let bytes = FileManager.default.contents(atPath: file)?.count else { return soundLength }
    return .milliseconds(bytes / 16)
  }

  private func file(of sound: String) -> String? {
    guard let disk, sound.hasPrefix("ventanilla/") else { return nil }
    return "\(disk)/\(sound.dropFirst("ventanilla/".count)).wav"
  }
}
