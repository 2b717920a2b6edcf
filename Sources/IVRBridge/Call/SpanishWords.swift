internal import ClinicDomain

/// Numbers, days and hours in Spanish, as the files of Asterisk's own words say them.
///
/// Why not SAY DATETIME: Asterisk 22 says a quarter past noon as «doce quince de la mañana», eight o'clock as «ocho cero», needs
/// `digits/afternoon` from one to six, and ends with -1, as for a hang-up, when one word is missing. Source: its main/say.c,
/// `ast_say_date_with_format_es`.
enum SpanishWords {
  /// "martes 24 de noviembre".
  static func day(_ date: CivilDate) -> [Sound] {
    // Asterisk's week begins on Sunday, with 0.
    [.word("digits/day-\(date.weekday.rawValue % 7)"), .number(date.day), of, month(date)]
  }

  /// "5 de febrero de 1990".
  static func birthDate(_ date: CivilDate) -> [Sound] { [.number(date.day), of, month(date), of, .number(date.year)] }

  /// "8 15 de la mañana"; minutes below ten with their zero, and on the hour "8 en punto".
  static func time(_ time: AgendaMinute) -> [Sound] {
    let (hour, minute) = (time.minutes / 60 % 24, time.minutes % 60)
    let minutes: [Sound] = switch minute {
    case 0: [.word("digits/oclock")]
    case ..<10: [.number(0), .number(minute)]
    default: [.number(minute)]
    }
    return [hour % 12 == 1 ? .word("digits/1F") : .number(hour % 12 == 0 ? 12 : hour % 12)] + minutes + [half(of: hour)]
  }

  /// Night begins at seven in the evening, as in Asterisk; noon is no morning.
  private static func half(of hour: Int) -> Sound {
    switch hour {
    case 1..<12: .word("digits/a-m")
    case 12..<19: .word("digits/afternoon")
    default: .word("digits/p-m")
    }
  }

  private static let of = Sound.word("digits/es-de")

  private static func month(_ date: CivilDate) -> Sound { .word("digits/mon-\(date.month - 1)") }

  /// The names of the words of a number, 0 ... 9999: 31 is "treinta", "y", "uno". Other numbers have none.
  ///
  /// Source: Asterisk's main/say.c, `ast_say_number_full_es`.
  static func number(_ number: Int) -> [String] {
    switch number {
    case 0...30: ["digits/\(number)"]
    case 31...99: ["digits/\(number / 10 * 10)"] + (number % 10 == 0 ? [] : ["digits/and", "digits/\(number % 10)"])
    case 100: ["digits/100"]
    case 101...199: ["digits/100-and"] + self.number(number - 100)
    case 200...999: ["digits/\(number / 100 * 100)"] + (number % 100 == 0 ? [] : self.number(number % 100))
    case 1000...9999:
      (number < 2000 ? [] : self.number(number / 1000)) + ["digits/thousand"] + (number % 1000 == 0 ? [] : self.number(number % 1000))
    default: []
    }
  }
}
