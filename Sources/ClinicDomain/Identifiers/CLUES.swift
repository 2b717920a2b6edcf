/// Clave Única de Establecimientos de Salud: eleven characters, state (2), institution (3), serial (5), check digit (1).
///
/// The check digit's rule was found by comparison, not in an official text, and does not hold for every real code: a mismatch is
/// a typing warning for a technician, never a refusal. Source: domain, 1.4.
package struct CLUES: Hashable, Sendable {
  private let text: String

  /// Reads eleven letters and digits in either case, with any spaces and hyphens between them.
  ///
  /// - Throws: the first reason that applies, in the order of ``CLUESFault``.
  package init(parsing text: some StringProtocol) throws(CLUESFault) {
    let code = text.withoutGrouping.uppercased()
    guard !code.isEmpty else { throw .empty }
    guard code.count == 11 else { throw .wrongLength(code.count) }
    for (index, byte) in code.utf8.enumerated() {
      let allowed = index < 5 ? UInt8(ascii: "A")...UInt8(ascii: "Z") : UInt8(ascii: "0")...UInt8(ascii: "9")
      guard allowed.contains(byte) else { throw .unexpectedCharacter(position: index + 1) }
    }
    guard let state = BirthState(rawValue: String(code.prefix(2))), state != .extranjero else { throw .unknownState }
    self.text = code
  }

  package var state: BirthState { BirthState(rawValue: String(text.prefix(2)))! }
  /// "IMS" is the IMSS, "IMO" IMSS-Bienestar, "IST" the ISSSTE, "SSA" the Secretaría de Salud.
  package var institution: String { String(text.dropFirst(2).prefix(3)) }
  package var isIMSS: Bool { institution == "IMS" }

  /// What a technician should look at again; `nil` when the last digit is the expected one.
  package var warning: CLUESWarning? {
    text.utf8.last == UInt8(ascii: "0") + UInt8(expectedCheckDigit) ? nil : .unusualCheckDigit
  }

  /// 2 · (serial − sum of the letters' places in the alphabet) modulo 7.
  private var expectedCheckDigit: Int {
    let letters = text.utf8.prefix(5).reduce(0) { $0 + Int($1 - UInt8(ascii: "A")) + 1 }
    let serial = Int(digits: text.utf8.dropFirst(5).prefix(5))!
    let rest = 2 * (serial - letters) % 7
    return rest < 0 ? rest + 7 : rest
  }
}

/// A doubt about a CLUES that is no reason to refuse it.
package enum CLUESWarning: Hashable, Sendable {
  case unusualCheckDigit

  package var mensaje: String {
    """
    Verifique la CLUES: su último dígito no es el acostumbrado. Si así está en el catálogo de la Secretaría de Salud, déjela.
    """
  }
}

/// Why a text is no CLUES. Cases stand in the order they are checked.
package enum CLUESFault: IdentifierFault {
  case empty
  case wrongLength(Int)
  /// Positions 1 to 5 hold letters, 6 to 11 digits.
  case unexpectedCharacter(position: Int)
  /// The first two letters are no state of the country.
  case unknownState

  package var code: String {
    switch self {
    case .empty: "empty"
    case .wrongLength: "wrong_length"
    case .unexpectedCharacter: "unexpected_character"
    case .unknownState: "unknown_state"
    }
  }

  package var mensaje: String {
    switch self {
    case .empty: "Escriba los 11 caracteres de la CLUES de la unidad. Por ejemplo, DFIMS000266."
    case .wrongLength(let count): "La CLUES tiene 11 caracteres y aquí hay \(count). Escríbala completa, como DFIMS000266."
    case .unexpectedCharacter(let position):
      "El carácter \(position) de la CLUES debe ser \(position <= 5 ? "letra" : "dígito"). Revísela: son 5 letras y 6 dígitos."
    case .unknownState: "Las dos primeras letras de la CLUES no son de ningún estado. Revíselas; la Ciudad de México es DF."
    }
  }
}

extension CLUES: Comparable, LosslessStringConvertible {
  package static func < (left: Self, right: Self) -> Bool { left.text < right.text }

  /// Eleven characters in upper case.
  package var description: String { text }
  /// As ``init(parsing:)``, without the reason.
  package init?(_ text: String) {
    guard let value = try? CLUES(parsing: text) else { return nil }
    self = value
  }
}
