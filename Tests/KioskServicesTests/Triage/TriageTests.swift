import ClinicDomain
import ClinicStore
import KioskServices
import KioskTestSupport
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("Triage colours, over the contract")
struct TriageTests {
  @Test("P30: each colour has its timer of 0, 10, 30, 120 or 180 minutes; a breach emits an event on every staff console, once, and never before its time", arguments: [
    (Wire.TriageColor.rojo, 0), (.naranja, 10), (.amarillo, 30), (.verde, 120), (.azul, 180),
  ])
  func timers(color: Wire.TriageColor, minutes: Int) async throws {
    try await withClinic { clinic in
      let staff = TriageClient(clinic.doors[.staff])
      let set = try #require(try await staff.setColor(.init(color: color), options: .write(someID)).triage)
      #expect(try await staff.setColor(.init(color: color), options: .write(someID)).triage == set)
      #expect(set.dueAtUnixMs - set.setAtUnixMs == Int64(minutes) * 60_000)
      let keeper = DutyKeeper(clinic.counter)
      if minutes > 0 {
        clinic.clock.advance(.seconds(60 * minutes - 1))
        _ = try await keeper.look()
        #expect(try await clinic.telephone(.staff).listAlarms(.init()).alarms.isEmpty)
        // The same colour again does not begin anew.
        _ = try await staff.setColor(.init(triage: set.triage, color: color), options: .write())
        clinic.clock.advance(.seconds(1))
      }
      #expect(try await keeper.look() > 0)
      _ = try await keeper.look()
      let alarms = try await clinic.telephone(.staff).listAlarms(.init()).alarms
      #expect(alarms.map(\.sign) == ["triage_\(color)"] && alarms.first?.device == "triage/1")
      let listed = try #require(try await staff.listTriage(.init()).cases.first)
      #expect(listed.breachedAtUnixMs == clinic.clock.now.milliseconds && listed.text.contains("SE PASÓ EL TIEMPO"))
      let seen = try await staff.markTriaged(.init(triage: 1), options: .write())
      #expect(seen.triage?.seenAtUnixMs != 0)
      #expect(try await staff.listTriage(.init()).cases.isEmpty)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("P30: a kiosk can never write a colour, nor can anybody but staff", arguments: [RoleSet.kiosk, .ivr, .display, .technician, .promoter, .sync])
  func onlyStaff(role: RoleSet) async throws {
    try await withClinic { clinic in
      let error = try await status { () throws(RPCError) in
        try await TriageClient(clinic.doors[role]).setColor(.init(color: .rojo), options: .write())
      }
      #expect(error.code == .permissionDenied)
      #expect(try await TriageClient(clinic.doors[.staff]).listTriage(.init()).cases.isEmpty)
    }
  }

  @Test("Another colour begins its own time; who is seen in time breaches nothing; a case that is not there is told", arguments: Depth.allCases)
  func changes(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      let staff = TriageClient(clinic.doors[.staff])
      let token = try await clinic.session(.ana, at: .staff)
      _ = try await staff.setColor(.init(color: .azul, sessionToken: token), options: .write())
      clinic.clock.advance(.seconds(600))
      let worse = try #require(try await staff.setColor(.init(triage: 1, color: .naranja), options: .write()).triage)
      #expect(worse.dueAtUnixMs == clinic.clock.now.milliseconds + 600_000)
      _ = try await staff.setColor(.init(color: .verde), options: .write())
      let waiting = try await staff.listTriage(.init()).cases
      #expect(waiting.map(\.triage) == [1, 2] && waiting.map(\.patientNumber) == [Patient.ana.number.description, ""])
      _ = try await staff.markTriaged(.init(triage: 1), options: .write())
      clinic.clock.advance(.seconds(3600))
      _ = try await DutyKeeper(clinic.counter).look()
      #expect(try await clinic.telephone(.staff).listAlarms(.init()).alarms.isEmpty)
      for triage in [Int64(1), 9] {
        let error = try await status { () throws(RPCError) in try await staff.setColor(.init(triage: triage, color: .rojo), options: .write()) }
        #expect(error == RPCError(.notFound, "Nadie espera con ese número. Vea la lista otra vez."))
      }
      let none = try await status { () throws(RPCError) in try await staff.setColor(.init(), options: .write()) }
      #expect(none.message.hasPrefix("color: "))
    }
  }
}
