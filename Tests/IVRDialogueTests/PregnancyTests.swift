internal import ClinicConfiguration
internal import ClinicDomain
internal import Guidance
internal import IVRDialogue
internal import KioskTestSupport
internal import Testing

/// Cero rechazo on the telephone, over every key sequence of the shipped line with the shipped clinic's roster.
@Suite("A pregnant caller, on every way through a call")
struct PregnancyTests {
  static let maternity: MaternityPolicy = {
    do { return try ClinicConfiguration.load(path: "\(configuration)/clinics/umf-muestra-30/clinic.yaml").value.maternity! } catch {
      preconditionFailure("the shipped clinic: \(error)")
    }
  }()

  static let line: PhoneLine = {
    var line = shippedLine
    line.maternity = maternity
    return line
  }()

  /// What the server does.
  enum Server: CaseIterable {
    /// Nobody answers at all.
    case away
    /// There is no place, and promises are written down.
    case full
    /// There is one in three months, whatever was asked for.
    case far
    /// There is one in time, and somebody takes it first; then there is none.
    case taken
    /// There is one in time, and it is refused to her: no rights, or she has one.
    case refused
    /// There is none: another unit cares for her.
    case elsewhere
    /// There is none, and nothing can be written down.
    case readOnly

    func answer(_ request: BackEndRequest) -> CallEvent {
      let near = OfferedSlot(service: ServiceCode("medicina_familiar"), slot: SlotChoice(resource: ResourceID(.consultorio, 12)!, date: ProgrammeTests.tuesday.adding(days: 3), start: AgendaMinute(minutes: 495)!))
      let far = OfferedSlot(service: near.service, slot: SlotChoice(resource: near.slot.resource, date: ProgrammeTests.tuesday.adding(days: 90), start: near.slot.start))
      switch (self, request) {
      case (.away, _), (.readOnly, .leaveCallback), (.readOnly, .identify): return .backEndAway(mayHaveHappened: false)
      case (_, .identify): return .answer(.identified)
      case (.full, .find), (.readOnly, .find): return .answer(.noSlots)
      case (.elsewhere, .find): return .answer(.caredElsewhere(CaringUnit(clues: nil, isFree: true)))
      case (.far, .find): return .answer(.slots([far]))
      case (.taken, .find(let search)): return .answer(search.earliest == nil ? .slots([near]) : .noSlots)
      case (.refused, .find): return .answer(.slots([near]))
      case (.taken, .hold): return .answer(.taken)
      case (.refused, .hold): return .answer(.refused(.other))
      case (_, .leaveCallback): return .answer(.callbackLeft(Folio(random: 7), by: ProgrammeTests.tuesday, AgendaMinute(minutes: 630)!))
      case (_, .joinWaitlist): return .answer(.waiting(place: 3))
      default: return .backEndAway(mayHaveHappened: false)
      }
    }
  }

  @Test("P19: over any server, hour and number, a pregnant caller with an alarm sign is sent to Urgencias; without one she is offered a date within seven days or hears a person's name, their telephone and 30 minutes; never a date in three months", arguments: Server.allCases, [3, 10, 23])
  func everyWay(server: Server, hour: Int) {
    let limit = ProgrammeTests.tuesday.adding(days: 7)
    for caller in ["+525512345678", nil] {
      let start = ProgrammeTests.start("orientacion", hour: hour, caller: caller)
      let person = Self.maternity.onDuty(on: ProgrammeTests.tuesday, at: AgendaMinute(minutes: 60 * hour)!)
      var ends = 0
      for way in EveryWay(line: Self.line).ways(from: start, back: server.answer) where way.stood.contains("guia.embarazo.otras") {
        // Nothing later than the clinic's days is ever offered, whatever she presses.
        #expect(way.call.memory.slots.allSatisfy { $0.slot.date <= limit }, "\(way.pressed)")
        guard case .end = way.turn.step else { continue }
        ends += 1
        let said = way.heard.joined(separator: " ")
        let isUrgent = said.contains("Vaya ahora a la sala de Urgencias")
        let isNamed = said.contains(person.name) && said.contains(person.phone.national!.inPairs)
        let isBooked = way.call.memory.appointment != nil
        #expect(isUrgent || isNamed || isBooked, "\(server) \(hour) h, \(way.pressed): \(said.suffix(200))")
        if isNamed, server != .away, server != .readOnly, way.asked.contains(where: { if case .leaveCallback(_, .pregnancy, 30) = $0 { true } else { false } }) {
          #expect(said.contains("30 minutos a más tardar") || said.contains("Le llamamos a más tardar"), "\(way.pressed): \(said.suffix(200))")
        }
      }
      #expect(ends > 0)
    }
  }

  @Test("P19: the number that she calls from is not asked again, and the promise names it; with the server dead she hears whom to call")
  func promise() throws {
    let pressed = ["3", "2", "2", "2"]
    let start = ProgrammeTests.start("orientacion", hour: 23, caller: "+525512345678")
    let way = try #require(EveryWay(line: Self.line).ways(from: start, back: Server.full.answer).first { $0.pressed == pressed })
    #expect(way.asked.last == .leaveCallback(digits: "5512345678", .pregnancy, withinMinutes: 30))
    #expect(way.heard.last == "La atiende Dra. Luz Inventada, médica de guardia de la zona. Su teléfono es 55 50 10 90 13 Ya tiene su caso y le llama en 30 minutos a más tardar. Si empeora, vaya a Urgencias o marque 911.")
    #expect(way.turn.step == .end(.ok))
    let away = try #require(EveryWay(line: Self.line).ways(from: start, back: Server.away.answer).first { $0.pressed == pressed })
    #expect(away.heard.last?.contains("Su teléfono es 55 50 10 90 13 Llámele ahora.") == true)
    let staffed = ProgrammeTests.start("orientacion", hour: 10)
    let day = try #require(EveryWay(line: Self.line).ways(from: staffed, back: Server.full.answer).first { $0.pressed == pressed })
    #expect(day.heard.last?.hasPrefix("La atiende Enf. María Muestra, enfermera materno infantil.") == true && day.turn.step == .end(.person))
  }

  @Test("Every text of the roster has its sound")
  func sounds() {
    let ids = Set(Self.line.texts(in: .spanish).map(\.id.rawValue))
    #expect(ids.isSuperset(of: ["linea.guardia.1", "linea.guardia.2", "linea.guardia.3", "linea.guardia.plazo", "linea.guardia.marque"]))
  }
}

extension String {
  fileprivate var inPairs: String {
    stride(from: 0, to: count, by: 2).map { String(dropFirst($0).prefix(2)) }.joined(separator: " ")
  }
}
