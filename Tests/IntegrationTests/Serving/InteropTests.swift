internal import Foundation
internal import Testing

@testable internal import kiosk_dev

@Suite("Peers that this project did not write, in both directions")
struct InteropTests {
  private static let peersFolder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: ".build-interop").path

  @Test(
    "20,000 calls, 16 at once, come back byte for byte; mistakes have the right status",
    arguments: InteropPeer.allCases, InteropWay.allCases)
  func interop(peer: InteropPeer, way: InteropWay) async throws {
    for transport in InteropTransport.allCases {
      let result = try await InteropRun(peersFolder: Self.peersFolder).run(peer, way, over: transport)
      #expect(result.failures == [])
      // Echoes, statuses, deadlines and metadata: a peer that skipped them would pass nothing.
      #expect(result.passed >= 30)
    }
  }
}
