internal import KioskServer
internal import TTRPCCore
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("One attacker for each limit", .timeLimit(.minutes(3)))
struct LimitRoundsTests {
  private static let small: TTRPCLimits = {
    var limits = TTRPCLimits.clinic
    (limits.maxConnections, limits.maxConnectionsPerAddress) = (60, 24)
    (limits.maxCallsInFlight, limits.maxStreamsPerConnection) = (16, 8)
    limits.maxBytesQueuedPerStream = 200_000
    limits.maxBytesBufferedInPerAddress = 1_000_000
    (limits.idleTime, limits.writeStall) = (.seconds(7), .seconds(1))
    limits.callsPerSecondByRole[.ivr] = CallRate(perSecond: 1_000_000, burst: 1_000_000)
    return limits
  }()

  @Test("Each is told the limit's name, or counted under it where nothing can be said")
  func all() async throws {
    let change: (inout KioskServerOptions) -> Void = {
      $0.limits = Self.small
      $0.listeners += [RoleSet.kiosk, .ivr].map { Listener(address: .tcp(host: "127.0.0.1", port: 0), role: $0) }
    }
    try await LocalServer.with(change: change) { server in
      let ports = server.addresses.compactMap { address -> Int? in if case .tcp(_, let port) = address { port } else { nil } }
      var rounds = LimitRounds(
        LimitRounds.Target(kiosks: ports[0], phone: ports[1], limits: Self.small) { try await server.connect("technician").limitCounts() })
      try await rounds.run()
      #expect(rounds.untold == [])
      #expect(rounds.told == [
        .maxFrameLength, .maxRequestBytes, .maxMetadataPairs, .maxBytesBufferedInPerAddress, .maxStreamsPerConnection, .maxBytesQueuedPerStream,
        .maxCallsInFlight, .maxConnectionsPerAddress, .maxConnections, .idleTime, .writeStall,
      ])
      // The same server still answers.
      let kiosk = try await server.connect()
      #expect(try await !kiosk.freeSlots().isEmpty)
      await kiosk.close()
    }
  }
}
