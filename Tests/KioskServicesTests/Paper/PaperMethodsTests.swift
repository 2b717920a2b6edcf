import ClinicDomain
import ClinicStore
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("Sheets of paper, over the contract")
struct PaperMethodsTests {
  @Test("A sheet is reserved, printed and keyed in; the list says what became of each row", arguments: Depth.allCases)
  func day(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      let paper = clinic.paper()
      let list = try await paper.listSheets(.init())
      #expect(list.date == "2026-11-23" && list.sheets.count == 8)
      #expect(list.sheets.first == Wire.SheetName(resource: "C1", turno: "matutino", startMinute: 480, endMinute: 840))
      let folio = try await clinic.book("C1 2026-11-23 08:15", try await clinic.session(.valeria)).folio
      let rows = try await paper.reserveRows(.init(resource: "C1", turno: "matutino", count: 3), options: .write()).rows
      let sheet = try await paper.getSheet(.init(resource: "C1", turno: "matutino"))
      #expect(sheet.appointments == 1 && sheet.blank == 3 && sheet.svgPages.count == 1)
      for shown in [sheet.text, sheet.svgPages[0]] {
        for row in rows { #expect(shown.contains(row.folioDisplay)) }
        #expect(shown.contains(try #require(Folio(folio)).spoken) && shown.contains("08:15") && shown.contains("08:30"))
        for secret in ["Valeria", "Rodolfo", "Legalsurname", "00997000070", "LOGA", "Medicina", "medicina"] { #expect(!shown.contains(secret)) }
      }
      #expect(sheet.text.split(separator: "\n").allSatisfy { $0.utf8.count <= 80 && $0.utf8.allSatisfy { 0x20...0x7E ~= $0 } })
      clinic.clock.advance(.seconds(2 * 3600))
      try await clinic.occupy("C1 2026-11-23 09:30")
      func enter(_ row: Wire.PaperRow, _ person: Patient, _ minute: Int32, attended: Bool) async throws -> Wire.EnterResponse {
        let token = try await clinic.session(person, at: .staff)
        return try await paper.enter(
          .init(sessionToken: token, folio: row.folioDisplay, startMinute: minute, attended: attended), options: .write())
      }
      let seen = try await enter(rows[0], .ana, 540, attended: true)
      #expect(seen.row?.outcome == .slot && seen.appointment?.status == .fulfilled && seen.appointment?.folio == rows[0].folio)
      let line = try await enter(rows[1], .olga, 570, attended: false)
      #expect(line.row?.outcome == .todaysLine && line.row?.conflictFolio.isEmpty == false && line.appointment?.status == .checkedIn)
      #expect(line.row?.text.hasPrefix("Capturado en la fila de hoy: su lugar lo tiene la cita ") == true)
      #expect(line.appointment?.text.contains("fila de hoy") == true)
      let same = try await enter(rows[2], .valeria, 495, attended: true)
      #expect(same.row?.outcome == .sameAppointment && same.appointment?.folio == folio && same.appointment?.status == .fulfilled)
      let after = try await paper.listRows(.init(resource: "C1")).rows
      #expect(after.map(\.outcome) == [.slot, .todaysLine, .sameAppointment])
      let twice = try await status { () throws(RPCError) in
        try await paper.enter(
          .init(sessionToken: try await token(of: .rosa, clinic), folio: rows[0].folio, startMinute: 540), options: .write())
      }
      #expect(twice.refusal?.reason == .wrongState && twice.message.hasPrefix("Ese renglón ya se capturó para otra persona."))
      let line2 = try await clinic.agenda().listDay(.init(resource: "C1")).entries.last
      #expect(line2?.inTodaysLine == true && line2?.appointment?.folio == rows[1].folio)
      #expect(try await clinic.agenda().history(.init(folio: rows[1].folio)).changes.map(\.act) == ["enter-paper"])
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("The free hours of a sheet are those that can be booked: with time around an appointment the next one is not, and a shared slot is until it is full", arguments: [
    (SlotStamp(after: 10), 1, ["08:45"], ["08:15", "08:30"]), (SlotStamp(capacity: 2), 1, ["08:15", "08:30"], []),
    (SlotStamp(capacity: 2), 2, ["08:30"], ["08:15"]),
  ])
  func freeHours(stamp: SlotStamp, booked: Int, free: [String], taken: [String]) async throws {
    let people = strangers(booked)
    try await withClinic(people: people, rules: .fixture { $0.services[0].stamp = stamp }) { clinic in
      for person in people { try await clinic.book("C1 2026-11-23 08:15", try await clinic.session(person)) }
      let sheet = try await clinic.paper().getSheet(.init(resource: "C1", turno: "matutino")).text
      let hours = try #require(sheet.split(separator: "Horas libres al imprimir: ").last)
      for hour in free { #expect(hours.contains(hour), "\(hour)") }
      for hour in taken { #expect(!hours.contains(hour), "\(hour)") }
    }
  }

  private func token(of person: Patient, _ clinic: TestClinic) async throws(RPCError) -> String {
    do { return try await clinic.session(person, at: .staff) } catch { throw error as? RPCError ?? RPCError(.internal, "\(error)") }
  }

  @Test("A row of yesterday says what became of the person, or is refused with what to say", arguments: Depth.allCases)
  func yesterday(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      let paper = clinic.paper()
      let rows = try await paper.reserveRows(.init(resource: "C1", turno: "matutino", count: 1), options: .write()).rows
      clinic.clock.advance(.seconds(26 * 3600))
      let token = try await clinic.session(.ana, at: .staff)
      let mute = try await status { () throws(RPCError) in
        try await paper.enter(.init(sessionToken: token, folio: rows[0].folio, startMinute: 540), options: .write())
      }
      #expect(mute.refusal?.reason == .slotInThePast)
      #expect(mute.message.hasPrefix("El día de esa hoja ya pasó: diga si la consulta se dio o si la persona se fue sin ella."), "\(mute.message)")
      let both = try await status { () throws(RPCError) in
        try await paper.enter(.init(sessionToken: token, folio: rows[0].folio, startMinute: 540, attended: true, left: true), options: .write())
      }
      #expect(both.code == .invalidArgument && both.message.hasPrefix("left:"))
      let gone = try await paper.enter(.init(sessionToken: token, folio: rows[0].folio, startMinute: 540, left: true), options: .write())
      #expect(gone.appointment?.status == .noshow && gone.row?.outcome == .slot)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("The first field that cannot be read is named; a sheet that is not there is told so")
  func fields() async throws {
    try await withClinic { clinic in
      let paper = clinic.paper()
      for (request, name) in [
        (Wire.ReserveRowsRequest(resource: "12", turno: "matutino", count: 1), "resource"), (.init(resource: "C1", count: 1), "turno"),
        (.init(resource: "C1", date: "hoy", turno: "matutino", count: 1), "date"), (.init(resource: "C1", turno: "matutino"), "count"),
        (.init(resource: "C1", turno: "matutino", count: 61), "count"),
      ] {
        let wrong = try await status { () throws(RPCError) in try await paper.reserveRows(request, options: .write()) }
        #expect(wrong.code == .invalidArgument && wrong.message.hasPrefix("\(name):"))
      }
      let none = try await status { () throws(RPCError) in try await paper.getSheet(.init(resource: "C4", turno: "vespertino")) }
      #expect(none.code == .notFound)
    }
  }

  @Test("A turno is printed in one round of the day", arguments: [
    (480, 840, 420), (840, 1200, 780), (1080, 1560, 780), (300, 600, 420), (780, 900, 780),
  ])
  func rounds(start: Int, end: Int, hour: Int) {
    let schedule = SheetSchedule(hours: [780, 420].map { AgendaMinute(minutes: $0)! }, blankRows: 8)
    let turno = AgendaMinute(minutes: start)!..<AgendaMinute(minutes: end)!
    #expect(schedule.hours.filter { schedule.covers(turno, at: $0) }.map(\.minutes) == [hour])
    #expect(schedule.due(at: AgendaMinute(minutes: 419)!) == nil && schedule.due(at: AgendaMinute(minutes: 779)!)?.minutes == 420)
  }
}
