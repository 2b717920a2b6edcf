package import Guidance
package import IVRDialogue

/// How much of a line a language can be heard in, and what happens where it cannot.
package struct LanguageCoverage: Hashable, Sendable {
  package let language: Language
  /// Texts that a caller in this language could hear, as Spanish has them.
  package let wanted: Int
  package let withWords: Int
  package let withSound: Int
  package let isReviewed: Bool
  package let isComplete: Bool

  /// One for each language that the line declares, in its order.
  package static func all(of line: PhoneLine, in folder: SoundFolder, reviewed: Set<String>) -> [LanguageCoverage] {
    let wanted = line.texts(in: .spanish).count
    return line.languages.map { entry in
      let sounds = line.texts(in: entry.language).map { id, words in
        SoundWanted(
          folder: "\(entry.language)", name: "\(id)", words: words, language: entry.language,
          isReviewed: reviewed.contains("\(entry.language)"))
      }
      let manifests = folder.manifests(of: sounds)
      let ready = sounds.filter { sound in
        if case .ready = folder.standing(of: sound, manifests[sound.folder] ?? PromptManifest()) { true } else { false }
      }
      return LanguageCoverage(
        language: entry.language, wanted: wanted, withWords: sounds.count, withSound: ready.count,
        isReviewed: reviewed.contains("\(entry.language)"), isComplete: entry.coverage == .complete)
    }
  }

  /// "náhuatl (nah)"
  package var name: String { Self.names["\(language)"].map { "\($0) (\(language))" } ?? "\(language)" }

  /// What a caller in this language gets.
  package var sentence: String {
    guard isComplete else { return "se anuncia que contesta una persona, y contesta" }
    let review = isReviewed ? "revisado por un hablante nativo" : "SIN REVISIÓN de un hablante nativo"
    return withSound == wanted ? "completo; \(review)" : "faltan \(wanted - withSound) sonidos; \(review)"
  }

  private static let names = [
    "es": "español", "nah": "náhuatl", "yua": "maya", "tzh": "tseltal", "tzo": "tsotsil", "mix": "mixteco", "zap": "zapoteco",
  ]
}
