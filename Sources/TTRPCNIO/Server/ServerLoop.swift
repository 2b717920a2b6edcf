internal import NIOCore
internal import Synchronization
internal import TTRPCCore

/// What the connections of one event loop share, so that an idle connection owns next to nothing.
///
/// Everything here is touched on that loop only.
final class ServerLoop {
  let eventLoop: any EventLoop
  let router: RPCRouter
  let limits: TTRPCLimits
  /// Where synchronous handlers write; used by one call at a time.
  var reply = ReplyBuffer()
  var counters = ServerCounters()
  private(set) var completions: LoopMailbox<Completion>!

  let connectionCount: ConnectionCount
  private var connections: [ServerConnectionHandler] = []
  private var spareBuffers: [ByteBuffer] = []
  private var unflushed: [ServerConnectionHandler] = []
  private var deadlines: DeadlineTimer<RunningCall>!
  private var slowFrames: DeadlineTimer<UnfinishedFrame>!
  private var drained: EventLoopPromise<Void>?

  init(eventLoop: any EventLoop, router: RPCRouter, limits: TTRPCLimits, connectionCount: ConnectionCount) {
    self.eventLoop = eventLoop
    self.router = router
    self.limits = limits
    self.connectionCount = connectionCount
    let weakSelf = WeakLoop(self)
    completions = LoopMailbox(eventLoop: eventLoop) { weakSelf.loop?.deliver($0) }
    deadlines = DeadlineTimer(eventLoop: eventLoop) {
      $0.connection.isRunning($0.stream)
    } due: { [weak self] calls in
      self?.deadlinesPassed(calls)
    }
    slowFrames = DeadlineTimer(eventLoop: eventLoop) {
      $0.connection.isWaiting(for: $0.frame)
    } due: { frames in
      for unfinished in frames { unfinished.connection.frameOverdue(unfinished.frame) }
    }
  }

  private struct UnfinishedFrame {
    let connection: ServerConnectionHandler
    let frame: SlowFrame
  }

  /// Asks the connection again at `time` whether the frame is still unfinished.
  func watch(_ frame: SlowFrame, of connection: ServerConnectionHandler, until time: MonotonicTime) {
    slowFrames.insert(UnfinishedFrame(connection: connection, frame: frame), at: time)
  }

  var now: MonotonicTime { MonotonicTime(eventLoop.now) }

  // MARK: Connections

  /// Takes a connection in, and says why it is one too many if it is.
  func open(_ connection: ServerConnectionHandler, from address: SocketAddress?) -> ConnectionRefusal? {
    connection.slot = connections.count
    connections.append(connection)
    counters.accepted += 1
    counters.connections += 1
    connection.addressKey = address.flatMap(ConnectionCount.Address.init)
    let refusal = connectionCount.opened(from: connection.addressKey, limits: limits)
    if refusal != nil { counters.turnedAway += 1 }
    return refusal
  }

  func closed(_ connection: ServerConnectionHandler) {
    let last = connections.removeLast()
    if last !== connection {
      connections[connection.slot] = last
      last.slot = connection.slot
    }
    counters.connections -= 1
    connectionCount.closed(from: connection.addressKey)
    if connections.isEmpty { drained?.succeed(()) }
  }

  /// Ends the connections of callers whose certificate is denied or over by now.
  func endDenied(by tls: ServerTLS) {
    // One that ends leaves the list, now or at the loop's next turn.
    for connection in connections { connection.endIfDenied(by: tls) }
  }

  var isDraining: Bool { drained != nil }

  /// Ends every connection once it owes nothing, and every one that is left after `grace`.
  func drain(grace: TimeAmount) -> EventLoopFuture<Void> {
    if let drained { return drained.futureResult }
    let promise = eventLoop.makePromise(of: Void.self)
    drained = promise
    if connections.isEmpty { promise.succeed(()) }
    for connection in connections { connection.drain() }
    let end = eventLoop.assumeIsolated().scheduleTask(in: grace) { [self] in
      for connection in connections { connection.abort() }
    }
    promise.futureResult.whenComplete { _ in end.cancel() }
    return promise.futureResult
  }

  // MARK: Buffers

  /// An empty buffer to write replies into; give it back with ``recycle(_:)`` when it has been written.
  @inline(__always)
  func takeBuffer() -> ByteBuffer {
    guard var buffer = spareBuffers.popLast() else { return ByteBufferAllocator().buffer(capacity: 4096) }
    buffer.clear()
    return buffer
  }

  /// Keeps a buffer for the next burst. NIO has mostly written it by then, so that its memory is used again; if not, `clear` copies.
  @inline(__always)
  func recycle(_ buffer: ByteBuffer) {
    guard spareBuffers.count < 4, buffer.capacity <= 2 * limits.maxBurstOut else { return }
    spareBuffers.append(buffer)
  }

  /// The connection has replies to send and is not in the middle of a read cycle.
  func needsFlush(_ connection: ServerConnectionHandler) { unflushed.append(connection) }

  private func flushAll() {
    for connection in unflushed { connection.flushLateReplies() }
    unflushed.removeAll(keepingCapacity: true)
  }

  // MARK: Calls that take their time

  /// The end of an asynchronous call, on its way back to the loop.
  struct Completion: Sendable {
    let connection: NIOLoopBound<ServerConnectionHandler>
    let stream: UInt32
    let outcome: Result<[UInt8], RPCError>
  }

  private struct RunningCall {
    let connection: ServerConnectionHandler
    let stream: UInt32
  }

  private func deliver(_ completions: [Completion]) {
    for completion in completions {
      completion.connection.value.completed(completion.stream, completion.outcome)
    }
    flushAll()
  }

  /// Ends the call at `deadline` unless it has its answer by then.
  func watch(_ stream: UInt32, of connection: ServerConnectionHandler, until deadline: MonotonicTime) {
    deadlines.insert(RunningCall(connection: connection, stream: stream), at: deadline)
  }

  private func deadlinesPassed(_ calls: [RunningCall]) {
    for call in calls { call.connection.deadlinePassed(call.stream) }
    flushAll()
  }
}

/// The mailbox keeps no loop alive. It reads this on the loop's own thread only, so that it may cross to others.
private struct WeakLoop: @unchecked Sendable {
  weak var loop: ServerLoop?
  init(_ loop: ServerLoop) { self.loop = loop }
}
