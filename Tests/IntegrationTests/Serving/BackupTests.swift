internal import Foundation
internal import KioskClient
internal import TTRPCCore
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("A backup, taken while the server works")
struct BackupTests {
  @Test("On another machine it is a whole clinic: appointments, people, and the answers already given")
  func restored() async throws {
    let other = try CampaignFolder()
    let id = RequestIdentifier()
    var booking: (slot: Wire.Slot, reply: [UInt8])?
    func book(_ connection: TTRPCClientConnection, _ slot: Wire.Slot) async throws -> [UInt8] {
      let token = try await connection.identify(CampaignPerson(number: 1))
      return try await connection.unary(
        MethodTable.Appointments.book, payload: Encoded(Wire.BookRequest(sessionToken: token, what: .slot(slot.choice))).bytes,
        options: .write(id))
    }
    try await withServer { server in
      let (kiosk, technician) = (try await server.connect(), try await server.connect(server.technician))
      let slot = try #require(try await kiosk.freeSlots().first)
      booking = (slot, try await book(kiosk, slot))
      let operations = OperationsClient(technician)
      let backup = try await operations.backup(Wire.BackupRequest(fileName: "copia.sqlite"))
      #expect(backup.contentSha256.count == 64)
      let again = await refusal { () async throws(RPCError) in
        try await operations.backup(Wire.BackupRequest(fileName: "copia.sqlite"))
      }
      #expect(again.code != .ok)
      let elsewhere = await refusal { () async throws(RPCError) in
        try await operations.backup(Wire.BackupRequest(fileName: "../copia.sqlite"))
      }
      #expect(elsewhere.code == .invalidArgument)

      try CampaignServer.prepare(CampaignClinic(), in: other)
      try FileManager.default.createDirectory(atPath: other.path("datos"), withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: backup.path, toPath: CampaignServer.databasePath(in: other))
      await kiosk.close()
      await technician.close()
    }
    let server = try await CampaignServer.start(in: other)
    let (kiosk, technician) = (try await server.connect(), try await server.connect(server.technician))
    let first = try #require(booking)
    #expect(try await book(kiosk, first.slot) == first.reply)
    #expect(try await OperationsClient(technician).checkStore(Wire.CheckStoreRequest()).problems == [])
    let status = try await OperationsClient(technician).getStatus(Wire.GetStatusRequest())
    #expect(status.patients == 2 && status.appointments == 1)
    await kiosk.close()
    await technician.close()
    #expect(await server.stop() == 0)
  }
}
