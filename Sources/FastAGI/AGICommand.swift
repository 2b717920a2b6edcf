/// One command to Asterisk: what it says, what may follow it, and how long its answer may take.
package struct AGICommand: Hashable, Sendable {
  /// The command's own words, sent as they are: `STREAM FILE`.
  package let name: String
  /// Each is sent in quotes, whatever it is.
  package let arguments: [String]
  /// How long Asterisk may be busy with it before it answers, besides the sounds that it plays: the time it waits for keys.
  package let waits: Duration
  /// Whether one further command may be sent while it runs, and what becomes of this one's answer then.
  package let interruption: Interruption

  package enum Interruption: Hashable, Sendable {
    /// It runs to its end; a further command would lie in Asterisk's buffer.
    case none
    /// It ends, and gives no answer of its own.
    case unanswered
    /// It ends, and answers `200 result=1`.
    case answered
  }

  init(_ name: String, _ arguments: [String] = [], waits: Duration = .zero, interruption: Interruption = .none) {
    self.name = name
    self.arguments = arguments
    self.waits = waits
    self.interruption = interruption
  }
}

extension AGICommand {
  package static let answer = AGICommand("ANSWER", waits: .seconds(5))
  /// Asks nothing; answered on a dead channel too.
  package static let noop = AGICommand("NOOP")
  /// 6 is up; 511 once the caller has hung up.
  package static let channelStatus = AGICommand("CHANNEL STATUS")

  /// Plays a sound; a key of `keys` stops it and is the result.
  ///
  /// -1 is a hang-up or a sound that is missing: ``channelStatus`` tells which.
  package static func streamFile(_ sound: String, keys: String) -> AGICommand {
    AGICommand("STREAM FILE", [sound, keys], interruption: .unanswered)
  }

  /// Plays a sound that any key interrupts, and takes keys; `""` plays none. `wait` is for the first key and for each further one.
  package static func getData(_ sound: String, wait: Duration, max: Int) -> AGICommand {
    AGICommand("GET DATA", [sound, "\(wait.milliseconds)", "\(max)"], waits: wait * max, interruption: .unanswered)
  }

  package static func waitForDigit(_ wait: Duration) -> AGICommand {
    AGICommand("WAIT FOR DIGIT", ["\(wait.milliseconds)"], waits: wait, interruption: .answered)
  }

  /// Speaks digits one by one, leading zeros among them. What an identifier is read with: SAY NUMBER knows 32 bits.
  package static func sayDigits(_ digits: String, keys: String) -> AGICommand {
    AGICommand("SAY DIGITS", [digits, keys], waits: .seconds(1) * digits.utf8.count)
  }

  /// Speaks a quantity, 0 ... 9999; never an identifier.
  package static func sayNumber(_ number: Int, keys: String) -> AGICommand {
    AGICommand("SAY NUMBER", ["\(number)", keys], waits: .seconds(5))
  }

  package static func setVariable(_ name: String, _ value: String) -> AGICommand { AGICommand("SET VARIABLE", [name, value]) }
  package static func getVariable(_ name: String) -> AGICommand { AGICommand("GET VARIABLE", [name]) }
}

extension Duration {
  fileprivate var milliseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1000 + attoseconds / 1_000_000_000_000_000
  }
}

/// Why a command is not sent.
package enum AGICommandFault: Error, Hashable, Sendable {
  /// An argument has a CR, LF or NUL: it would be two commands, or none.
  case controlCharacter
  case tooLong(bytes: Int)
  case tooManyWords(Int)
}

extension AGICommand {
  /// The line with its end.
  ///
  /// Every argument stands in quotes, with `"` and `\` escaped; CR, LF and NUL are refused and not dropped, because what they stood in
  /// was not what somebody meant to send.
  package func line(_ limits: AGILimits = .standard) throws(AGICommandFault) -> [UInt8] {
    let words = name.utf8.count(where: { $0 == UInt8(ascii: " ") }) + 1 + arguments.count
    guard words <= limits.maxWords else { throw .tooManyWords(words) }
    var line = Array(name.utf8)
    for argument in arguments {
      line += [UInt8(ascii: " "), UInt8(ascii: "\"")]
      for byte in argument.utf8 {
        switch byte {
        case 0, UInt8(ascii: "\r"), UInt8(ascii: "\n"): throw .controlCharacter
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): line += [UInt8(ascii: "\\"), byte]
        default: line.append(byte)
        }
      }
      line.append(UInt8(ascii: "\""))
    }
    line.append(UInt8(ascii: "\n"))
    guard line.count <= limits.maxCommandBytes else { throw .tooLong(bytes: line.count) }
    return line
  }
}
