import ClinicDomain
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("Requests as the domain reads them")
struct RequestChecksTests {
  static let slot = Wire.SlotChoice(service: "medicina_familiar", resource: "C12", date: "2026-11-24", startMinute: 495)
  static let choice = SlotChoice(
    resource: ResourceID(text: "C12")!, date: CivilDate(iso: "2026-11-24")!, start: AgendaMinute(minutes: 495)!)

  static func changed<Message>(_ message: Message, _ change: (inout Message) -> Void) -> Message {
    var message = message
    change(&message)
    return message
  }

  @Test("The first field of a slot that cannot be read is named with its path", arguments: [
    (changed(slot) { $0.service = ""; $0.resource = "" }, "slot.service: escriba el código del servicio, por ejemplo medicina_familiar"),
    (changed(slot) { $0.resource = "12"; $0.date = "" }, "slot.resource: escriba la letra y el número de la agenda, por ejemplo C12 o V2"),
    (changed(slot) { $0.date = "mañana"; $0.startMinute = -1 }, "slot.date: escriba la fecha como AAAA-MM-DD, por ejemplo 2026-11-24"),
    (changed(slot) { $0.startMinute = 2881 }, "slot.start_minute: los minutos desde la medianoche van de 0 a 2880"),
  ])
  func slots(slot: Wire.SlotChoice, message: String) throws {
    #expect(throws: RPCError(.invalidArgument, message)) { try Wire.HoldRequest(slot: slot).checkedSlot() }
    #expect(throws: RPCError(.invalidArgument, message)) { try Wire.BookRequest(what: .slot(slot)).checkedWhat() }
  }

  @Test("A hold needs a slot, and a booking a slot or a folio")
  func missing() throws {
    #expect(throws: RPCError(.invalidArgument, "slot: falta decir qué lugar se aparta")) { try Wire.HoldRequest().checkedSlot() }
    #expect(throws: RPCError(.invalidArgument, "what: falta el folio del apartado (hold_folio) o el lugar (slot)")) {
      try Wire.BookRequest().checkedWhat()
    }
    #expect(
      throws: RPCError(.invalidArgument, "hold_folio: Escriba los 12 dígitos de su folio; están en su comprobante.")
    ) { try Wire.BookRequest(what: .holdFolio("")).checkedWhat() }
    #expect(try Wire.HoldRequest(slot: Self.slot).checkedSlot().choice == Self.choice)
    #expect(try Wire.BookRequest(what: .slot(Self.slot)).checkedWhat() == .slot(ServiceCode("medicina_familiar"), Self.choice))
  }

  @Test("A search names its first field that cannot be read", arguments: [
    (Wire.FindRequest(), "service: escriba el código del servicio, por ejemplo medicina_familiar"),
    (Wire.FindRequest(service: "x", date: "hoy"), "date: escriba la fecha como AAAA-MM-DD, por ejemplo 2026-11-24"),
    (
      Wire.FindRequest(service: "x", earliestDate: "2026-13-01"),
      "earliest_date: escriba la fecha como AAAA-MM-DD, por ejemplo 2026-11-24"
    ),
    (Wire.FindRequest(service: "x", earliestMinute: -1), "earliest_minute: los minutos desde la medianoche van de 0 a 2880"),
    (Wire.FindRequest(service: "x", resource: "doce"), "resource: escriba la letra y el número de la agenda, por ejemplo C12 o V2"),
    (Wire.FindRequest(service: "x", limit: 101), "limit: de 1 a 100; 0 da 12"),
    (Wire.FindRequest(service: "x", limit: -1), "limit: de 1 a 100; 0 da 12"),
  ])
  func searches(request: Wire.FindRequest, message: String) {
    #expect(throws: RPCError(.invalidArgument, message)) { try request.checked(for: nil, channel: .kiosk) }
  }

  @Test("A search that says only its service asks for twelve slots of any kind")
  func leastSearch() throws {
    #expect(
      try Wire.FindRequest(service: "estomatologia").checked(for: nil, channel: .phone)
        == FindSlots(service: ServiceCode("estomatologia"), channel: .phone, limit: 12))
  }

  @Test("Every status and every refusal has its number of the contract, in the order of the rules")
  func numbers() {
    #expect(Appointment.Status.allCases.map { Wire.AppointmentStatus($0).rawValue } == Array(1...10))
    let last = CivilDate(iso: "2026-11-24")!
    let refusals: [CommandRefusal] = [
      .appointmentNotFound, .holdExpired, .wrongState(.cancelled), .serviceNotOffered, .resourceNotOffered, .slotInThePast,
      .beyondHorizon(last: last), .closed, .notOnGrid, .rightsEndBefore(last: nil), .notAccessible,
      .limitReached(allowed: 1), .personBusy(Folio("482011570363")!), .slotTaken(by: Folio("482011570363")!),
    ]
    #expect(refusals.map { Wire.RefusalReason($0)?.rawValue } == (1...14).map { Int32($0) })
    let later: [CommandRefusal] = [
      .notReleased(at: .epoch), .householdLimitReached(allowed: 6), .turnoFull(cap: 24), .quotaSpent(opens: .epoch), .offerOver,
      .slotOffered(until: .epoch),
    ]
    #expect(later.map { Wire.RefusalReason($0)?.rawValue } == (31...36).map { Int32($0) })
    let lives: [CommandRefusal] = [.nothingToUndo, .notLive, .tooEarly(from: .epoch)]
    #expect(lives.map { Wire.RefusalReason($0)?.rawValue } == (41...43).map { Int32($0) })
    #expect(Wire.RefusalReason(CommandRefusal.notTogether)?.rawValue == 61)
    #expect(Wire.RefusalReason(CommandRefusal.companionTaken(role: ""))?.rawValue == 62)
    #expect(Wire.RefusalReason(CommandRefusal.externalAgenda)?.rawValue == 71)
    let unit = ReceivingUnit(clues: CLUES("DFIMS000266")!, name: "UMF 20", address: "")
    #expect(Wire.RefusalReason(CommandRefusal.caredElsewhere(CaredElsewhere(unit: unit, from: last)))?.rawValue == 101)
    #expect(Wire.RefusalReason(CommandRefusal.series(.over))?.rawValue == 51)
    #expect(Wire.RefusalReason(CommandRefusal.notAllowed) == nil)
  }

  @Test("Reasons to cancel are kept; one of a newer contract counts as none", arguments: [
    (Wire.CancellationReason.unspecified, Appointment.CancellationReason.unspecified), (.cannotCome, .cannotCome),
    (.notNeeded, .notNeeded), (.otherPlace, .otherPlace), (.clinic, .clinic), (.unrecognized(99), .unspecified),
  ])
  func reasons(wire: Wire.CancellationReason, reason: Appointment.CancellationReason) {
    #expect(Appointment.CancellationReason(wire) == reason)
  }
}
