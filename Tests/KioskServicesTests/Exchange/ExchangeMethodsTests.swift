import ClinicDomain
import ClinicStore
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("Another system's bookings, over the contract")
struct ExchangeMethodsTests {
  /// C1's mornings are the other system's.
  static let rules = ClinicRules.fixture { $0.owners = [OwnershipRule(.externa, resources: [.c(1)], hours: .hours(8, 14))] }

  static func row(_ line: Int32, _ slot: String, _ person: Patient? = nil, reference: String = "", cancelled: Bool = false) -> Wire.ExternalRow {
    let choice = SlotChoice(slot)
    return Wire.ExternalRow(
      line: line, reference: reference.isEmpty ? "R\(line)" : reference, resource: choice.resource.description, date: choice.date.description,
      startMinute: Int32(choice.start.minutes), cancelled: cancelled, patientNumber: person?.number.description ?? "")
  }

  @Test("A dry run says what the import does; then the external hours have appointments and busy times, nobody here books them, and each has its act", arguments: Depth.allCases)
  func imported(depth: Depth) async throws {
    try await withClinic(depth, rules: Self.rules) { clinic in
      let exchange = clinic.exchange()
      let token = try await clinic.session(.rosa)
      try await clinic.book("C2 2026-11-24 08:15", token)
      let rows = [
        Self.row(2, "C1 2026-11-24 08:00", .ana), Self.row(3, "C1 2026-11-24 08:15"), Self.row(4, "C2 2026-11-24 08:15", .olga),
        Self.row(5, "C1 2026-11-20 08:00"), Self.row(6, "C3 2026-11-24 08:00", .valeria), Self.row(7, "C9 2026-11-24 08:00"),
      ]
      let dry = try await exchange.importBookings(.init(source: "simf", rows: rows, dryRun: true), options: .write()).results
      #expect(dry.map(\.kind) == [.added, .busy, .conflict, .past, .added, .conflict])
      #expect(try await exchange.listBookings(.init(source: "simf", date: "2026-11-24")).bookings.map(\.reference).filter { $0.hasPrefix("R") } == [])
      let done = try await exchange.importBookings(.init(source: "simf", rows: rows), options: .write()).results
      #expect(done.map(\.kind) == dry.map(\.kind) && done.map(\.text) == dry.map(\.text) && done.map(\.line) == [2, 3, 4, 5, 6, 7])
      #expect(done[2].text == "A esa hora ya hay una cita aquí. Mueva una de las dos, aquí o en el otro sistema, e importe otra vez.")
      #expect(done[4].text.contains("esa hora la da la ventanilla según clinic.yaml"))
      #expect(done[5].text.hasPrefix("La clínica no tiene esa agenda"))
      let again = try await exchange.importBookings(.init(source: "simf", rows: rows), options: .write()).results
      #expect(again.map(\.kind) == [.unchanged, .unchanged, .conflict, .past, .unchanged, .conflict])
      let conflicts = try await exchange.listConflicts(.init()).conflicts
      #expect(conflicts.map { "\($0.source) \($0.reference) \($0.resource) \($0.date) \($0.startMinute) \($0.line)" } == [
        "simf R4 C2 2026-11-24 495 4", "simf R7 C9 2026-11-24 480 7",
      ])
      // Their hours and what they keep outside of them are booked by nobody here.
      let stranger = try await clinic.session(.dario)
      for slot in ["C1 2026-11-24 08:15", "C1 2026-11-24 09:00"] {
        let refused = try await status { () throws(RPCError) in
          try await clinic.appointments().book(.init(sessionToken: stranger, what: .slot(Wire.SlotChoice(slot))), options: .write())
        }
        #expect(refused.refusal?.reason == .externalAgenda)
      }
      _ = try await exchange.importBookings(.init(source: "simf", rows: [Self.row(8, "C2 2026-11-24 10:00")]), options: .write())
      let busy = try await status { () throws(RPCError) in
        try await clinic.appointments().book(.init(sessionToken: stranger, what: .slot(Wire.SlotChoice("C2 2026-11-24 10:00"))), options: .write())
      }
      #expect(busy.refusal?.reason == .externalAgenda && busy.message.contains("en otro sistema"))
      // The person sees theirs like any other, and the history tells where it came from.
      let anas = try await clinic.appointments().list(.init(sessionToken: try await clinic.session(.ana))).appointments
      #expect(anas.map(\.folio) == [done[0].folio])
      #expect(try await clinic.agenda().history(.init(folio: done[0].folio)).changes.map(\.act) == ["import-booking"])
      let cancelled = try await exchange.importBookings(
        .init(source: "simf", rows: [Self.row(2, "C1 2026-11-24 08:00", .ana, cancelled: true), Self.row(8, "C2 2026-11-24 10:00", cancelled: true)]),
        options: .write()
      ).results
      #expect(cancelled.map(\.kind) == [.cancelled, .cancelled])
      try await clinic.book("C2 2026-11-24 10:00", stranger)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("What is exported is imported without a change; our own have their folio for a name, and are known when the other system has keyed them in")
  func roundTrip() async throws {
    try await withClinic(rules: Self.rules) { clinic in
      let exchange = clinic.exchange()
      let rows = [Self.row(2, "C1 2026-11-24 08:00", .ana), Self.row(3, "C1 2026-11-24 08:15"), Self.row(4, "C1 2026-11-24 08:30", .olga)]
      _ = try await exchange.importBookings(.init(source: "simf", rows: rows), options: .write())
      let ours = try await clinic.book("C2 2026-11-24 08:15", try await clinic.session(.rosa))
      let told = try await exchange.listBookings(.init(source: "simf", date: "2026-11-24")).bookings
      #expect(told.map(\.reference) == ["R2", "R3", "R4", "VENTANILLA-\(ours.folio)"])
      #expect(told.map(\.sourceDate) == ["2026-11-24", "2026-11-24", "2026-11-24", ""] && told.map(\.conflict) == [false, false, false, false])
      #expect(told.map(\.patientNumber) == [Patient.ana.number.description, "", Patient.olga.number.description, Patient.rosa.number.description])
      let history = try await clinic.store.read { reader throws(StoreFault) in try reader.counts() }
      let back = told.map { booking in
        Wire.ExternalRow(
          line: 1, reference: booking.reference, resource: booking.resource, date: booking.date, startMinute: booking.startMinute,
          minutes: booking.endMinute - booking.startMinute, service: booking.service, cancelled: booking.cancelled, patientNumber: booking.patientNumber)
      }
      let results = try await exchange.importBookings(.init(source: "simf", rows: back), options: .write()).results
      #expect(results.map(\.kind) == [.unchanged, .unchanged, .unchanged, .unchanged])
      #expect(try await exchange.listBookings(.init(source: "simf", date: "2026-11-24")).bookings == told)
      let after = try await clinic.store.read { reader throws(StoreFault) in try reader.counts() }
      #expect(after.appointments == history.appointments)
      // Keyed in by hand over there, under a name of its own.
      let keyed = try await exchange.importBookings(
        .init(source: "simf", rows: [Self.row(9, "C2 2026-11-24 08:15", .rosa)]), options: .write()
      ).results
      #expect(keyed.map(\.kind) == [.linked] && keyed.map(\.folio) == [ours.folio])
      #expect(try await exchange.listBookings(.init(source: "simf", date: "2026-11-24")).bookings.map(\.reference) == ["R2", "R3", "R4", "R9"])
    }
  }

  @Test("The first field that cannot be read is named; nobody but staff asks")
  func fields() async throws {
    try await withClinic { clinic in
      let good = Self.row(2, "C1 2026-11-24 08:00")
      func changed(_ change: (inout Wire.ExternalRow) -> Void) -> Wire.ImportBookingsRequest {
        var row = good
        change(&row)
        return .init(source: "simf", rows: [row])
      }
      for (request, name) in [
        (Wire.ImportBookingsRequest(source: "SIMF", rows: [good]), "source"), (.init(rows: [good]), "source"),
        (.init(source: "simf", rows: [good, good]), "rows"), (.init(source: "simf", rows: Array(repeating: good, count: 257)), "rows"),
        (changed { $0.reference = "" }, "rows[0].reference"), (changed { $0.resource = "12" }, "rows[0].resource"),
        (changed { $0.date = "mañana" }, "rows[0].date"), (changed { $0.startMinute = -1 }, "rows[0].start_minute"),
        (changed { $0.minutes = 481 }, "rows[0].minutes"), (changed { $0.curp = "X" }, "rows[0].curp"),
        (changed { $0.nss = "00755000015" }, "rows[0].birth_date"), (changed { $0.patientNumber = "1" }, "rows[0].patient_number"),
      ] {
        let wrong = try await status { () throws(RPCError) in try await clinic.exchange().importBookings(request, options: .write()) }
        #expect(wrong.code == .invalidArgument && wrong.message.hasPrefix("\(name): "), "\(wrong.message)")
      }
      for (_, role) in RoleSet.named where role != .staff {
        let denied = try await status { () throws(RPCError) in
          try await clinic.exchange(role).importBookings(.init(source: "simf", rows: [good]), options: .write())
        }
        let unread = try await status { () throws(RPCError) in try await clinic.exchange(role).listBookings(.init(source: "simf")) }
        let unlisted = try await status { () throws(RPCError) in try await clinic.exchange(role).listConflicts(.init()) }
        #expect([denied.code, unread.code, unlisted.code] == [.permissionDenied, .permissionDenied, .permissionDenied])
      }
    }
  }
}
