internal import Glibc
internal import NIOCore
internal import TTRPCCore

/// One connection of a client: it owns the bytes and the calls that wait, and asks the machine what each frame means.
final class ClientConnectionHandler: ChannelInboundHandler, FrameConsumer {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// What callers on other threads want of the connection.
  enum Order: Sendable {
    /// The caller waits in the continuation; without one nobody waits.
    case start(ClientCall, UnsafeContinuation<ClientCall.Outcome, Never>? = nil)
    case cancel(ClientCall)
    case open(ClientStreamCall, ClientStreamCall.Waiter?)
    case send(ClientStreamCall, [UInt8], ClientStreamCall.Waiter?)
    case finishSending(ClientStreamCall, ClientStreamCall.Waiter?)
    /// Nobody is interested in the call any more.
    case abandon(ClientStreamCall)
    /// So much was consumed on that stream.
    case giveBack(stream: UInt32, UInt32)
  }

  var parser = FrameParser()
  var partial = ByteBuffer()
  /// Replies are always taken: this end asked for them.
  let letsBytesWait = false
  var counters = ClientCounters()

  var machine: ClientConnectionStateMachine
  let limits: TTRPCLimits
  let eventLoop: any EventLoop
  let status: ClientConnectionStatus
  private(set) var context: ChannelHandlerContext?
  private var calls = StreamTable<ClientCall>()
  /// Calls that are sent when the server has read more of the earlier ones.
  private var waiting: [ClientCall] = []
  var output = ByteBuffer()
  private var isFlushing = false
  private(set) var bytesHandedOver = 0
  /// `nil` until pings are granted.
  var peerWatch: PeerWatch?
  var lookTimer: Scheduled<Void>?
  private var deadlines: DeadlineTimer<ClientCall>!
  /// What calls end with that are in flight when the connection ends.
  var ending = RPCError.connectionClosed

  var streams = StreamTable<ClientStreamCall>()
  /// Streams whose request waits until the server has read more.
  var waitingOpenings: [ClientStreamCall] = []
  /// Streams that are open and have ``ClientStreamCall/writes`` that wait for the same.
  var waitingWriters: [ClientStreamCall] = []
  private(set) lazy var streamDeadlines = DeadlineTimer<ClientStreamCall>(eventLoop: eventLoop) {
    !$0.isOver
  } due: { [weak self] calls in
    self?.streamDeadlinesPassed(calls)
  }

  init(
    eventLoop: any EventLoop, limits: TTRPCLimits, status: ClientConnectionStatus = ClientConnectionStatus(),
    firstStream: UInt32 = 1
  ) {
    self.limits = limits
    self.eventLoop = eventLoop
    self.status = status
    machine = ClientConnectionStateMachine(limits: limits, firstStream: firstStream)
    deadlines = DeadlineTimer(eventLoop: eventLoop) {
      !$0.isOver
    } due: { [weak self] calls in
      self?.deadlinesPassed(calls)
    }
  }

  // MARK: Life

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) {
    connectionEnded()
    self.context = nil
  }

  func channelInactive(context: ChannelHandlerContext) { connectionEnded() }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  /// Calls that were sent are told the error: what became of them is not known.
  private func connectionEnded(_ reason: RPCError? = nil) {
    let error = reason ?? ending
    machine.connectionClosed()
    status.departed(.closed(error))
    lookTimer?.cancel()
    (lookTimer, peerWatch) = (nil, nil)
    failUnsent(.notSent)
    for call in calls.removeAll() { call.finish(.failure(error)) }
    for call in streams.removeAll() { call.finish(.failed(error)) }
    waitingWriters = []
  }

  func failUnsent(_ error: RPCError) {
    let (unsent, unopened) = (waiting, waitingOpenings)
    (waiting, waitingOpenings) = ([], [])
    for call in unsent { call.finish(.failure(error)) }
    for call in unopened { call.finish(.failed(error)) }
  }

  /// Closes at once. With calls in flight the connection is reset, not ended, so that the server learns that nobody waits:
  /// an orderly end would look like a client that still reads.
  func close() {
    guard let context else { return }
    if machine.callsInFlight > 0, let options = context.channel as? any SocketOptionProvider {
      _ = options.setSoLinger(linger(l_onoff: 1, l_linger: 0))
    }
    context.close(promise: nil)
  }

  // MARK: Calls out

  /// Does what was ordered since the last time, in order; all requests of one batch leave in one write.
  func take(_ orders: [Order]) {
    for order in orders {
      switch order {
      case .start(let call, let continuation):
        if let continuation { call.wait(in: continuation) }
        start(call)
      case .cancel(let call): abandon(call, .cancelled)
      case .open(let call, let waiter): open(call, for: waiter)
      case .send(let call, let message, let waiter): send(message, on: call, for: waiter)
      case .finishSending(let call, let waiter): finishSending(on: call, for: waiter)
      case .abandon(let call): abandon(call, .cancelled)
      case .giveBack(let stream, let amount): giveBack(amount, on: stream)
      }
    }
    flush()
  }

  private func start(_ call: ClientCall) {
    if call.isOver { return }
    if let refusal = tooManyCalls() { return call.finish(.failure(refusal)) }
    if let deadline = call.deadline { deadlines.insert(call, at: deadline) }
    if waiting.isEmpty, isWritable { send(call) } else { waiting.append(call) }
  }

  /// Why no further call is made now.
  func tooManyCalls() -> RPCError? {
    guard machine.callsInFlight + waiting.count + waitingOpenings.count >= limits.maxCallsInFlight else { return nil }
    return .limitReached(.maxCallsInFlight, limits.maxCallsInFlight, "calls in flight on this connection")
  }

  var isWritable: Bool { context?.channel.isWritable ?? true }

  private func send(_ call: ClientCall) {
    guard let timeout = timeoutNanoseconds(until: call.deadline) else { return call.finish(.failure(.deadlineExceeded)) }
    let frame = RequestFrame(
      call.method, payload: call.payload, timeoutNanoseconds: timeout, metadata: call.metadata)
    let stream: UInt32
    do throws(RPCError) {
      stream = try machine.openCall(length: frame.length)
    } catch {
      return call.finish(.failure(error))
    }
    call.stream = stream
    calls.append(call, for: stream)
    requestOpened()
    write(frame, stream: stream)
  }

  func requestOpened() {
    counters.calls += 1
    if !machine.takesCalls { status.departed(.usedUp) }
  }

  @inline(__always)
  func write(_ frame: RequestFrame, stream: UInt32, flags: FrameFlags = []) {
    output.writeWithUnsafeMutableBytes(minimumWritableBytes: frame.size) { room in
      frame.write(stream: stream, flags: flags, to: UnsafeMutableRawBufferPointer(rebasing: room[..<frame.size]))
      return frame.size
    }
  }

  /// What is left of the caller's time: 0 for ever, `nil` when none is left.
  func timeoutNanoseconds(until deadline: MonotonicTime?) -> Int64? {
    guard let deadline else { return 0 }
    let now = MonotonicTime.now
    guard deadline > now else { return nil }
    return Int64(clamping: deadline.nanoseconds - now.nanoseconds)
  }

  /// Hands what was written to the socket. What that sets off at once finds `isFlushing` and leaves ``output`` alone.
  func flush() {
    guard output.readableBytes > 0, !isFlushing, let context else { return }
    counters.flushes += 1
    bytesHandedOver += output.readableBytes
    isFlushing = true
    context.writeAndFlush(Self.wrapOutboundOut(output), promise: nil)
    // Written by now in nearly every case, so that this empties the same memory; a large one is given back.
    if output.capacity > 4 * limits.maxBurstOut { output = ByteBuffer() } else { output.clear() }
    isFlushing = false
    if hasWaiting, isWritable { writeWaiting() }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    guard context.channel.isWritable, !isFlushing, hasWaiting else { return }
    writeWaiting()
  }

  private var hasWaiting: Bool { !waiting.isEmpty || !waitingOpenings.isEmpty || !waitingWriters.isEmpty }

  private func writeWaiting() {
    let ready = waiting
    waiting = []
    for call in ready where !call.isOver { send(call) }
    writeWaitingStreams()
    flush()
  }

  // MARK: Replies in

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var bytes = Self.unwrapInboundIn(data)
    peerWatch?.heard(at: MonotonicTime(eventLoop.now))
    receive(&bytes)
    flush()
  }

  func consume(_ bytes: UnsafeRawBufferPointer) -> Int {
    var offset = 0
    while true {
      switch parser.next(in: bytes, at: &offset) {
      case .needMore: return offset
      case .header(let header): judge(header)
      case .frame(let header, let start):
        deliver(UnsafeRawBufferPointer(rebasing: bytes[start..<offset]), header)
      }
    }
  }

  private func judge(_ header: FrameHeader) {
    switch machine.receivedHeader(header) {
    case .collect: return parser.collectBody()
    case .ignore: counters.ignoredFrames += 1
    case .skip: break
    case .end(let owesClose):
      if owesClose { writeClose(of: header.stream) }
      end(stream: header.stream, .well)
    case .fail(let error, let farewell):
      say(farewell, on: header.stream)
      end(stream: header.stream, .failed(error))
      end(header.stream, .failure(error))
    case .close(let error): broken(error)
    }
    parser.skipBody()
  }

  private func deliver(_ body: UnsafeRawBufferPointer, _ header: FrameHeader) {
    switch header.type {
    case .response:
      if let call = streams.value(of: header.stream) { deliverResponse(body, header.stream, to: call) } else { deliverReply(body, header.stream) }
    case .data: deliverMessage(body, header)
    default: controlArrived(header, body)
    }
  }

  private func deliverReply(_ body: UnsafeRawBufferPointer, _ stream: UInt32) {
    switch machine.replyArrived(stream) {
    case .deliver: break
    case .skip: return closeIfUsedUp()
    case .ignore: return counters.ignoredFrames += 1
    }
    do throws(EnvelopeFault) {
      let response = try ResponseEnvelope(body)
      end(stream, response.error.map { .failure($0) } ?? .success(Array(response.payload)))
    } catch {
      end(stream, .failure(RPCError(.internal, "unmarshal response error: \(error.reason)")))
    }
  }

  // MARK: Ends

  func takeCall(_ stream: UInt32) -> ClientCall? { calls.remove(stream) }

  private func end(_ stream: UInt32, _ outcome: ClientCall.Outcome) {
    if let call = takeCall(stream) {
      if let granting = call.granting, case .success(let payload) = outcome { granted(granting(payload)) }
      call.finish(outcome)
    }
    closeIfUsedUp()
  }

  /// A connection without stream numbers is of no more use once it owes nothing.
  func closeIfUsedUp() {
    if !machine.takesCalls, machine.callsInFlight == 0 { context?.close(promise: nil) }
  }

  /// The caller waits no longer. The server is told if it knows the word for it: plain ttrpc has none.
  private func abandon(_ call: ClientCall, _ error: RPCError) {
    if call.isOver { return }
    guard let stream = call.stream, let farewell = machine.abandoned(stream) else {
      call.finish(.failure(error))
      return waiting.removeAll { $0 === call }
    }
    say(farewell, on: stream)
    end(stream, .failure(error))
  }

  private func deadlinesPassed(_ late: [ClientCall]) {
    for call in late where !call.isOver { abandon(call, .deadlineExceeded) }
    flush()
  }

  /// The connection is of no more use.
  func broken(_ error: RPCError) {
    connectionEnded(error)
    context?.close(promise: nil)
  }
}

/// What a client connection has done so far.
package struct ClientCounters: Hashable, Sendable {
  /// Requests written.
  package var calls = 0
  /// Writes handed to the socket: one for all requests that were made before the loop got to them.
  package var flushes = 0
  /// Frames nobody waited for: late replies and what this client does not know.
  package var ignoredFrames = 0

  package init() {}
}
