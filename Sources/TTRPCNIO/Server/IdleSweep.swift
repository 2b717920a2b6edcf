internal import NIOCore
internal import TTRPCCore

/// Finds the connections of a loop that have been silent for ``TTRPCLimits/idleTime``.
///
/// Time is counted in ticks, one 64th of the idle time each, so that a read only notes the number of the current tick. Each tick looks
/// at an eighth of the connections: one timer for all of them, nothing kept for any, and never a pause in which ten thousand are looked
/// at. A silent connection is found after its time and before a seventh more.
final class IdleSweep {
  private static let ticks: UInt32 = 64
  private static let round = 8

  private let eventLoop: any EventLoop
  private let period: TimeAmount
  /// Hands over the connections from an index on, as many as are asked for and there are.
  private let connections: (_ start: Int, _ count: Int) -> ArraySlice<ServerConnectionHandler>
  private let found: ([ServerConnectionHandler]) -> Void
  private(set) var tick: UInt32 = 0
  private var cursor = 0
  private var isRunning = false

  init(
    eventLoop: any EventLoop, idleTime: Duration,
    connections: @escaping (_ start: Int, _ count: Int) -> ArraySlice<ServerConnectionHandler>,
    found: @escaping ([ServerConnectionHandler]) -> Void
  ) {
    self.eventLoop = eventLoop
    period = .nanoseconds(max(TimeAmount(idleTime).nanoseconds / Int64(Self.ticks), 1))
    self.connections = connections
    self.found = found
  }

  /// There are connections: it looks at them from now on, until there are none.
  func start() {
    guard !isRunning else { return }
    isRunning = true
    schedule()
  }

  private func schedule() {
    eventLoop.assumeIsolated().scheduleTask(in: period) { [weak self] in self?.look() ?? () }
  }

  private func look() {
    tick &+= 1
    let all = connections(0, .max)
    guard !all.isEmpty else { return isRunning = false }
    schedule()
    if cursor >= all.count { cursor = 0 }
    let looked = connections(cursor, (all.count + Self.round - 1) / Self.round)
    cursor += looked.count
    let silent = looked.filter { isSilent($0) }
    if !silent.isEmpty { found(Array(silent)) }
  }

  /// A connection whose calls are still at work, or whose bytes wait, is not idle now, and begins to be so later.
  private func isSilent(_ connection: ServerConnectionHandler) -> Bool {
    if connection.isAtWork { connection.lastHeard = tick }
    return tick &- connection.lastHeard > Self.ticks
  }
}

/// A connection that nobody uses is closed, as a server closes that goes away: in order, so that what crosses it on the wire is answered.
extension ServerConnectionHandler {
  var isAtWork: Bool { machine.callsInFlight > 0 || letsBytesWait }

  /// Whatever has come is a sign of life, a ping as much as a call.
  @inline(__always)
  func heard() { lastHeard = loop.idle.tick }

  func idleTooLong() {
    loop.reached(.idleTime)
    drain()
  }
}
