internal import ClinicConfiguration
package import TTRPCCore
internal import VentanillaMessages

extension TTRPCLimits {
  /// The bounds of a clinic's server: the standard ones, and more calls for the roles that do more than one person's work.
  ///
  /// - The telephone bridge is one device for every caller. 200 lines that each ask five things a second, which no keypad can, are
  ///   1,000; the burst is two seconds of that, for a bridge that comes back after a cut with every line waiting.
  /// - Staff import padrones: pieces of 256 people go in as fast as the store takes them, about a hundred a second.
  package static let clinic: TTRPCLimits = {
    var limits = TTRPCLimits.standard
    limits.callsPerSecondByRole = [
      .ivr: CallRate(perSecond: 1000, burst: 2000),
      .staff: CallRate(perSecond: 250, burst: 500),
    ]
    return limits
  }()
}

extension TTRPCLimits {
  /// What server.yaml says otherwise.
  mutating func apply(_ changes: ServerConfiguration.Limits) {
    if let count = changes.connections { maxConnections = count }
    // An address never gets more than there is, whichever of the two was written.
    maxConnectionsPerAddress = min(changes.connectionsPerAddress ?? maxConnectionsPerAddress, maxConnections)
    if let count = changes.callsInFlight { maxCallsInFlight = count }
    maxStreamsPerConnection = min(changes.streamsPerConnection ?? maxStreamsPerConnection, maxCallsInFlight)
    if let seconds = changes.idleSeconds { idleTime = .seconds(seconds) }
    for calls in changes.calls {
      callsPerSecondByRole[calls.role.set] = CallRate(perSecond: calls.perSecond, burst: calls.atOnce)
    }
  }
}
