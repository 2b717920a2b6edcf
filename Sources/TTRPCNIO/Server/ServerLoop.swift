internal import NIOCore
internal import Synchronization
internal import TTRPCCore

/// What the connections of one event loop share, so that an idle connection owns next to nothing.
///
/// Everything here is touched on that loop only. What every call touches is `@exclusivity(unchecked)`, as in ``ServerConnectionHandler``.
final class ServerLoop {
  let eventLoop: any EventLoop
  let router: RPCRouter
  let limits: TTRPCLimits
  /// Where synchronous handlers write; used by one call at a time.
  var reply = ReplyBuffer()
  @exclusivity(unchecked) var counters = ServerCounters()
  let meter: CallMeter
  private(set) var orders: LoopMailbox<Order>!

  let connectionCount: ConnectionCount
  private let onClientGone: @Sendable (UInt64) -> Void
  let observer: (any ServerObserver)?
  @exclusivity(unchecked) private var connections: [ServerConnectionHandler] = []
  @exclusivity(unchecked) private var spareBuffers: [ByteBuffer] = []
  @exclusivity(unchecked) private var unflushed: [ServerConnectionHandler] = []
  @exclusivity(unchecked) private var isFlushScheduled = false
  @exclusivity(unchecked) private var unflushedSince = MonotonicTime(nanoseconds: 0)
  private var deadlines: DeadlineTimer<RunningCall>!
  private var slowFrames: DeadlineTimer<UnfinishedFrame>!
  private var held: DeadlineTimer<ServerConnectionHandler>!
  private(set) var idle: IdleSweep!
  private var silences: DeadlineTimer<ServerConnectionHandler>!
  private(set) var turns: StreamTurns!
  private var drained: EventLoopPromise<Void>?

  init(
    eventLoop: any EventLoop, router: RPCRouter, limits: TTRPCLimits, connectionCount: ConnectionCount,
    onClientGone: @escaping @Sendable (UInt64) -> Void = { _ in }, observer: (any ServerObserver)? = nil
  ) {
    self.eventLoop = eventLoop
    self.router = router
    meter = CallMeter(methods: router.descriptors.count)
    self.limits = limits
    self.connectionCount = connectionCount
    self.onClientGone = onClientGone
    self.observer = observer
    let weakSelf = WeakLoop(self)
    orders = LoopMailbox(eventLoop: eventLoop) { weakSelf.loop?.take($0) }
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
    idle = IdleSweep(eventLoop: eventLoop, idleTime: limits.idleTime) { [unowned self] start, count in
      connections[start...].prefix(count)
    } found: { connections in
      for connection in connections { connection.idleTooLong() }
    }
    held = DeadlineTimer(eventLoop: eventLoop) {
      $0.allowance.isHeld
    } due: { connections in
      for connection in connections { connection.holdIsOver() }
    }
    turns = StreamTurns(eventLoop: eventLoop, burst: limits.maxBurstOut) { [weak self] streams in
      self?.take(streams.map(Order.send))
    }
    silences = DeadlineTimer(eventLoop: eventLoop) {
      $0.peerWatch != nil
    } due: { [weak self] connections in
      for connection in connections { connection.lookForSilence() }
      self?.flushAll()
    }
  }

  /// Lets the connection look at `time` whether its peer was heard.
  func watchSilence(of connection: ServerConnectionHandler, until time: MonotonicTime) { silences.insert(connection, at: time) }

  private struct UnfinishedFrame {
    let connection: ServerConnectionHandler
    let frame: SlowFrame
  }

  /// Asks the connection again at `time` whether the frame is still unfinished.
  func watch(_ frame: SlowFrame, of connection: ServerConnectionHandler, until time: MonotonicTime) {
    slowFrames.insert(UnfinishedFrame(connection: connection, frame: frame), at: time)
  }

  var now: MonotonicTime { MonotonicTime(eventLoop.now) }

  /// The time of the read that is worked on, for which the clock was read once.
  @inline(__always)
  var readTime: MonotonicTime { meter.tick }

  /// Holds the connection's reads back until `time`.
  func hold(_ connection: ServerConnectionHandler, until time: MonotonicTime) { held.insert(connection, at: time) }

  /// Streaming calls that have not ended.
  var openStreams: Int { connections.reduce(0) { $0 + $1.streams.count } }

  /// Counts a limit that somebody has reached.
  func reached(_ limit: LimitName) { counters.refusalsByLimit[limit, default: 0] += 1 }

  /// Counts who was not let in by TLS, and tells the technician.
  func refused(_ refusal: TLSRefusal, by tls: ServerTLS) {
    counters.tlsRefusals[refusal.reason.kind, default: 0] += 1
    tls.onRefusal(refusal)
  }

  // MARK: Connections

  /// Takes a connection in, and says why it is one too many if it is.
  func open(_ connection: ServerConnectionHandler, from address: SocketAddress?) -> ConnectionRefusal? {
    connection.slot = connections.count
    connections.append(connection)
    connection.heard()
    idle.start()
    counters.accepted += 1
    counters.connections += 1
    connection.addressKey = address.flatMap(ConnectionCount.Address.init)
    let refusal = connectionCount.opened(from: connection.addressKey, limits: limits)
    if refusal != nil { counters.turnedAway += 1 }
    observer?.connectionOpened(connection.caller, refusal: refusal)
    return refusal
  }

  func closed(_ connection: ServerConnectionHandler) {
    let last = connections.removeLast()
    if last !== connection {
      connections[connection.slot] = last
      last.slot = connection.slot
    }
    counters.connections -= 1
    // One that ended with what it said last is not kept until something else is flushed.
    unflushed.removeAll { $0 === connection }
    connectionCount.closed(from: connection.addressKey)
    clientHasGone(connection.caller.connectionID)
    observer?.connectionClosed(connection.caller)
    if connections.isEmpty { drained?.succeed(()) }
  }

  /// Nothing more will come from the client; told again when the connection ends.
  func clientHasGone(_ connection: UInt64) { onClientGone(connection) }

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
    guard spareBuffers.count < 64, buffer.capacity <= 2 * limits.maxBurstOut else { return }
    spareBuffers.append(buffer)
  }

  // MARK: Flushing

  /// The longest that replies wait for those of other connections, in nanoseconds: what 200 reads of cheap calls take. A millisecond is
  /// felt by nobody; a turn of dear calls is not to add up.
  private static let longestFlushDelay: UInt64 = 1_000_000

  /// The connection has replies to send and is not in the middle of a read cycle; whoever had them written flushes all.
  func needsFlush(_ connection: ServerConnectionHandler) { unflushed.append(connection) }

  /// A connection is about to be read.
  @inline(__always)
  func readBegan() {
    meter.began(at: now)
    if isFlushScheduled, readTime.nanoseconds &- unflushedSince.nanoseconds > Self.longestFlushDelay { flushAll() }
  }

  /// A connection's read cycle is over and has replies.
  ///
  /// They leave when all connections have been read that this turn of the loop found readable: writes that follow each other closely
  /// find the callers' programs awake, and the kernel wakes them once, not once for each connection.
  func readEnded(_ connection: ServerConnectionHandler) {
    if connections.count == 1 { return connection.flush() }
    unflushed.append(connection)
    if isFlushScheduled { return }
    isFlushScheduled = true
    unflushedSince = readTime
    eventLoop.assumeIsolated().execute { [self] in flushAll() }
  }

  private func flushAll() {
    isFlushScheduled = false
    for connection in unflushed { connection.flush() }
    unflushed.removeAll(keepingCapacity: true)
  }

  // MARK: Calls that take their time

  /// What a handler on another thread wants of a connection.
  enum Order: Sendable {
    /// An asynchronous unary call is done.
    case completed(NIOLoopBound<ServerConnectionHandler>, UInt32, Result<[UInt8], RPCError>)
    /// A streaming call is done.
    case ended(ServerStream, Result<StreamEnd, RPCError>)
    /// A streaming call has messages to send.
    case send(ServerStream)
    /// The handler has consumed so many bytes of its messages.
    case giveBack(ServerStream, UInt32)
    /// The server has no room for a message that the handler wanted to send.
    case noRoom(ServerStream, ConnectionRefusal)
  }

  private struct RunningCall {
    let connection: ServerConnectionHandler
    let stream: UInt32
  }

  private func take(_ orders: [Order]) {
    meter.began(at: now)
    for order in orders {
      switch order {
      case .completed(let connection, let stream, let outcome): connection.value.completed(stream, outcome)
      case .ended(let stream, let outcome): stream.connection.value.ended(stream, outcome)
      case .send(let stream): stream.connection.value.sendWaiting(of: stream)
      case .giveBack(let stream, let bytes): stream.connection.value.giveBack(bytes, on: stream)
      case .noRoom(let stream, let refusal): stream.connection.value.noRoom(for: stream, refusal)
      }
    }
    flushAll()
  }

  /// Ends the call at `deadline` unless it has its answer by then.
  func watch(_ stream: UInt32, of connection: ServerConnectionHandler, until deadline: MonotonicTime) {
    deadlines.insert(RunningCall(connection: connection, stream: stream), at: deadline)
  }

  private func deadlinesPassed(_ calls: [RunningCall]) {
    meter.began(at: now)
    for call in calls { call.connection.deadlinePassed(call.stream) }
    flushAll()
  }
}

/// The mailbox keeps no loop alive. It reads this on the loop's own thread only, so that it may cross to others.
private struct WeakLoop: @unchecked Sendable {
  weak var loop: ServerLoop?
  init(_ loop: ServerLoop) { self.loop = loop }
}
