internal import NIOCore
internal import TTRPCCore

/// Lets the streams of one event loop write a burst of messages, and then wait together until the loop has looked at its sockets.
///
/// A method can send as fast as its messages are written, and NIO's loop does whatever is posted to it before it looks at a socket
/// again: without turns, one stream to a client that reads fast keeps every other connection of its loop waiting for ever.
final class StreamTurns {
  /// Long enough that the loop has nothing left to do and looks at its sockets; a burst in each still makes 600 MB a second.
  private static let pause = TimeAmount.microseconds(100)

  private let eventLoop: any EventLoop
  private let burst: Int
  private let resume: ([ServerStream]) -> Void
  private var left: Int
  private var waiting: [ServerStream] = []

  /// - Parameter burst: bytes of messages, each with ``WireExtensions/messageOverhead`` more; ``TTRPCLimits/maxBurstOut``.
  /// - Parameter resume: called on the loop, out of any read, with the streams that had to wait.
  init(eventLoop: any EventLoop, burst: Int, resume: @escaping ([ServerStream]) -> Void) {
    self.eventLoop = eventLoop
    self.burst = burst
    self.resume = resume
    left = burst
  }

  var isOver: Bool { left <= 0 }

  func wrote(message length: Int) { left -= WireExtensions.cost(ofMessage: length) }

  /// Keeps the stream for the next turn; once, however often it asks.
  func wait(_ stream: ServerStream) {
    guard !stream.awaitsTurn else { return }
    stream.awaitsTurn = true
    waiting.append(stream)
    guard waiting.count == 1 else { return }
    // From when this turn is flushed: a time that is over by then is not waited for.
    eventLoop.assumeIsolated().execute { [weak self] in
      self?.eventLoop.assumeIsolated().scheduleTask(in: Self.pause) { [weak self] in self?.begin() }
    }
  }

  private func begin() {
    left = burst
    let streams = waiting
    waiting = []
    for stream in streams { stream.awaitsTurn = false }
    resume(streams)
  }
}
