internal import Synchronization
package import TTRPCCore

/// Why a connection takes no further call.
package enum Departure: Hashable, Sendable {
  /// The server is going away; it answers the calls that it has begun.
  case goingAway
  /// There is no number left for another call; those in flight are answered.
  case usedUp
  /// It has ended, whoever ended it; what its calls were told.
  case closed(RPCError)
}

/// What any thread may know of a client's connection without asking its loop.
final class ClientConnectionStatus: Sendable {
  private struct State {
    var departure: Departure?
    var waiters: [UnsafeContinuation<Departure, Never>] = []
  }

  private let state = Mutex(State())
  private let granted = Atomic<UInt8>(0)

  var known: Departure? { state.withLock(\.departure) }

  var extensions: WireExtensions {
    get { WireExtensions(rawValue: granted.load(ordering: .acquiring)) }
    set { granted.store(newValue.rawValue, ordering: .releasing) }
  }

  /// Only the first counts.
  func departed(_ departure: Departure) {
    let waiters = state.withLock { state in
      guard state.departure == nil else { return [UnsafeContinuation<Departure, Never>]() }
      state.departure = departure
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume(returning: departure) }
  }

  /// Returns when the connection takes no further call.
  func departure() async -> Departure {
    await withUnsafeContinuation { continuation in
      let departure = state.withLock { state in
        if state.departure == nil { state.waiters.append(continuation) }
        return state.departure
      }
      if let departure { continuation.resume(returning: departure) }
    }
  }
}
