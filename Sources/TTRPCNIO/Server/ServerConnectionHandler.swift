internal import NIOCore
internal import Synchronization
internal import TTRPCCore

/// One connection of a server: it owns the bytes and the tasks, asks the machine about each frame, and does what it says.
///
/// It is the only handler of its pipeline, but for TLS in front of it. Replies to the frames of one read cycle leave in one write.
///
/// What every call touches is `@exclusivity(unchecked)`: the runtime's look for overlapping accesses costs a twentieth of a call (32 looks
/// at each). Only the loop's thread comes here, and no access to such a property outlasts a statement that calls nothing but the value's own methods.
final class ServerConnectionHandler: ChannelDuplexHandler, FrameConsumer {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  let loop: ServerLoop
  /// On a TLS listener nobody with no role, until ``admit(_:as:)-(CallerCertificate,_)``.
  @exclusivity(unchecked) var caller: Caller
  /// The TLS side that lets the caller in, on a connection that has one.
  let tls: ServerTLS?
  /// Where the loop keeps this connection.
  var slot = 0
  @exclusivity(unchecked) var parser = FrameParser()
  @exclusivity(unchecked) var partial = ByteBuffer()
  /// The unfinished frame whose time runs, if any.
  @exclusivity(unchecked) var slowFrame: SlowFrame?
  /// What the server has counted of this connection's half-received bytes.
  @exclusivity(unchecked) var countedBytes = 0
  /// What this connection counts against ``TTRPCLimits/maxConnectionsPerAddress``; `nil` on a Unix socket.
  var addressKey: ConnectionCount.Address?
  /// The tick of ``IdleSweep`` in which bytes came last.
  @exclusivity(unchecked) var lastHeard: UInt32 = 0
  /// What its device may still call.
  @exclusivity(unchecked) var allowance = CallAllowance()
  @exclusivity(unchecked) var machine: ServerConnectionStateMachine
  /// Tasks of the calls that outlast their read cycle.
  var running = StreamTable<RunningTask>()
  /// Where they count what waits on them.
  private(set) lazy var streamRoom = StreamRoom(loop.connectionCount, address: addressKey, limits: loop.limits)
  /// The calls that stream.
  var streams = StreamTable<ServerStream>()
  /// Whether the peer is still there; `nil` for one that knows no ping.
  @exclusivity(unchecked) var peerWatch: PeerWatch?
  @exclusivity(unchecked) private(set) var bytesHandedOver = 0

  @exclusivity(unchecked) private(set) var isPaused = false
  @exclusivity(unchecked) private(set) var context: ChannelHandlerContext?
  /// `nil` where TLS stands between.
  @exclusivity(unchecked) private var writer: DirectWriter?
  @exclusivity(unchecked) private var output = ByteBuffer()
  @exclusivity(unchecked) private var hasOutput = false
  @exclusivity(unchecked) private var isConsuming = false
  /// Whether more was written than the channel likes to hold, since the last look.
  @exclusivity(unchecked) private var hasFilled = false
  private var isReadWanted = false
  private var hasInputEnded = false
  private var isEnding = false
  private var isOutputWritten = false
  private var stall: (bytes: Int, check: Scheduled<Void>)?

  init(loop: ServerLoop, role: RoleSet, tls: ServerTLS? = nil) {
    self.loop = loop
    self.tls = tls
    caller = Caller(role: role, connectionID: Self.lastConnectionID.add(1, ordering: .relaxed).newValue)
    machine = ServerConnectionStateMachine(limits: loop.limits)
  }

  private static let lastConnectionID = Atomic<UInt64>(0)

  // MARK: Life

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    if tls == nil { writer = DirectWriter(context.channel) }
    if tls == nil, let address = context.channel.remoteAddress?.ipAddress { admit(from: address) }
    if let refusal = loop.open(self, from: context.channel.remoteAddress) { turnAway(refusal) }
  }

  private(set) var isTurnedAway = false

  /// Answers the first request with the refusal, and ends after a while at the latest.
  func turnAway(_ refusal: ConnectionRefusal, within time: Duration? = nil) {
    machine = ServerConnectionStateMachine(limits: loop.limits, turnAway: refusal)
    // Whatever rate its device has used up, it is to hear why.
    isTurnedAway = true
    allowance.isHeld = false
    readAgain()
    close(after: time ?? loop.limits.linger)
  }

  func channelActive(context: ChannelHandlerContext) {
    if loop.isDraining { drain() }
    holdIfExhausted()
    context.fireChannelActive()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    connectionEnded()
    self.context = nil
    releaseBudget()
    loop.closed(self)
  }

  func channelInactive(context: ChannelHandlerContext) { connectionEnded() }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  /// Answers what is in flight, refuses what comes, and then closes.
  func drain() {
    if isStranger { return abort() }
    sayGoingAway()
    if machine.drain() == .close { endConnection() }
  }

  /// Closes now, whatever is owed.
  func abort() { context?.close(promise: nil) }

  private func connectionEnded() {
    machine.connectionLost()
    cancelRunning()
    peerWatch = nil
    slowFrame = nil
    partial = ByteBuffer()
    countUnfinishedBytes()
    output = ByteBuffer()
    hasOutput = false
    stall?.check.cancel()
    stall = nil
  }

  // MARK: Reading

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // Read only so that the last replies are not lost; also of a peer that takes none of them, whose bytes must not pile up.
    if machine.isFinished { return }
    loop.readBegan()
    heard()
    answeredPing()
    var bytes = Self.unwrapInboundIn(data)
    loop.counters.bytesIn += bytes.readableBytes
    isConsuming = true
    receive(&bytes)
    judgeFront()
    isConsuming = false
    watchUnfinishedFrame()
    countUnfinishedBytes()
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    loop.counters.reads += 1
    if hasOutput { loop.readEnded(self) }
  }

  var letsBytesWait: Bool { isPaused || allowance.isHeld }

  func read(context: ChannelHandlerContext) {
    if letsBytesWait && !machine.isFinished { isReadWanted = true } else { context.read() }
  }

  /// Reads on, unless something holds reads back.
  func readAgain() {
    guard isReadWanted, !letsBytesWait else { return }
    isReadWanted = false
    context?.read()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard case ChannelEvent.inputClosed = event else { return context.fireUserInboundEventTriggered(event) }
    hasInputEnded = true
    if isOutputWritten { return context.close(promise: nil) }
    // Its last replies are on their way; ``outputWritten()`` closes.
    if isEnding { return }
    if !letsBytesWait { inputEnded() }
  }

  private func inputEnded() {
    loop.clientHasGone(caller.connectionID)
    if machine.inputClosed() == .close { endConnection() }
    for stream in machine.openStreams { giveUp(stream, RPCError(.clientWentAway)) }
    // Their answers do not wait for what the other calls have to say.
    flush()
  }

  func consume(_ bytes: UnsafeRawBufferPointer) -> Int {
    var offset = 0
    while !letsBytesWait {
      if machine.isFinished { return bytes.count }
      switch parser.next(in: bytes, at: &offset) {
      case .needMore: return offset
      case .header(let header): judge(header)
      case .frame(let header, let start):
        let body = UnsafeRawBufferPointer(rebasing: bytes[start..<offset])
        if header.type == .request { dispatch(header, body) } else { streamFrameArrived(header, body) }
      }
      if output.readableBytes >= loop.limits.maxBurstOut { flush() }
    }
    return offset
  }

  private func judge(_ header: FrameHeader) {
    switch machine.receivedHeader(header) {
    case .collect: return parser.collectBody()
    case .ignore: break
    case .refuse(let refusal): refuse(header.stream, refusal)
    case .cancel: giveUp(header.stream, .cancelled)
    case .refuseAndCancel(let refusal): refuseAndCancel(header.stream, refusal)
    case .refuseAndClose(let refusal): refuseAndClose(header.stream, refusal)
    }
    parser.skipBody()
  }

  /// The call has its one answer with this.
  func refuseAndCancel(_ stream: UInt32, _ refusal: ConnectionRefusal) {
    cancelRunning(stream, RPCError(refusal))
    refuse(stream, refusal)
  }

  func refuseAndClose(_ stream: UInt32, _ refusal: ConnectionRefusal) {
    cancelRunning()
    refuse(stream, refusal)
    endConnection()
  }

  // MARK: Writing

  func refuse(_ stream: UInt32, _ refusal: ConnectionRefusal) {
    loop.counters.refusals += 1
    if let limit = refusal.limit { loop.reached(limit) }
    chargeRefusal()
    write(RPCError(refusal), on: stream)
  }

  @inline(__always)
  func write(_ reply: UnsafeRawBufferPointer, on stream: UInt32) {
    let size = FrameHeader.size + ResponseFrame.length(ofReply: reply.count)
    prepareOutput()
    output.writeWithUnsafeMutableBytes(minimumWritableBytes: size) { room in
      ResponseFrame.write(reply, stream: stream, to: UnsafeMutableRawBufferPointer(rebasing: room[..<size]))
      return size
    }
  }

  func write(_ error: RPCError, on stream: UInt32) {
    var frame = ResponseFrame.bytes(error, stream: stream)
    if frame.count - FrameHeader.size > loop.limits.maxFrameLength {
      frame = ResponseFrame.bytes(RPCError(error.code, "the status is too long to be sent"), stream: stream)
    }
    prepareOutput()
    output.writeBytes(frame)
  }

  /// A frame that is not a response, whole.
  func write(frame: [UInt8]) {
    prepareOutput()
    output.writeBytes(frame)
  }

  func write(_ header: FrameHeader, _ body: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0)) {
    prepareOutput()
    output.writeFrameHeader(header)
    output.writeBytes(body)
  }

  /// A message of a stream, or with no message the end of this server's half.
  func writeData(_ message: [UInt8]?, on stream: UInt32) {
    write(
      FrameHeader(
        length: UInt32(message?.count ?? 0), stream: stream, type: .data, flags: message == nil ? [.remoteClosed, .noData] : []))
    if let message { output.writeBytes(message) }
    if output.readableBytes >= loop.limits.maxBurstOut { flush() }
  }

  /// Whether the peer reads what it is sent.
  var isWritable: Bool { context?.channel.isWritable == true }

  /// Whether the replies of this read cycle still fit one write.
  var isBurstShort: Bool { output.readableBytes < loop.limits.maxBurstOut / 2 }

  @inline(__always)
  private func prepareOutput() {
    if !hasOutput {
      output = loop.takeBuffer()
      hasOutput = true
      if !isConsuming { loop.needsFlush(self) }
    }
  }

  /// Sends what is written.
  func flush() {
    loop.meter.flushed { loop.now }
    guard hasOutput, let context else { return }
    let bytes = output
    output = ByteBuffer()
    hasOutput = false
    loop.counters.flushes += 1
    loop.counters.bytesOut += bytes.readableBytes
    bytesHandedOver += bytes.readableBytes
    if let writer { writer.write(bytes, context) } else { context.writeAndFlush(Self.wrapOutboundOut(bytes), promise: nil) }
    loop.recycle(bytes)
    if hasFilled { pauseIfFull(context) }
  }

  // MARK: A peer that does not read

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    guard context.channel.isWritable else {
      // Mostly in the middle of a flush, and over with it.
      hasFilled = true
      return
    }
    guard isPaused else { return }
    isPaused = false
    stall?.check.cancel()
    stall = nil
    sendWaiting()
    if !isConsuming { resume() }
  }

  private func pauseIfFull(_ context: ChannelHandlerContext) {
    hasFilled = false
    guard context.channel.isActive, !context.channel.isWritable else { return }
    isPaused = true
    if stall == nil { watchStall() }
  }

  /// What held back the bytes that came is over.
  func resume() {
    loop.meter.began(at: loop.now)
    isConsuming = true
    receiveWaiting()
    isConsuming = false
    watchUnfinishedFrame()
    countUnfinishedBytes()
    flush()
    guard !letsBytesWait else { return }
    if hasInputEnded { inputEnded() }
    readAgain()
  }

  /// What the system has not taken yet.
  var bytesUnsent: Int { (try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0 }

  /// Closes the connection when not one byte has left between two looks.
  private func watchStall() {
    guard let context else { return }
    let waiting = bytesUnsent
    if let stall, stall.bytes == waiting, waiting > 0 {
      loop.reached(.writeStall)
      return context.close(promise: nil)
    }
    let check = loop.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(loop.limits.writeStall)) { [self] in
      if isPaused || isEnding { watchStall() }
    }
    stall = (waiting, check)
  }

  // MARK: The end

  /// Sends what is written, says that no more will come, and closes when the peer has done so too or after a while.
  func endConnection() {
    guard !isEnding, let context else { return }
    isEnding = true
    flush()
    let written = loop.eventLoop.makePromise(of: Void.self)
    context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer()), promise: written)
    written.futureResult.assumeIsolated().whenComplete { [self] _ in outputWritten() }
    if stall == nil { watchStall() }
  }

  private func outputWritten() {
    guard let context else { return }
    isOutputWritten = true
    stall?.check.cancel()
    if hasInputEnded { return context.close(promise: nil) }
    context.close(mode: .output, promise: nil)
    close(after: loop.limits.linger)
    if isReadWanted {
      isReadWanted = false
      context.read()
    }
  }

  private func close(after time: Duration) {
    loop.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(time)) { [weak self] in self?.abort() }
  }
}
