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

  package init(_ counter: Counter, limits: TTRPCLimits) {
    self.counter = counter
    self.limits = limits
  }

  /// Name, version, limits and clock. No extension exists yet, so none is granted.
  package func hello(_ request: Wire.HelloRequest, context: CallContext) throws(RPCError) -> Wire.HelloResponse {
    let holds = Channel.allCases.map { channel in
      Wire.HoldLimit(
        channel: channel.rawValue, seconds: UInt32(counter.rules.clinic.policy.holdSeconds[channel]))
    }
    return Wire.HelloResponse(
      serverName: ServerIdentity.name, serverVersion: ServerIdentity.version,
      limits: Wire.Limits(
        messageBytes: UInt32(limits.maxFrameLength), concurrentCalls: UInt32(limits.maxCallsInFlight),
        holds: holds),
      clockUnixMs: counter.now.milliseconds, timeZone: counter.rules.zone.name)
  }
}
