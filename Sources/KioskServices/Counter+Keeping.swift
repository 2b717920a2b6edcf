internal import ClinicStore
internal import Scheduling

/// What the server does of itself, beside what callers ask.
extension Counter {
  /// Submits a command that no request asked for: nobody repeats it, and nobody reads a reply.
  func submit(_ command: Command) async throws(StoreFault) -> StoreOutcome {
    try await store.submit(StoreCommand(requestID: nil, digest: [], command: command, encodeReply: { _ in [] }))
  }

  /// Looks at once, after each commit and because time passes, until the task is cancelled.
  ///
  /// - Parameters:
  ///   - patience: the longest time between two looks.
  ///   - pause: the shortest time between two looks; commits in it are one occasion.
  ///   - onFault: told what a look failed with, but for the server's own stop.
  func keepLooking(
    patience: Duration, pause: Duration, onFault: @escaping @Sendable (StoreFault) -> Void = { _ in },
    _ look: @escaping @Sendable () async throws(StoreFault) -> Void
  ) async {
    let occasions = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    occasions.continuation.yield()
    await withDiscardingTaskGroup { group in
      group.addTask { [store] in for await _ in store.commits() { occasions.continuation.yield() } }
      group.addTask { while (try? await Task.sleep(for: patience)) != nil { occasions.continuation.yield() } }
      group.addTask {
        for await _ in occasions.stream {
          do throws(StoreFault) { try await look() } catch { if !error.isOfStopping { onFault(error) } }
          try? await Task.sleep(for: pause)
        }
      }
    }
  }
}

extension StoreFault {
  /// Whether it says only that the server stops.
  var isOfStopping: Bool { kind == .cancelled || kind == .closed }
}
