/// How easily a Spanish text is understood: INFLESZ, that is Szigriszt-Pazos' formula read on Barrio-Cantalejo's scale.
///
/// 206.835 − 62.3 · (syllables ÷ words) − (words ÷ sentences). Over 80 very easy, 65–80 quite easy, 55–65 normal, below 55 hard.
/// Source: Szigriszt-Pazos 1993; Barrio-Cantalejo et al., "Validación de la Escala INFLESZ", An. Sist. Sanit. Navar. 31 (2008).
package struct Readability: Hashable, Sendable {
  package let syllables: Int
  package let words: Int
  /// At least 1.
  package let sentences: Int
  /// Words of the longest sentence.
  package let longestSentence: Int

  package init(_ text: String) {
    let sentences = text.split { ".;:!?…".contains($0) }.map { $0.split { $0.isWhitespace }.filter { $0.contains { $0.isLetter || $0.isNumber } } }
      .filter { !$0.isEmpty }
    let words = sentences.flatMap { $0 }
    self.words = words.reduce(0) { $0 + Self.spokenWords(of: $1) }
    self.sentences = max(1, sentences.count)
    longestSentence = sentences.map { $0.reduce(0) { $0 + Self.spokenWords(of: $1) } }.max() ?? 0
    syllables = words.reduce(0) { $0 + Self.syllables(of: $1) }
  }

  /// Rounded down to whole points; 0 for no words.
  package var points: Int {
    guard words > 0 else { return 0 }
    return Int((206.835 - 62.3 * Double(syllables) / Double(words) - Double(words) / Double(sentences)).rounded(.down))
  }

  /// A figure is a word for each of its digits: so it is read on the telephone.
  private static func spokenWords(of word: some StringProtocol) -> Int {
    word.contains(where: \.isLetter) ? 1 : max(1, word.count { $0.isNumber })
  }

  /// Vowel groups, with hiatus where two strong vowels meet or a weak one bears the accent; two for each digit of a figure.
  package static func syllables(of word: some StringProtocol) -> Int {
    let letters = Array(word.lowercased().filter(\.isLetter))
    let digits = word.count { $0.isNumber }
    guard !letters.isEmpty else { return 2 * digits }
    var count = 2 * digits
    var previous: Character?
    for (index, letter) in letters.enumerated() {
      guard Self.isVowel(letter, at: index, in: letters) else {
        previous = nil
        continue
      }
      if let before = previous {
        let isHiatus = (strong.contains(before) && strong.contains(letter)) || accentedWeak.contains(before) || accentedWeak.contains(letter)
        if isHiatus { count += 1 }
      } else {
        count += 1
      }
      previous = letter
    }
    return max(count, 1)
  }

  private static let strong: [Character] = ["a", "e", "o", "á", "é", "ó"]
  private static let weak: [Character] = ["i", "u", "ü"]
  private static let accentedWeak: [Character] = ["í", "ú"]

  /// The u of "que" and "guitarra" is silent; y is a vowel at the end of a word.
  private static func isVowel(_ letter: Character, at index: Int, in letters: [Character]) -> Bool {
    if letter == "y" { return index == letters.count - 1 }
    if letter == "u", index > 0, index + 1 < letters.count, ["e", "i", "é", "í"].contains(letters[index + 1]) {
      return !["q", "g"].contains(letters[index - 1])
    }
    return strong.contains(letter) || weak.contains(letter) || accentedWeak.contains(letter)
  }
}
