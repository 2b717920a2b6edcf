extension CURP {
  /// The CURP that the register's rules give a person, with a homonymy index of the caller's choice.
  ///
  /// For synthetic people and for comparing a CURP with a name; the register alone gives out real ones.
  ///
  /// - Parameters:
  ///   - secondSurname: `nil` or blank gives X in positions 3 and 15.
  ///   - homonym: 0 for the first bearer of the same sixteen characters, then 1, 2 …; births from 2000 on make it A, B, C …
  /// - Returns: `nil` when a name has no letters, the year is outside 1900 to 2099, or `homonym` is beyond its digit or letter.
  package init?(
    given: String, firstSurname: String, secondSurname: String?, bornOn date: CivilDate, sex: SexCode, state: BirthState,
    homonym: Int = 0
  ) {
    guard let given = NameKey(given: given), let first = NameKey(surname: firstSurname), homonym >= 0,
      (1900...2099).contains(date.year), homonym < (date.year < 2000 ? 10 : 26)
    else { return nil }
    let second = NameKey(surname: secondSurname ?? "")
    var letters = [first.initial, first.vowel, second?.initial ?? "X", given.initial]
    if CURPGrammar.isCensored(String(letters).utf8) { letters[1] = "X" }
    let born = "\((date.year % 100).padded(2))\(date.month.padded(2))\(date.day.padded(2))"
    let consonants = String([first.consonant, second?.consonant ?? "X", given.consonant])
    let code = (date.year < 2000 ? UInt8(ascii: "0") : UInt8(ascii: "A")) + UInt8(homonym)
    let text = String(letters) + born + sex.rawValue + state.rawValue + consonants + String(UnicodeScalar(code))
    let check = UnicodeScalar(CURPGrammar.checkDigit(of: text.utf8))
    self.init(text + String(check))
  }
}

/// The letters of a name that a CURP takes: of its first word that counts, the initial, the first inner vowel and the first
/// inner consonant.
///
/// Ñ gives X, and so does a mark (/ - . ') that stands where a letter would be taken: D/AMICO begins DX.
private struct NameKey {
  let initial: Character
  let vowel: Character
  let consonant: Character

  /// The first word that is no particle: "DE LA CRUZ" is CRUZ, "RIVA PALACIO" is RIVA. `nil` without a letter.
  init?(surname: String) { self.init(words: Self.words(surname)) }

  /// As a surname, but a leading MARÍA or JOSÉ (also shortened) gives way to the name behind it.
  init?(given: String) {
    let words = Self.words(given)
    let others = Self.withoutParticles(words.dropFirst())
    let steppedOver = words.first.map(Self.common.contains) == true && !others.isEmpty
    self.init(words: steppedOver ? Array(others) : words)
  }

  private init?(words: [String]) {
    guard let word = Self.withoutParticles(words[...]).first ?? words.last, let initial = word.first else { return nil }
    self.initial = Self.letter(initial)
    let inner = word.dropFirst()
    vowel = inner.first { "AEIOU".contains($0) || Self.isMark($0) }.map(Self.letter) ?? "X"
    consonant = inner.first { !"AEIOU".contains($0) }.map(Self.letter) ?? "X"
  }

  private static func words(_ name: String) -> [String] {
    name.foldedSpanish.split(separator: " ").map(String.init).filter { $0.contains(where: { !isMark($0) }) }
  }

  private static func withoutParticles(_ words: ArraySlice<String>) -> ArraySlice<String> {
    words.drop { particles.contains($0) }
  }

  /// Neither a letter of the alphabet nor Ñ.
  private static func isMark(_ character: Character) -> Bool {
    character != "Ñ" && !isPlainLetter(character)
  }

  /// A to Z as they are; Ñ and marks become X.
  private static func letter(_ character: Character) -> Character {
    isPlainLetter(character) ? character : "X"
  }

  private static func isPlainLetter(_ character: Character) -> Bool {
    character.asciiValue.map((UInt8(ascii: "A")...UInt8(ascii: "Z")).contains) ?? false
  }

  private static let common = ["MARIA", "MA.", "MA", "M.", "M", "JOSE", "J.", "J"]
  private static let particles = [
    "DA", "DAS", "DE", "DEL", "DER", "DI", "DIE", "DD", "EL", "LA", "LAS", "LE", "LES", "LOS", "MAC", "MC", "VAN", "VON", "Y",
  ]
}
