internal import ClinicStore
internal import Foundation
internal import KioskClient
internal import KioskServer
internal import TTRPCCore
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("A disk that is full or cannot be written", .enabled("mounting a small disk needs root") { try await SmallDisk.canMount() })
struct DiskTests {
  let folder: CampaignFolder

  init() throws {
    folder = try CampaignFolder()
    try FileManager.default.createDirectory(atPath: folder.path("datos"), withIntermediateDirectories: true)
  }

  @Test("Full: writes are refused as a whole and reads go on; with room again, writes succeed without a restart")
  func full() async throws {
    let disk = try await SmallDisk(at: folder.path("datos"), mebibytes: 12)
    try await LocalServer.with(in: folder, change: { $0.store.reserveBytes = 1 << 20 }) { server in
      let connection = try await server.connect()
      let appointments = AppointmentsClient(connection)
      let token = try await connection.identify(CampaignPerson(number: 1))
      let slot = try #require(try await connection.freeSlots(token).first)
      let kept = try await appointments.book(
        Wire.BookRequest(sessionToken: token, what: .slot(slot.choice)), options: .write(RequestIdentifier()))
      let other = try await connection.identify(CampaignPerson(number: 2))
      /// Holds a slot and gives it back: two commits.
      func write() async throws(RPCError) {
        let hold = try await appointments.hold(
          Wire.HoldRequest(sessionToken: other, slot: Wire.SlotChoice(
            service: slot.service, resource: slot.resource, date: slot.date, startMinute: slot.startMinute + 15)),
          options: .write(RequestIdentifier()))
        _ = try await appointments.cancel(
          Wire.CancelRequest(sessionToken: other, folio: hold.appointment?.folio ?? ""), options: .write(RequestIdentifier()))
      }
      try await write()

      let filler = try disk.fill()
      var refusals: [RPCError] = []
      for _ in 0..<2000 where refusals.isEmpty {
        do throws(RPCError) { try await write() } catch { refusals.append(error) }
      }
      #expect(refusals.first?.code == .resourceExhausted)
      #expect(
        refusals.first?.message
          == "El disco del servidor está lleno: nada se guardó. Avise al personal; se puede repetir cuando haya espacio.")
      #expect(try await !connection.freeSlots(token).isEmpty)
      #expect(try await appointments.list(Wire.ListRequest(sessionToken: token)).appointments == [kept.appointment])

      try FileManager.default.removeItem(atPath: filler)
      #expect(
        try await eventually {
          for open in try await appointments.list(Wire.ListRequest(sessionToken: other)).appointments {
            _ = try? await appointments.cancel(
              Wire.CancelRequest(sessionToken: other, folio: open.folio), options: .write(RequestIdentifier()))
          }
          return (try? await write()) != nil
        })
      let staff = try await server.connect("staff")
      #expect(try await OperationsClient(staff).checkStore(Wire.CheckStoreRequest()).problems == [])
      await staff.close()
      await connection.close()
    }
  }

  @Test("Read-only: the server does not start, and says why")
  func readOnly() async throws {
    try CampaignServer.prepare(CampaignClinic(), in: folder)
    let disk = try await SmallDisk(at: folder.path("datos"), mebibytes: 64)
    let server = try await CampaignServer.start(in: folder)
    #expect(await server.stop() == 0)
    try await disk.makeReadOnly()
    let run = try await ProgramRun.of(try BuiltPrograms.path("kiosk-server"), CampaignServer.arguments(in: folder))
    #expect(run.status == 1)
    #expect(
      run.lines == [
        "No se puede escribir en \(server.databasePath). "
          + "Revise los permisos de la carpeta y que el disco no esté montado en solo lectura."
      ])
  }
}
