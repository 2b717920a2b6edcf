/// Clave Única de Registro de Población: eighteen characters made from names, birth date, sex and state, with a check digit.
///
/// 1–4 letters of the names, 5–10 birth date AAMMDD, 11 sex (X included), 12–13 state, 14–16 inner consonants of the names,
/// 17 against homonyms (a digit for births up to 1999, a letter from 2000 on: it tells the century), 18 check digit.
/// The check digit does not see an error in position 9 at all: read the decoded ``birthDate`` back to the person.
/// Source: Instructivo Normativo para la Asignación de la CURP, DOF 18/10/2021; domain, 1.3.
package struct CURP: Hashable, Sendable {
  private let text: String
  package let birthDate: CivilDate
  package let sex: SexCode
  package let state: BirthState

  /// Reads eighteen letters and digits in either case, with any spaces and hyphens between them.
  ///
  /// - Throws: the first reason that applies, in the order of ``CURPFault``.
  package init(parsing text: some StringProtocol) throws(CURPFault) {
    let written = text.withoutGrouping.uppercased()
    guard !written.isEmpty else { throw .empty }
    guard written.count == 18 else { throw .wrongLength(written.count) }
    let bytes = Array(written.utf8)
    for (index, byte) in bytes.enumerated() {
      // A mark that combines with the last character makes more bytes than characters.
      guard index < 18, CURPGrammar.positions[index].allows(byte) else {
        throw .unexpectedCharacter(position: min(index + 1, 18))
      }
    }
    guard let sex = SexCode(rawValue: String(decoding: bytes[10..<11], as: UTF8.self)) else { throw .unknownSex }
    guard let state = BirthState(rawValue: String(decoding: bytes[11..<13], as: UTF8.self)) else { throw .unknownState }
    guard !CURPGrammar.isCensored(bytes[0..<4]) else { throw .censoredWord }
    guard let birthDate = Self.birthDate(in: bytes) else { throw .noSuchDay }
    guard CURPGrammar.checkDigit(of: bytes.dropLast()) == bytes[17] else { throw .badCheckDigit }
    (self.text, self.birthDate, self.sex, self.state) = (written, birthDate, sex, state)
  }

  private static func birthDate(in bytes: [UInt8]) -> CivilDate? {
    let century = CURPGrammar.Kind.digit.allows(bytes[16]) ? 1900 : 2000
    guard let year = Int(digits: bytes[4..<6]), let month = Int(digits: bytes[6..<8]), let day = Int(digits: bytes[8..<10])
    else { return nil }
    return CivilDate(year: century + year, month: month, day: day)
  }

  /// What to read back, since a wrong digit in the day can pass: "21 de noviembre de 1985, mujer, Jalisco".
  package var spanishReadBack: String { "\(birthDate.spanishBirthText), \(sex.spanishText), \(state.spanishText)" }

  /// How far somebody has looked into a CURP.
  package enum Verification: String, Hashable, Sendable, CaseIterable {
    case none
    /// Its form and check digit.
    case checksum
    /// RENAPO's register has it, alive.
    case renapo
  }
}

/// Why a text is no CURP. Cases stand in the order they are checked.
package enum CURPFault: IdentifierFault {
  case empty
  case wrongLength(Int)
  /// Not the kind of character that stands in this position, counted from 1.
  case unexpectedCharacter(position: Int)
  /// Position 11 is not H, M or X.
  case unknownSex
  case unknownState
  /// The first four letters are a word that the register never gives out.
  case censoredWord
  case noSuchDay
  case badCheckDigit

  package var code: String {
    switch self {
    case .empty: "empty"
    case .wrongLength: "wrong_length"
    case .unexpectedCharacter: "unexpected_character"
    case .unknownSex: "unknown_sex"
    case .unknownState: "unknown_state"
    case .censoredWord: "censored_word"
    case .noSuchDay: "no_such_day"
    case .badCheckDigit: "bad_check_digit"
    }
  }

  package var mensaje: String {
    switch self {
    case .empty: "Escriba los 18 caracteres de su CURP."
    case .wrongLength(let count): "La CURP tiene 18 caracteres y aquí hay \(count). Escríbala completa."
    case .unexpectedCharacter(let position):
      """
      El carácter \(position) de la CURP debe ser \(CURPGrammar.positions[position - 1].spanishText). Revíselo; no confunda \
      O con 0 ni I con 1.
      """
    case .unknownSex: "El carácter 11 de la CURP indica el sexo y debe ser H, M o X. Revíselo."
    case .unknownState: "Los caracteres 12 y 13 de la CURP no son la clave de ningún estado. Revíselos."
    case .censoredWord: "Las cuatro primeras letras no corresponden a una CURP. Cópielas como están en su constancia."
    case .noSuchDay: "Los caracteres 5 a 10 de la CURP (año, mes y día de nacimiento) no son una fecha real. Revíselos."
    case .badCheckDigit: "La CURP no es correcta: el dígito verificador no coincide. Revísela carácter por carácter."
    }
  }
}

extension CURP: Comparable, LosslessStringConvertible {
  package static func < (left: Self, right: Self) -> Bool { left.text < right.text }

  /// Eighteen characters in upper case.
  package var description: String { text }
  /// As ``init(parsing:)``, without the reason.
  package init?(_ text: String) {
    guard let value = try? CURP(parsing: text) else { return nil }
    self = value
  }

  /// "••••••••••••••RN01".
  package var masked: String { text.masked() }
}
