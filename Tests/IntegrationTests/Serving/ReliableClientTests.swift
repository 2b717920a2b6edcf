import ClinicDomain
import KioskClient
import NIOPosix
import Synchronization
import TTRPCCore
import TTRPCNIO
import Testing
import VentanillaMessages

@testable import kiosk_dev

@Suite("A client to rely on, and a real server", .timeLimit(.minutes(3)))
struct ReliableClientTests {
  static func client(_ servers: TTRPCAddress...) -> KioskClient {
    KioskClient(
      servers, group: MultiThreadedEventLoopGroup.singleton,
      options: .longLived(ClientIntroduction(name: "test", version: "1")))
  }

  @Test("A server killed under four people who book and started again: each booking is told once and stored once")
  func killed() async throws {
    let (people, bookings) = (4, 20)
    let clinic = CampaignClinic(consultorios: people, appointmentsPerPerson: bookings)
    let folder = try CampaignFolder()
    try CampaignServer.prepare(clinic, in: folder)
    let first = try await CampaignServer.start(in: folder)
    try await first.importPeople(1...people)
    let date = try await first.date(inDays: 1)
    let client = Self.client(first.kiosk)
    let told = Told()
    let booked = (1...people).map { person in
      Task { try await Self.book(bookings, as: person, on: date, over: client, telling: told) }
    }
    #expect(try await eventually { told.folios.count >= people })
    await first.kill()
    #expect(told.folios.count < people * bookings)
    let second = try await CampaignServer.start(in: folder)
    for person in booked { try await person.value }
    await client.close()
    let stored = try await StoreFileReader.rows("SELECT folio FROM appointment", in: second.databasePath).map { $0[0] }
    #expect(stored.sorted() == told.folios.sorted() && stored.count == people * bookings)
    #expect(await second.stop() == 0)
  }

  /// Repeats a booking only under a new session, which ends with the server's process; the request id does not.
  private static func book(
    _ bookings: Int, as person: Int, on date: CivilDate, over client: KioskClient, telling told: Told
  ) async throws {
    var token = try await client.identify(CampaignPerson(number: person))
    for booking in 0..<bookings {
      let id = RequestIdentifier()
      let slot = Wire.SlotChoice(
        service: CampaignClinic.service, resource: "C\(person)", date: date.description,
        startMinute: Int32(CampaignClinic.start(booking)))
      while true {
        do throws(RPCError) {
          let reply = try await AppointmentsClient(client).book(
            Wire.BookRequest(sessionToken: token, what: .slot(slot)), options: .write(id, timeout: .seconds(60)))
          told.add(reply.appointment?.folio ?? "-")
          break
        } catch {
          guard error.code == .unauthenticated else { throw error }
          token = try await client.identify(CampaignPerson(number: person))
        }
      }
    }
  }

  @Test("Of two servers one drains under calls: all of them are answered, and the rest go to the other")
  func drains() async throws {
    try await withServer { second in
      let folder = try CampaignFolder()
      try CampaignServer.prepare(CampaignClinic(), in: folder)
      let first = try await CampaignServer.start(in: folder)
      let client = Self.client(first.kiosk, second.kiosk)
      let (answered, stopped) = (Told(), Told())
      let callers = (0..<8).map { _ in
        Task {
          var isLast = false
          while !isLast {
            // What is asked after the stop is asked of the other.
            isLast = !stopped.folios.isEmpty
            _ = try await client.freeSlots()
            answered.add("")
          }
        }
      }
      #expect(try await eventually { answered.folios.count > 100 })
      #expect(await first.stop() == 0)
      stopped.add("")
      for caller in callers { try await caller.value }
      var states = client.states.makeAsyncIterator()
      #expect(await states.next() == .connected(second.kiosk))
      #expect(client.session?.extensions == [.ping, .cancel, .credit, .goingAway])
      await client.close()
    }
  }

  @Test("A watch goes on with the next server on the same address, and tells that its numbers begin anew")
  func watch() async throws {
    let folder = try CampaignFolder()
    try CampaignServer.prepare(CampaignClinic(), in: folder)
    let first = try await CampaignServer.start(in: folder)
    try await first.importPeople(1...1)
    let client = Self.client(first.kiosk)
    var states = client.watchAvailability().makeAsyncIterator()
    let before = try #require(try await states.next())
    #expect(before.value.services.map(\.service) == [CampaignClinic.service] && !before.isNewEpoch)

    let token = try await client.identify(CampaignPerson(number: 1))
    let slot = try #require(try await client.freeSlots(token).first)
    _ = try await AppointmentsClient(client).book(
      Wire.BookRequest(sessionToken: token, what: .slot(slot.choice)), options: .write(RequestIdentifier(), timeout: .seconds(60)))
    let booked = try #require(try await states.next())
    #expect(booked.mark.epoch == before.mark.epoch && booked.mark.number > before.mark.number)
    #expect(booked.value.services.map(\.freeInAll) == before.value.services.map { $0.freeInAll - 1 })

    await first.kill()
    let second = try await CampaignServer.start(in: folder)
    let after = try #require(try await states.next())
    #expect(after.isNewEpoch && after.mark.epoch != before.mark.epoch && after.value.services == booked.value.services)
    await client.close()
    #expect(await second.stop() == 0)
  }
}

/// What tasks at once were told.
private final class Told: Sendable {
  private let state = Mutex<[String]>([])

  var folios: [String] { state.withLock(\.self) }

  func add(_ folio: String) { state.withLock { $0.append(folio) } }
}
