internal import Crypto
internal import Foundation
package import Guidance
package import IVRDialogue

/// A sound that must be there: its folder, its name, and what it says.
package struct SoundWanted: Hashable, Sendable {
  /// Below the folder of sounds: `es`, `asterisk/es_MX`.
  package var folder: String
  /// Without extension.
  package var name: String
  package var words: String
  package var language: Language
  package var isReviewed: Bool

  package init(folder: String, name: String, words: String, language: Language, isReviewed: Bool) {
    (self.folder, self.name, self.words, self.language, self.isReviewed) = (folder, name, words, language, isReviewed)
  }
}

extension SoundWanted {
  /// Everything that a line says, in every language that it says it in, and the words of numbers and dates that Asterisk says by itself.
  package static func all(of line: PhoneLine, reviewed: Set<String>) -> [SoundWanted] {
    line.languages.flatMap { entry in
      line.texts(in: entry.language).map { id, words in
        SoundWanted(
          folder: "\(entry.language)", name: "\(id)", words: words, language: entry.language,
          isReviewed: reviewed.contains("\(entry.language)"))
      }
    } + asterisksOwn(isReviewed: reviewed.contains("es"))
  }

  static let asteriskFolder = "asterisk/es_MX"

  /// What digits, numbers, days and hours are made of; SAY DIGITS and SAY NUMBER leave out in silence what is missing.
  static func asterisksOwn(isReviewed: Bool) -> [SoundWanted] {
    (AsteriskWords.spanish + dialplans).map { name, words in
      SoundWanted(folder: asteriskFolder, name: name, words: words, language: .spanish, isReviewed: isReviewed)
    }
  }

  /// Played by the dialplan, with or without a bridge.
  private static let dialplans = [
    (
      "ventanilla-nadie-contesta",
      "En este momento no contesta ninguna persona. Si es una emergencia, marque 911. Puede llamar otra vez, o venir a la clínica."
    ),
    ("ventanilla-confirme-911", "Para pasar su llamada al 911, oprima 1."),
    ("ventanilla-confirme-911-otra-vez", "Para confirmar, oprima 1 otra vez."),
  ]

  /// The machine's voice; `nil` for a language that none speaks well enough: people record it.
  var voice: String? { language == .spanish ? "es-419" : nil }

  /// Changes with the words, the voice, and the recipe of ``SoundMaker``.
  package var hash: String { Self.hash(Array("\(SoundMaker.recipe)\n\(voice ?? "")\n\(words)".utf8)) }

  static func hash(_ bytes: [UInt8]) -> String {
    SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

/// The words of Asterisk's own numbers and dates in Spanish, by the names of their files.
enum AsteriskWords {
  static let spanish: [(String, String)] = numbers + calendar

  private static let units = [
    "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce", "trece", "catorce",
    "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno", "veintidós", "veintitrés", "veinticuatro",
    "veinticinco", "veintiséis", "veintisiete", "veintiocho", "veintinueve", "treinta",
  ]

  private static let numbers: [(String, String)] =
    units.enumerated().map { ("digits/\($0)", $1) }
    + zip([40, 50, 60, 70, 80, 90], ["cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"]).map { ("digits/\($0)", $1) }
    + zip(
      [200, 300, 400, 500, 600, 700, 800, 900],
      ["doscientos", "trescientos", "cuatrocientos", "quinientos", "seiscientos", "setecientos", "ochocientos", "novecientos"]
    ).map { ("digits/\($0)", $1) }
    + [
      ("digits/1F", "una"), ("digits/1M", "un"), ("digits/100", "cien"), ("digits/100-and", "ciento"), ("digits/thousand", "mil"),
      ("digits/and", "y"), ("digits/y", "y"), ("digits/minus", "menos"),
    ]

  private static let calendar: [(String, String)] =
    ["domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"].enumerated().map { ("digits/day-\($0)", $1) }
    + [
      "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
    ].enumerated().map { ("digits/mon-\($0)", $1) }
    + [
      ("digits/es-de", "de"), ("digits/es-el", "el"), ("digits/a-m", "de la mañana"), ("digits/afternoon", "de la tarde"), ("digits/p-m", "de la noche"),
      ("digits/at", "a las"), ("digits/oclock", "en punto"),
    ]
}
