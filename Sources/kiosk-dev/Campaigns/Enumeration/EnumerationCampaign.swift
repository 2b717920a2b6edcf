internal import ClinicConfiguration
internal import ClinicDomain
internal import KioskClient
internal import KioskServer
internal import KioskTestSupport
internal import Logging
internal import NIOPosix
internal import Scheduling
internal import TTRPCCore
internal import TTRPCNIO
internal import VentanillaMessages

/// One campaign of trying numbers, from an empty folder to the last person served.
struct EnumerationCampaign: Sendable {
  var attempts = 10_000
  var patients = 600
  var seed: UInt64 = 1
  /// Off where the machine is shared with tests.
  var judgesTimes = true

  static let kiosks = 12

  func run() async throws -> EnumerationReport {
    let clinic = try await EnumerationClinic.start(kiosks: Self.kiosks, people: people)
    do {
      let report = try await report(clinic)
      await clinic.stop()
      return report
    } catch {
      await clinic.stop()
      throw error
    }
  }

  /// Those whose birth dates are tried by telephone, at most three times each; then those who mistype.
  private var people: Int { attacked + patients }
  private var attacked: Int { max(attempts / 6 + 1, Self.crowded) }
  private static let crowded = 20

  private func report(_ clinic: EnumerationClinic) async throws -> EnumerationReport {
    var report = EnumerationReport()
    report.attempts = attempts
    report.testedBound = clinic.bounds.perDeviceAndHour
    var seen = Seen()
    report.tested = try await tryNumbers(0..<attempts, at: clinic, &seen)
    try await clinic.unlock("kiosk/kiosk-1")
    report.testedAfterUnlocking = try await tryNumbers(attempts..<attempts * 11 / 10, at: clinic, &seen)
    try await tryByTelephone(clinic, &seen, &report)
    (report.replies, report.refusals) = (seen.failures.count, seen.refusals.count)
    report.replyBytes = seen.failures.first.map(Seen.bytes) ?? 0
    try await crowdOut(clinic, &report)
    var generator = SeededGenerator(seed: seed)
    for name in ["twelve kiosks", "one bridge"] {
      report.days.append(try await HonestDay(clinic: clinic, first: attacked + 1, patients: patients).run(name, &generator))
    }
    report.judge(judgesTimes: judgesTimes)
    return report
  }

  /// What came back, whole.
  private struct Seen: Sendable {
    var failures: Set<RPCError> = []
    var refusals: Set<RPCError> = []

    static func bytes(_ error: RPCError) -> Int { error.message.utf8.count + error.details.reduce(0) { $0 + $1.value.count } }
  }

  // MARK: One kiosk

  /// - Returns: attempts that were looked at.
  private func tryNumbers(_ numbers: Range<Int>, at clinic: EnumerationClinic, _ seen: inout Seen) async throws -> Int {
    var tested = 0
    // Sixty-four at once, a connection of its own for each such crowd, and a new visit every three.
    for first in stride(from: numbers.lowerBound, to: numbers.upperBound, by: 64) {
      let connection = try await clinic.connect(kiosk: 1)
      let answers = await withTaskGroup(of: RPCError?.self) { group in
        for number in first..<min(first + 64, numbers.upperBound) {
          group.addTask {
            let isKnown = number.isMultiple(of: 2)
            return await connection.identifying(
              nss: isKnown ? CampaignPerson(number: number % people + 1).nss : EnumerationClinic.unknown(number), born: "1985-05-01",
              visit: "v\(number / 3)")
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      await connection.close()
      for case let error? in answers {
        if error.code == .unauthenticated { (tested, _) = (tested + 1, seen.failures.insert(error)) } else { seen.refusals.insert(error) }
      }
    }
    return tested
  }

  // MARK: The bridge

  private func tryByTelephone(
    _ clinic: EnumerationClinic, _ seen: inout Seen, _ report: inout EnumerationReport
  ) async throws {
    let bridge = try await clinic.connect("ivr")
    var generator = SeededGenerator(seed: seed)
    var order = (0..<attempts).map { $0 }
    for place in order.indices.reversed() where place > 0 { order.swapAt(place, generator.below(place + 1)) }
    var (unknown, wrong): ([Double], [Double]) = ([], [])
    for number in order {
      let isUnknown = number.isMultiple(of: 2)
      let person = number / 2 % attacked
      let nss = isUnknown ? EnumerationClinic.unknown(1_000_000 + person) : CampaignPerson(number: person + 1).nss
      let began = ContinuousClock.now
      let error = await bridge.identifying(nss: nss, born: "1985-05-0\(1 + number / 2 / attacked)", visit: "llamada \(number)")
      let time = began.duration(to: .now) / .microseconds(1)
      guard let error, error.code == .unauthenticated else {
        report.complaints.append("attempt \(number) by telephone: \(error.map { "\($0.code)" } ?? "was right")")
        continue
      }
      seen.failures.insert(error)
      report.testedByBridge += 1
      if isUnknown { unknown.append(time) } else { wrong.append(time) }
      if report.bridgeFailuresAtAlarm == 0, try await clinic.state().alarm { report.bridgeFailuresAtAlarm = report.testedByBridge }
    }
    await bridge.close()
    report.times = WelchTest(unknown, wrong)
    report.quickestTimes = WelchTest(unknown, wrong, quickest: 0.9)
  }

  // MARK: Locking others out

  private func crowdOut(_ clinic: EnumerationClinic, _ report: inout EnumerationReport) async throws {
    let (bridge, kiosk) = (try await clinic.connect("ivr"), try await clinic.connect(kiosk: 2))
    for number in 1...Self.crowded {
      let nss = CampaignPerson(number: number).nss
      for day in 10...19 { _ = await bridge.identifying(nss: nss, born: "1985-06-\(day)", visit: "\(number) \(day)") }
      let shut = await bridge.identifying(nss: nss, born: CampaignPerson.birthDate, visit: "\(number)")
      guard shut?.code == .failedPrecondition else { continue }
      report.crowdedOut += 1
      if await kiosk.identifying(nss: nss, born: CampaignPerson.birthDate, visit: "\(number)") == nil { report.crowdedOutServed += 1 }
    }
    await bridge.close()
    await kiosk.close()
    if report.crowdedOut != Self.crowded { report.complaints.append("the stranger's tries were not limited") }
  }
}
