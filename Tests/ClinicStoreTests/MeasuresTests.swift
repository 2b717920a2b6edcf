import ClinicDomain
import Glibc
import KioskTestSupport
import Scheduling
import Testing

@testable import ClinicStore

@Suite("What a director asks of the store")
struct MeasuresTests {
  @Test(
    "P28: the measures equal a brute-force count of the same rows, and the third next slot what the agenda showed at each midnight",
    arguments: 1...10 as ClosedRange<UInt64>)
  func equalBruteForce(seed: UInt64) throws {
    let folder = TemporaryFolder()
    let month = try MeasuredMonth(seed: seed, in: folder)
    defer { month.core.close() }
    let (rows, history) = (try month.core.allAppointments(), try month.core.history())
    let reader = try StoreReader(path: folder.file, options: .small)
    defer { reader.close() }
    for (first, last) in [(0, 20), (3, 9), (12, 12), (15, 40)] {
      let period = CivilDate.fixture.advanced(by: first)...CivilDate.fixture.advanced(by: last)
      let measures = try reader.measures(MeasuredMonth.rules, period: period, at: month.now)
      let days = first...min(last, MeasuredMonth.days - 1)
      #expect(measures.period == CivilDate.fixture.advanced(by: days.lowerBound)...CivilDate.fixture.advanced(by: days.upperBound))
      let brute = BruteForceMeasures(rows: rows, history: history, period: measures.period, now: month.now)
      for row in measures.rows {
        #expect(row.withinFiveDays == brute.told(row.subject, brute.withinFiveDays), "\(row.subject)")
        #expect(row.noShows == brute.told(row.subject, brute.noShows), "\(row.subject)")
        #expect(row.waits.map(\.days) == brute.told(row.subject, brute.waits), "\(row.subject)")
        #expect(row.waits.map(\.medianInterval) == brute.told(row.subject, brute.medianInterval), "\(row.subject)")
        switch row.subject {
        case .clinic:
          #expect(row.freedAndReused == brute.freedAndReused(nil))
          #expect(row.thirdNext == days.map { day in Self.middle(month.shown.map { $0[day] }) })
        case .resource(let resource):
          #expect(row.freedAndReused == brute.freedAndReused(resource))
          #expect(row.thirdNext == Array(month.shown[resource.number - 1][days]), "\(resource)")
        case .channel, .age, .language: #expect(row.freedAndReused == nil && row.thirdNext.isEmpty)
        }
      }
      #expect(
        measures.rows.map(\.subject) == [.clinic] + (1...3).map { .resource(.c($0)) } + Channel.allCases.map { .channel($0) }
          + AgeBand.allCases.map { .age($0) } + ["es", "nah", "yua"].map { .language($0) })
    }
  }

  private static func middle(_ rooms: [Int?]) -> Int? { rooms.sorted { ($0 ?? .max) < ($1 ?? .max) }[1] }

  @Test("The made-up months have everything that is measured, and cells too small to tell")
  func everythingHappens() throws {
    var unasked: [Act: Int] = [:]
    var (seen, hidden, without) = (MeasureRow(subject: .clinic, withinFiveDays: .init(), noShows: .init(), waits: .init()), 0, 0)
    for seed in 1...8 as ClosedRange<UInt64> {
      let folder = TemporaryFolder()
      let month = try MeasuredMonth(seed: seed, in: folder)
      let reader = try StoreReader(path: folder.file, options: .small)
      let measures = try reader.measures(MeasuredMonth.rules, period: .fixture ... .fixture.advanced(by: 20), at: month.now)
      seen = measures.rows[0]
      for entry in try month.core.history() where entry.before == nil && entry.object.hasPrefix("appointment:") {
        unasked[entry.act, default: 0] += 1
      }
      hidden += measures.rows.count { $0.noShows == nil }
      without += month.shown.joined().count { $0 == nil || $0! > 1 }
      reader.close()
      month.core.close()
    }
    for proportion in [seen.withinFiveDays, seen.noShows, seen.freedAndReused] {
      let proportion = try #require(proportion)
      #expect(0 < proportion.count && proportion.count < proportion.total)
    }
    #expect(try #require(seen.waits).count > 20)
    for act in [Act.importBooking, .placeActivity, .enterPaper] { #expect(unasked[act, default: 0] > 5, "\(act)") }
    #expect(hidden > 0)
    #expect(without > 0)
  }
}

/// The same measures, each by looking at every row again for every question.
private struct BruteForceMeasures {
  let rows: [Appointment]
  let period: ClosedRange<CivilDate>
  let now: Instant
  private let rules = MeasuredMonth.rules
  /// By which act each row came to be.
  private let acts: [String: Act]

  init(rows: [Appointment], history: [AuditRecord], period: ClosedRange<CivilDate>, now: Instant) {
    acts = Dictionary(history.map { ($0.object, $0.act) }) { first, _ in first }
    self.rows = rows.filter { $0.status != .pending && $0.cancellation != .holdExpired }
    self.period = period
    self.now = now
  }

  typealias Measured<Value> = (rows: [Appointment], value: Value, size: Int)

  private func person(_ row: Appointment) -> Patient { MeasuredMonth.people.first { $0.id == row.patient }! }

  /// Whether somebody asked here for it, or for the one that it was made instead of.
  private func wasAskedFor(_ row: Appointment) -> Bool {
    ![.importBooking, .placeActivity, .enterPaper].contains(acts["appointment:\(first(of: row).folio.number)"]!)
  }

  private func first(of row: Appointment) -> Appointment {
    var first = row
    while let before = first.replaces { first = rows.first { $0.folio == before }! }
    return first
  }

  private func wasThere(_ row: Appointment) -> Bool { row.replaces == nil && (row.arrivedAt.map { $0 <= row.createdAt } ?? false) }

  private func rows(of subject: MeasureRow.Subject) -> [Appointment] {
    rows.filter { row in
      switch subject {
      case .clinic: true
      case .resource(let resource): row.slot.resource == resource
      case .channel(let channel): row.channel == channel && wasAskedFor(row)
      case .age(let band):
        switch person(row).birthDate.age(on: row.slot.date) {
        case 0...9: band == .children
        case 10...19: band == .adolescents
        case 20...59: band == .adults
        default: band == .elders
        }
      case .language(let language): person(row).language == language
      }
    }
  }

  func withinFiveDays(_ subject: MeasureRow.Subject) -> Measured<Proportion> {
    let made = rows(of: subject).filter {
      $0.replaces == nil && wasAskedFor($0) && !wasThere($0) && period.contains(rules.today(at: $0.createdAt))
    }
    let near = made.filter { rules.today(at: $0.createdAt).daysSinceEpoch + 5 >= $0.slot.date.daysSinceEpoch }
    return (made, Proportion(near.count, of: made.count), made.count)
  }

  func noShows(_ subject: MeasureRow.Subject) -> Measured<Proportion> {
    let over = rows(of: subject).filter {
      !wasThere($0) && period.contains($0.slot.date) && rules.end(of: $0.slot) <= now
        && [.noshow, .arrived, .checkedIn, .fulfilled].contains($0.status)
    }
    return (over, Proportion(over.count { $0.status == .noshow && $0.arrivedAt == nil }, of: over.count), over.count)
  }

  func waits(_ subject: MeasureRow.Subject) -> Measured<[Int]> {
    let kept = waiting(subject)
    let waits = kept.map(days)
    return (kept, waits.isEmpty ? [] : (0...waits.max()!).map { days in waits.count { $0 == days } }, kept.count)
  }

  private func waiting(_ subject: MeasureRow.Subject) -> [Appointment] {
    rows(of: subject).filter { wasAskedFor($0) && !wasThere($0) && period.contains($0.slot.date) && $0.status != .cancelled }
  }

  private func days(_ row: Appointment) -> Int { row.slot.date.daysSinceEpoch - rules.today(at: first(of: row).createdAt).daysSinceEpoch }

  /// Of the ordered waits the outermost pair whose tails are at most 2.5 of 100 of the binomial distribution's.
  func medianInterval(_ subject: MeasureRow.Subject) -> Measured<ClosedRange<Int>?> {
    let kept = waiting(subject)
    let (sorted, n) = (kept.map(days).sorted(), Double(kept.count))
    func tail(_ rank: Int) -> Double {
      var sum = 0.0
      for count in 0..<rank {
        let k = Double(count)
        sum += exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) - n * log(2.0))
      }
      return sum
    }
    let rank = (0...sorted.count / 2).last { $0 > 0 && tail($0) <= 0.025 }
    return (kept, rank.map { sorted[$0 - 1]...sorted[sorted.count - $0] }, kept.count)
  }

  /// `nil` where fewer than five people stand behind it, or where it would give away the one of its kind that is.
  func told<Value>(_ subject: MeasureRow.Subject, _ measure: (MeasureRow.Subject) -> Measured<Value>) -> Value? {
    func isSmall(_ subject: MeasureRow.Subject) -> Bool { (1...4).contains(Set(measure(subject).rows.map(\.patient)).count) }
    if isSmall(subject) { return nil }
    let kind: [MeasureRow.Subject] = switch subject {
    case .clinic: [.clinic]
    case .resource: (1...3).map { .resource(.c($0)) }
    case .channel: Channel.allCases.map { .channel($0) }
    case .age: AgeBand.allCases.map { .age($0) }
    case .language: ["es", "nah", "yua"].map { .language($0) }
    }
    if kind.count(where: isSmall) == 1 {
      let others = kind.filter { !isSmall($0) && measure($0).size > 0 }
      if let least = others.map({ measure($0).size }).min(), others.first(where: { measure($0).size == least }) == subject { return nil }
    }
    return measure(subject).value
  }

  func freedAndReused(_ resource: ResourceID?) -> Proportion {
    let left = rows.filter { row in
      guard resource == nil || row.slot.resource == resource, period.contains(row.slot.date), rules.start(of: row.slot) <= now else { return false }
      if row.status == .cancelled { return row.cancellation != .clinic && row.changedAt < rules.start(of: row.slot) }
      return row.status == .noshow && row.changedAt < rules.end(of: row.slot)
    }
    let reused = left.filter { gone in
      rows.contains {
        $0.slot.resource == gone.slot.resource && $0.slot.date == gone.slot.date && $0.slot.minutes.overlaps(gone.slot.minutes)
          && $0.createdAt >= gone.changedAt
      }
    }
    return Proportion(reused.count, of: left.count)
  }
}
