package import ClinicDomain
package import Guidance

/// Something to play, in one language: fixed texts, and between them what only this call knows.
///
/// The parts follow one another without a pause of their own. Words belong to the configuration (``PhoneLine``), sounds to the bridge:
/// a prompt holds neither.
package struct Prompt: Hashable, Sendable {
  package var language: Language
  /// Never empty.
  package var parts: [Part]

  package enum Part: Hashable, Sendable {
    /// A text that was rendered or recorded beforehand.
    case text(PromptID)
    /// An identifier, digit by digit, with a short pause between the groups: `["4820", "1157", "0363"]`. Leading zeros are said.
    /// Never as a number: Asterisk says 9999999999 as 1410065407.
    case digits([String])
    /// A day to come: "martes 24 de noviembre". The year is not said.
    case day(CivilDate)
    /// A birth date: "5 de febrero de 1990".
    case birthDate(CivilDate)
    /// A time of day, as "8 15"; minutes below ten with their zero, and on the hour "8 en punto".
    case time(AgendaMinute)
    /// A quantity or a door's number, 0 ... 999: said as a number, as "doce". Never an identifier.
    case number(Int)
  }

  package init(_ language: Language, _ parts: [Part]) {
    self.language = language
    self.parts = parts
  }
}

/// The name of one fixed text, the same in every language; also its sound file's, below the language's folder.
///
/// Text form: `citas.pide_nss` for the only text of a step, `citas.resultado.1`, `citas.resultado.2` where values stand between its
/// texts, `citas.menu.tecla_3` for an option, `guia.dolor_de_pecho.senales.1` for what a guide says. Letters `a`–`z`, digits, `_` and `.`
/// only, so that it is a file's name everywhere.
package struct PromptID: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
  package let rawValue: String
  package init(rawValue: String) { self.rawValue = rawValue }
  package init(_ rawValue: String) { self.rawValue = rawValue }
  package var description: String { rawValue }
  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// A text of a guide.
  package init(_ key: TextKey) { rawValue = "guia.\(key)" }
}
