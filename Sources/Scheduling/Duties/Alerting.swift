package import ClinicDomain

/// Has somebody hear of what was not done in time. The server itself asks for it.
package struct RaiseAlert: Hashable, Sendable {
  package var kind: DutyAlert.Kind
  package var object: DutyAlert.Object

  package init(_ kind: DutyAlert.Kind, _ object: DutyAlert.Object) {
    self.kind = kind
    self.object = object
  }
}

/// Somebody takes an alert on.
package struct TakeOnAlert: Hashable, Sendable {
  package var actor: Actor
  package var alert: Int64

  package init(actor: Actor, alert: Int64) {
    self.actor = actor
    self.alert = alert
  }
}

/// What a night's check found, to be kept. The server itself asks for it.
package struct NoteNight: Hashable, Sendable {
  package var problems: [String]
  /// The history's last row that was looked at.
  package var lastRow: Int64

  package init(problems: [String], lastRow: Int64) {
    self.problems = problems
    self.lastRow = lastRow
  }
}

extension RaiseAlert {
  /// Raises it if it is so now and nobody has been told: whoever looked may have looked too early.
  package func decide(in scope: CommandScope, rules: ClinicRules, at now: Instant) -> Decision<DutyOutcome> {
    if let told = scope.duty.alerts.first(where: { $0.kind == kind }) { return Decision(DutyOutcome(alert: told), []) }
    guard isSo(in: scope.duty, rules: rules, at: now) else { return Decision(DutyOutcome(), []) }
    let alert = DutyAlert(kind, object, id: scope.duty.nextAlert, at: now)
    return Decision(DutyOutcome(alert: alert), [.duty(.alert(alert))])
  }

  private func isSo(in scope: DutyScope, rules: ClinicRules, at now: Instant) -> Bool {
    switch kind {
    case .referralWithoutDate: scope.referral?.lacksDate(at: now) ?? false
    case .surgeryOverLimit: scope.referral.map { rules.isOverLimit($0, at: now) } ?? false
    case .legadoOverdue: scope.legado?.last.isOverdue(on: rules.today(at: now)) ?? false
    // Those are raised with what they are about.
    case .childWithoutSlot, .followUpWithoutSlot, .nightlyCheck: false
    }
  }
}

extension ClinicRules {
  /// Days that a referred person has waited; see ``Referral/daysWaiting(since:today:)``.
  package func daysWaiting(_ referral: Referral, at now: Instant) -> Int {
    referral.daysWaiting(since: today(at: referral.createdAt), today: today(at: now))
  }

  /// Whether an operation is waited for longer than the clinic's limit, or will be until its date.
  package func isOverLimit(_ referral: Referral, at now: Instant) -> Bool {
    referral.kind == .surgery && referral.isWaiting && daysWaiting(referral, at: now) > clinic.duties.surgeryDays
  }
}

extension TakeOnAlert {
  /// - Throws: `notAllowed` for anybody but staff, `appointmentNotFound`. Whoever took it on first stays.
  package func decide(in scope: CommandScope, at now: Instant) throws(CommandRefusal) -> Decision<DutyOutcome> {
    let name = try actor.checkStaff()
    guard var alert = scope.duty.alerts.first else { throw .appointmentNotFound }
    guard alert.acknowledgedAt == nil else { return Decision(DutyOutcome(alert: alert), []) }
    alert.acknowledgedAt = now
    alert.acknowledgedBy = name
    return Decision(DutyOutcome(alert: alert), [.duty(.alert(alert))])
  }
}

extension NoteNight {
  /// With anything wrong the director has an alert.
  package func decide(in scope: CommandScope, rules: ClinicRules, at now: Instant) -> Decision<DutyOutcome> {
    let night = NightlyCheck(
      id: scope.duty.nextNight, day: rules.today(at: now), checkedAt: now, problems: problems, lastRow: lastRow)
    guard !problems.isEmpty else { return Decision(DutyOutcome(night: night), [.duty(.night(night))]) }
    let alert = DutyAlert(.nightlyCheck, .nightly(night.id), id: scope.duty.nextAlert, at: now)
    return Decision(DutyOutcome(alert: alert, night: night), [.duty(.night(night)), .duty(.alert(alert))])
  }
}
