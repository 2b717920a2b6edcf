internal import ClinicDomain

extension ValueParser<CivilDate> {
  /// Years that a clinic's file can be about; what lies outside is a slip of the hand.
  private static let years = 2020...2100

  /// `2026-11-21`.
  static let date = ValueParser { text throws(Complaint) in
    if let date = CivilDate(iso: text) {
      guard years.contains(date.year) else {
        throw Complaint(
          "el año \(date.year) está fuera de lo permitido", fix: "escriba un año de \(years.lowerBound) a \(years.upperBound)")
      }
      return date
    }
    guard let parts = yearMonthDay(text) else {
      throw Complaint("\"\(text.excerpt)\" no es una fecha", fix: "escríbala como 2026-11-21: año, mes y día")
    }
    throw complaint(text, year: parts[0], month: parts[1], day: parts[2])
  }

  /// The three numbers of anything that looks like a date, the year first.
  private static func yearMonthDay(_ text: String) -> [Int]? {
    let parts = text.split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "/" || $0 == "." }
    guard parts.count == 3, parts.allSatisfy({ (1...4).contains($0.utf8.count) }) else { return nil }
    let numbers = parts.compactMap { Int(digits: $0.utf8) }
    guard numbers.count == 3 else { return nil }
    if parts[0].utf8.count == 4 { return numbers }
    return parts[2].utf8.count == 4 ? numbers.reversed() : nil
  }

  private static func complaint(_ text: String, year: Int, month: Int, day: Int) -> Complaint {
    guard years.contains(year) else {
      return Complaint("\"\(text)\" no es una fecha", fix: "escríbala como 2026-11-21: año, mes y día")
    }
    guard (1...12).contains(month) else {
      return Complaint("la fecha \"\(text)\" no existe: no hay mes \(month)", fix: "escriba un mes de 01 a 12")
    }
    let length = CivilDate.length(ofMonth: month, year: year)
    guard (1...length).contains(day) else {
      let name = CivilDate.spanishMonths[month - 1]
      return Complaint(
        "la fecha \"\(text)\" no existe: \(name) de \(year) tiene \(length) días", fix: "escriba un día de 01 a \(length)")
    }
    let meant = CivilDate(year: year, month: month, day: day)!
    return Complaint("la fecha \"\(text)\" no está escrita como año-mes-día", fix: "escriba \(meant)")
  }
}
