internal import ArgumentParser
internal import ClinicDomain
internal import ClinicStore
internal import Foundation
internal import KioskTestSupport
internal import Scheduling

/// Somebody changes rows behind the server's back, a thousand times.
struct Tampering: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tampering",
    abstract: "Change, delete, swap and cut rows of bookings and history, and look whether each is named.",
    discussion: """
      Makes a store of so many appointments, copies it, does one deed to the copy as somebody would who knows sums and hashes and makes \
      them anew, and has the verification of `kioskctl db verify` read it. A deed is named when a finding has the number of its row; one to \
      the history, when the first finding has it.

      Exit status: 0 when every deed was named; 1 when one was not; 64 for a wrong flag.
      """)

  @Option(help: "Appointments in the store, 100 to 1000000.")
  var appointments = 100_000

  @Option(help: "Deeds, 1 to 100000.")
  var deeds = 1000

  @Option(help: "The seed of chance.")
  var seed: UInt64 = 1

  func validate() throws {
    guard (100...1_000_000).contains(appointments) else { throw ValidationError("--appointments takes 100 to 1000000.") }
    guard (1...100_000).contains(deeds) else { throw ValidationError("--deeds takes 1 to 100000.") }
  }

  func run() async throws {
    let folder = try BenchFolder(in: FileManager.default.currentDirectoryPath)
    defer { folder.remove() }
    let (whole, copy) = (folder.path("whole.sqlite"), folder.path("copy.sqlite"))
    let clock = ContinuousClock()
    try fill(whole)
    for suffix in [".head", ".lock", ".reserve"] { try? FileManager.default.copyItem(atPath: whole + suffix, toPath: copy + suffix) }
    var start = clock.now
    let verification = try StoreVerification(path: whole)
    print(
      "\(verification.appointments) appointments, \(verification.historyRows) rows of history, "
        + "verified whole in \((clock.now - start).milliseconds) ms: \(verification.findings.count) findings")
    guard verification.findings.isEmpty else { throw ExitCode(1) }
    var forger = StoreForger(seed: seed)
    var (done, missed, longest, spent) = (0, 0, Duration.zero, Duration.zero)
    let kinds = StoreForger.Kind.allCases
    var round = 0
    while done < deeds {
      defer { round += 1 }
      try? FileManager.default.removeItem(atPath: copy)
      try FileManager.default.copyItem(atPath: whole, toPath: copy)
      guard let deed = forger.forge(kinds[round % kinds.count], in: copy) else { continue }
      done += 1
      start = clock.now
      let findings = try StoreVerification(path: copy, thorough: false).findings
      let time = clock.now - start
      spent += time
      longest = max(longest, time)
      if !deed.isNamed(in: findings.map(\.text)) {
        missed += 1
        print("not named: \(deed): \(findings.map(\.text))")
      }
    }
    print(
      "\(done - missed) of \(done) deeds named, \((spent / done).milliseconds) ms each on average, \(longest.milliseconds) ms at most")
    if missed > 0 { throw ExitCode(1) }
  }

  /// Day after day of the bench's clinic, its whole horizon and then the next, each with people of its own: nobody attends, so whoever has
  /// as many appointments as one may has no other.
  private func fill(_ path: String) throws {
    let eras = (appointments + BenchClinic.slots - 1) / BenchClinic.slots
    let core = try BenchClinic.makeStore(at: path, people: BenchClinic.people * eras)
    defer { core.close() }
    let today = BenchClinic.rules.today(at: BenchClinic.now)
    var number = 0
    while number < appointments {
      let era = number / BenchClinic.slots
      let first = number % BenchClinic.slots
      let last = min(first + 256, BenchClinic.slots, first + appointments - number)
      let eraStart = today.advanced(by: era * BenchClinic.days)
      let commands = (first..<last).map { place in
        let choice = BenchClinic.choice(place, today: eraStart)
        return BenchClinic.booking(of: choice, for: BenchClinic.person(for: choice, today: eraStart) + era * BenchClinic.people)
      }
      for outcome in try core.apply(commands, at: BenchClinic.now.adding(seconds: era * BenchClinic.days * 86_400)) {
        guard case .granted = outcome else { throw BenchFault("not granted: \(outcome)") }
      }
      number += last - first
    }
  }
}
