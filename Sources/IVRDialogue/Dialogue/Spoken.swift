package import Guidance

/// What is heard at one place, by language: words, and between them values of the call.
///
/// Text form, in a dialogue's file: `Su cita es el {cita_dia} a las {cita_hora}.`
package struct Spoken: Hashable, Sendable {
  package struct Entry: Hashable, Sendable {
    package var language: Language
    /// Words and values as they follow one another; no two words together.
    package var pieces: [Piece]

    package init(_ language: Language, _ pieces: [Piece]) {
      self.language = language
      self.pieces = pieces
    }
  }

  package enum Piece: Hashable, Sendable {
    case words(String)
    case value(SpokenValue)
  }

  /// In the order of the file; no language twice.
  package var entries: [Entry]

  package init(_ entries: [Entry] = []) { self.entries = entries }

  package subscript(_ language: Language) -> [Piece]? { entries.first { $0.language == language }?.pieces }

  package var isEmpty: Bool { entries.isEmpty }

  /// Every value that is said in some language, in no order that matters, without repeats.
  package var values: [SpokenValue] {
    SpokenValue.allCases.filter { value in entries.contains { $0.pieces.contains(.value(value)) } }
  }

  /// The pieces of a text with values in braces.
  ///
  /// - Throws: the name in braces that is no value, or an opening brace without its closing one as `{`.
  package static func pieces(of text: String) throws(UnknownValue) -> [Piece] {
    var pieces: [Piece] = []
    var rest = text[...]
    while let open = rest.firstIndex(of: "{") {
      append(rest[..<open], to: &pieces)
      guard let close = rest[open...].firstIndex(of: "}") else { throw UnknownValue(name: "{") }
      let name = String(rest[rest.index(after: open)..<close])
      guard let value = SpokenValue(rawValue: name) else { throw UnknownValue(name: name) }
      pieces.append(.value(value))
      rest = rest[rest.index(after: close)...]
    }
    append(rest, to: &pieces)
    return pieces
  }

  /// What stands between two values is only a prompt when there is a letter or a digit in it: a full stop is no sound.
  private static func append(_ words: Substring, to pieces: inout [Piece]) {
    guard words.contains(where: { $0.isLetter || $0.isNumber }) else { return }
    pieces.append(.words(words.split(whereSeparator: \.isWhitespace).joined(separator: " ")))
  }

  package struct UnknownValue: Error, Hashable, Sendable {
    package let name: String
  }
}

/// A value of the call that can be heard, by its name in a text.
package enum SpokenValue: String, Hashable, Sendable, CaseIterable {
  // What was typed.
  case nss
  case patientNumber = "paciente"
  case birthDate = "nacimiento"
  case givenFolio = "folio_dado"
  case code = "codigo"
  case askedDate = "fecha_pedida"
  case phone = "telefono"
  /// How many people share the identifier.
  case people = "personas"

  // The slot that is offered or kept.
  case day = "dia"
  case time = "hora"
  /// "consultorio 12", "ventanilla 2".
  case place = "lugar"
  /// "con su médico familiar", or "con otro médico".
  case doctor = "medico"

  // The appointment in hand: chosen from the list, or just made.
  case appointmentDay = "cita_dia"
  case appointmentTime = "cita_hora"
  case appointmentPlace = "cita_lugar"
  case folio

  // The callback that was left.
  case callbackFolio = "folio_llamada"
  case deadlineDay = "plazo_dia"
  case deadlineTime = "plazo_hora"

  /// How many are asked before them on the waiting list, and one.
  case waitingPlace = "lugar_en_lista"
  /// Another unit that cares for the caller, with its address, and from when on; or that a person says which.
  case unit = "unidad"
  /// The nearest one with Urgencias.
  case urgencias
  /// When a person answers next: a day and an hour, out of linea.yaml and the clinic's calendar.
  case answering = "horario_persona"

  /// Words that it takes to say it.
  package var spokenWords: Int {
    switch self {
    case .nss: 11
    case .patientNumber: 9
    case .birthDate, .day, .appointmentDay, .deadlineDay, .askedDate: 5
    case .givenFolio, .folio, .callbackFolio: 12
    case .code: 6
    case .phone: 10
    case .people, .waitingPlace: 1
    case .answering: 14
    case .unit: 24
    case .urgencias: 16
    case .time, .appointmentTime, .deadlineTime: 3
    case .place, .appointmentPlace: 3
    case .doctor: 4
    }
  }
}
