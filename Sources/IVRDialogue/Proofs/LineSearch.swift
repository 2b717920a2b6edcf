internal import Guidance

/// Every situation that a call can be in: breadth first from every entry, so that each is kept with a shortest way to it.
///
/// A situation is a step, the dialogues that wait to be come back to, and whether the caller is identified, on which ways depend. What
/// else is known changes fact by fact (``LineChange``): of each fact it is found whether it can be there, and whether it can be missing.
/// The ways out that are the same everywhere (0, 9, three failures) lead to dialogues that are entries of their own here.
struct LineSearch {
  let graph: LineGraph
  private(set) var situations: [Situation] = []
  /// Where a dialogue comes back to nobody, or too many wait.
  private(set) var broken: [LineProblem] = []
  private(set) var isComplete = true
  private var numbers: [SituationKey: Int] = [:]

  struct Situation {
    let node: Int
    let returns: [Int]
    let isIdentified: Bool
    let from: (number: Int, how: LinePath.How)?
    var next: [Way] = []
    /// Whether the call can end here.
    var isEnd = false
    /// Facts that some way here leaves known, and facts that some way leaves unknown.
    var canBeKnown: LineKnown = []
    var canBeMissing: LineKnown = []
  }

  struct Way {
    let number: Int
    let how: LinePath.How
    let change: LineChange
  }

  private struct SituationKey: Hashable {
    let node: Int
    let returns: [Int]
    let isIdentified: Bool
  }

  /// A line of the shipped size has about a thousand.
  private static let bound = 20_000

  init(_ graph: LineGraph) {
    self.graph = graph
    for root in graph.roots { visit(root.node, [], false, from: nil) }
    var number = 0
    while number < situations.count {
      guard number < Self.bound else {
        isComplete = false
        return
      }
      leave(number)
      number += 1
    }
    followFacts()
  }

  /// The situation's number.
  @discardableResult
  private mutating func visit(_ node: Int, _ returns: [Int], _ isIdentified: Bool, from: (number: Int, how: LinePath.How, change: LineChange)?) -> Int {
    let key = SituationKey(node: node, returns: returns, isIdentified: isIdentified)
    let number = numbers[key] ?? situations.count
    if number == situations.count {
      numbers[key] = number
      situations.append(Situation(node: node, returns: returns, isIdentified: isIdentified, from: from.map { ($0.number, $0.how) }))
    }
    if let from { situations[from.number].next.append(Way(number: number, how: from.how, change: from.change)) }
    return number
  }

  // MARK: - Ways out of a step

  private mutating func leave(_ number: Int) {
    let situation = situations[number]
    let step = graph.steps[situation.node]
    var heard = graph.heard(situation.node)
    // What is owed before the first question is told there, and not at every one that follows.
    if step.isQuestion { heard.then(gaining: [.greeted, .personAnnounced]) }
    func here(_ id: StepID) -> Int? { graph.number(of: id, near: situation.node) }
    func go(_ node: Int?, _ change: LineChange, _ how: LinePath.How, returns: [Int]? = nil) {
      guard let node else { return }
      let isIdentified = situation.isIdentified || change.gain.contains(.identified)
      visit(node, returns ?? situation.returns, isIdentified, from: (number, how, change))
    }
    switch step.kind {
    case .say(_, let next): go(here(next), heard, .wentOn)
    case .menu(let menu):
      let asked = heard.gaining(menu.list.map { $0.of == .slots ? .slot : [.appointment, .service] } ?? [])
      var agreed = asked
      agreed.agreed(graph.heardValues[situation.node])
      // One of a list is chosen; that it was the right one is asked afterwards.
      if menu.list?.of == .slots { agreed.then(losing: .echoedSlot) }
      for option in menu.options {
        switch option.action {
        case .go(let next): go(here(next), agreed, .pressed(option.key))
        case .nextOne: go(situation.node, asked, .pressed(option.key))
        }
      }
      if let next = menu.dontKnow { go(here(next), asked, .dontKnow) }
      if let list = menu.list { go(here(list.exhausted), LineChange(), .exhausted) }
    case .field(let field):
      var typed = heard
      typed.typed(field.kind)
      go(here(field.next), typed, .typed)
      go(here(field.dontKnow), heard, .dontKnow)
    case .request(let request):
      for way in request.ways {
        var answered = heard
        answered.answered(request.kind, way.word)
        go(here(way.next), answered, .answered(way.word))
      }
    case .guide(let guide, let date): leaveGuide(number, guide, date)
    case .branch(.isIdentified, let then, let otherwise):
      go(here(situation.isIdentified ? then : otherwise), heard, .condition(.isIdentified, situation.isIdentified))
    case .branch(let condition, let then, let otherwise):
      go(here(then), heard, .condition(condition, true))
      go(here(otherwise), heard, .condition(condition, false))
    case .dialogue(let dialogue, let start, let next):
      guard let next else { return go(graph.number(of: dialogue, start), heard, .wentOn, returns: []) }
      guard situation.returns.count < DialogueLimits.depth else { return note(.tooDeep, number) }
      if let back = here(next) { go(graph.number(of: dialogue, start), heard, .wentOn, returns: situation.returns + [back]) }
    case .back:
      guard let back = situation.returns.last else { return note(.returnsNowhere, number) }
      go(back, heard, .wentOn, returns: situation.returns.dropLast())
    case .language, .end: situations[number].isEnd = true
    }
  }

  /// A guide ends by itself, in one of its own ways; in a date, in a callback, or with a person, it goes on here.
  private mutating func leaveGuide(_ number: Int, _ id: GuideID, _ date: StepID?) {
    let situation = situations[number]
    situations[number].isEnd = true
    guard let guide = graph.line[id]?.guide else { return }
    let dispositions = guide.nodes.compactMap(\.disposition)
    if dispositions.contains(where: { $0.term != nil }), let date, let next = graph.number(of: date, near: situation.node) {
      let found = LineChange().gaining([.slots, .service])
      visit(next, situation.returns, situation.isIdentified, from: (number, .guideDate, found))
    }
    if dispositions.contains(.person), let person = graph.number(of: .person, nil) {
      visit(person, [], situation.isIdentified, from: (number, .guideEnd, LineChange()))
    }
    if dispositions.contains(where: { if case .callback = $0 { true } else { false } }), let callback = graph.number(of: .callback, nil) {
      visit(callback, [], situation.isIdentified, from: (number, .guideEnd, LineChange()))
    }
  }

  private mutating func note(_ rule: LineRule, _ number: Int) {
    let situation = situations[number]
    guard !broken.contains(where: { $0.rule == rule && $0.path.end == graph.stop(situation.node) }) else { return }
    broken.append(problem(rule, situation))
  }

  // MARK: - Facts

  /// Forward from the entries until nothing changes: each fact of each situation changes at most twice.
  private mutating func followFacts() {
    var frontier: [Int] = []
    for root in graph.roots {
      let number = numbers[SituationKey(node: root.node, returns: [], isIdentified: false)]!
      situations[number].canBeKnown.formUnion(root.known)
      situations[number].canBeMissing.formUnion(LineKnown(rawValue: ~0).subtracting(root.known))
      frontier.append(number)
    }
    while let number = frontier.popLast() {
      let (known, missing) = (situations[number].canBeKnown, situations[number].canBeMissing)
      for way in situations[number].next {
        let before = (situations[way.number].canBeKnown, situations[way.number].canBeMissing)
        situations[way.number].canBeKnown.formUnion(known.subtracting(way.change.loss).union(way.change.gain))
        situations[way.number].canBeMissing.formUnion(missing.subtracting(way.change.gain).union(way.change.loss))
        if before != (situations[way.number].canBeKnown, situations[way.number].canBeMissing) { frontier.append(way.number) }
      }
    }
  }

  /// A shortest way to a situation on which the fact is there, or is missing; the shortest way at all when there is none.
  func path(_ number: Int, with fact: LineKnown, known isKnown: Bool) -> LinePath {
    struct Stand: Hashable {
      let number: Int
      let isKnown: Bool
    }
    var from: [Stand: (stand: Stand, how: LinePath.How)?] = [:]
    var frontier: [Stand] = []
    for root in graph.roots {
      let stand = Stand(number: numbers[SituationKey(node: root.node, returns: [], isIdentified: false)]!, isKnown: root.known.contains(fact))
      from[stand] = .some(nil)
      frontier.append(stand)
    }
    let goal = Stand(number: number, isKnown: isKnown)
    var index = 0
    while index < frontier.count, from[goal] == nil {
      let stand = frontier[index]
      index += 1
      for way in situations[stand.number].next {
        let after = way.change.gain.contains(fact) || stand.isKnown && !way.change.loss.contains(fact)
        let next = Stand(number: way.number, isKnown: after)
        guard from[next] == nil else { continue }
        from[next] = (stand, way.how)
        frontier.append(next)
      }
    }
    guard from[goal] != nil else { return path(situations[number]) }
    var path = LinePath(end: graph.stop(situations[number].node))
    var at = goal
    while let step = from[at] ?? nil {
      at = step.stand
      path.steps.insert((graph.stop(situations[at.number].node), step.how), at: 0)
    }
    return path
  }

  // MARK: - Ways

  func path(_ situation: Situation) -> LinePath {
    var path = LinePath(end: graph.stop(situation.node))
    var at = situation
    while let from = at.from {
      at = situations[from.number]
      path.steps.insert((graph.stop(at.node), from.how), at: 0)
    }
    return path
  }

  func problem(_ rule: LineRule, _ situation: Situation) -> LineProblem {
    let stop = graph.stop(situation.node)
    return LineProblem(rule, stop.dialogue, stop.step, path: path(situation))
  }

  /// A shortest way to a step; the step alone when nobody gets there.
  func path(to node: Int) -> LinePath { situations.first { $0.node == node }.map(path) ?? LinePath(end: graph.stop(node)) }
}
