import ClinicDomain
import ClinicStore
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

extension Wire.RaiseAlarmRequest {
  static func fixture(sign: String = "cara_brazo_habla", code: String = "cerebro") -> Self {
    Self(
      session: String(repeating: "07", count: 16), guide: .fixture, sign: sign, code: code, toldAtUnixMs: Instant.fixture.milliseconds)
  }
}

extension Wire.GuideEdition {
  static let fixture = Self(guide: "cara_caida", version: 1, hash: String(repeating: "09", count: 32))
}

extension Wire.KeepGuidanceRequest {
  /// Began between two hours and one before the fixture's instant.
  static let fixture = Self(
    session: String(repeating: "07", count: 16), guide: .fixture, language: "es",
    trail: [.init(step: "senales", key: 1), .init(step: "cuando", key: 2)], signs: ["cara_brazo_habla"],
    onsetEarliestUnixMs: Instant.fixture.adding(seconds: -7200).milliseconds,
    onsetLatestUnixMs: Instant.fixture.adding(seconds: -3600).milliseconds, endingStep: "llame_911", ending: "911")
}

@Suite("Alarms, from who tells them to who goes there")
struct AlarmTests {
  /// Waits until somebody waits for the next state of the alarms.
  func waiting(_ clinic: TestClinic, _ count: Int = 1) async throws {
    #expect(try await eventually { clinic.telephoneKeeper.alarms.readers == count })
  }

  @Test("P10: one message is enough for staff to be alerted, whoever it is for: nothing in it, and in none of that way, is a person, a session or a number",
    arguments: Depth.allCases)
  func oneMessage(depth: Depth) async throws {
    let way: [Any] = [Wire.RaiseAlarmRequest(), Wire.AwaitAlarmRequest(), Wire.KeepGuidanceRequest(), Wire.FindUnitsRequest()]
    for message in way {
      for field in Mirror(reflecting: message).children.compactMap(\.label) {
        for word in ["person", "patient", "token", "nss", "curp", "birth", "phone", "folio"] { #expect(!field.lowercased().contains(word), "\(field)") }
      }
    }
    try await withClinic(depth, people: []) { clinic in
      for (number, door) in [RoleSet.kiosk, .ivr].enumerated() {
        let raised = try await clinic.telephone(door).raiseAlarm(.fixture(), options: .write())
        #expect(raised.alarm == Int64(number + 1))
      }
      #expect(try await clinic.telephone(.staff).listAlarms(.init()).alarms.map(\.alarm) == [1, 2])
    }
  }

  @Test("Staff see an alarm as a state of its own, a person acknowledges it, and only then whoever waits is told that somebody comes",
    arguments: Depth.allCases)
  func acknowledged(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      let watch = try await clinic.telephone(.staff).watchAlarms(.init())
      #expect(try await watch.next()?.alarms == [])
      let raised = try await clinic.telephone().raiseAlarm(.fixture(), options: .write())
      #expect(raised == Wire.RaiseAlarmResponse(alarm: 1, escalatesAfterSeconds: 30))
      try await clinic.telephoneKeeper.look()
      let shown = try #require(try await watch.next()?.alarms.first)
      #expect(shown.alarm == 1 && shown.sign == "cara_brazo_habla" && shown.code == "cerebro" && shown.device.hasPrefix("ivr/"))
      #expect(shown.text == "Código cerebro: cara_brazo_habla, por teléfono, 07:00.")

      async let answer = clinic.telephone().awaitAlarm(.init(alarm: 1))
      try await waiting(clinic, 2)
      clinic.clock.advance(.seconds(29))
      try await clinic.telephoneKeeper.look()
      let acknowledged = try await clinic.telephone(.staff).acknowledgeAlarm(.init(alarm: 1), options: .write())
      #expect(acknowledged.alarm?.acknowledgedBy.hasPrefix("staff/") == true)
      try await clinic.telephoneKeeper.look()
      #expect(try await answer == Wire.AwaitAlarmResponse(acknowledged: true))
      #expect(try await watch.next()?.alarms.first?.acknowledgedAtUnixMs != 0)
      watch.cancel()
    }
  }

  @Test("Unacknowledged for thirty seconds it escalates, and whoever waits is told that nobody comes; it can be acknowledged after that",
    arguments: Depth.allCases)
  func escalated(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      _ = try await clinic.telephone().raiseAlarm(.fixture(sign: "dolor_de_pecho", code: "infarto"), options: .write())
      async let answer = clinic.telephone().awaitAlarm(.init(alarm: 1))
      try await waiting(clinic)
      clinic.clock.advance(.milliseconds(29_999))
      #expect(try await clinic.telephoneKeeper.look() == 0)
      clinic.clock.advance(.milliseconds(1))
      #expect(try await clinic.telephoneKeeper.look() == 1)
      #expect(try await answer == Wire.AwaitAlarmResponse(acknowledged: false))
      #expect(try await clinic.telephoneKeeper.look() == 0)
      let listed = try await clinic.telephone(.staff).listAlarms(.init()).alarms
      #expect(listed.first?.text == "Código infarto: dolor_de_pecho, por teléfono, 07:00. NADIE HA ACUDIDO.")
      let late = try await clinic.telephone(.staff).acknowledgeAlarm(.init(alarm: 1), options: .write())
      #expect(late.alarm.map { $0.escalatedAtUnixMs != 0 && $0.acknowledgedAtUnixMs != 0 } == true)
      // Who asks now is told the truth.
      #expect(try await clinic.telephone().awaitAlarm(.init(alarm: 1)).acknowledged)
    }
  }

  @Test("When it began is kept with the record of guidance, and staff see until when the 4.5 hours last")
  func onset() async throws {
    try await withClinic { clinic in
      _ = try await clinic.telephone().raiseAlarm(.fixture(), options: .write())
      _ = try await clinic.telephone().keepGuidance(.fixture, options: .write())
      let alarm = try #require(try await clinic.telephone(.staff).listAlarms(.init()).alarms.first)
      #expect(alarm.onsetEarliestUnixMs == Instant.fixture.adding(seconds: -7200).milliseconds)
      #expect(
        alarm.text == "Código cerebro: cara_brazo_habla, por teléfono, 07:00. Empezó entre las 05:00 y las 06:00. "
          + "La ventana de 4 horas y media está abierta hasta las 09:30.")
      clinic.clock.advance(.seconds(3 * 3600))
      let later = try await clinic.telephone(.staff).listAlarms(.init()).alarms.first?.text
      #expect(later?.contains("puede estar abierta hasta las 10:30") == true)
      let record = try #require(try await clinic.telephone(.technician).listGuidance(.init()).records.first)
      #expect(record.what == .fixture && record.channel == "phone" && record.keptAtUnixMs == Instant.fixture.milliseconds)
    }
  }

  @Test("Alarms that escalated stand first, then those that wait by their time, then the last that somebody went to")
  func order() async throws {
    try await withClinic { clinic in
      for _ in 1...3 {
        _ = try await clinic.telephone().raiseAlarm(.fixture(), options: .write())
        clinic.clock.advance(.seconds(20))
      }
      _ = try await clinic.telephone(.staff).acknowledgeAlarm(.init(alarm: 1), options: .write())
      try await clinic.telephoneKeeper.look()
      #expect(try await clinic.telephone(.staff).listAlarms(.init()).alarms.map(\.alarm) == [2, 3, 1])
    }
  }

  @Test("One request is one alarm, however often it is sent; the first who goes there is it")
  func once() async throws {
    try await withClinic { clinic in
      for _ in 1...3 { _ = try await clinic.telephone().raiseAlarm(.fixture(), options: .write(someID)) }
      let first = try await clinic.telephone(.staff).acknowledgeAlarm(.init(alarm: 1), options: .write())
      clinic.clock.advance(.seconds(5))
      let second = try await clinic.telephone(.staff).acknowledgeAlarm(.init(alarm: 1), options: .write())
      #expect(second == first)
      #expect(try await clinic.telephone(.staff).listAlarms(.init()).alarms.count == 1)
    }
  }

  @Test("What cannot be read is named; an alarm that there is not is not found")
  func wrong() async throws {
    try await withClinic { clinic in
      var requests: [(Wire.RaiseAlarmRequest, String)] = []
      for (field, change) in [
        ("session", { $0.session = "07" }), ("guide", { $0.guide = nil }), ("guide.version", { $0.guide?.version = 0 }),
        ("guide.hash", { $0.guide?.hash = "09" }), ("sign", { $0.sign = "Ana López" }), ("code", { $0.code = "rojo" }),
        ("told_at_unix_ms", { $0.toldAtUnixMs = 0 }),
      ] as [(String, (inout Wire.RaiseAlarmRequest) -> Void)] {
        var request = Wire.RaiseAlarmRequest.fixture()
        change(&request)
        requests.append((request, field))
      }
      for (request, field) in requests {
        let error = try await status { () throws(RPCError) in try await clinic.telephone().raiseAlarm(request, options: .write()) }
        #expect(error.code == .invalidArgument && error.message.hasPrefix("\(field): "), "\(error)")
      }
      let unknown = try await status { () throws(RPCError) in
        try await clinic.telephone(.staff).acknowledgeAlarm(.init(alarm: 9), options: .write())
      }
      #expect(unknown.code == .notFound)
    }
  }
}
