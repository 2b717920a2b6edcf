extension CivilDate: CustomStringConvertible {
  /// ISO 8601, always ten characters: "2026-11-21".
  package var description: String {
    let (year, month, day) = components
    return "\(year.padded(4))-\(month.padded(2))-\(day.padded(2))"
  }

  /// Reads ISO 8601's long form and nothing else: `2026-11-21`.
  package init?(iso text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      let year = Int(digits: bytes[0..<4]), let month = Int(digits: bytes[5..<7]), let day = Int(digits: bytes[8..<10])
    else { return nil }
    self.init(year: year, month: month, day: day)
  }

  /// Reads what a keypad gives, day first, eight digits: `21111985`.
  package init?(ddmmyyyy text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.count == 8,
      let day = Int(digits: bytes[0..<2]), let month = Int(digits: bytes[2..<4]), let year = Int(digits: bytes[4..<8])
    else { return nil }
    self.init(year: year, month: month, day: day)
  }
}

// MARK: - Spanish, for people

extension CivilDate {
  /// "sábado 21 de noviembre de 2026"; the first of a month is "1 de noviembre".
  package var spanishText: String { "\(spanishDayText) de \(year)" }

  /// Without the year: "sábado 21 de noviembre".
  package var spanishDayText: String { "\(weekday.spanishName) \(day) de \(Self.spanishMonths[month - 1])" }

  /// For tables and tickets: "sáb 21 nov 2026".
  package var spanishShortText: String {
    "\(weekday.spanishShortName) \(day) \(Self.spanishMonths[month - 1].prefix(3)) \(year)"
  }

  /// Without the weekday, as one reads back a birth date: "21 de noviembre de 1985".
  package var spanishBirthText: String { "\(day) de \(Self.spanishMonths[month - 1]) de \(year)" }

  /// Day first: "21/11/2026".
  package var spanishNumericText: String { "\(day.padded(2))/\(month.padded(2))/\(year.padded(4))" }

  /// January to December.
  package static let spanishMonths = [
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
  ]
}
