internal import Dispatch
internal import Foundation

/// SIGINT, SIGTERM and SIGHUP as something to wait for.
final class StopSignals: Sendable {
  private let stream: AsyncStream<Void>
  /// Kept alive; never touched after `init`.
  nonisolated(unsafe) private let sources: [any DispatchSourceSignal]

  init() {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingOldest(1))
    self.stream = stream
    sources = [SIGINT, SIGTERM, SIGHUP].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { continuation.yield() }
      source.resume()
      return source
    }
  }

  /// Returns when somebody asks for the end, or the task is cancelled.
  func next() async { for await _ in stream { return } }
}
