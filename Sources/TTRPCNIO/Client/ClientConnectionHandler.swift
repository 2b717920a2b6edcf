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
  }

  var parser = FrameParser()
  var partial = ByteBuffer()
  /// Replies are always taken: this end asked for them.
  let isPaused = false
  private(set) var counters = ClientCounters()

  private var machine: ClientConnectionStateMachine
  private let limits: TTRPCLimits
  private var context: ChannelHandlerContext?
  private var calls = StreamTable<ClientCall>()
  /// Calls that are sent when the server has read more of the earlier ones.
  private var waiting: [ClientCall] = []
  private var output = ByteBuffer()
  private var deadlines: DeadlineTimer<ClientCall>!

  init(eventLoop: any EventLoop, limits: TTRPCLimits, firstStream: UInt32 = 1) {
    self.limits = limits
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

  private func connectionEnded() {
    machine.connectionClosed()
    let ended = calls.removeAll() + waiting
    waiting = []
    for call in ended { call.finish(.failure(.connectionClosed)) }
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
      }
    }
    flush()
  }

  private func start(_ call: ClientCall) {
    if call.isOver { return }
    guard machine.callsInFlight + waiting.count < limits.maxCallsInFlight else {
      return call.finish(.failure(.limitReached(
        "maxCallsInFlight", limits.maxCallsInFlight, "calls in flight on this connection")))
    }
    if let deadline = call.deadline { deadlines.insert(call, at: deadline) }
    if waiting.isEmpty, context?.channel.isWritable ?? true { send(call) } else { waiting.append(call) }
  }

  private func send(_ call: ClientCall) {
    guard let timeout = timeoutNanoseconds(of: call) else { return call.finish(.failure(.deadlineExceeded)) }
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
    counters.calls += 1
    output.writeWithUnsafeMutableBytes(minimumWritableBytes: frame.size) { room in
      frame.write(stream: stream, to: UnsafeMutableRawBufferPointer(rebasing: room[..<frame.size]))
      return frame.size
    }
  }

  /// What is left of the caller's time: 0 for ever, `nil` when none is left.
  private func timeoutNanoseconds(of call: ClientCall) -> Int64? {
    guard let deadline = call.deadline else { return 0 }
    let now = MonotonicTime.now
    guard deadline > now else { return nil }
    return Int64(clamping: deadline.nanoseconds - now.nanoseconds)
  }

  private func flush() {
    guard output.readableBytes > 0, let context else { return }
    counters.flushes += 1
    context.writeAndFlush(Self.wrapOutboundOut(output), promise: nil)
    // Written by now in nearly every case, so that this empties the same memory; a large one is given back.
    if output.capacity > 4 * limits.maxBurstOut { output = ByteBuffer() } else { output.clear() }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    guard context.channel.isWritable, !waiting.isEmpty else { return }
    let ready = waiting
    waiting = []
    for call in ready where !call.isOver { send(call) }
    flush()
  }

  // MARK: Replies in

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var bytes = Self.unwrapInboundIn(data)
    receive(&bytes)
  }

  func consume(_ bytes: UnsafeRawBufferPointer) -> Int {
    var offset = 0
    while true {
      switch parser.next(in: bytes, at: &offset) {
      case .needMore: return offset
      case .header(let header): judge(header)
      case .frame(let header, let start):
        deliver(UnsafeRawBufferPointer(rebasing: bytes[start..<offset]), to: header.stream)
      }
    }
  }

  private func judge(_ header: FrameHeader) {
    switch machine.receivedHeader(header) {
    case .collect: return parser.collectBody()
    case .ignore: counters.ignoredFrames += 1
    case .fail(let error): end(header.stream, .failure(error))
    case .close(let error): broken(error)
    }
    parser.skipBody()
  }

  private func deliver(_ body: UnsafeRawBufferPointer, to stream: UInt32) {
    guard machine.replyArrived(stream) else { return counters.ignoredFrames += 1 }
    do throws(EnvelopeFault) {
      let response = try ResponseEnvelope(body)
      end(stream, response.error.map { .failure($0) } ?? .success(Array(response.payload)))
    } catch {
      end(stream, .failure(RPCError(.internal, "unmarshal response error: \(error.reason)")))
    }
  }

  // MARK: Ends

  private func end(_ stream: UInt32, _ outcome: ClientCall.Outcome) {
    calls.remove(stream)?.finish(outcome)
    // A connection without stream numbers is of no more use once it owes nothing.
    if !machine.takesCalls, machine.callsInFlight == 0 { context?.close(promise: nil) }
  }

  /// The caller waits no longer. The server is not told: plain ttrpc has no word for it.
  private func abandon(_ call: ClientCall, _ error: RPCError) {
    guard let stream = call.stream, machine.abandoned(stream) else {
      call.finish(.failure(error))
      return waiting.removeAll { $0 === call }
    }
    end(stream, .failure(error))
  }

  private func deadlinesPassed(_ late: [ClientCall]) {
    for call in late where !call.isOver { abandon(call, .deadlineExceeded) }
  }

  private func broken(_ error: RPCError) {
    machine.connectionClosed()
    for call in calls.removeAll() { call.finish(.failure(error)) }
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
