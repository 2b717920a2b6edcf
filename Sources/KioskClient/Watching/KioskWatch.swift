package import TTRPCCore

/// A row of numbered states that goes on through lost connections: each state is whole, the newest wins, and a gap is visible.
///
/// It reconnects with the number of the last state that came, for as long as it takes, and the server answers with its newest where that
/// is another: whatever was missed, what is told next is whole and true. Who drops it ends it.
package final class KioskWatch<Value: Sendable>: AsyncSequence, Sendable {
  private let latest = Latest<Source.State>()
  private let task: Task<Void, Never>

  fileprivate init(_ source: Source) {
    task = Task { [latest] in await source.run(into: latest) }
  }

  deinit { task.cancel() }

  package func makeAsyncIterator() -> Iterator { Iterator(watch: self, latest: latest) }

  package struct Iterator: AsyncIteratorProtocol {
    /// Held so that the watch goes on while it is read.
    private let watch: KioskWatch
    private let latest: Latest<Source.State>
    private var version = 0
    private var last: WatchMark?

    fileprivate init(watch: KioskWatch, latest: Latest<Source.State>) {
      self.watch = watch
      self.latest = latest
    }

    /// The newest state, when it is newer than the last that was given; `nil` in a task that is cancelled.
    ///
    /// - Throws: the status that says that the watch cannot go on.
    package mutating func next() async throws(RPCError) -> WatchedState<Value>? { try await next(isolation: nil) }

    package mutating func next(isolation actor: isolated (any Actor)?) async throws(RPCError) -> WatchedState<Value>? {
      switch await latest.next(after: version) {
      case .end(let error?): throw error
      case .end(nil): return nil
      case .value(let state, let version):
        defer { (self.version, last) = (version, state.mark) }
        return WatchedState(
          value: state.value, mark: state.mark, missed: state.mark.statesMissed(since: last),
          isNewEpoch: last.map { $0.epoch != state.mark.epoch } ?? false)
      }
    }
  }

  /// Where the states come from.
  fileprivate struct Source: Sendable {
    struct State: Sendable {
      let value: Value
      let mark: WatchMark
    }

    let client: KioskClient
    let method: MethodDescriptor
    let metadata: Metadata
    let request: @Sendable (WatchMark?) throws(RPCError) -> [UInt8]
    let read: @Sendable ([UInt8]) throws(RPCError) -> (WatchMark, Value)

    func run(into latest: Latest<State>) async {
      var (last, failures) = (WatchMark?.none, 0)
      while !Task.isCancelled {
        let began = ContinuousClock.now
        let fault = await follow(&last, into: latest)
        if let fault, client.isClosed || !fault.isPassing { return latest.finish(fault) }
        let policy = client.options.policy
        // One that lasted is no sign of a sick server, however it ended; one that gave a state and ended is.
        failures = began.duration(to: .now) < policy.longestPause ? failures + 1 : 1
        let pause = policy.pause(before: failures + 1, chance: client.options.chance())
        try? await Task.sleep(for: pause + (fault?.retryDelay ?? .zero))
      }
    }

    /// Follows one stream to its end; `nil` when the server ended it well, as one does that goes away.
    private func follow(_ last: inout WatchMark?, into latest: Latest<State>) async -> RPCError? {
      do throws(RPCError) {
        let stream = try await client.stream(method, request: try request(last), options: CallOptions(metadata: metadata))
        while let bytes = try await stream.next() {
          let (mark, value) = try read(bytes)
          guard mark.follows(last) else { continue }
          last = mark
          latest.set(State(value: value, mark: mark))
        }
        return nil
      } catch {
        return error
      }
    }
  }
}

extension RPCError {
  /// Whether a watch tries again: the server is away, or has no room for it now.
  fileprivate var isPassing: Bool { code == .unavailable || code == .resourceExhausted }
}

extension KioskClient {
  /// Follows a server-streaming method whose messages are numbered states.
  ///
  /// - Parameter request: the encoded request, given the last state that came, if any.
  /// - Parameter read: the number of a message, and what it says.
  package func watch<Value: Sendable>(
    _ method: MethodDescriptor, metadata: Metadata = Metadata(),
    request: @escaping @Sendable (WatchMark?) throws(RPCError) -> [UInt8],
    read: @escaping @Sendable ([UInt8]) throws(RPCError) -> (WatchMark, Value)
  ) -> KioskWatch<Value> {
    KioskWatch(.init(client: self, method: method, metadata: metadata, request: request, read: read))
  }
}
