internal import ClinicDomain
package import Guidance

/// The words of a line's prompts, looked up by their names.
package struct Wording: Sendable {
  private let words: [Language: [PromptID: String]]

  package init(_ line: PhoneLine) {
    words = Dictionary(uniqueKeysWithValues: line.languages.map { entry in
      (entry.language, Dictionary(line.texts(in: entry.language).map { ($0.id, $0.words) }) { first, _ in first })
    })
  }

  /// What a prompt says, in words and figures: for a terminal, a transcript, and to count words.
  ///
  /// A text that the line does not have is its name in brackets.
  package func words(of prompt: Prompt) -> String {
    prompt.parts.map { part in
      switch part {
      case .text(let id): words(of: id, in: prompt.language) ?? "[\(id)]"
      case .digits(let groups): groups.joined(separator: " ")
      case .day(let date): date.spanishDayText
      case .birthDate(let date): date.spanishBirthText
      case .time(let time): time.description
      case .number(let number): "\(number)"
      }
    }.joinedAsText
  }

  /// One after the other, each ended by its full stop.
  package func words(of prompts: [Prompt]) -> String {
    prompts.map { words(of: $0) }.map { $0.last.map(".,;:?!".contains) == true ? $0 : "\($0)." }.joined(separator: " ")
  }

  /// Words that it takes to say it: each digit of an identifier is one.
  package func spokenWords(of prompts: [Prompt]) -> Int {
    prompts.flatMap(\.parts).reduce(0) { count, part in
      switch part {
      case .text(let id): count + Readability(words(of: id, in: .spanish) ?? "").words
      case .digits(let groups): count + groups.reduce(0) { $0 + $1.count }
      case .day, .birthDate: count + SpokenValue.day.spokenWords
      case .time: count + SpokenValue.time.spokenWords
      case .number: count + 1
      }
    }
  }

  private func words(of id: PromptID, in language: Language) -> String? { words[language]?[id] }
}

extension [String] {
  /// With spaces between them, but not before a punctuation mark.
  var joinedAsText: String {
    reduce("") { text, words in
      text.isEmpty || words.first.map(".,;:".contains) == true ? text + words : "\(text) \(words)"
    }
  }
}
