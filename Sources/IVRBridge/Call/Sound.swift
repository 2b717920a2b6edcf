internal import ClinicDomain
internal import FastAGI
package import IVRDialogue

/// One thing that Asterisk plays with one command.
package enum Sound: Hashable, Sendable {
  /// A file on Asterisk's disk, its name without extension, and how long it is.
  case file(String, length: Duration)
  /// One of Asterisk's own words, in the voice of the channel's language: "digits/mon-10".
  case word(String)
  /// Digits one by one.
  case digits(String)
  /// Nothing for so long, with an ear for keys.
  case pause(Duration)
  case number(Int)
}

/// Where the sounds of prompts are, and how long they are.
package struct SoundLibrary: Hashable, Sendable {
  /// What stands before `<language>/<prompt>`: a folder below Asterisk's `sounds`, or an absolute one.
  package var prefix: String
  /// Milliseconds, by language and prompt: "es/menu.bienvenida".
  package var lengths: [String: Int]

  /// What a sound counts for whose length is not known: longer than any prompt may be.
  package static let unknownLength = Duration.seconds(60)

  package init(prefix: String, lengths: [String: Int] = [:]) {
    self.prefix = prefix
    self.lengths = lengths
  }

  /// A sound's name for Asterisk, from its path below our folder.
  package func asterisksName(of path: String) -> String { prefix.isEmpty ? path : "\(prefix)/\(path)" }
}

// MARK: - From prompts to sounds

extension SoundLibrary {
  /// Groups of digits are told apart by this much silence.
  private static let betweenGroups = Duration.milliseconds(300)

  /// What is played, in order.
  package func sounds(of prompts: [Prompt]) -> [Sound] {
    prompts.flatMap { prompt in prompt.parts.flatMap { sounds(of: $0, in: prompt) } }
  }

  private func sounds(of part: Prompt.Part, in prompt: Prompt) -> [Sound] {
    switch part {
    case .text(let id):
      let path = "\(prompt.language)/\(id)"
      let length = lengths[path].map { Duration.milliseconds($0) } ?? Self.unknownLength
      return [.file(asterisksName(of: path), length: length)]
    case .digits(let groups):
      return Array(groups.map { [Sound.digits($0)] }.joined(separator: [.pause(Self.betweenGroups)]))
    case .day(let date): return SpanishWords.day(date)
    case .birthDate(let date): return SpanishWords.birthDate(date)
    case .time(let minute): return SpanishWords.time(minute)
    case .number(let number): return [.number(number)]
    }
  }
}

// MARK: - From sounds to commands

extension Sound {
  /// The command that plays it; one of `keys` stops it, except a pause, which every key ends.
  func command(keys: KeySet) -> AGICommand {
    switch self {
    case .file(let name, _), .word(let name): .streamFile(name, keys: keys.keys)
    case .digits(let digits): .sayDigits(digits, keys: keys.keys)
    case .pause(let length): .waitForDigit(length)
    case .number(let number): .sayNumber(number, keys: keys.keys)
    }
  }

  /// What it takes beyond the command's own wait.
  var length: Duration {
    switch self {
    case .file(_, let length): length
    case .word: .seconds(5)
    case .digits, .pause, .number: .zero
    }
  }
}
