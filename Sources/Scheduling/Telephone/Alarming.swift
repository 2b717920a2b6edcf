package import ClinicDomain

extension TelephoneAlarm {
  /// A new one. A clock that is ahead of ours told nothing before it was told.
  init(told report: AlarmReport, as id: Int64, at now: Instant) {
    var report = report
    report.toldAt = min(report.toldAt, now)
    self.init(id: id, report: report, raisedAt: now)
  }

  /// Somebody goes there: the first who says so, also after it has escalated.
  func acknowledged(by name: StaffName, at now: Instant) -> TelephoneDecision {
    guard acknowledgement == nil else { return .alarm(self, isNew: false) }
    var alarm = self
    alarm.acknowledgement = Acknowledgement(at: now, by: name.text)
    return .alarm(alarm)
  }

  /// Nobody has acknowledged it in time; before its time nothing changes.
  func escalated(at now: Instant) -> TelephoneDecision {
    guard isWaiting, escalatedAt == nil, escalates <= now else { return .alarm(self, isNew: false) }
    var alarm = self
    alarm.escalatedAt = now
    return .alarm(alarm)
  }

  /// When it escalates unless somebody acknowledges it.
  package var escalates: Instant { raisedAt.adding(seconds: TelephoneBounds.alarmSeconds) }
}
