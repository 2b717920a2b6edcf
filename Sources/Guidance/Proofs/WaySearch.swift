/// What can be known of a caller who stands at a node: the part of the past that the rules ask about.
struct Known: OptionSet, Hashable {
  let rawValue: UInt8

  static let alarm = Known(rawValue: 1)
  /// "No sé" or "no puedo esperar".
  static let doubt = Known(rawValue: 2)
  static let pregnant = Known(rawValue: 4)
  static let promptSign = Known(rawValue: 8)
  static let identified = Known(rawValue: 16)
  /// Código Cerebro was raised, and the onset has not been asked.
  static let owesOnset = Known(rawValue: 32)
}

/// Every situation that a caller can be in: breadth first from the start, so that each is kept with a shortest way to it.
struct WaySearch {
  let guide: Guide
  private(set) var situations: [Situation] = []
  private var numbers: [SituationKey: Int] = [:]

  struct Situation {
    let node: Node
    let known: Known
    /// Where it was reached from, and how; `nil` at the start.
    let from: (number: Int, how: GuidePath.How)?
  }

  private struct SituationKey: Hashable {
    let node: NodeID
    let known: Known
  }

  /// - Precondition: every reference of the guide holds.
  init(_ guide: Guide) {
    self.guide = guide
    visit(guide.start, guide.startsPregnant ? .pregnant : [], from: nil)
    var next = 0
    while next < situations.count {
      let (node, known) = (situations[next].node, situations[next].known)
      for way in node.ways { visit(way.next, known.after(way, leaving: node), from: (next, way.how)) }
      next += 1
    }
  }

  private mutating func visit(_ id: NodeID, _ known: Known, from: (number: Int, how: GuidePath.How)?) {
    let key = SituationKey(node: id, known: known)
    guard numbers[key] == nil, let node = guide[id] else { return }
    numbers[key] = situations.count
    situations.append(Situation(node: node, known: known, from: from))
  }

  func problems() -> [GuideProblem] { graphProblems() + owedProblems() }

  /// The way that led to a situation.
  func path(_ situation: Situation) -> GuidePath {
    var path = GuidePath(end: situation.node.id)
    var at = situation
    while let from = at.from {
      at = situations[from.number]
      path.steps.insert(GuidePath.Step(node: at.node.id, how: from.how), at: 0)
    }
    return path
  }

  /// A shortest way to a node; the node alone when nobody gets there.
  func path(to id: NodeID) -> GuidePath { first { $0.node.id == id }.map(path) ?? GuidePath(end: id) }

  /// One problem for each node at which some situation breaks the rule, with the shortest way to it.
  func problems(_ rule: GuideRule, where isBroken: (Situation) -> Bool) -> [GuideProblem] {
    var seen: Set<NodeID> = []
    return situations.filter(isBroken).compactMap { situation in
      guard seen.insert(situation.node.id).inserted else { return nil }
      return GuideProblem(rule, at: situation.node.id, path: path(situation))
    }
  }

  private func first(where matches: (Situation) -> Bool) -> Situation? { situations.first(where: matches) }
}

extension Known {
  /// What is known after leaving a node by one of its ways.
  fileprivate func after(_ way: Way, leaving node: Node) -> Known {
    var known = self
    if case .identification = node.kind { known.insert(.identified) }
    guard let answer = way.answer else { return known }
    if answer.marks.alarm != nil { known.insert(.alarm) }
    if answer.meaning.asksForAPerson { known.insert(.doubt) }
    if answer.marks.isPregnant { known.insert(.pregnant) }
    if answer.marks.prompt != nil { known.insert(.promptSign) }
    if answer.marks.code == .cerebro { known.insert(.owesOnset) }
    // Also by "no sé": it was asked.
    if node.asksOnset { known.remove(.owesOnset) }
    return known
  }
}

extension Node {
  var asksOnset: Bool { answers.contains { $0.marks.onset != nil } }
}
