package import ClinicDomain
package import Guidance

/// Everything that a clinic's telephone says and asks: dialogues, guides, and what is the same in all of them.
package struct PhoneLine: Hashable, Sendable {
  /// In the order of their files' names.
  package var dialogues: [Dialogue]
  package var guides: [PlayedGuide]
  /// In the order in which they are offered; Spanish is complete.
  package var languages: [LanguageEntry]
  /// When a person answers; empty for never.
  package var attention: [Attention]
  /// When nobody does all the same, because the clinic does not work.
  package var closed: [ClosedHours] = []
  package var timing: Timing
  package var texts: CommonTexts
  /// Whether a call that went well ends with the survey's question.
  package var isSurveying = false
  /// The nearest unit for código infarto; said after what to do, never instead of it.
  package var infarctionUnit: CapableUnit?
  /// The units that can be named; of any other the caller hears that a person says which.
  package var units: [SpokenUnit] = []
  /// Who answers a pregnant caller by name; `nil` leaves it to whoever answers the telephone.
  package var maternity: MaternityPolicy?

  /// A guide, and the hash that its sessions' records carry.
  package struct PlayedGuide: Hashable, Sendable {
    package var guide: Guide
    package var hash: ContentHash

    package init(_ guide: Guide, hash: ContentHash) {
      self.guide = guide
      self.hash = hash
    }
  }

  /// Hours at which a person answers.
  package struct Attention: Hashable, Sendable {
    package var days: [Weekday]
    package var hours: Range<AgendaMinute>

    package init(days: [Weekday], hours: Range<AgendaMinute>) {
      self.days = days
      self.hours = hours
    }
  }

  /// Milliseconds; both are doubled after the first silence of a call.
  package struct Timing: Hashable, Sendable {
    package var firstKey: Int
    package var betweenKeys: Int

    package init(firstKey: Int = DialogueLimits.firstKey, betweenKeys: Int = DialogueLimits.betweenKeys) {
      self.firstKey = firstKey
      self.betweenKeys = betweenKeys
    }
  }

  package init(
    dialogues: [Dialogue], guides: [PlayedGuide], languages: [LanguageEntry], attention: [Attention], timing: Timing = Timing(),
    texts: CommonTexts
  ) {
    self.dialogues = dialogues
    self.guides = guides
    self.languages = languages
    self.attention = attention
    self.timing = timing
    self.texts = texts
  }

  package subscript(_ id: DialogueID) -> Dialogue? { dialogues.first { $0.id == id } }
  package subscript(_ id: GuideID) -> PlayedGuide? { guides.first { $0.guide.id == id } }

  package func isComplete(in language: Language) -> Bool {
    languages.contains(LanguageEntry(language, .complete))
  }

  /// The dialogue of a call's script: an entry of that name, or the menu.
  package func entry(of script: String) -> DialogueID {
    dialogues.first { $0.isEntry && $0.id.rawValue == script }?.id ?? .menu
  }
}

/// What is said in every dialogue, and by no step.
package struct CommonTexts: Hashable, Sendable {
  package enum Name: String, Hashable, Sendable, CaseIterable {
    /// The first silence, and the second with an example.
    case noInput = "silencio"
    case noInputAgain = "silencio_otra_vez"
    /// The first key that is not offered, and the second with an example.
    case noMatch = "tecla"
    case noMatchAgain = "tecla_otra_vez"
    /// Before an option's own text.
    case forExample = "por_ejemplo"
    case wrongLength = "faltan_digitos"
    case wrongDigits = "digito_cambiado"
    case noSuchDate = "fecha_imposible"
    case oneMoment = "un_momento"
    /// While staff are alerted: what the caller does meanwhile.
    case alerting = "avisando"
    /// Only after a person has acknowledged it.
    case acknowledged = "ya_vienen"
    /// Where to walk or whom to dial, after half a minute without a person.
    case unanswered = "nadie_contesta"
    /// A language without prompts: a person; and where none answers now, that.
    case personForLanguage = "persona_por_lengua"
    case nobodyForLanguage = "sin_persona_por_lengua"
    /// That 9 is another language, with the greeting; each language's own words say it to who speaks it.
    case otherLanguage = "otra_lengua"
    /// "Contesta una persona el" a day, "a las" an hour; or that nobody ever does.
    case answersOn = "contestan"
    case answersAt = "contestan_a_las"
    case neverAnswers = "nunca_contestan"
    /// Nobody is understood and nobody answers.
    case farewell = "despedida"
    case consultorio
    case ventanilla
    /// Instead of a unit's name that nobody recorded, and of the nearest Urgencias.
    case otherUnit = "otra_unidad"
    case nearestUrgencias = "hospital_cercano"
    /// Before a unit: a day from which on, and that it costs nothing.
    case startingOn = "a_partir_del"
    case freeOfCharge = "sin_costo"
    case ownDoctor = "su_medico"
    case otherDoctor = "otro_medico"
  }

  package struct Entry: Hashable, Sendable {
    package var name: Name
    package var text: Spoken

    package init(_ name: Name, _ text: Spoken) {
      self.name = name
      self.text = text
    }
  }

  /// One for each name.
  package var entries: [Entry]

  package init(_ entries: [Entry]) { self.entries = entries }

  package subscript(_ name: Name) -> Spoken { entries.first { $0.name == name }?.text ?? Spoken() }
}
