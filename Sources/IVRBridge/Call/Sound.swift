internal import ClinicDomain
internal import FastAGI
package import IVRDialogue

/// One thing that Asterisk plays with one command.
package enum Sound: Hashable, Sendable {
  /// A file on Asterisk's disk, its name without extension, and how long it is.
  case file(String, length: Duration)
  /// Digits one by one.
  case digits(String)
  /// Nothing for so long, with an ear for keys.
  case pause(Duration)
  /// Seconds since 1970, in one of Asterisk's formats.
  case moment(Int64, format: String)
  case number(Int)
}

/// Where the sounds of prompts are, and how long they are.
package struct SoundLibrary: Hashable, Sendable {
  /// What stands before `<language>/<prompt>`: a folder below Asterisk's `sounds`, or an absolute one.
  package var prefix: String
  /// Milliseconds, by language and prompt: "es/menu.bienvenida".
  package var lengths: [String: Int]
  /// The clinic's, as Asterisk's machine knows it: "America/Mexico_City".
  package var zone: String
  /// What the clock on the wall differs from UTC by in January, in seconds.
  package var winterOffset: Int

  /// What a sound counts for whose length is not known: longer than any prompt may be.
  package static let unknownLength = Duration.seconds(60)

  package init(prefix: String, lengths: [String: Int] = [:], zone: String, winterOffset: Int) {
    self.prefix = prefix
    self.lengths = lengths
    self.zone = zone
    self.winterOffset = winterOffset
  }
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
      let name = "\(prompt.language)/\(id)"
      let length = lengths[name].map { Duration.milliseconds($0) } ?? Self.unknownLength
      return [.file(prefix.isEmpty ? name : "\(prefix)/\(name)", length: length)]
    case .digits(let groups):
      return Array(groups.map { [Sound.digits($0)] }.joined(separator: [.pause(Self.betweenGroups)]))
    case .day(let date): return [.moment(noon(of: date), format: "AdB")]
    case .birthDate(let date): return [.moment(noon(of: date), format: "d 'digits/es-de' B 'digits/es-de' Y")]
    case .time(let minute): return [.moment(winterMoment(of: minute), format: AGICommand.spanishTime)]
    case .number(let number): return [.number(number)]
    }
  }

  /// 18:00 UTC is between ten in the morning and one in the afternoon in every zone of Mexico, so that the day is right whatever rule
  /// of summer time Asterisk's machine believes in.
  private func noon(of date: CivilDate) -> Int64 { Int64(date.daysSinceEpoch) * 86_400 + 18 * 3600 }

  /// A time of day has no date: it is said as of a day in January, when a tzdata from before the reform of 2022 is right too.
  private func winterMoment(of minute: AgendaMinute) -> Int64 {
    Int64(Self.winterDay) * 86_400 + Int64(minute.minutes % 1440) * 60 - Int64(winterOffset)
  }

  /// 2026-01-15.
  private static let winterDay = CivilDate(year: 2026, month: 1, day: 15)!.daysSinceEpoch
}

// MARK: - From sounds to commands

extension Sound {
  /// The command that plays it; one of `keys` stops it, except a pause, which every key ends.
  func command(keys: KeySet, zone: String) -> AGICommand {
    switch self {
    case .file(let name, _): .streamFile(name, keys: keys.keys)
    case .digits(let digits): .sayDigits(digits, keys: keys.keys)
    case .pause(let length): .waitForDigit(length)
    case .moment(let seconds, let format): .sayDateTime(seconds, keys: keys.keys, format: format, zone: zone)
    case .number(let number): .sayNumber(number, keys: keys.keys)
    }
  }

  /// What it takes beyond the command's own wait.
  var length: Duration { if case .file(_, let length) = self { length } else { .zero } }
}
