internal import ClinicDomain

extension ValueParser<Int> {
  /// A whole number in decimal digits, within a range.
  ///
  /// Not YAML's numbers: `010` would be eight there, `1_000` a thousand and `1:30` ninety.
  ///
  /// - Parameter unit: "días"; empty for a mere number.
  static func integer(_ range: ClosedRange<Int>, unit: String = "") -> ValueParser {
    let range = (range, unit.isEmpty ? "" : " \(unit)")
    return ValueParser { text throws(Complaint) in try integer(text, range.0, unit: range.1) }
  }

  private static func integer(_ text: String, _ range: ClosedRange<Int>, unit: String) throws(Complaint) -> Int {
    let isNegative = text.hasPrefix("-")
    let digits = isNegative ? text.dropFirst() : text[...]
    guard let size = Int(digits: digits.utf8) else {
      throw Complaint("\"\(text.excerpt)\" no es un número entero", fix: fix(for: text, in: range))
    }
    guard size.description == digits, !isNegative || size > 0 else {
      throw Complaint(
        "\"\(text.excerpt)\" empieza con cero y se presta a confusión", fix: "escriba \(isNegative ? -size : size)")
    }
    let number = isNegative ? -size : size
    guard range.contains(number) else {
      throw Complaint(
        "\(number) está fuera de lo permitido",
        fix: "escriba un número de \(range.lowerBound) a \(range.upperBound)\(unit)")
    }
    return number
  }

  /// What is left of "1_000" or "15 min" when only its digits are kept, if that would do.
  private static func fix(for text: String, in range: ClosedRange<Int>) -> String {
    if let match = text.wholeMatch(of: /([0-9]+(?:[_, ][0-9]{3})*)\s*\p{Alphabetic}*/),
      let number = Int(digits: match.1.utf8.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      range.contains(number)
    {
      return "escriba solo dígitos: \(number)"
    }
    return "escriba solo dígitos, de \(range.lowerBound) a \(range.upperBound)"
  }
}
