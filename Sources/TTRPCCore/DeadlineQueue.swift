/// What must happen at which time: the earliest first.
///
/// An entry is never taken out early: whoever pops it asks whether it still matters. `compact` throws out those that do not, so
/// that short calls with long deadlines cost no memory.
package struct DeadlineQueue<Entry> {
  private var heap: [(time: MonotonicTime, entry: Entry)] = []
  private var compactAbove = 64

  package init() {}

  package var count: Int { heap.count }
  package var earliest: MonotonicTime? { heap.first?.time }

  /// Complexity: O(log n); now and then O(n), when the queue has doubled since its last compaction.
  package mutating func insert(_ entry: Entry, at time: MonotonicTime, stillMatters: (Entry) -> Bool) {
    if heap.count >= compactAbove { compact(stillMatters) }
    heap.append((time, entry))
    siftUp(heap.count - 1)
  }

  /// Takes out the earliest entry that is due at `now`, or returns `nil`.
  package mutating func popDue(at now: MonotonicTime) -> Entry? {
    guard let first = heap.first, first.time <= now else { return nil }
    let last = heap.removeLast()
    if !heap.isEmpty {
      heap[0] = last
      siftDown(0)
    }
    return first.entry
  }

  private mutating func compact(_ stillMatters: (Entry) -> Bool) {
    heap.removeAll { !stillMatters($0.entry) }
    for index in stride(from: heap.count / 2 - 1, through: 0, by: -1) { siftDown(index) }
    compactAbove = max(64, heap.count * 2)
  }

  private mutating func siftUp(_ start: Int) {
    var child = start
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child].time < heap[parent].time else { return }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  private mutating func siftDown(_ start: Int) {
    var parent = start
    while true {
      var smallest = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < heap.count && heap[child].time < heap[smallest].time { smallest = child }
      guard smallest != parent else { return }
      heap.swapAt(parent, smallest)
      parent = smallest
    }
  }
}
