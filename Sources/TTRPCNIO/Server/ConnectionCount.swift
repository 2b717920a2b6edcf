internal import NIOCore
internal import Synchronization
internal import TTRPCCore

/// What a server's connections take up, over all its loops: how many they are, in all and from each TCP address, and what they keep.
final class ConnectionCount: Sendable {
  /// A peer's IP address, whatever its port.
  struct Address: Hashable, Sendable {
    private let text: String

    /// Returns `nil` for a Unix socket: its peer is this machine, and has no address.
    init?(_ address: SocketAddress) {
      guard let text = address.ipAddress else { return nil }
      self.text = text
    }
  }

  private struct State {
    var all = 0
    var byAddress: [Address: Int] = [:]
  }

  /// What their devices have used up of their calls.
  let budgets = CallBudgets()

  private let state = Mutex(State())
  private let unfinishedBytes = Atomic<Int>(0)

  /// Counts bytes of half-received frames, or gives them back; returns the sum of all connections.
  func keptUnfinished(_ bytes: Int) -> Int { unfinishedBytes.add(bytes, ordering: .relaxed).newValue }

  /// Counts a connection, and says why it is one too many if it is; it is counted all the same until it is closed.
  func opened(from address: Address?, limits: TTRPCLimits) -> ConnectionRefusal? {
    state.withLock { state in
      state.all += 1
      let fromAddress = address.map { address in
        state.byAddress[address, default: 0] += 1
        return state.byAddress[address, default: 0]
      }
      if state.all > limits.maxConnections { return .tooManyConnections(maximum: limits.maxConnections) }
      if let fromAddress, fromAddress > limits.maxConnectionsPerAddress {
        return .tooManyConnectionsFromAddress(maximum: limits.maxConnectionsPerAddress)
      }
      return nil
    }
  }

  func closed(from address: Address?) {
    state.withLock { state in
      state.all -= 1
      guard let address, let count = state.byAddress[address] else { return }
      state.byAddress[address] = count > 1 ? count - 1 : nil
    }
  }
}
