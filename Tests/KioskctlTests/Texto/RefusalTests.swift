import ArgumentParser
import TTRPCCore
import TerminalText
import Testing
import VentanillaMessages

@testable import kioskctl

@Suite("What a refusal shows")
struct RefusalTests {
  static let slot = Wire.Slot(
    service: "medicina_familiar", resource: "C12", date: "2026-11-24", startMinute: 495, endMinute: 510, turno: "matutino",
    startsAtUnixMs: 1_795_529_700_000, ownDoctor: true, display: "martes 24 de noviembre, 08:15, consultorio 12, planta baja")
  static let refusal = Wire.Refusal(
    reason: .slotTaken, text: "Alguien tomó ese lugar antes.", alternatives: [slot],
    steps: [.init(code: "unifila", text: "Pase hoy al módulo de Unifila.")])

  static func error() throws -> RPCError {
    RPCError(.failedPrecondition, refusal.text, details: [try StatusDetail(refusal)])
  }

  @Test("For a person: the reason, the free slots that fit as a table, and what else can be done")
  func lines() throws {
    let failure = Failure(try Self.error())
    #expect(
      failure.lines(.plain) == [
        "Alguien tomó ese lugar antes. (slot_taken)",
        "Lugares libres parecidos, el más cercano primero:",
        "  Fecha             Hora  Agenda  Turno     Lugar",
        "  mar 24 nov 2026  08:15  C12     matutino  consultorio 12, planta baja (su médico)",
        "También puede:",
        "  • Pase hoy al módulo de Unifila.",
      ])
    #expect(failure.status == .refused)
  }

  @Test("For a program: the code, the message and the refusal under stable keys")
  func json() throws {
    #expect(
      Failure(try Self.error()).json.text(pretty: false)
        == #"{"code":"FAILED_PRECONDITION","message":"Alguien tomó ese lugar antes.","refusal":{"reason":"slot_taken","text":"Alguien tomó ese lugar antes.","alternatives":[{"service":"medicina_familiar","resource":"C12","date":"2026-11-24","start":"08:15","end":"08:30","start_minute":495,"end_minute":510,"turno":"matutino","starts_at_unix_ms":1795529700000,"own_doctor":true,"display":"martes 24 de noviembre, 08:15, consultorio 12, planta baja"}],"steps":[{"code":"unifila","text":"Pase hoy al módulo de Unifila."}]}}"#)
  }

  @Test("A status without details shows its message, its code and what to do next")
  func plainStatus() {
    let failure = Failure(RPCError(.deadlineExceeded, "context deadline exceeded"), repeating: "x --solicitud 00")
    let lines = failure.lines(.plain)
    #expect(lines.first == "El servidor no contestó a tiempo. (DEADLINE_EXCEEDED)")
    #expect(lines.contains { $0.contains("--espera") })
    #expect(lines.last == "No se sabe si quedó hecho. Para repetirlo sin duplicar: x --solicitud 00")
    #expect(failure.status == .tryLater)
  }

  @Test("Each status of a server has its exit status", arguments: [
    (StatusCode.failedPrecondition, CommandStatus.refused), (.notFound, .refused), (.unauthenticated, .refused),
    (.permissionDenied, .refused), (.alreadyExists, .refused), (.invalidArgument, .usage), (.unavailable, .unreachable),
    (.resourceExhausted, .tryLater), (.deadlineExceeded, .tryLater), (.internal, .fault), (.unimplemented, .fault),
  ])
  func exitStatus(code: StatusCode, status: CommandStatus) { #expect(CommandStatus(code) == status) }

  @Test("The keys of an appointment are those that the help lists")
  func appointmentKeys() {
    let appointment = Wire.Appointment(folio: "482011570363", status: .checkedIn, slot: Self.slot, folioDisplay: "4820 1157 0363")
    guard case .object(let members) = appointment.json else { return #expect(Bool(false)) }
    #expect(members.map(\.name) == ["folio", "folio_display", "status", "slot", "hold_expires_at_unix_ms", "text"])
    #expect(members[2].value == .string("checked-in"))
    for member in members { #expect(CitaCommand.configuration.discussion.contains(member.name)) }
  }
}
