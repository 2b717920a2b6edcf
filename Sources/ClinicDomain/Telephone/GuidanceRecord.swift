/// What one session of guidance heard and answered: keys and codes, and nothing of who called.
package struct GuidanceRecord: Hashable, Sendable {
  /// Ascending in the order in which they came; 0 before it is kept.
  package var id: Int64
  /// 16 bytes of chance; its alarms have the same.
  package var session: [UInt8]
  package var guide: PlayedGuide
  package var language: String
  package var channel: Channel
  /// In the order in which they were pressed.
  package var trail: [Key]
  /// Codes of alarm signs, in the order in which they were told.
  package var signs: [String]
  package var promptSigns: [String]
  package var isPregnant: Bool
  /// Between which instants the first sign was seen.
  package var onset: ClosedRange<Instant>?
  /// How it ended; `nil` when it was given up between.
  package var ending: Ending?
  package var keptAt: Instant

  package struct Key: Hashable, Sendable {
    package var step: String
    /// 0 ... 9.
    package var key: Int

    package init(step: String, key: Int) {
      self.step = step
      self.key = key
    }
  }

  package struct Ending: Hashable, Sendable {
    /// The code of the step; empty where there was none.
    package var step: String
    package var kind: Kind

    package init(step: String, kind: Kind) {
      self.step = step
      self.kind = kind
    }
  }

  /// By the words of the guides' files, and two for how a caller ends it.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case emergency911 = "911"
    case urgencias
    case person = "persona"
    case appointment = "cita"
    case callback = "llamada"
    case teleconsultation = "teleconsulta"
    case homeVisit = "domicilio"
    case noPlace = "sin_lugar"
    case askedForAPerson = "pidio_persona"
    case noWords = "sin_palabras"
  }

  /// - Precondition: `session` has 16 bytes.
  package init(
    id: Int64 = 0, session: [UInt8], guide: PlayedGuide, language: String, channel: Channel, trail: [Key], signs: [String] = [],
    promptSigns: [String] = [], isPregnant: Bool = false, onset: ClosedRange<Instant>? = nil, ending: Ending? = nil, keptAt: Instant = .epoch
  ) {
    precondition(session.count == 16, "a session of guidance is named by 16 bytes")
    self.id = id
    self.session = session
    self.guide = guide
    self.language = language
    self.channel = channel
    self.trail = trail
    self.signs = signs
    self.promptSigns = promptSigns
    self.isPregnant = isPregnant
    self.onset = onset
    self.ending = ending
    self.keptAt = keptAt
  }
}
