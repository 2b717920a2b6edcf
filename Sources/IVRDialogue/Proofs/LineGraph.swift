internal import ClinicDomain
internal import Guidance

/// The steps of all dialogues, numbered in the order of the files, with what the search asks of each again and again.
struct LineGraph {
  let line: PhoneLine
  private(set) var steps: [Step] = []
  /// Every value that can be said at a step: of options and the example too, and of what is said while a request takes long.
  private(set) var values: [[SpokenValue]] = []
  /// Those of them that whoever goes through the step has heard.
  private(set) var heardValues: [[SpokenValue]] = []
  private var announces: [Bool] = []
  private var dialogues: [DialogueID] = []
  private var numbers: [Call.Place: Int] = [:]

  init(_ line: PhoneLine) {
    self.line = line
    for dialogue in line.dialogues {
      for step in dialogue.steps {
        numbers[Call.Place(dialogue: dialogue.id, step: step.id)] = steps.count
        steps.append(step)
        dialogues.append(dialogue.id)
        values.append(step.spoken.flatMap(\.values))
        heardValues.append(step.heard.flatMap(\.values))
        announces.append(step.announcesPerson)
      }
    }
  }

  func stop(_ node: Int) -> LinePath.Stop { LinePath.Stop(dialogues[node], steps[node].id) }

  /// A step of the same dialogue.
  func number(of step: StepID, near node: Int) -> Int? { numbers[Call.Place(dialogue: dialogues[node], step: step)] }

  /// A step of a dialogue; its first for `nil`.
  func number(of dialogue: DialogueID, _ step: StepID?) -> Int? {
    guard let step = step ?? line[dialogue]?.start else { return nil }
    return numbers[Call.Place(dialogue: dialogue, step: step)]
  }

  /// Where a call begins, and where it comes by what is the same everywhere: whoever pressed 0 or 9 has been greeted.
  var roots: [(node: Int, known: LineKnown)] {
    let entries = line.dialogues.filter(\.isEntry).compactMap { number(of: $0.id, nil).map { (node: $0, known: LineKnown()) } }
    let everywhere = [DialogueID.person, .languages].compactMap { id in
      number(of: id, nil).map { (node: $0, known: LineKnown([.greeted, .personAnnounced])) }
    }
    return entries + everywhere
  }

  /// What changes once the words of a step were heard.
  func heard(_ node: Int) -> LineChange {
    var change = LineChange()
    change.heard(heardValues[node])
    if steps[node].isGreeting, !steps[node].heard.isEmpty { change.then(gaining: .greeted) }
    if announces[node] { change.then(gaining: .personAnnounced) }
    return change
  }
}

extension Step {
  /// Everything that can be said here.
  var spoken: [Spoken] {
    switch kind {
    case .field(let field): [text, field.example]
    case .request: [text]
    case .say, .menu, .guide, .branch, .dialogue, .back, .language, .end: heard
    }
  }

  /// What whoever goes through it hears in any case: not the example, not what a slow server is waited for with.
  var heard: [Spoken] {
    switch kind {
    case .menu(let menu): [text] + menu.options.map(\.text)
    case .say, .field, .end: [text]
    case .request, .guide, .branch, .dialogue, .back, .language: []
    }
  }

  var isQuestion: Bool {
    switch kind {
    case .menu, .field: true
    case .say, .request, .guide, .branch, .dialogue, .back, .language, .end: false
    }
  }

  /// Whether the caller hears that 0 is a person.
  fileprivate var announcesPerson: Bool {
    guard !heard.isEmpty else { return false }
    let words = text.words(in: .spanish).foldedSpanish.split { !$0.isLetter && !$0.isNumber }
    return words.contains("PERSONA") && words.contains("0")
  }

  /// The steps of its own dialogue that it leads to, with the key where there is one.
  var references: [(step: StepID, key: Int?)] {
    switch kind {
    case .say(_, let next): [(next, nil)]
    case .menu(let menu):
      menu.options.compactMap { option in option.destination.map { ($0, option.key) } }
        + [menu.dontKnow, menu.list?.exhausted].compactMap { $0 }.map { ($0, nil) }
    case .field(let field): [(field.next, nil), (field.dontKnow, nil)]
    case .request(let request): request.ways.map { ($0.next, nil) }
    case .guide(_, let date): date.map { [($0, nil)] } ?? []
    case .branch(_, let then, let otherwise): [(then, nil), (otherwise, nil)]
    case .dialogue(_, _, let next): next.map { [($0, nil)] } ?? []
    case .back, .language, .end: []
    }
  }
}

extension Spoken {
  /// Its words alone, without the values.
  func words(in language: Language) -> String {
    (self[language] ?? []).map { piece in if case .words(let words) = piece { words } else { "" } }.joined(separator: " ")
  }
}
