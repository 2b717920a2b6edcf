internal import NIOCore
internal import Synchronization
internal import TTRPCCore

/// How many connections a server has, over all its loops: in all, and from each TCP address.
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

  private let state = Mutex(State())

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
