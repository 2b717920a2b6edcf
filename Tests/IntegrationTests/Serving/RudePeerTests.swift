internal import TTRPCCore
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("Peers that stop in the middle, or never read")
struct RudePeerTests {
  @Test("A hundred half-open connections and one that never reads do not stop the others")
  func others() async throws {
    try await LocalServer.with { server in
      let path = server.folder.path("kiosk.sock")
      let request = Encoded(Wire.FindRequest(service: CampaignClinic.service, limit: 100))
      func find(_ stream: UInt32) -> [UInt8] {
        RequestFrame(MethodTable.Appointments.find, payload: request.bytes, timeoutNanoseconds: 0, metadata: [:]).bytes(stream: stream)
      }
      let halfOpen = try (0..<100).map { number in
        let connection = try RawConnection(path: path)
        // In the header, after it, in the envelope.
        try connection.send(Array(find(1).prefix([4, 10, 20][number % 3])))
        return connection
      }
      let deaf = try RawConnection(path: path)
      var accepted = 0
      for stream in 0..<20_000 as Range<UInt32> {
        let frame = find(stream * 2 + 1)
        let sent = deaf.sendWithoutWaiting(frame)
        if sent < frame.count { break }
        accepted += 1
      }
      #expect(accepted < 20_000, "the server reads on for somebody who never reads")

      let connection = try await server.connect()
      for _ in 0..<100 { #expect(try await connection.freeSlots(limit: 100).count == 100) }
      await connection.close()
      #expect(try deaf.response().stream == 1)
      try halfOpen[0].send(Array(find(1).dropFirst(4)))
      let answer = try halfOpen[0].response()
      #expect(answer.stream == 1 && answer.error == nil)
    }
  }

  @Test("Bytes that are no frame end their own connection only")
  func garbage() async throws {
    try await LocalServer.with { server in
      let connection = try await server.connect()
      for bytes in [[0xFF], Array("GET / HTTP/1.1\r\n\r\n".utf8), [UInt8](repeating: 0, count: 4096)] as [[UInt8]] {
        try RawConnection(path: server.folder.path("kiosk.sock")).send(bytes)
      }
      #expect(try await !connection.freeSlots().isEmpty)
      await connection.close()
    }
  }
}
