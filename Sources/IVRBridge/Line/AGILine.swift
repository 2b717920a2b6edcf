package import FastAGI
internal import NIOCore

/// One call's way to Asterisk: a command at a time, each with its answer or with the end of the call.
package final class AGILine: Sendable {
  let channel: any Channel
  private let handler: NIOLoopBound<AGILineHandler>
  private let ended: EventLoopFuture<LineEnd>

  /// On the channel's event loop, while the channel is being made.
  init(on channel: any Channel, figures: BridgeFigures) throws {
    self.channel = channel
    let promise = channel.eventLoop.makePromise(of: LineEnd.self)
    ended = promise.futureResult
    let handler = AGILineHandler(ended: promise, figures: figures)
    try channel.pipeline.syncOperations.addHandler(handler)
    self.handler = NIOLoopBound(handler, eventLoop: channel.eventLoop)
  }

  /// What Asterisk says of the call; once.
  package func begin() async throws(LineEnd) -> AGIEnvironment {
    try await withUnsafeContinuation { continuation in
      channel.eventLoop.execute { self.handler.value.begin(continuation) }
    }.get()
  }

  /// Sends a command and waits for its answer.
  ///
  /// - Parameter sounds: how long what it plays takes at most.
  /// - Parameter yields: whether it is cut short, or not begun, once the bridge ends.
  /// - Precondition: no other is in flight.
  package func send(_ command: AGICommand, sounds: Duration = .zero, yields: Bool = false) async throws(LineEnd) -> LineAnswer {
    try await withUnsafeContinuation { continuation in
      channel.eventLoop.execute {
        self.handler.value.send(command, sounds: .nanoseconds(sounds.nanoseconds), yields: yields, continuation)
      }
    }.get()
  }

  /// Ends the sound or the wait that is in flight, if it can be ended; its answer is then ``LineAnswer/interrupted``.
  package func interrupt() {
    channel.eventLoop.execute { self.handler.value.interrupt() }
  }

  /// The bridge ends: what may be cut short is, from now on.
  package func yield() {
    channel.eventLoop.execute { self.handler.value.yield() }
  }

  /// The time until the next command is somebody else's.
  func stopMeasuring() {
    channel.eventLoop.execute { self.handler.value.stopMeasuring() }
  }

  /// Called once, when nothing more can be done here.
  func whenEnded(_ body: @escaping @Sendable (LineEnd) -> Void) { ended.whenSuccess(body) }

  /// Closes the connection; the dialplan goes on.
  package func close() async {
    try? await channel.close().get()
  }
}
