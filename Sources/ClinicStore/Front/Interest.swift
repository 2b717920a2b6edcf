internal import Synchronization

/// Whether anybody still waits for a piece of work that stands in a line.
final class Interest: Sendable {
  private let state = Atomic(false)

  var isLost: Bool { state.load(ordering: .relaxed) }

  func lose() { state.store(true, ordering: .relaxed) }
}
