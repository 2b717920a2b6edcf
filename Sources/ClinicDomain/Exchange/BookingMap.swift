/// How another system's file of bookings is read and written: which of its columns says what, in which form, and what its words mean here.
package struct BookingMap: Hashable, Sendable {
  /// What a column says; the word is the key of the map's file.
  package enum Column: String, Hashable, Sendable, CaseIterable {
    case reference = "identificador"
    case resource = "consultorio"
    case date = "fecha"
    case start = "hora"
    case minutes = "duracion"
    case service = "servicio"
    case status = "estado"
    case patientNumber = "numero"
    case curp
    case nss
    case birthDate = "nacimiento"

    /// Without these a row is no booking.
    package var isRequired: Bool {
      switch self {
      case .reference, .resource, .date, .start: true
      case .minutes, .service, .status, .patientNumber, .curp, .nss, .birthDate: false
      }
    }
  }

  /// A column as the other system calls it.
  package struct NamedColumn: Hashable, Sendable {
    package var column: Column
    package var name: String
    /// Of the map's file.
    package var line: Int

    package init(_ column: Column, _ name: String, line: Int) {
      self.column = column
      self.name = name
      self.line = line
    }
  }

  /// A word of the other system, and what it is here.
  package struct Meaning<Value: Hashable & Sendable>: Hashable, Sendable {
    package var word: String
    package var value: Value

    package init(_ word: String, _ value: Value) {
      self.word = word
      self.value = value
    }
  }

  /// What becomes of a booking that was taken and is in the file no more.
  package enum Missing: String, Hashable, Sendable, CaseIterable {
    /// It is told, and stands.
    case tell = "avisar"
    /// It is cancelled here: the file has every booking of its dates.
    case cancel = "cancelar"
  }

  /// The other system's name in the store.
  package var source: String
  package var text: SeparatedText
  /// In the order of the file that is written.
  package var columns: [NamedColumn]
  package var dates: WrittenDate
  package var hours: WrittenHour
  package var resources: [Meaning<ResourceID>]
  package var services: [Meaning<ServiceCode>]
  /// Words of the column of states that say that a booking is cancelled; the first is the one that is written.
  package var cancelled: [String]
  /// What is written for one that stands.
  package var standing: String
  package var missing: Missing

  package init(
    source: String, text: SeparatedText, columns: [NamedColumn], dates: WrittenDate, hours: WrittenHour,
    resources: [Meaning<ResourceID>] = [], services: [Meaning<ServiceCode>] = [], cancelled: [String] = [], standing: String = "",
    missing: Missing = .tell
  ) {
    self.source = source
    self.text = text
    self.columns = columns
    self.dates = dates
    self.hours = hours
    self.resources = resources
    self.services = services
    self.cancelled = cancelled
    self.standing = standing
    self.missing = missing
  }

  package func name(of column: Column) -> String? { columns.first { $0.column == column }?.name }
}

/// In which order a file writes a date, and with what between.
package enum WrittenDate: String, Hashable, Sendable, CaseIterable {
  case iso = "aaaa-mm-dd"
  case dayFirst = "dd/mm/aaaa"
  case dayFirstDashed = "dd-mm-aaaa"
  case monthFirst = "mm/dd/aaaa"
  case compact = "aaaammdd"

  /// Days and months may lack their zero where something stands between; anything behind a space, as in "24/11/2026 00:00", is a time
  /// of day and passed over.
  package func date(_ text: String) -> CivilDate? {
    let bytes = Array(text.utf8.prefix { $0 != UInt8(ascii: " ") })
    guard self != .compact else {
      guard bytes.count == 8 else { return nil }
      return Self.date(bytes[0..<4], bytes[4..<6], bytes[6..<8])
    }
    let between = UInt8(ascii: self == .iso || self == .dayFirstDashed ? "-" : "/")
    let parts = bytes.split(separator: between, omittingEmptySubsequences: false)
    guard parts.count == 3 else { return nil }
    return switch self {
    case .iso: Self.date(parts[0], parts[1], parts[2])
    case .dayFirst, .dayFirstDashed: Self.date(parts[2], parts[1], parts[0])
    case .monthFirst, .compact: Self.date(parts[2], parts[0], parts[1])
    }
  }

  package func text(_ date: CivilDate) -> String {
    let (year, month, day) = (date.year.padded(4), date.month.padded(2), date.day.padded(2))
    return switch self {
    case .iso: "\(year)-\(month)-\(day)"
    case .dayFirst: "\(day)/\(month)/\(year)"
    case .dayFirstDashed: "\(day)-\(month)-\(year)"
    case .monthFirst: "\(month)/\(day)/\(year)"
    case .compact: "\(year)\(month)\(day)"
    }
  }

  private static func date(_ year: ArraySlice<UInt8>, _ month: ArraySlice<UInt8>, _ day: ArraySlice<UInt8>) -> CivilDate? {
    guard year.count == 4, (1...2).contains(month.count), (1...2).contains(day.count), let year = Int(digits: year),
      let month = Int(digits: month), let day = Int(digits: day)
    else { return nil }
    return CivilDate(year: year, month: month, day: day)
  }
}

/// How a file writes an hour of the day.
package enum WrittenHour: String, Hashable, Sendable, CaseIterable {
  case clock = "hh:mm"
  case compact = "hhmm"
  case halves = "hh:mm am"

  package func minute(_ text: String) -> AgendaMinute? {
    switch self {
    case .clock:
      // Seconds are written by those who store a time stamp.
      let parts = text.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 2 || parts.count == 3 && Int(digits: parts[2].utf8) != nil else { return nil }
      return AgendaMinute(text: parts[0] + ":" + parts[1])
    case .compact:
      guard (3...4).contains(text.utf8.count) else { return nil }
      return AgendaMinute(text: text.dropLast(2) + ":" + text.suffix(2))
    case .halves:
      let letters = text.uppercased().filter { $0 == "A" || $0 == "P" || $0 == "M" }
      let clock = text.prefix { $0.isNumber || $0 == ":" }
      guard letters == "AM" || letters == "PM", let minute = AgendaMinute(text: clock), (60..<780).contains(minute.minutes) else { return nil }
      return AgendaMinute(minutes: minute.minutes % 720 + (letters == "PM" ? 720 : 0))
    }
  }

  package func text(_ minute: AgendaMinute) -> String {
    let (hour, rest) = (minute.minutes / 60, (minute.minutes % 60).padded(2))
    return switch self {
    case .clock: "\(hour.padded(2)):\(rest)"
    case .compact: "\(hour.padded(2))\(rest)"
    case .halves: "\((hour % 12 == 0 ? 12 : hour % 12).padded(2)):\(rest) \(hour % 24 < 12 ? "AM" : "PM")"
    }
  }
}
