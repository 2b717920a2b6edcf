internal import Guidance

extension LineSearch {
  /// What the graph has to be, whatever it says: all of it reachable, an end ahead everywhere, no loop without the caller.
  func graphProblems() -> [LineProblem] {
    let reached = Set(situations.map(\.node))
    let unreachable = graph.steps.indices.filter { !reached.contains($0) }.map { node in
      LineProblem(.unreachable, graph.stop(node).dialogue, graph.stop(node).step)
    }
    return unreachable + withoutEnd() + withoutCaller() + broken
  }

  /// Situations from which no end can be reached, by going back from the ends.
  private func withoutEnd() -> [LineProblem] {
    var before: [[Int]] = Array(repeating: [], count: situations.count)
    for (number, situation) in situations.enumerated() { for next in situation.next { before[next.number].append(number) } }
    var ends = situations.map(\.isEnd)
    var frontier = situations.indices.filter { ends[$0] }
    while let number = frontier.popLast() {
      for earlier in before[number] where !ends[earlier] {
        ends[earlier] = true
        frontier.append(earlier)
      }
    }
    var seen: Set<Int> = []
    return situations.indices.filter { !ends[$0] && seen.insert(situations[$0].node).inserted }.map { problem(.noWayOut, situations[$0]) }
  }

  /// Rings of situations that follow one another without a key: what is left when those with no way in are taken away, one by one.
  private func withoutCaller() -> [LineProblem] {
    var waysIn = Array(repeating: 0, count: situations.count)
    for situation in situations { for next in situation.next where !next.how.isByKey { waysIn[next.number] += 1 } }
    var frontier = situations.indices.filter { waysIn[$0] == 0 }
    var isFree = Array(repeating: false, count: situations.count)
    while let number = frontier.popLast() {
      isFree[number] = true
      for next in situations[number].next where !next.how.isByKey {
        waysIn[next.number] -= 1
        if waysIn[next.number] == 0 { frontier.append(next.number) }
      }
    }
    // What hangs on a ring is not free either: only who comes back to themselves is in it.
    var seen: Set<Int> = []
    return situations.indices.filter { !isFree[$0] && comesBack(to: $0) && seen.insert(situations[$0].node).inserted }
      .map { problem(.loopsForEver, situations[$0]) }
  }

  private func comesBack(to start: Int) -> Bool {
    var seen: Set<Int> = []
    var frontier = [start]
    while let number = frontier.popLast() {
      for next in situations[number].next where !next.how.isByKey {
        if next.number == start { return true }
        if seen.insert(next.number).inserted { frontier.append(next.number) }
      }
    }
    return false
  }
}
