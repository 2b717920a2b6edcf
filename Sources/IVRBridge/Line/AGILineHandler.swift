internal import FastAGI
internal import NIOCore

/// One call's connection: bytes in and out, the clock of each answer, and the end of it all. ``LineState`` says what belongs to what.
///
/// Everything here happens on the connection's event loop.
final class AGILineHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// How long Asterisk may take for the environment, and for what an answer takes besides its sounds and its waits.
  ///
  /// A loaded machine answers in milliseconds; ten seconds are what no caller waits through, so that a call whose Asterisk has stopped is
  /// freed and its holds with it.
  static let patience = TimeAmount.seconds(10)

  /// How long Asterisk has for reading a command before a NOOP interrupts it: two lines that come together are one read, and the second lies
  /// in a buffer until more bytes come.
  static let readingTime = TimeAmount.milliseconds(100)

  /// How long a NOOP may go unanswered before another one is sent, which brings it out of Asterisk's buffer where both lines were one read
  /// all the same: on a machine so busy that ``readingTime`` was not enough.
  static let nudgeTime = TimeAmount.milliseconds(500)

  typealias Answer = Result<LineAnswer, LineEnd>
  typealias Beginning = Result<AGIEnvironment, LineEnd>

  private var reader = AGIReader()
  private var state = LineState()
  private var environment: AGIEnvironment?
  private var beginning: UnsafeContinuation<Beginning, Never>?
  private var waiting: UnsafeContinuation<Answer, Never>?
  /// The command's line, when it waits for the answer to a NOOP.
  private var held: ByteBuffer?
  private var clock: Scheduled<Void>?
  private var nudging: Scheduled<Void>?
  private var sent = (count: 0, at: NIODeadline.now())
  private var end: LineEnd?
  private var context: ChannelHandlerContext?
  /// When the last answer came, if what follows it is to be measured.
  private var answered: NIODeadline?
  /// The bridge ends: what may be cut short is not begun any more.
  private var isYielding = false
  private var isInFlightYielding = false
  private let ended: EventLoopPromise<LineEnd>
  private let figures: BridgeFigures

  init(ended: EventLoopPromise<LineEnd>, figures: BridgeFigures) {
    self.ended = ended
    self.figures = figures
  }

  // MARK: What the call wants

  func begin(_ continuation: UnsafeContinuation<Beginning, Never>) {
    if let end { return continuation.resume(returning: .failure(end)) }
    if let environment { return continuation.resume(returning: .success(environment)) }
    beginning = continuation
  }

  /// - Parameter sounds: how long what it plays takes at most.
  /// - Parameter yields: whether it may be cut short when the bridge ends.
  func send(_ command: AGICommand, sounds: TimeAmount, yields: Bool, _ continuation: UnsafeContinuation<Answer, Never>) {
    if let end { return continuation.resume(returning: .failure(end)) }
    if isYielding, yields { return continuation.resume(returning: .success(.interrupted)) }
    isInFlightYielding = yields
    guard let context else { return continuation.resume(returning: .failure(.closed)) }
    let line: [UInt8]
    do throws(AGICommandFault) { line = try command.line() } catch {
      return continuation.resume(returning: .failure(.unsendable(error)))
    }
    if let answered {
      figures.turnedAround(nanoseconds: UInt64(max(0, (NIODeadline.now() - answered).nanoseconds)))
      self.answered = nil
    }
    waiting = continuation
    sent = (sent.count + 1, .now())
    let bytes = ByteBuffer(bytes: line)
    switch state.send(command) {
    case .write: write(bytes, context)
    case .hold: held = bytes
    }
    setClock(Self.patience + sounds + .nanoseconds(command.waits.nanoseconds), context)
  }

  func interrupt() {
    guard end == nil, waiting != nil, let context else { return }
    let (count, due) = (sent.count, sent.at + Self.readingTime)
    guard due > .now() else { return interruptNow() }
    context.eventLoop.assumeIsolated().scheduleTask(deadline: due) { if self.sent.count == count { self.interruptNow() } }
  }

  private func interruptNow() {
    guard end == nil, let context, state.interrupt() == .write else { return }
    write(ByteBuffer(string: "NOOP\n"), context)
    setClock(Self.patience, context)
    nudgeLater(context)
  }

  /// Until no NOOP is owed, or the line is over.
  private func nudgeLater(_ context: ChannelHandlerContext) {
    nudging?.cancel()
    nudging = context.eventLoop.assumeIsolated().scheduleTask(in: Self.nudgeTime) {
      guard self.end == nil, self.state.nudge() == .write else { return }
      self.write(ByteBuffer(string: "NOOP\n"), context)
      self.nudgeLater(context)
    }
  }

  func yield() {
    isYielding = true
    if isInFlightYielding { interrupt() }
  }

  /// What comes next waits for somebody else, and says nothing about the bridge.
  func stopMeasuring() { answered = nil }

  func close() { context?.close(promise: nil) }

  // MARK: What happens

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) {
    finish(.closed)
    self.context = nil
  }

  func channelActive(context: ChannelHandlerContext) {
    setClock(Self.patience, context)
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    for event in reader.read(Self.unwrapInboundIn(data).readableBytesView) {
      guard end == nil else { return }
      switch event {
      case .environment(let environment): began(environment)
      case .reply(let reply): take(reply, context)
      case .hangup: finish(.hungUp)
      case .fault(let fault): finish(.unreadable(fault))
      }
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    finish(.closed)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    finish(.closed)
    context.close(promise: nil)
  }

  private func began(_ environment: AGIEnvironment) {
    clock?.cancel()
    self.environment = environment
    beginning?.resume(returning: .success(environment))
    beginning = nil
  }

  private func take(_ reply: AGIReply, _ context: ChannelHandlerContext) {
    switch state.received(reply) {
    case .finish(let answer):
      clock?.cancel()
      answered = .now()
      resume(.success(answer))
    case .write:
      if let held { write(held, context) }
      held = nil
    case .nothing: break
    case .outOfStep: finish(.outOfStep)
    }
  }

  private func setClock(_ time: TimeAmount, _ context: ChannelHandlerContext) {
    clock?.cancel()
    clock = context.eventLoop.assumeIsolated().scheduleTask(in: time) { self.finish(.silent) }
  }

  private func write(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
    context.writeAndFlush(Self.wrapOutboundOut(bytes), promise: nil)
  }

  private func resume(_ answer: Answer) {
    waiting?.resume(returning: answer)
    waiting = nil
  }

  /// The first reason counts.
  private func finish(_ reason: LineEnd) {
    guard end == nil else { return }
    end = reason
    clock?.cancel()
    nudging?.cancel()
    beginning?.resume(returning: .failure(reason))
    beginning = nil
    resume(.failure(reason))
    ended.succeed(reason)
  }
}

extension Duration {
  /// Whole nanoseconds; for spans of a call, far from any end of Int64.
  var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
