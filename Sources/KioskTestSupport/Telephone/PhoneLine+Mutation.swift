internal import ClinicDomain
internal import Guidance
package import IVRDialogue

extension PhoneLine {
  /// The line after one slip of a hand that edits it: a way that leads elsewhere, an option too few, a text without its value.
  package func mutated(_ random: inout SeededGenerator) -> PhoneLine {
    var line = self
    let index = random.below(dialogues.count)
    switch random.below(24) {
    case 0: line.dialogues[index].start = random.pick(dialogues[index].steps.map(\.id))
    case 1: line.dialogues[index].isEntry.toggle()
    case 2: line.languages[random.below(languages.count)].coverage = random.pick(LanguageEntry.Coverage.allCases)
    case 3: line.texts.entries.remove(at: random.below(texts.entries.count))
    case 4: line.attention = []
    case 5 where guides.count > 1: line.guides.remove(at: random.below(guides.count))
    default:
      let step = random.below(dialogues[index].steps.count)
      line.dialogues[index].steps[step].mutate(&random, in: dialogues[index], of: self)
    }
    return line
  }
}

extension Step {
  fileprivate mutating func mutate(_ random: inout SeededGenerator, in dialogue: Dialogue, of line: PhoneLine) {
    let ids = dialogue.steps.map(\.id)
    switch random.below(10) {
    case 0: isGreeting.toggle()
    case 1: text = Spoken()
    case 2: text = text.without(random.pick(SpokenValue.allCases))
    case 3: text = text.with(random.pick(SpokenValue.allCases))
    case 4: kind = Self.anyKind(&random, ids, line)
    default: mutateKind(&random, ids, line)
    }
  }

  private static func anyKind(_ random: inout SeededGenerator, _ ids: [StepID], _ line: PhoneLine) -> Kind {
    switch random.below(7) {
    case 0: .end(random.pick([.ok, .person, .emergency]))
    case 1: .back
    case 2: .dialogue(random.pick(line.dialogues).id, at: nil, next: random.chance(1, in: 2) ? random.pick(ids) : nil)
    case 3: .say(emergency: random.pick([nil, nil, .call911]), next: random.pick(ids))
    case 4: .branch(random.pick(Condition.allCases), then: random.pick(ids), otherwise: random.pick(ids))
    case 5: .guide(random.pick(line.guides).guide.id, date: random.pick(ids))
    default: .language(random.pick(line.languages).language)
    }
  }

  private mutating func mutateKind(_ random: inout SeededGenerator, _ ids: [StepID], _ line: PhoneLine) {
    switch kind {
    case .say(let emergency, let next):
      kind = random.chance(1, in: 3) ? .say(emergency: emergency == nil ? .call911 : nil, next: next) : .say(emergency: emergency, next: random.pick(ids))
    case .menu(var menu):
      menu.mutate(&random, ids)
      kind = .menu(menu)
    case .field(var field):
      switch random.below(3) {
      case 0: field.kind = random.pick(FieldKind.allCases)
      case 1: field.next = random.pick(ids)
      default: field.dontKnow = random.pick(ids)
      }
      kind = .field(field)
    case .request(var request):
      switch random.below(6) {
      case 0 where !request.ways.isEmpty: request.ways.remove(at: random.below(request.ways.count))
      case 1: request.service = nil
      case 2: request.fromAskedDate.toggle()
      case 3: request.kind = random.pick(RequestKind.allCases)
      default: if !request.ways.isEmpty { request.ways[random.below(request.ways.count)].next = random.pick(ids) }
      }
      kind = .request(request)
    case .guide(let guide, _): kind = .guide(random.chance(1, in: 2) ? random.pick(line.guides).guide.id : guide, date: random.pick(ids))
    case .branch(let condition, let then, let otherwise):
      switch random.below(3) {
      case 0: kind = .branch(random.pick(Condition.allCases), then: then, otherwise: otherwise)
      case 1: kind = .branch(condition, then: random.pick(ids), otherwise: otherwise)
      default: kind = .branch(condition, then: then, otherwise: random.pick(ids))
      }
    case .dialogue(let id, let start, let next):
      switch random.below(4) {
      case 0: kind = .dialogue(random.pick(line.dialogues).id, at: nil, next: next)
      case 1: kind = .dialogue(id, at: line[id].map { random.pick($0.steps).id }, next: next)
      case 2: kind = .dialogue(id, at: start, next: next == nil ? random.pick(ids) : nil)
      default: kind = .dialogue(id, at: nil, next: next.map { _ in random.pick(ids) })
      }
    case .back: kind = .end(.ok)
    case .language: kind = .language(random.pick(line.languages).language)
    case .end(let result): kind = .end(result == .ok ? .person : .ok)
    }
  }
}

extension Menu {
  fileprivate mutating func mutate(_ random: inout SeededGenerator, _ ids: [StepID]) {
    switch random.below(7) {
    case 0: dontKnow = dontKnow == nil ? random.pick(ids) : nil
    case 1 where !options.isEmpty: options.remove(at: random.below(options.count))
    case 2 where !options.isEmpty: options[random.below(options.count)].key = random.below(10)
    case 3 where !options.isEmpty: options.append(options[random.below(options.count)])
    case 4: list = list == nil ? Listing(of: random.pick(Listing.Source.allCases), exhausted: random.pick(ids)) : nil
    case 5 where !options.isEmpty: options[random.below(options.count)].action = .nextOne
    default: if !options.isEmpty { options[random.below(options.count)].action = .go(random.pick(ids)) }
    }
  }
}

extension Spoken {
  fileprivate func without(_ value: SpokenValue) -> Spoken {
    Spoken(entries.map { entry in Entry(entry.language, entry.pieces.filter { $0 != .value(value) }) })
  }

  fileprivate func with(_ value: SpokenValue) -> Spoken {
    Spoken(entries.map { entry in Entry(entry.language, entry.pieces + [.value(value)]) })
  }
}
