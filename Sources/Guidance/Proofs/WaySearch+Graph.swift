extension WaySearch {
  /// What the graph has to be, whatever it says: all of it reachable, an end ahead everywhere, no endless speech.
  func graphProblems() -> [GuideProblem] {
    let reached = Set(situations.map(\.node.id))
    let unreachable = guide.nodes.filter { !reached.contains($0.id) }
      .map { GuideProblem(.unreachable, at: $0.id, path: GuidePath(end: $0.id)) }
    let ending = nodesThatCanEnd()
    let stuck = problems(.noWayOut) { !ending.contains($0.node.id) }
    return unreachable + stuck + problems(.speaksForEver) { speaksForEver(from: $0.node) }
  }

  private func nodesThatCanEnd() -> Set<NodeID> {
    var ending = Set(guide.nodes.filter { $0.disposition != nil }.map(\.id))
    var grew = true
    while grew {
      let more = guide.nodes.filter { node in !ending.contains(node.id) && node.ways.contains { ending.contains($0.next) } }
      ending.formUnion(more.map(\.id))
      grew = !more.isEmpty
    }
    return ending
  }

  /// Whether the node lies on a ring of nodes that follow one another without a key.
  private func speaksForEver(from node: Node) -> Bool {
    var at = node
    for _ in guide.nodes.indices {
      guard let way = at.ways.first, at.answers.isEmpty, let next = guide[way.next] else { return false }
      if next.id == node.id { return true }
      at = next
    }
    return false
  }

  /// The end that comes by itself, with no key pressed; `nil` when a question or nothing comes.
  func straightEnd(from id: NodeID) -> Disposition? {
    var at = guide[id]
    for _ in guide.nodes.indices {
      guard let node = at else { return nil }
      switch node.kind {
      case .statement(_, let next), .identification(let next): at = guide[next]
      case .question: return nil
      case .disposition(let disposition): return disposition
      }
    }
    return nil
  }

  /// Presses from a node to an emergency instruction or a person, by the guide's own answers; `nil` when there is no way.
  ///
  /// The 0 that is a person everywhere is not counted: it would make every guide pass. What is not said in the language is no way.
  func pressesToHelp(from start: Node, in language: Language) -> Int? {
    var costs: [NodeID: Int] = [start.id: 0]
    var frontier = [start]
    var cost = 0
    while !frontier.isEmpty {
      var index = 0
      var pressed: [Node] = []
      while index < frontier.count {
        let node = frontier[index]
        index += 1
        guard costs[node.id] == cost, node.hasWords(in: language) else { continue }
        if node.isEmergency || node.disposition == .person { return cost }
        for way in node.ways where way.how != .noPlace {
          guard let next = guide[way.next] else { continue }
          let price = cost + (way.answer == nil ? 0 : 1)
          guard price < costs[next.id] ?? .max else { continue }
          costs[next.id] = price
          if way.answer == nil { frontier.append(next) } else { pressed.append(next) }
        }
      }
      frontier = pressed
      cost += 1
    }
    return nil
  }
}
