import ClinicDomain
import KioskTestSupport
import Scheduling
import Testing

extension AlarmReport {
  static func fixture(toldAt: Instant = .fixture, code: AlarmCode? = .infarto) -> AlarmReport {
    AlarmReport(
      session: Array(repeating: 7, count: 16),
      guide: PlayedGuide(code: "dolor_de_pecho", version: 1, hash: Array(repeating: 9, count: 32)), sign: "dolor_de_pecho", code: code,
      channel: .phone, device: "ivr/uid:7", toldAt: toldAt)
  }
}

extension TelephoneCommand {
  func decide(_ scope: TelephoneScope = TelephoneScope(), at now: Instant) throws(TelephoneRefusal) -> TelephoneDecision {
    try decide(in: scope, rules: .fixture(), at: now, folio: .fixture(1))
  }
}

@Suite("Alarms that somebody tells")
struct AlarmingTests {
  static let raised = TelephoneAlarm(id: 3, report: .fixture(), raisedAt: .fixture)
  static let nurse = StaffName("staff/uid:1000")!

  @Test("A new alarm is told not later than it is raised, whatever the teller's clock says", arguments: [-20, 0, 3600])
  func told(seconds: Int) throws {
    let told = Instant.fixture.adding(seconds: seconds)
    let decision = try TelephoneCommand.tellAlarm(.fixture(toldAt: told)).decide(TelephoneScope(next: 3), at: .fixture)
    let alarm = TelephoneAlarm(id: 3, report: .fixture(toldAt: min(told, .fixture)), raisedAt: .fixture)
    #expect(decision == TelephoneDecision(.alarm(alarm), [.alarm(alarm)]))
  }

  @Test("It escalates when thirty seconds have passed without anybody, once", arguments: [(29, false), (30, true), (7200, true)])
  func escalates(seconds: Int, escalates: Bool) throws {
    let now = Instant.fixture.adding(seconds: seconds)
    let decision = try TelephoneCommand.escalateAlarm(3).decide(TelephoneScope(alarm: Self.raised), at: now)
    var expected = Self.raised
    expected.escalatedAt = escalates ? now : nil
    #expect(decision == TelephoneDecision(.alarm(expected), escalates ? [.alarm(expected)] : []))
    let again = try TelephoneCommand.escalateAlarm(3).decide(TelephoneScope(alarm: expected), at: now)
    #expect(again.changes.isEmpty == escalates || !escalates)
  }

  @Test("The first who goes there is it, also after it escalated; whoever comes later changes nothing")
  func acknowledged() throws {
    let acknowledge = TelephoneCommand.acknowledge(AcknowledgeAlarm(alarm: 3, by: Self.nurse))
    var escalated = Self.raised
    escalated.escalatedAt = Instant.fixture.adding(seconds: 30)
    for alarm in [Self.raised, escalated] {
      let now = Instant.fixture.adding(seconds: 40)
      var expected = alarm
      expected.acknowledgement = .init(at: now, by: "staff/uid:1000")
      #expect(try acknowledge.decide(TelephoneScope(alarm: alarm), at: now) == TelephoneDecision(.alarm(expected), [.alarm(expected)]))
      let late = TelephoneCommand.acknowledge(AcknowledgeAlarm(alarm: 3, by: StaffName("staff/uid:1001")!))
      #expect(try late.decide(TelephoneScope(alarm: expected), at: .latest) == TelephoneDecision(.alarm(expected), []))
      #expect(try TelephoneCommand.escalateAlarm(3).decide(TelephoneScope(alarm: expected), at: .latest).changes == [])
    }
  }

  @Test("An alarm that there is not is refused", arguments: [
    TelephoneCommand.acknowledge(AcknowledgeAlarm(alarm: 9, by: nurse)), .escalateAlarm(9),
  ])
  func unknown(command: TelephoneCommand) {
    #expect(throws: TelephoneRefusal.alarmNotFound) { try command.decide(at: .fixture) }
  }
}
