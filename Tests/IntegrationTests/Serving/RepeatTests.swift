internal import KioskClient
internal import KioskServer
internal import TTRPCCore
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("Repeats, deadlines and sessions over a socket")
struct RepeatTests {
  @Test("One request id sent by sixteen connections at once: one appointment, and the same bytes for all")
  func sameIDAtOnce() async throws {
    try await LocalServer.with { server in
      let first = try await server.connect()
      let slot = try #require(try await first.freeSlots().first)
      let id = RequestIdentifier()
      let replies = try await withThrowingTaskGroup(of: [UInt8].self) { group in
        for _ in 0..<16 {
          group.addTask {
            let connection = try await server.connect()
            let token = try await connection.identify(CampaignPerson(number: 1))
            let request = Encoded(Wire.BookRequest(sessionToken: token, what: .slot(slot.choice)))
            return try await connection.unary(MethodTable.Appointments.book, payload: request.bytes, options: .write(id))
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(replies.count == 16 && Set(replies).count == 1)
      let token = try await first.identify(CampaignPerson(number: 1))
      let appointments = AppointmentsClient(first)
      #expect(try await appointments.list(Wire.ListRequest(sessionToken: token, includePast: true)).appointments.count == 1)

      let other = Wire.SlotChoice(
        service: slot.service, resource: slot.resource, date: slot.date, startMinute: slot.startMinute + 15)
      let otherContent = await refusal { () async throws(RPCError) in
        try await appointments.book(Wire.BookRequest(sessionToken: token, what: .slot(other)), options: .write(id))
      }
      #expect(otherContent.code == .alreadyExists)
      let strangerToken = try await first.identify(CampaignPerson(number: 2))
      let stranger = await refusal { () async throws(RPCError) in
        try await appointments.book(Wire.BookRequest(sessionToken: strangerToken, what: .slot(slot.choice)), options: .write(id))
      }
      #expect(stranger.code == .alreadyExists)
      await first.close()
    }
  }

  @Test("A request whose deadline has passed books nothing")
  func expiredDeadline() async throws {
    try await LocalServer.with { server in
      let connection = try await server.connect()
      let token = try await connection.identify(CampaignPerson(number: 1))
      let slot = try #require(try await connection.freeSlots(token).first)
      let request = Encoded(Wire.BookRequest(sessionToken: token, what: .slot(slot.choice)))
      let raw = try RawConnection(path: server.folder.path("kiosk.sock"))
      let late = RequestFrame(
        MethodTable.Appointments.book, payload: request.bytes, timeoutNanoseconds: -1,
        metadata: ["request-id": RequestIdentifier().description])
      try raw.send(late.bytes(stream: 1))
      let answer = try raw.response()
      #expect(answer.stream == 1 && answer.error?.code == .deadlineExceeded)
      #expect(try await AppointmentsClient(connection).list(Wire.ListRequest(sessionToken: token)).appointments == [])

      // Deadlines so short that some calls end on either side of them: what the caller was told decides nothing, the repeat does.
      for nanoseconds in [1, 1_000, 20_000, 100_000, 500_000, 2_000_000] as [Int64] {
        let id = RequestIdentifier()
        let frame = RequestFrame(
          MethodTable.Appointments.book, payload: request.bytes, timeoutNanoseconds: nanoseconds,
          metadata: ["request-id": id.description])
        try raw.send(frame.bytes(stream: UInt32(nanoseconds) * 2 + 1))
        let error = try raw.response().error
        #expect(error == nil || error?.code == .deadlineExceeded)
        let again = try await AppointmentsClient(connection).book(
          Wire.BookRequest(sessionToken: token, what: .slot(slot.choice)), options: .write(id))
        #expect(
          try await AppointmentsClient(connection).list(Wire.ListRequest(sessionToken: token)).appointments == [again.appointment])
        _ = try await AppointmentsClient(connection).cancel(
          Wire.CancelRequest(sessionToken: token, folio: again.appointment?.folio ?? ""), options: .write(RequestIdentifier()))
      }
      await connection.close()
    }
  }

  @Test("A session ends when it has been idle, not while it is used")
  func idleSession() async throws {
    try await LocalServer.with(change: { $0.sessionIdle = .seconds(1) }) { server in
      let connection = try await server.connect()
      let appointments = AppointmentsClient(connection)
      let token = try await connection.identify(CampaignPerson(number: 1))
      let idle = try await connection.identify(CampaignPerson(number: 1))
      let began = ContinuousClock.now
      while began.duration(to: .now) < .milliseconds(1500) {
        _ = try await appointments.list(Wire.ListRequest(sessionToken: token))
        try await Task.sleep(for: .milliseconds(100))
      }
      let error = await refusal { () async throws(RPCError) in
        try await appointments.list(Wire.ListRequest(sessionToken: idle))
      }
      #expect(error == RPCError(.unauthenticated, "Su sesión terminó. Identifíquese de nuevo, por favor."))
      await connection.close()
    }
  }

  @Test("A token is worth nothing at another door")
  func otherDoor() async throws {
    try await LocalServer.with { server in
      let kiosk = try await server.connect()
      let staff = try await server.connect("staff")
      let token = try await kiosk.identify(CampaignPerson(number: 1))
      let error = await refusal { () async throws(RPCError) in
        try await AppointmentsClient(staff).list(Wire.ListRequest(sessionToken: token))
      }
      #expect(error.code == .unauthenticated)
      await kiosk.close()
      await staff.close()
    }
  }
}
