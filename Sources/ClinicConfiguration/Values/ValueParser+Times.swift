internal import ClinicDomain

extension ValueParser<Range<AgendaMinute>> {
  /// `08:00-14:00` on one agenda; an end that is not after the start lies on the following day (`18:00-02:00`).
  ///
  /// Hours 0 to 24; a whole day is `00:00-24:00`. The start lies in `0 ..< 1440`.
  static let hours = ValueParser { text throws(Complaint) in
    let parts = text.replacing("–", with: "-").split(separator: "-", omittingEmptySubsequences: false)
      .map { String($0).trimmed }
    guard parts.count == 2 else {
      throw Complaint(
        "\"\(text.excerpt)\" no es un horario de una hora a otra",
        fix: parts.count == 1 ? "escriba también cuándo termina, como 08:00-14:00" : "escríbalo como 08:00-14:00")
    }
    let start = try clock(parts[0])
    let end = try clock(parts[1])
    guard start < .endOfDay else {
      throw Complaint("el horario empieza a las 24:00", fix: "escriba 00:00 si es la medianoche")
    }
    guard start != end else {
      throw Complaint(
        "el horario empieza y termina a las \(start)",
        fix: "para un día entero escriba 00:00-24:00; si no, corrija una de las dos")
    }
    let crossed = end > start ? end : end.adding(minutes: AgendaMinute.endOfDay.minutes)!
    return start..<crossed
  }

  private static func clock(_ text: String) throws(Complaint) -> AgendaMinute {
    if let time = AgendaMinute(text: text) {
      guard time <= .endOfDay else {
        throw Complaint("la hora \"\(text)\" no existe", fix: afterMidnightFix(time))
      }
      return time
    }
    let guess = AgendaMinute(text: text.replacing(".", with: ":")) ?? AgendaMinute(text: text + ":00")
    let fix = guess.flatMap { $0 <= .endOfDay ? "escriba \($0)" : nil }
    throw Complaint(
      "\"\(text.excerpt)\" no es una hora", fix: fix ?? "escriba horas de 0 a 24 y minutos de 00 a 59, como 08:00")
  }

  private static func afterMidnightFix(_ time: AgendaMinute) -> String {
    let wall = time.adding(minutes: -AgendaMinute.endOfDay.minutes)!
    return wall < .endOfDay
      ? "escriba \(wall) si es del día siguiente" : "escriba horas de 0 a 24"
  }
}

extension ValueParser<[Weekday]> {
  /// One weekday, or several from one to another: `lunes`, `lunes-viernes`, `vie-lun`; `todos` is Monday to Sunday.
  static let weekdays = ValueParser { text throws(Complaint) in
    if text.foldedSpanish == "TODOS" { return Weekday.allCases }
    let parts = text.replacing("–", with: "-").split(separator: "-", omittingEmptySubsequences: false)
      .map { String($0).trimmed }
    guard let first = parts.first, let last = parts.last, parts.count <= 2 else {
      throw Complaint("\"\(text.excerpt)\" no dice de qué día a qué día", fix: "escríbalo como lunes-viernes")
    }
    let start = try weekday(first)
    let end = try weekday(last)
    let count = (end.rawValue - start.rawValue + 7) % 7 + 1
    return (0..<count).map { Weekday(rawValue: (start.rawValue - 1 + $0) % 7 + 1)! }
  }

  private static func weekday(_ text: String) throws(Complaint) -> Weekday {
    if let day = Weekday(spanish: text) { return day }
    throw Complaint(
      "el día \"\(text.excerpt)\" no existe",
      fix: Suggestion.fix(for: text, among: Weekday.allCases.map(\.spanishName)))
  }
}
