internal import ClinicDomain
internal import Testing

@testable import kiosk_dev

@Suite("The morning of Machalí")
struct MachaliTests {
  /// A third of the people and of the places.
  static let small = MachaliParameters(seed: 7, people: 300, lines: 4, consultorios: 3, slotsEach: 10)

  static func played(_ rule: MachaliRule, _ parameters: MachaliParameters = small) throws -> MachaliReport {
    var morning = try MachaliMorning(parameters, rule)
    return try morning.run()
  }

  @Test("Whatever the rule, every place is given once and to nobody twice, and a seed plays one morning", arguments: MachaliRule.allCases)
  func everyPlace(rule: MachaliRule) throws {
    let report = try Self.played(rule)
    #expect(report.got.total == 30)
    #expect(report.wanted.total == 300)
    #expect(report.calls > report.busyTones)
    #expect(try Self.played(rule) == report)
    var other = Self.small
    other.seed = 8
    #expect(try Self.played(rule, other) != report)
  }

  @Test("With shares the kiosks and the desk get theirs, which first come leaves to whoever dials")
  func shares() throws {
    let first = try Self.played(.oneRelease)
    let shared = try Self.played(.staggered)
    // The desk opens half an hour after everything was given out.
    #expect(first.got[.desk] == 0)
    #expect(shared.got[.desk] > 0)
    #expect(shared.got[.kiosk] + shared.got[.desk] > first.got[.kiosk] + first.got[.desk])
    #expect(shared.lastPlace > first.lastPlace)
  }

  @Test("Events come by time, and of one time in the order in which they were added")
  func queue() {
    var queue = EventQueue<Int>()
    for (number, second) in [5, 1, 5, 3, 1, 0].enumerated() { queue.add(number, at: Instant(seconds: second)) }
    var order: [Int] = []
    while let (_, event) = queue.next() { order.append(event) }
    #expect(order == [5, 1, 4, 3, 0, 2])
  }
}
