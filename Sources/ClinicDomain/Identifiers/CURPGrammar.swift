/// What may stand where in a CURP, and the sum that its last digit checks.
package enum CURPGrammar {
  enum Kind {
    case letter, vowelOrX, digit, consonant, alphanumeric

    func allows(_ byte: UInt8) -> Bool {
      switch self {
      case .letter: (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
      case .vowelOrX: Self.vowels.contains(byte) || byte == UInt8(ascii: "X")
      case .digit: (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      case .consonant: Kind.letter.allows(byte) && !Self.vowels.contains(byte)
      case .alphanumeric: Kind.letter.allows(byte) || Kind.digit.allows(byte)
      }
    }

    var spanishText: String {
      switch self {
      case .letter: "una letra, sin Ñ ni acentos"
      case .vowelOrX: "una vocal o X"
      case .digit: "un dígito"
      case .consonant: "una consonante"
      case .alphanumeric: "una letra o un dígito"
      }
    }

    private static let vowels = Array("AEIOU".utf8)
  }

  /// Positions 1 to 18, in order. Sex and state are letters here; which letters, the parser says with a reason of its own.
  static let positions: [Kind] =
    [.letter, .vowelOrX, .letter, .letter] + Array(repeating: .digit, count: 6) + [.letter, .letter, .letter]
    + [.consonant, .consonant, .consonant, .alphanumeric, .digit]

  /// The ASCII digit that belongs behind the first seventeen characters.
  ///
  /// The alphabet counts Ñ (24) although no CURP holds one: O is 25, Z is 36.
  /// - Precondition: upper-case ASCII letters and digits; seventeen of them.
  package static func checkDigit(of bytes: some Sequence<UInt8>) -> UInt8 {
    UInt8(ascii: "0") + UInt8((10 - weightedSum(of: bytes) % 10) % 10)
  }

  /// The sum that the check digit completes to a multiple of ten: each value by 18 minus its place from 0.
  package static func weightedSum(of bytes: some Sequence<UInt8>) -> Int {
    zip(bytes, (2...18).reversed()).reduce(0) { $0 + value(of: $1.0) * $1.1 }
  }

  private static func value(of byte: UInt8) -> Int {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "A")...UInt8(ascii: "N"): Int(byte - UInt8(ascii: "A")) + 10
    default: Int(byte - UInt8(ascii: "O")) + 25
    }
  }

  static func isCensored(_ letters: some Collection<UInt8>) -> Bool {
    censoredWords.contains(String(decoding: letters, as: UTF8.self))
  }

  /// The first four letters that the register never gives out; the second becomes X. 81 words.
  ///
  /// Source: Instructivo Normativo, Anexo 2; domain, 1.3.
  package static let censoredWords: Set<String> = Set("""
    BACA BAKA BUEI BUEY CACA CACO CAGA CAGO CAKA CAKO COGE COGI COJA COJE COJI COJO COLA CULO FALO FETO GETA GUEI GUEY \
    JETA JOTO KACA KACO KAGA KAGO KAKA KAKO KOGE KOGI KOJA KOJE KOJI KOJO KOLA KULO LILO LOCA LOCO LOKA LOKO MAME MAMO \
    MEAR MEAS MEON MIAR MION MOCO MOKO MULA MULO NACA NACO PEDA PEDO PENE PIPI PITO POPO PUTA PUTO QULO RATA ROBA ROBE \
    ROBO RUIN SENO TETA VACA VAGA VAGO VAKA VUEI VUEY WUEI WUEY
    """.split(separator: " ").map(String.init))
}
