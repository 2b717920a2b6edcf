internal import Synchronization

/// Work that is done one after the other for each of its keys, in the order in which it came.
///
/// What waits is bounded by the calls that a connection may have in flight. A cancelled caller keeps its place, and finds out when it
/// comes: so nobody is overtaken by who gives up.
final class Turns<Key: Hashable & Sendable>: Sendable {
  /// A key stands here while somebody has its turn, with those who wait.
  private let lines = Mutex<[Key: [UnsafeContinuation<Void, Never>]]>([:])

  /// Runs `body` when it is its turn at every key.
  ///
  /// - Parameter keys: always in one order of kinds, so that nobody waits for who waits for them.
  func take<Value, Fault: Error>(
    _ keys: [Key], _ body: () async throws(Fault) -> Value
  ) async throws(Fault) -> Value {
    for key in keys { await take(key) }
    defer { for key in keys.reversed() { give(key) } }
    return try await body()
  }

  private func take(_ key: Key) async {
    await withUnsafeContinuation { continuation in
      let isFree = lines.withLock { lines in
        guard lines[key] == nil else {
          lines[key]!.append(continuation)
          return false
        }
        lines[key] = []
        return true
      }
      if isFree { continuation.resume() }
    }
  }

  private func give(_ key: Key) {
    let next = lines.withLock { lines -> UnsafeContinuation<Void, Never>? in
      guard lines[key]?.isEmpty == false else {
        lines[key] = nil
        return nil
      }
      return lines[key]!.removeFirst()
    }
    next?.resume()
  }
}
