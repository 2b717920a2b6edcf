/// A few threads that read, each with a connection of its own.
final class ReaderPool: Sendable {
  typealias Work = @Sendable (StoreReader) -> Void
  private let queue: WorkQueue<Work>
  private let running: WorkQueue<Void>
  private let threads: Int

  init(path: String, options: StoreOptions) throws(StoreFault) {
    threads = options.readerCount
    queue = WorkQueue(bound: options.readQueueBound)
    running = WorkQueue(bound: .max)
    for _ in 0..<options.readerCount {
      let reader = Handover(try StoreReader(path: path, options: options))
      StoreThread.start { [queue, running] in
        while let work = queue.take(upTo: 1) { work.first?(reader.value) }
        reader.value.close()
        _ = running.add(())
      }
    }
  }

  /// Has a thread run a read, or says why not. A caller whose task is cancelled is not read for any longer.
  func read<Value: Sendable>(
    _ body: @escaping @Sendable (StoreReader) throws(StoreFault) -> Value
  ) async throws(StoreFault) -> Value {
    let interest = Interest()
    let result = await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        let added = queue.add { reader in
          continuation.resume(returning: Result { () throws(StoreFault) in try reader.work(for: interest, body) })
        }
        switch added {
        case .added: break
        case .full: continuation.resume(returning: Result<Value, StoreFault>.failure(.init(.queueFull, operation: "read")))
        case .closed: continuation.resume(returning: .failure(.init(.closed, operation: "read")))
        }
      }
    } onCancel: {
      interest.lose()
    }
    return try result.get()
  }

  /// Does what waits, then closes every connection; blocks until that is so.
  func close() {
    queue.close()
    for _ in 0..<threads { _ = running.take(upTo: 1) }
  }
}

/// Hands something that one thread uses to that thread.
struct Handover<Value>: @unchecked Sendable {
  let value: Value
  init(_ value: Value) { self.value = value }
}
