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

  private struct OfAddress {
    var connections = 0
    var unfinishedBytes = 0
  }

  private struct State {
    var connections = 0
    var unfinishedBytes = 0
    var byAddress: [Address: OfAddress] = [:]
  }

  /// What their devices have used up of their calls.
  let budgets = CallBudgets()

  private let state = Mutex(State())

  /// Counts bytes of half-received frames, or gives them back, and says why they are too many if they are; they are counted all the same.
  func keptUnfinished(_ bytes: Int, from address: Address?, limits: TTRPCLimits) -> ConnectionRefusal? {
    state.withLock { state in
      state.unfinishedBytes += bytes
      if let address { state.byAddress[address]?.unfinishedBytes += bytes }
      if state.unfinishedBytes > limits.maxBytesBufferedIn { return .tooMuchBuffered(maximum: limits.maxBytesBufferedIn) }
      if let address, state.byAddress[address]?.unfinishedBytes ?? 0 > limits.maxBytesBufferedInPerAddress {
        return .tooMuchBufferedFromAddress(maximum: limits.maxBytesBufferedInPerAddress)
      }
      return nil
    }
  }

  /// Counts a connection, and says why it is one too many if it is; it is counted all the same until it is closed.
  func opened(from address: Address?, limits: TTRPCLimits) -> ConnectionRefusal? {
    state.withLock { state in
      state.connections += 1
      let fromAddress = address.map { address in
        state.byAddress[address, default: OfAddress()].connections += 1
        return state.byAddress[address]?.connections ?? 0
      }
      if state.connections > limits.maxConnections { return .tooManyConnections(maximum: limits.maxConnections) }
      if let fromAddress, fromAddress > limits.maxConnectionsPerAddress {
        return .tooManyConnectionsFromAddress(maximum: limits.maxConnectionsPerAddress)
      }
      return nil
    }
  }

  func closed(from address: Address?) {
    state.withLock { state in
      state.connections -= 1
      guard let address, let counted = state.byAddress[address] else { return }
      if counted.connections > 1 {
        state.byAddress[address]?.connections -= 1
      } else {
        state.byAddress[address] = nil
      }
    }
  }
}
