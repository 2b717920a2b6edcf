package import TTRPCCore

/// What a server has done since its start, counted where it happens.
package struct ServerCounters: Hashable, Sendable {
  /// Connections now open.
  package var connections = 0
  /// Connections ever accepted, those turned away included.
  package var accepted = 0
  /// Connections that were one too many.
  package var turnedAway = 0
  /// Handshakes that failed, certificates that were refused, and connections whose certificate was denied or over later.
  package var tlsRefusals: [TLSRefusalKind: Int] = [:]
  /// Connections of system users whom a Unix socket does not list.
  package var usersRefused = 0
  /// Requests taken as calls, whatever their outcome.
  package var calls = 0
  /// Calls now in flight beyond the read that brought them.
  package var running = 0
  /// Frames answered with a refusal instead of a call.
  package var refusals = 0
  /// How often each limit was reached: an answer, or a connection closed.
  package var refusalsByLimit: [LimitName: Int] = [:]
  /// Calls that had no answer at their deadline.
  package var deadlinesExceeded = 0
  /// Connections closed because their peer did not answer a ping.
  package var silentPeers = 0
  /// Read cycles: however many frames a cycle brings, it is answered with one flush (more only past ``TTRPCLimits/maxBurstOut``).
  package var reads = 0
  /// Writes handed to the socket.
  package var flushes = 0
  package var bytesIn = 0
  package var bytesOut = 0

  package init() {}

  static func + (left: ServerCounters, right: ServerCounters) -> ServerCounters {
    var sum = left
    sum.connections += right.connections
    sum.accepted += right.accepted
    sum.turnedAway += right.turnedAway
    sum.tlsRefusals.merge(right.tlsRefusals) { $0 + $1 }
    sum.usersRefused += right.usersRefused
    sum.calls += right.calls
    sum.running += right.running
    sum.refusals += right.refusals
    sum.refusalsByLimit.merge(right.refusalsByLimit) { $0 + $1 }
    sum.deadlinesExceeded += right.deadlinesExceeded
    sum.silentPeers += right.silentPeers
    sum.reads += right.reads
    sum.flushes += right.flushes
    sum.bytesIn += right.bytesIn
    sum.bytesOut += right.bytesOut
    return sum
  }
}
