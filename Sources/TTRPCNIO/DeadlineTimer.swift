internal import NIOCore
internal import TTRPCCore

/// Tells its owner what is due, with one timer of the event loop for however many deadlines.
///
/// The loop's timer stands at the earliest deadline; one that has become pointless fires once and finds nothing to do.
final class DeadlineTimer<Entry> {
  private let eventLoop: any EventLoop
  private let stillMatters: (Entry) -> Bool
  private let due: ([Entry]) -> Void
  private var queue = DeadlineQueue<Entry>()
  private var timer: (time: MonotonicTime, task: Scheduled<Void>)?

  /// - Parameter stillMatters: an entry of which this is no longer true may be forgotten; it may be reported all the same.
  /// - Parameter due: called on the loop with the entries whose time has come, earliest first.
  init(eventLoop: any EventLoop, stillMatters: @escaping (Entry) -> Bool, due: @escaping ([Entry]) -> Void) {
    self.eventLoop = eventLoop
    self.stillMatters = stillMatters
    self.due = due
  }

  func insert(_ entry: Entry, at time: MonotonicTime) {
    queue.insert(entry, at: time, stillMatters: stillMatters)
    if timer.map({ time < $0.time }) ?? true { setTimer(time) }
  }

  private func setTimer(_ time: MonotonicTime) {
    timer?.task.cancel()
    let task = eventLoop.assumeIsolated().scheduleTask(deadline: NIODeadline(time)) { [weak self] in self?.fired() ?? () }
    timer = (time, task)
  }

  private func fired() {
    timer = nil
    let now = MonotonicTime(eventLoop.now)
    var entries: [Entry] = []
    while let entry = queue.popDue(at: now) { entries.append(entry) }
    if let earliest = queue.earliest { setTimer(earliest) }
    due(entries)
  }
}
