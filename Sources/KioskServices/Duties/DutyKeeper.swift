internal import ClinicDomain
package import ClinicStore
internal import Scheduling

/// What the server does of itself so that nothing that the clinic owes is forgotten: it alerts whoever must do what was not done in time, and
/// checks the store once a night. On the same queue as everybody.
package final class DutyKeeper: Sendable {
  /// The time between two looks. Everything here is due in minutes or days.
  package static let patience = Duration.seconds(5)

  private let counter: Counter
  private let onFault: @Sendable (StoreFault) -> Void
  /// Before the first night that is kept, a night is due only when its hour has come since then: a server that is started at noon checks the
  /// night to come.
  private let startedAt: Instant

  package init(_ counter: Counter, onFault: @escaping @Sendable (StoreFault) -> Void = { _ in }) {
    self.counter = counter
    self.onFault = onFault
    startedAt = counter.now
  }

  /// Looks once, and does what is to be done now.
  ///
  /// - Returns: how much that was; 0 when there is nothing more to do now.
  package func look() async throws(StoreFault) -> Int {
    let (now, rules) = (counter.now, counter.rules)
    let (due, lastNight) = try await counter.store.read { reader throws(StoreFault) in
      (try reader.unraised(by: rules, at: now), try reader.nights(limit: 1).first)
    }
    for alert in due { _ = try await submit(.raise(alert)) }
    let breached = try await breachTriage(at: now)
    guard isNightDue(after: lastNight, at: now) else { return due.count + breached }
    let found = try await counter.store.checkNight(at: now)
    _ = try await submit(.noteNight(NoteNight(problems: found.findings.map(\.text), lastRow: found.lastRow)))
    return due.count + breached + 1
  }

  /// Who has waited longer than their colour allows is an alarm on every staff console. It is raised before it is noted, so that no crash
  /// between the two loses it.
  private func breachTriage(at now: Instant) async throws(StoreFault) -> Int {
    let waiting = try await counter.store.read { reader throws(StoreFault) in try reader.triageWaiting() }
    let overdue = waiting.filter { $0.isOverdue(at: now) }
    for triage in overdue {
      let report = AlarmReport(
        session: (0..<16).map { _ in UInt8.random(in: .min ... .max) }, guide: Self.triageGuide, sign: "triage_\(triage.color.rawValue)",
        code: nil, channel: .desk, device: "triage/\(triage.id)", toldAt: now)
      _ = try await counter.submit(.telephone(.tellAlarm(report)))
      _ = try await counter.submit(.care(.breach(BreachTriage(triage: triage.id))))
    }
    return overdue.count
  }

  /// No guide asked: the colour is staff's own.
  private static let triageGuide = PlayedGuide(code: "triage", version: 1, hash: [UInt8](repeating: 0, count: 32))

  /// Looks every few seconds, until the task is cancelled.
  package func run() async {
    while (try? await Task.sleep(for: Self.patience)) != nil {
      do throws(StoreFault) { _ = try await look() } catch {
        if !error.isOfStopping { onFault(error) }
      }
    }
  }

  private func isNightDue(after last: NightlyCheck?, at now: Instant) -> Bool {
    let rules = counter.rules
    let hour = rules.zone.instant(of: rules.today(at: now), minute: rules.clinic.duties.nightlyMinute)
    guard hour <= now else { return false }
    return last.map { $0.checkedAt < hour } ?? (startedAt < hour)
  }

  private func submit(_ command: DutyCommand) async throws(StoreFault) -> StoreOutcome {
    try await counter.submit(.duty(command))
  }
}
