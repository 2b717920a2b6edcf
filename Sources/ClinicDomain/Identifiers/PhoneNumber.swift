/// A telephone number in E.164: a Mexican one of ten digits, or a foreign one with its country code.
///
/// Source: Plan Nacional de Numeración since 3 August 2019: ten digits everywhere, without 01, 044 or 045; those, and the 1 that
/// once stood between 52 and a mobile number, are still written and are taken off. Foreign: ITU-T E.164.
package struct PhoneNumber: Hashable, Sendable {
  private let number: String

  /// Reads ten digits; or with 52, +52, 01, 044 or 045 in front; or `+` (or 00) and a foreign number. Spaces, hyphens, dots,
  /// parentheses and slashes are skipped.
  ///
  /// - Throws: the first reason that applies, in the order of ``PhoneNumberFault``.
  package init(parsing text: some StringProtocol) throws(PhoneNumberFault) {
    let ungrouped = text.withoutGrouping
    let written = ungrouped.isAllDigits ? ungrouped : ungrouped.filter { !"().·/".contains($0) }
    guard !written.isEmpty, written != "+" else { throw .empty }
    let digits = written.hasPrefix("+") ? written.dropFirst() : written[...]
    guard digits.isAllDigits else { throw .notDigits }
    if written.hasPrefix("+") {
      number = try Self.international(digits)
    } else if digits.hasPrefix("00"), digits.count > 10 {
      number = try Self.international(digits.dropFirst(2))
    } else {
      number = try Self.mexican(digits)
    }
  }

  private static func international(_ digits: Substring) throws(PhoneNumberFault) -> String {
    if digits.hasPrefix("52") {
      let rest = digits.dropFirst(2)
      return try national(rest.count == 11 && rest.hasPrefix("1") ? rest.dropFirst() : rest)
    }
    guard digits.first != "0" else { throw .noSuchArea }
    // North America, the one foreign plan of fixed length that our patients' families mostly live in.
    guard digits.first == "1" ? digits.count == 11 : (7...15).contains(digits.count) else {
      throw .wrongLength(digits.count)
    }
    return String(digits)
  }

  private static func mexican(_ digits: Substring) throws(PhoneNumberFault) -> String {
    let prefixes = [(12, "52"), (12, "01"), (13, "044"), (13, "045"), (13, "521")]
    let prefix = prefixes.first { digits.count == $0.0 && digits.hasPrefix($0.1) }?.1 ?? ""
    return try national(digits.dropFirst(prefix.count))
  }

  private static func national(_ national: Substring) throws(PhoneNumberFault) -> String {
    guard national.count == 10 else { throw .wrongLength(national.count) }
    guard let first = national.first, first >= "2" else { throw .noSuchArea }
    return "52" + national
  }

  package var isMexican: Bool { number.hasPrefix("52") }

  /// Ten digits; `nil` for a foreign number.
  package var national: String? { isMexican ? String(number.dropFirst(2)) : nil }
}

/// Why a text is no telephone number. Cases stand in the order they are checked.
package enum PhoneNumberFault: IdentifierFault {
  case empty
  case notDigits
  /// The number of digits, which is not ten (Mexico), eleven (+1) or seven to fifteen (elsewhere).
  case wrongLength(Int)
  /// No area begins with 0 or 1, no country with 0.
  case noSuchArea

  package var code: String {
    switch self {
    case .empty: "empty"
    case .notDigits: "not_digits"
    case .wrongLength: "wrong_length"
    case .noSuchArea: "no_such_area"
    }
  }

  package var mensaje: String {
    switch self {
    case .empty: "Escriba los 10 dígitos de su teléfono."
    case .notDigits: "El teléfono lleva solo dígitos. Escríbalo sin letras ni extensión."
    case .wrongLength(let count):
      "El teléfono tiene 10 dígitos y aquí hay \(count). Si es de otro país, escríbalo con + y la clave del país."
    case .noSuchArea: "Ningún teléfono de México empieza con 0 o 1. Escriba los 10 dígitos, sin prefijos."
    }
  }
}

extension PhoneNumber: LosslessStringConvertible {
  /// E.164: "+525512345678".
  package var description: String { "+" + number }
  /// As ``init(parsing:)``, without the reason.
  package init?(_ text: String) {
    guard let value = try? PhoneNumber(parsing: text) else { return nil }
    self = value
  }

  /// As it is read back: "55 1234 5678" where the area has two digits, else "664 123 4567"; one of North America "+1 213 555 1234".
  package var spoken: String {
    guard let national else {
      return number.hasPrefix("1") ? "+1 " + number.dropFirst().grouped([3, 3, 4]) : description
    }
    return national.grouped(Self.twoDigitAreas.contains(String(national.prefix(2))) ? [2, 4, 4] : [3, 3, 4])
  }

  /// "••••••5678"; a foreign one keeps no country code either.
  package var masked: String { (national ?? number).masked() }

  /// Mexico City (two), Guadalajara, Monterrey.
  private static let twoDigitAreas = ["55", "56", "33", "81"]
}
