import ClinicDomain
import Scheduling
import Testing

@Suite("How many failed identifications are borne")
struct IdentificationBoundsTests {
  static let locked = FailureCounts(visit: 3, person: 5, deviceIsLocked: true)

  @Test("Each bound, in the order in which it is checked; the desk has none, and a telephone bridge is no kiosk", arguments: [
    (FailureCounts(), .kiosk, nil), (FailureCounts(visit: 2, person: 4), .kiosk, nil), (FailureCounts(visit: 2, person: 4), .phone, nil),
    (locked, .kiosk, .device), (FailureCounts(visit: 3, person: 5), .kiosk, .visit), (FailureCounts(person: 5), .kiosk, .person),
    (locked, .phone, .visit), (FailureCounts(person: 5, deviceIsLocked: true), .phone, .person),
    (FailureCounts(deviceIsLocked: true), .phone, nil), (locked, .desk, nil),
  ] as [(FailureCounts, Channel, IdentificationBound?)])
  func order(counts: FailureCounts, channel: Channel, expected: IdentificationBound?) {
    var refusal: IdentificationBound?
    do throws(IdentificationBound) { try IdentificationBounds().judge(counts, at: channel) } catch { refusal = error }
    #expect(refusal == expected)
  }

  @Test("A kiosk is locked by its twentieth failure in an hour, or its 120th in a day", arguments: [
    (19, 119, false), (20, 20, true), (19, 120, true), (0, 0, false),
  ])
  func locks(hour: Int, day: Int, expected: Bool) { #expect(IdentificationBounds().locks(hour: hour, day: day) == expected) }
}
