internal import ClinicDomain
internal import Testing

@testable internal import KioskServer

@Suite("A clinic's zone from tzdata")
struct ClinicZoneTZDataTests {
  @Test("Zones without transitions in 2026, by their offset in hours", arguments: [
    ("America/Mexico_City", -6), ("America/Cancun", -5), ("America/Hermosillo", -7), ("America/Chihuahua", -6),
    ("America/Mazatlan", -7), ("America/Merida", -6), ("America/Monterrey", -6), ("America/Bahia_Banderas", -6),
  ])
  func fixed(name: String, hours: Int) throws {
    let zone = try ClinicZone.fromTZData(named: name)
    #expect(zone.offsetSeconds(at: Instant(iso: "2026-01-15T12:00:00Z")!) == hours * 3600)
    #expect(zone.offsetSeconds(at: Instant(iso: "2026-07-15T12:00:00Z")!) == hours * 3600)
    #expect(!zone.transitions.contains { (Instant(iso: "2026-01-01T00:00:00Z")!..<Instant(iso: "2027-01-01T00:00:00Z")!).contains($0.at) })
  }

  @Test("Border zones change twice in 2026", arguments: [
    ("America/Tijuana", -8, "2026-03-08T10:00:00Z", "2026-11-01T09:00:00Z"),
    ("America/Ciudad_Juarez", -7, "2026-03-08T09:00:00Z", "2026-11-01T08:00:00Z"),
    ("America/Ojinaga", -6, "2026-03-08T08:00:00Z", "2026-11-01T07:00:00Z"),
    ("America/Matamoros", -6, "2026-03-08T08:00:00Z", "2026-11-01T07:00:00Z"),
  ])
  func border(name: String, standardHours: Int, spring: String, autumn: String) throws {
    let year = Instant(iso: "2026-01-01T00:00:00Z")!..<Instant(iso: "2027-01-01T00:00:00Z")!
    #expect(try ClinicZone.fromTZData(named: name).transitions.filter { year.contains($0.at) } == [
      .init(at: Instant(iso: spring)!, offsetSeconds: (standardHours + 1) * 3600),
      .init(at: Instant(iso: autumn)!, offsetSeconds: standardHours * 3600),
    ])
  }

  @Test("Mexico City's last daylight time ended on 30 October 2022")
  func lastDaylightTime() throws {
    let zone = try ClinicZone.fromTZData(named: "America/Mexico_City")
    #expect(zone.transitions.last == .init(at: Instant(iso: "2022-10-30T07:00:00Z")!, offsetSeconds: -6 * 3600))
    #expect(zone.transitions.count == 6)
    #expect(zone.initialOffsetSeconds == -6 * 3600)
  }

  @Test("Tijuana's table goes on to 2045, past the end of the file's own transitions")
  func horizon() throws {
    let zone = try ClinicZone.fromTZData(named: "America/Tijuana")
    #expect(zone.transitions.count == 52)
    #expect(zone.transitions.suffix(2) == [
      .init(at: Instant(iso: "2045-03-12T10:00:00Z")!, offsetSeconds: -7 * 3600),
      .init(at: Instant(iso: "2045-11-05T09:00:00Z")!, offsetSeconds: -8 * 3600),
    ])
  }

  @Test("Names that are no zone are refused, and none leaves the folder", arguments: [
    "", "America/Nowhere", "../../etc/passwd", "/etc/passwd", "America//Tijuana", "America", "America/Tijuana ", "Hora del centro",
    "America/Tij\u{0}uana",
  ])
  func unknown(name: String) {
    #expect(throws: ZoneFault.unknownZone(name)) { try ClinicZone.fromTZData(named: name) }
  }


  @Test("A file cut anywhere is no TZif")
  func cut() throws {
    let whole = Self.file(footer: "CST6CDT,M4.1.0,M10.5.0")
    #expect(TZifFile(bytes: whole) != nil)
    for length in 0..<whole.count { #expect(TZifFile(bytes: Array(whole.prefix(length))) == nil) }
  }

  @Test("A zone made by its closing rule alone")
  func ruleAlone() throws {
    let file = try #require(TZifFile(bytes: Self.file(footer: "CST6CDT,M4.1.0,M10.5.0")))
    let zone = try #require(ClinicZone(name: "x", file: file, years: 2021...2021))
    #expect(zone.transitions == [
      .init(at: Instant(iso: "2021-04-04T08:00:00Z")!, offsetSeconds: -5 * 3600),
      .init(at: Instant(iso: "2021-10-31T07:00:00Z")!, offsetSeconds: -6 * 3600),
    ])
  }

  /// An empty 32-bit block, then one type of −6 hours and a closing rule.
  static func file(footer: String) -> [UInt8] {
    func header(types: UInt8) -> [UInt8] {
      Array("TZif2".utf8) + Array(repeating: 0, count: 15) + Array(repeating: 0, count: 16) + [0, 0, 0, types, 0, 0, 0, 4]
    }
    let block: [UInt8] = [0xFF, 0xFF, 0xAB, 0xA0, 0, 0] + Array("CST\0".utf8)
    return header(types: 1) + block + header(types: 1) + block + Array("\n\(footer)\n".utf8)
  }
}

@Suite("A closing rule of tzdata")
struct PosixZoneRuleTests {
  @Test("Rules and the changes they give in 2024", arguments: [
    ("CST6", []), ("<-03>3", []), ("<+0545>-5:45", []),
    ("PST8PDT,M3.2.0,M11.1.0", ["2024-03-10T10:00:00.000Z -25200", "2024-11-03T09:00:00.000Z -28800"]),
    ("CET-1CEST,M3.5.0,M10.5.0/3", ["2024-03-31T01:00:00.000Z 7200", "2024-10-27T01:00:00.000Z 3600"]),
    ("AAA0BBB,J60,J300/0", ["2024-03-01T02:00:00.000Z 3600", "2024-10-26T23:00:00.000Z 0"]),
    ("AAA0BBB-0:30,59/1:30,300", ["2024-02-29T01:30:00.000Z 1800", "2024-10-27T01:30:00.000Z 0"]),
    ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", ["2024-03-31T01:00:00.000Z -3600", "2024-10-27T01:00:00.000Z -7200"]),
  ] as [(String, [String])])
  func rules(text: String, changes: [String]) throws {
    let rule = try #require(PosixZoneRule(text: text))
    #expect(rule.transitions(year: 2024).map { "\(Instant(seconds: $0.at)) \($0.offset)" } == changes)
  }

  @Test("Other texts are no rule", arguments: [
    "", "CS6", "CST", "CST6CDT", "CST6CDT,M4.1.0", "CST6CDT,M13.1.0,M10.5.0", "CST6CDT,M4.0.0,M10.5.0", "CST6CDT,M4.1.0,M10.5.0,",
    "CST6CDT,J0,J1", "<CST6", "CST200",
  ])
  func unread(text: String) {
    #expect(PosixZoneRule(text: text) == nil)
  }
}
