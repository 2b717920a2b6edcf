internal import TTRPCCore

extension FuzzTarget {
  /// A bug planted behind a valid envelope, six choices deep: a campaign that does not find it looks at nothing.
  package static let canary = FuzzTarget(
    name: "canary", summary: "a planted bug, which must be found", maxLength: 128, seeds: WireSeeds.requests
  ) { bytes throws(FuzzFinding) in
    guard let envelope = try? RequestEnvelope(bytes), envelope.timeoutNanoseconds < 0 else { return }
    guard envelope.payload.count == 4, envelope.payload[0] == 0x63 else { return }
    guard envelope.payload[1] == 0x69 else { return }
    guard envelope.payload[2] == 0x74 else { return }
    try require(envelope.payload[3] != 0x61, "the planted bug")
  }
}
