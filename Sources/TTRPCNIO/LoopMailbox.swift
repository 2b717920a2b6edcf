internal import NIOCore
internal import Synchronization

/// Brings things from any thread to one event loop: all that were posted before the loop gets to them come in one batch.
///
/// One wake-up of the loop per batch, and no allocation per item once the arrays have grown.
final class LoopMailbox<Item: Sendable>: Sendable {
  private struct State {
    var items: [Item] = []
    var emptied: [Item] = []
    var isScheduled = false
  }

  private let eventLoop: any EventLoop
  private let deliver: @Sendable ([Item]) -> Void
  private let state = Mutex(State())

  /// - Parameter deliver: runs on the event loop with the items in the order they were posted.
  init(eventLoop: any EventLoop, deliver: @escaping @Sendable ([Item]) -> Void) {
    self.eventLoop = eventLoop
    self.deliver = deliver
  }

  func post(_ item: Item) {
    let isFirst = state.withLock { state in
      state.items.append(item)
      defer { state.isScheduled = true }
      return !state.isScheduled
    }
    if isFirst { eventLoop.execute { self.deliverAll() } }
  }

  private func deliverAll() {
    var batch: [Item] = state.withLock { state in
      state.isScheduled = false
      var taken: [Item] = []
      swap(&taken, &state.emptied)
      swap(&taken, &state.items)
      return taken
    }
    deliver(batch)
    batch.removeAll(keepingCapacity: batch.capacity <= 4096)
    state.withLock { $0.emptied = batch }
  }
}
