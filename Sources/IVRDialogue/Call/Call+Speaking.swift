internal import ClinicDomain
internal import Guidance

extension Call {
  /// Adds a text to what is to be heard; an empty one adds nothing.
  mutating func hear(_ text: Spoken, _ name: String) {
    if let prompt = prompt(text, name) { pending.append(prompt) }
  }

  func prompt(_ text: Spoken, _ name: String) -> Prompt? {
    guard let pieces = text[language] ?? text[.spanish], !pieces.isEmpty else { return nil }
    let spoken = text[language] == nil ? Language.spanish : language
    var ids = text.ids(named: name, in: spoken)[...]
    let parts = pieces.flatMap { piece -> [Prompt.Part] in
      switch piece {
      case .words: ids.popFirst().map { [.text($0)] } ?? []
      case .value(let value): said(value)
      }
    }
    return parts.isEmpty ? nil : Prompt(spoken, parts)
  }

  func common(_ name: CommonTexts.Name) -> Prompt? { prompt(line.texts[name], "linea.\(name.rawValue)") }

  /// What a step's question says, its options included.
  func question(of step: Step) -> [Prompt] {
    let name = "\(place!.dialogue).\(step.id)"
    var prompts = [prompt(step.text, name)]
    if case .menu(let menu) = step.kind { prompts += offered(menu).map { prompt($0.text, "\(name).tecla_\($0.key)") } }
    return prompts.compactMap { $0 }
  }

  /// Nobody is told of another appointment who has no other; the key is taken all the same.
  private func offered(_ menu: Menu) -> [Menu.Option] {
    guard menu.list?.of == .appointments, memory.appointments.count <= memory.offered + 1 else { return menu.options }
    return menu.options.filter { $0.action != .nextOne }
  }

  /// "Por ejemplo": the field's own, or the menu's first option.
  func example(of step: Step) -> [Prompt] {
    let name = "\(place!.dialogue).\(step.id)"
    switch step.kind {
    case .field(let field): return [prompt(field.example, "\(name).ejemplo")].compactMap { $0 }
    case .menu(let menu):
      guard let option = menu.options.first else { return [] }
      return [common(.forExample), prompt(option.text, "\(name).tecla_\(option.key)")].compactMap { $0 }
    case .say, .request, .guide, .branch, .dialogue, .back, .language, .end: return []
    }
  }

  // MARK: - Values

  /// Nothing for a value that is not known, which the proofs exclude.
  private func said(_ value: SpokenValue) -> [Prompt.Part] {
    switch value {
    case .nss:
      if case .nss(let nss)? = memory.identity { return [.digits(nss.spoken.groups)] }
    case .patientNumber:
      if case .patientNumber(let number)? = memory.identity { return [.digits(number.spoken.groups)] }
    case .birthDate: return memory.birthDate.map { [.birthDate($0)] } ?? []
    case .givenFolio: return memory.givenFolio.map { [.digits($0.spoken.groups)] } ?? []
    case .code: return memory.code.map { [.digits($0.inGroups(of: 3))] } ?? []
    case .askedDate: return memory.askedDate.map { [.day($0)] } ?? []
    case .phone: return memory.phone.map { [.digits($0.inGroups(of: 2))] } ?? []
    case .people: return memory.people.map { [.number($0)] } ?? []
    case .day: return memory.slot.map { [.day($0.slot.date)] } ?? []
    case .time: return memory.slot.map { [.time($0.slot.start)] } ?? []
    case .place: return memory.slot.map { door($0.slot.resource) } ?? []
    case .doctor: return memory.slot.map { fixed($0.isOwnDoctor ? .ownDoctor : .otherDoctor) } ?? []
    case .appointmentDay: return memory.appointment.map { [.day($0.slot.slot.date)] } ?? []
    case .appointmentTime: return memory.appointment.map { [.time($0.slot.slot.start)] } ?? []
    case .appointmentPlace: return memory.appointment.map { door($0.slot.slot.resource) } ?? []
    case .folio: return memory.appointment.map { [.digits($0.folio.spoken.groups)] } ?? []
    case .callbackFolio: return memory.callback.map { [.digits($0.folio.spoken.groups)] } ?? []
    case .deadlineDay: return memory.callback.map { [.day($0.date)] } ?? []
    case .deadlineTime: return memory.callback.map { [.time($0.time)] } ?? []
    case .waitingPlace: return memory.waitingPlace.map { [.number(min($0, 999))] } ?? []
    case .answering: return answering
    case .unit: return memory.unit.map(said) ?? []
    case .urgencias: return named(memory.urgencias) ?? fixed(.nearestUrgencias)
    }
    return []
  }

  private func said(_ unit: CaringUnit) -> [Prompt.Part] {
    var parts = unit.isFree ? fixed(.freeOfCharge) : []
    if let from = unit.from, let start = memory.start, start.today < from { parts += fixed(.startingOn) + [.day(from)] }
    return parts + (named(unit.clues) ?? fixed(.otherUnit))
  }

  /// `nil` for a unit that has no recording: names are recorded in Spanish.
  private func named(_ clues: CLUES?) -> [Prompt.Part]? {
    guard language == .spanish, let unit = line.units.first(where: { $0.clues == clues }) else { return nil }
    return [.text(unit.id)]
  }

  private var answering: [Prompt.Part] {
    guard let start = memory.start, let next = line.nextAnswering(from: start.today, at: start.time) else { return fixed(.neverAnswers) }
    return fixed(.answersOn) + [.day(next.date)] + fixed(.answersAt) + [.time(next.time)]
  }

  private func door(_ resource: ResourceID) -> [Prompt.Part] {
    fixed(resource.kind == .consultorio ? .consultorio : .ventanilla) + [.number(resource.number)]
  }

  private func fixed(_ name: CommonTexts.Name) -> [Prompt.Part] { common(name)?.parts ?? [] }
}

extension String {
  fileprivate var groups: [String] { split(separator: " ").map(String.init) }

  func inGroups(of length: Int) -> [String] {
    stride(from: 0, to: count, by: length).map { String(dropFirst($0).prefix(length)) }
  }
}
