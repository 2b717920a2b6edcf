internal import ClinicDomain
internal import Testing

@Suite("An instant")
struct InstantTests {
  @Test("Texts of instants that other clocks agree on", arguments: [
    (Int64(0), "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
    (1_000_000_000_000, "2001-09-09T01:46:40.000Z"), (1_795_269_785_120, "2026-11-21T14:03:05.120Z"),
  ])
  func texts(milliseconds: Int64, text: String) {
    let instant = Instant(milliseconds: milliseconds)
    #expect(instant.description == text)
    #expect(Instant(iso: text) == instant)
  }

  @Test("Decimals of a second are optional", arguments: [
    ("1970-01-01T00:00:01Z", Int64(1000)), ("1970-01-01T00:00:01.5Z", 1500), ("1970-01-01T00:00:01.05Z", 1050),
    ("1970-01-01T00:00:01.005Z", 1005),
  ])
  func decimals(text: String, milliseconds: Int64) {
    #expect(Instant(iso: text)?.milliseconds == milliseconds)
  }

  @Test("Other texts are no instant", arguments: [
    "1970-01-01T00:00:00", "1970-01-01T24:00:00Z", "1970-01-01T00:60:00Z", "1970-01-01T23:59:60Z", "1970-02-30T00:00:00Z",
    "1970-01-01 00:00:00Z", "1970-01-01T00:00:00.Z", "1970-01-01T00:00:00.1234Z", "1970-01-01T00:00:00+00:00", "Z", "",
    "9999-01-01T00:00:00Z", "0001-12-31T23:59:59Z",
  ])
  func unread(text: String) {
    #expect(Instant(iso: text) == nil)
  }

  @Test("Out of range becomes the nearest end, and arithmetic stays there")
  func ends() {
    #expect(Instant(milliseconds: .max) == .latest)
    #expect(Instant(milliseconds: .min) == .earliest)
    #expect(Instant(seconds: .max) == .latest)
    #expect(Instant(seconds: .min) == .earliest)
    #expect(Instant.latest + .seconds(Int64.max) == .latest)
    #expect(Instant.earliest - .seconds(Int64.max) == .earliest)
    #expect(Instant.earliest + .seconds(Int64.min) == .earliest)
    #expect(Instant.latest - .seconds(Int64.min) == .latest)
    #expect(Instant.latest.description == "9998-12-31T23:59:59.999Z")
    #expect(Instant.earliest.description == "0002-01-01T00:00:00.000Z")
  }

  @Test("Durations are added to the millisecond")
  func arithmetic() {
    let instant = Instant(milliseconds: 5000)
    #expect(instant + .milliseconds(1500) == Instant(milliseconds: 6500))
    #expect(instant - .seconds(10) == Instant(milliseconds: -5000))
    #expect(instant.adding(seconds: 60) - instant == .seconds(60))
    #expect(instant + .microseconds(1999) == Instant(milliseconds: 5001))
    #expect(Instant(milliseconds: -1).seconds == -1)
    #expect(Instant(milliseconds: 1999).seconds == 1)
  }
}
