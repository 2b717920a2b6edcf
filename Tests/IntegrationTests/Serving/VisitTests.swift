internal import KioskClient
internal import NIOPosix
internal import TTRPCCore
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("A patient's visit over a real socket and a real file")
struct VisitTests {
  @Test("From identification to cancellation, over the Unix socket and over TCP", arguments: [false, true])
  func wholeVisit(overTCP: Bool) async throws {
    try await withServer { server in
      let client = KioskClient(overTCP ? server.tcp : server.kiosk, group: MultiThreadedEventLoopGroup.singleton)
      let (patients, appointments) = (PatientsClient(client), AppointmentsClient(client))
      let ana = CampaignPerson(number: 1)
      let wrongDate = await refusal { () async throws(RPCError) in
        try await patients.identify(Wire.IdentifyRequest(identifier: .nss(ana.nss), birthDate: "1985-05-01"))
      }
      let unknownNumber = await refusal { () async throws(RPCError) in
        try await patients.identify(
          Wire.IdentifyRequest(identifier: .nss(CampaignPerson(number: 77).nss), birthDate: CampaignPerson.birthDate))
      }
      #expect(wrongDate.code == .unauthenticated)
      #expect(wrongDate == unknownNumber)

      let token = try await client.identify(ana)
      #expect(try await patients.listFamily(Wire.ListFamilyRequest(sessionToken: token)).people.map(\.person) == [0])
      let slot = try #require(try await client.freeSlots(token).first)
      let held = try #require(
        try await appointments.hold(
          Wire.HoldRequest(sessionToken: token, slot: slot.choice), options: .write(RequestIdentifier())
        ).appointment)
      #expect(held.status == .pending && held.folio.count == 12)
      #expect(try await !client.freeSlots(token).contains(slot))

      let id = RequestIdentifier()
      let booking = Wire.BookRequest(sessionToken: token, what: .holdFolio(held.folio))
      let booked = try await appointments.book(booking, options: .write(id))
      #expect(booked.appointment?.status == .booked && booked.appointment?.folio == held.folio)
      #expect(try await appointments.book(booking, options: .write(id)) == booked)

      let other = try await client.identify(CampaignPerson(number: 2))
      let taken = await refusal { () async throws(RPCError) in
        try await appointments.book(
          Wire.BookRequest(sessionToken: other, what: .slot(slot.choice)), options: .write(RequestIdentifier()))
      }
      #expect(RushCampaign.complaint(about: taken) == nil)
      let strangers = await refusal { () async throws(RPCError) in
        try await appointments.get(Wire.GetRequest(sessionToken: other, folio: held.folio))
      }
      #expect(strangers.code == .notFound)

      #expect(try await appointments.list(Wire.ListRequest(sessionToken: token)).appointments == [booked.appointment])
      let cancelled = try await appointments.cancel(
        Wire.CancelRequest(sessionToken: token, folio: held.folio, reason: .cannotCome), options: .write(RequestIdentifier()))
      #expect(cancelled.appointment?.status == .cancelled)
      #expect(try await client.freeSlots(token).contains(slot))
      #expect(
        try await StoreFileReader.rows("SELECT folio, status, cancellation FROM appointment", in: server.databasePath)
          == [[held.folio, "cancelled", "cannot-come"]])

      _ = try await patients.endSession(Wire.EndSessionRequest(sessionToken: token))
      let ended = await refusal { () async throws(RPCError) in
        try await appointments.list(Wire.ListRequest(sessionToken: token))
      }
      #expect(ended.code == .unauthenticated)
      await client.close()
    }
  }

  @Test("An appointment outlives the server, and its repeat is answered with the same bytes by the next one")
  func outlivesTheServer() async throws {
    let folder = try CampaignFolder()
    try CampaignServer.prepare(CampaignClinic(), in: folder)
    let first = try await CampaignServer.start(in: folder)
    try await first.importPeople(1...1)
    let client = KioskClient(first.kiosk, group: MultiThreadedEventLoopGroup.singleton)
    let token = try await client.identify(CampaignPerson(number: 1))
    let slot = try #require(try await client.freeSlots(token).first)
    let id = RequestIdentifier()
    func book(_ token: String) async throws(RPCError) -> [UInt8] {
      try await client.unary(
        MethodTable.Appointments.book, payload: Encoded(Wire.BookRequest(sessionToken: token, what: .slot(slot.choice))).bytes,
        options: .write(id))
    }
    let reply = try await book(token)
    #expect(await first.stop() == 0)

    let second = try await CampaignServer.start(in: folder)
    let lost = await refusal { () async throws(RPCError) in try await book(token) }
    #expect(lost.code == .unauthenticated, "a session ends with the process")
    #expect(try await book(try await client.identify(CampaignPerson(number: 1))) == reply)
    #expect(try await StoreFileReader.rows("SELECT count(*) FROM appointment", in: second.databasePath) == [["1"]])
    await client.close()
    #expect(await second.stop() == 0)
  }
}
