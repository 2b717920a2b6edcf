/// What each bound is called: in ``TTRPCLimits``, in the status that it answers with, and in the metric that counts it.
///
/// A bound that only slows a peer down (``TTRPCLimits/maxBytesBufferedOut``, ``TTRPCLimits/maxBurstOut``) refuses nobody and is not here.
package enum LimitName: String, CaseIterable, Hashable, Sendable {
  case maxFrameLength, maxRequestBytes, maxMetadataPairs
  case maxConnections, maxConnectionsPerAddress
  case maxCallsInFlight, maxStreamsPerConnection, callsPerSecond, maxBytesQueuedPerStream
  case maxBytesBufferedIn, maxBytesBufferedInPerAddress
  case handshakeDeadline, headerDeadline, bodyDeadline, idleTime, writeStall
}
