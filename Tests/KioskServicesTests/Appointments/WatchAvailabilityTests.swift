import ClinicDomain
import ClinicStore
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("Watching what is free")
struct WatchAvailabilityTests {
  static let dentist = Wire.ServiceAvailability(
    service: "estomatologia", name: "Estomatología", firstDate: "2026-11-23", firstMinute: 480, freeOnFirstDate: 12,
    freeInAll: 252, display: "lunes 23 de noviembre, 08:00")

  @Test("The first state comes at once, the next one when something has changed; held is not free", arguments: Depth.allCases)
  func states(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      let watch = try await clinic.appointments().watchAvailability(.init())
      let first = try #require(try await watch.next())
      #expect(first.number == 1)
      #expect(first.services.map(\.service) == ["medicina_familiar", "estomatologia", "cambio_de_clinica"])
      #expect(first.services[1] == Self.dentist)

      let held = try await clinic.hold("C4 2026-11-23 08:00", try await clinic.session(.ana), service: "estomatologia")
      clinic.availability.look()
      clinic.availability.look()
      var expected = Self.dentist
      (expected.firstMinute, expected.freeOnFirstDate, expected.freeInAll) = (510, 11, 251)
      expected.display = "lunes 23 de noviembre, 08:30"
      let second = try #require(try await watch.next())
      #expect((second.epoch, second.number) == (first.epoch, 2))
      #expect(second.services[1] == expected)

      clinic.clock.advance(.seconds(121))
      clinic.availability.look()
      #expect(try await watch.next()?.services[1] == Self.dentist)
      #expect(!held.folio.isEmpty)
      watch.cancel()
    }
  }

  @Test("Who reads slowly gets the state that was on its way and then the latest, none between")
  func slowReader() async throws {
    try await withClinic { clinic in
      let watch = try await clinic.appointments().watchAvailability(.init())
      #expect(try await watch.next()?.number == 1)
      while clinic.availability.state.readers < 1 { try await Task.sleep(for: .milliseconds(1)) }
      for (number, minute) in ["08:00", "08:15", "08:30", "08:45"].enumerated() {
        let token = try await clinic.session([.ana, .dario, .elias, .ana][number])
        if number < 3 { try await clinic.book("C1 2026-11-24 \(minute)", token) } else { clinic.clock.advance(.seconds(86_400)) }
        clinic.availability.look()
        // Long enough for whoever would take every state.
        for _ in 0..<200 { await Task.yield() }
      }
      let last = clinic.availability.state.current.place.number
      #expect(try await watch.next()?.number == 2)
      #expect(try await watch.next()?.number == last)
      #expect(last > 3)
      watch.cancel()
    }
  }

  @Test("Who has the latest state hears nothing until there is a later one; who has an old one sees a jump")
  func resumed() async throws {
    try await withClinic { clinic in
      let first = try #require(try await clinic.appointments().watchAvailability(.init()).next())
      let upToDate = try await clinic.appointments().watchAvailability(.init(epoch: first.epoch, number: first.number))
      while clinic.availability.state.readers < 1 { try await Task.sleep(for: .milliseconds(1)) }
      for minute in ["08:00", "08:15", "08:30"] {
        let token = try await clinic.session(minute == "08:00" ? .ana : minute == "08:15" ? .dario : .elias)
        try await clinic.book("C1 2026-11-24 \(minute)", token)
        clinic.availability.look()
      }
      let late = try await clinic.appointments().watchAvailability(.init(epoch: first.epoch, number: first.number))
      #expect(try await late.next()?.number == 4)
      let seen = try #require(try await upToDate.next())
      #expect(seen.number > 1)
      let otherRun = try await clinic.appointments().watchAvailability(.init(epoch: first.epoch + 1, number: 4))
      #expect(try await otherRun.next()?.number == 4)
      for watch in [upToDate, late, otherRun] { watch.cancel() }
    }
  }

  @Test("Each channel sees what it may book", arguments: [
    (RoleSet.kiosk, 3), (.staff, 3), (.display, 3), (.ivr, 2),
  ])
  func channels(role: RoleSet, services: Int) async throws {
    try await withClinic(people: []) { clinic in
      let watch = try await clinic.appointments(role).watchAvailability(.init())
      #expect(try await watch.next()?.services.count == services)
      watch.cancel()
    }
  }

  @Test("Nobody else may watch", arguments: [RoleSet.technician, .sync])
  func denied(role: RoleSet) async throws {
    try await withClinic(people: []) { clinic in
      let error = try await status { () throws(RPCError) in try await clinic.appointments(role).watchAvailability(.init()).next() }
      #expect(error.code == .permissionDenied)
    }
  }

  @Test("A client that goes leaves nobody waiting; a server that closes says so")
  func ends() async throws {
    try await withClinic(people: []) { clinic in
      let seen = try await clinic.appointments().watchAvailability(.init())
      let first = try #require(try await seen.next())
      seen.cancel()
      let known = Wire.WatchAvailabilityRequest(epoch: first.epoch, number: first.number)
      let gone = try await clinic.appointments().watchAvailability(known)
      let stays = try await clinic.appointments().watchAvailability(known)
      let state = clinic.availability.state
      #expect(try await eventually { state.readers == 2 })
      gone.cancel()
      #expect(try await eventually { state.readers == 1 })
      state.end()
      let error = try await status { () throws(RPCError) in try await stays.next() }
      #expect(error == RPCError(.unavailable, "El servidor se está cerrando."))
    }
  }

  @Test("A look after every commit, and no more than one in its pause, however many commits there are")
  func looks() async throws {
    try await withClinic { clinic in
      let began = ContinuousClock.now
      let running = Task { await clinic.availability.run() }
      let token = try await clinic.session(.ana)
      for _ in 0..<60 {
        let held = try await clinic.hold("C1 2026-11-24 08:15", token)
        _ = try await clinic.appointments().cancel(
          Wire.CancelRequest(sessionToken: token, folio: held.folio, reason: .notNeeded), options: .write())
      }
      try await clinic.book("C1 2026-11-24 08:15", token)
      #expect(try await eventually { clinic.availability.state.current.value[0].inAll == 3237 })
      let states = Int(clinic.availability.state.current.place.number)
      #expect(Double(states) <= 2 + began.duration(to: .now) / AvailabilityWatch.pause)
      running.cancel()
      await running.value
    }
  }
}
