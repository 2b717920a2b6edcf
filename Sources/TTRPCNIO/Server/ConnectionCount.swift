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
    var keptBytes = 0
  }

  private struct State {
    var connections = 0
    var keptBytes = 0
    var byAddress: [Address: OfAddress] = [:]

    mutating func add(_ bytes: Int, from address: Address?) {
      keptBytes += bytes
      if let address { byAddress[address]?.keptBytes += bytes }
    }

    /// Why so many bytes more are too many, if they are.
    func refusal(of bytes: Int, from address: Address?, _ limits: TTRPCLimits) -> ConnectionRefusal? {
      if keptBytes + bytes > limits.maxBytesBufferedIn { return .tooMuchBuffered(maximum: limits.maxBytesBufferedIn) }
      if let address, (byAddress[address]?.keptBytes ?? 0) + bytes > limits.maxBytesBufferedInPerAddress {
        return .tooMuchBufferedFromAddress(maximum: limits.maxBytesBufferedInPerAddress)
      }
      return nil
    }
  }

  /// What their devices have used up of their calls.
  let budgets = CallBudgets()

  private let state = Mutex(State())

  /// Bytes of half-received frames and of streams' messages that wait.
  var keptBytes: Int { state.withLock(\.keptBytes) }

  /// Counts bytes of half-received frames, or gives them back, and says why they are too many if they are; they are counted all the same.
  func keptUnfinished(_ bytes: Int, from address: Address?, limits: TTRPCLimits) -> ConnectionRefusal? {
    state.withLock { state in
      let refusal = state.refusal(of: bytes, from: address, limits)
      state.add(bytes, from: address)
      return refusal
    }
  }

  /// Counts bytes for a stream's messages. Counts nothing, and says why, when they are too many.
  func keep(_ bytes: Int, from address: Address?, limits: TTRPCLimits) -> ConnectionRefusal? {
    state.withLock { state in
      if let refusal = state.refusal(of: bytes, from: address, limits) { return refusal }
      state.add(bytes, from: address)
      return nil
    }
  }

  func giveBack(_ bytes: Int, to address: Address?) {
    state.withLock { $0.add(-bytes, from: address) }
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
