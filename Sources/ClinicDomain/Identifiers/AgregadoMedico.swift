/// Agregado médico: the eight characters that tell the members of a family under one NSS apart, such as `1M1985OR`.
///
/// 1 relation to the group's head, 2 sex letter, 3–6 year of birth, 7–8 régimen. It is not unique: two sons born in one year
/// have the same one. It is kept as printed: the sex letter is ambiguous (``scheme(resolvedBy:)``) and is never rewritten.
/// Only the printed form is read. A year of two digits is not: read as 19xx, as the institute's own programs do, it would make a
/// child of 2015 a person of 1915.
/// Source: domain, 1.2 (a best reading, no official text was found).
package struct AgregadoMedico: Hashable, Sendable {
  private let text: String

  /// Reads eight characters in either case, with any spaces and hyphens between them.
  ///
  /// - Parameter today: a year of birth after this date's, or more than 120 before it, is refused.
  /// - Throws: the first reason that applies, in the order of ``AgregadoMedicoFault``.
  package init(parsing text: some StringProtocol, today: CivilDate) throws(AgregadoMedicoFault) {
    try self.init(parsing: text)
    guard birthYear <= today.year else { throw .inTheFuture }
    guard birthYear >= today.year - BirthDate.greatestAge else { throw .tooLongAgo }
  }

  /// As ``init(parsing:today:)`` without the judgement on the year: for what is read back from storage.
  package init(parsing text: some StringProtocol) throws(AgregadoMedicoFault) {
    let written = text.withoutGrouping.uppercased()
    let bytes = Array(written.utf8)
    guard !bytes.isEmpty else { throw .empty }
    guard written.count == 8 else { throw .wrongLength(written.count) }
    guard (UInt8(ascii: "1")...UInt8(ascii: "6")).contains(bytes[0]) else { throw .unknownRelation }
    guard "HMFX".utf8.contains(bytes[1]) else { throw .unknownSexLetter }
    guard let year = Int(digits: bytes[2..<6]), (1900...2099).contains(year) else { throw .notAYear }
    guard bytes[6...].allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }) else { throw .notARegimen }
    self.text = written
  }

  package enum Relation: Int, Hashable, Sendable, CaseIterable {
    case titular = 1
    /// Wife, husband, concubina or concubinario of a worker.
    case conyuge
    case hijo
    /// Father or mother.
    case progenitor
    case titularPensionado
    /// Anybody in a pensioner's group but the pensioner.
    case beneficiarioDePensionado

    /// Whether the NSS's own years are this person's.
    package var isTitular: Bool { self == .titular || self == .titularPensionado }
  }

  package enum SexLetter: String, Hashable, Sendable { case H, M, F, X }

  package var relation: Relation { Relation(rawValue: Int(digits: text.utf8.prefix(1))!)! }
  /// As printed; what it means, only ``sex(resolvedBy:)`` says.
  package var sexLetter: SexLetter { SexLetter(rawValue: String(text.dropFirst().prefix(1)))! }
  package var birthYear: Int { Int(digits: text.utf8.dropFirst(2).prefix(4))! }
  package var regimen: Regimen { Regimen(code: String(text.suffix(2))) }

  package enum Regimen: Hashable, Sendable {
    case ordinario, pensionado, estudiantes, seguroDeSalud
    /// SA, for a listed set of CFE's employers.
    case empleadoresCFE
    /// ME, probably Mexicans abroad.
    case mexicanosEnElExtranjero
    /// ND, written by hospitals for people without rights.
    case noDerechohabiente
    /// Any other two letters of the modalidad catalogue.
    case other(String)

    init(code: String) {
      self = switch code {
      case "OR": .ordinario
      case "PE": .pensionado
      case "ES": .estudiantes
      case "SA": .empleadoresCFE
      case "SF": .seguroDeSalud
      case "ME": .mexicanosEnElExtranjero
      case "ND": .noDerechohabiente
      default: .other(code)
      }
    }
  }
}

/// Why a text is no agregado médico. Cases stand in the order they are checked.
package enum AgregadoMedicoFault: IdentifierFault {
  case empty
  case wrongLength(Int)
  /// The first character is not 1 to 6.
  case unknownRelation
  /// The second character is not H, M, F or X.
  case unknownSexLetter
  /// Characters 3 to 6 are no year from 1900 to 2099.
  case notAYear
  /// The last two characters are not letters.
  case notARegimen
  case inTheFuture
  /// More than 120 years ago.
  case tooLongAgo

  package var code: String {
    switch self {
    case .empty: "empty"
    case .wrongLength: "wrong_length"
    case .unknownRelation: "unknown_relation"
    case .unknownSexLetter: "unknown_sex_letter"
    case .notAYear: "not_a_year"
    case .notARegimen: "not_a_regimen"
    case .inTheFuture: "in_the_future"
    case .tooLongAgo: "too_long_ago"
    }
  }

  package var mensaje: String {
    switch self {
    case .empty: "Escriba los 8 caracteres del agregado médico; están en su Cartilla junto al NSS. Por ejemplo, 1H1985OR."
    case .wrongLength(let count):
      "El agregado médico tiene 8 caracteres y aquí hay \(count). Escríbalo completo, con el año de 4 dígitos, como 1H1985OR."
    case .unknownRelation: "El agregado médico empieza con un dígito del 1 al 6. Revíselo en su Cartilla."
    case .unknownSexLetter: "El segundo carácter del agregado médico es H, M, F o X. Revíselo en su Cartilla."
    case .notAYear: "Los caracteres 3 a 6 del agregado médico son el año de nacimiento. Revíselos en su Cartilla."
    case .notARegimen: "El agregado médico termina con dos letras, como OR o PE. Revíselas en su Cartilla."
    case .inTheFuture: "El año de nacimiento del agregado médico no puede ser posterior al actual. Revíselo en su Cartilla."
    case .tooLongAgo: "El año de nacimiento del agregado médico es de hace más de 120 años. Revíselo en su Cartilla."
    }
  }
}

extension AgregadoMedico: Comparable, LosslessStringConvertible {
  package static func < (left: Self, right: Self) -> Bool { left.text < right.text }

  /// Eight characters in upper case, as printed.
  package var description: String { text }
  /// As ``init(parsing:)``, without the reason and without a judgement on the year.
  package init?(_ text: String) {
    guard let value = try? AgregadoMedico(parsing: text) else { return nil }
    self = value
  }

  /// As it is read aloud: "1 M 1985 OR".
  package var spoken: String { text.grouped([1, 1, 4, 2]) }
  /// "••••••OR": year and sex are covered.
  package var masked: String { text.masked(showing: 2) }
}
