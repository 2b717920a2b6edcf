internal import ClinicDomain
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

/// What this server says of itself.
package struct ServerIdentity: Hashable, Sendable {
  package static let name = "ventanilla"
  package static let version = "0.1.0"
}

/// Answers ventanilla.v1.Session.
package struct SessionHandlers: SessionService {
  let counter: Counter
  let limits: TTRPCLimits
  /// What this server has to grant.
  let extensions: WireExtensions

  package init(_ counter: Counter, limits: TTRPCLimits, extensions: WireExtensions) {
    self.counter = counter
    self.limits = limits
    self.extensions = extensions
  }

  /// Name, version, limits and clock, and what is granted of what the client takes.
  package func hello(_ request: Wire.HelloRequest, context: CallContext) throws(RPCError) -> Wire.HelloResponse {
    let holds = Channel.allCases.map { channel in
      Wire.HoldLimit(
        channel: channel.rawValue, seconds: UInt32(counter.rules.clinic.policy.holdSeconds[channel]))
    }
    let granted = granted(of: request.extensions)
    if WireExtensions(names: granted).contains(.holds) { counter.holds.granted(to: context.connectionID) }
    return Wire.HelloResponse(
      serverName: ServerIdentity.name, serverVersion: ServerIdentity.version, extensions: granted,
      limits: Wire.Limits(
        messageBytes: UInt32(limits.maxFrameLength), concurrentCalls: UInt32(limits.maxCallsInFlight),
        holds: holds),
      clockUnixMs: counter.now.milliseconds, timeZone: counter.rules.zone.name)
  }

  /// In the client's order, each once; a client that names thousands is answered with five.
  private func granted(of names: [String]) -> [String] {
    var granted = WireExtensions()
    return names.filter { name in
      guard let asked = WireExtensions(name: name), extensions.contains(asked) else { return false }
      return granted.insert(asked).inserted
    }
  }
}
