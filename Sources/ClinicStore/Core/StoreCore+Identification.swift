internal import ClinicDomain
internal import Scheduling

// Failures join the group commit: a row beside the bookings of its batch costs no fsync of its own, and the answer that tells of the
// failure waits for it. A kill -9, or a power cut, then takes back no failure that anybody was told of; a counter that came later to the
// disk would be reset by whoever can make the server fall over. Who succeeds writes nothing.

extension StoreCore {
  func count(_ counted: IdentificationCommand, of command: StoreCommand, at now: Instant) throws(StoreFault) -> CommandOutcome {
    switch counted {
    case .failure(let failure): .failure(try count(failure, of: command, at: now))
    case .unlock(let unlock): try perform(unlock, of: command, at: now)
    }
  }

  private func count(_ failure: IdentificationFailure, of command: StoreCommand, at now: Instant) throws(StoreFault) -> FailureOutcome {
    let id = try lastFailure() + 1
    var row = RowWriter(try statements[.insertFailure])
    row.integer(id)
    row.integer(now.milliseconds)
    row.integer(rules.today(at: now).daysSinceEpoch)
    row.blob(failure.subject)
    row.text(failure.channel.rawValue)
    row.text(failure.device)
    if let visit = failure.visit { row.blob(visit) } else { row.null() }
    try row.write()
    // The new row stays, so an id is never used twice.
    try forgetOld(at: now)
    return FailureOutcome(
      locks: failure.channel == .kiosk ? try lockIfNeeded(failure, of: command, at: now) : false,
      raisesAlarm: try raiseAlarm(failure.bounds, of: command, at: now))
  }

  private func lastFailure() throws(StoreFault) -> Int64 {
    let rows = try statements[.lastFailure]
    defer { rows.reset() }
    return try rows.step() ? rows.integer(0) : 0
  }

  /// Two days outlast every count; a few rows at a time, more than come.
  private func forgetOld(at now: Instant) throws(StoreFault) {
    let cut = now.adding(seconds: -2 * 86_400).milliseconds
    for name in [StoreStatements.Name.forgetFailures, .forgetPardons] {
      let statement = try statements[name]
      statement.bind(cut, at: 1)
      try statement.run()
    }
  }

  private func lockIfNeeded(_ failure: IdentificationFailure, of command: StoreCommand, at now: Instant) throws(StoreFault) -> Bool {
    let device = try deviceStanding(failure.device)
    let bounds = failure.bounds
    let hour = try failures(of: failure.device, seconds: 3600, after: device.countedAfter, upTo: bounds.perDeviceAndHour, at: now)
    let day = try failures(of: failure.device, seconds: 86_400, after: device.countedAfter, upTo: bounds.perDeviceAndDay, at: now)
    guard !device.isLocked, bounds.locks(hour: hour, day: day) else { return false }
    try write(device: failure.device, countedAfter: device.countedAfter, lockedAt: now)
    try write(.lock, Authorship(.system, .lockKiosk), device: failure.device, of: command, at: now)
    return true
  }

  private func deviceStanding(_ device: String) throws(StoreFault) -> (countedAfter: Int64, isLocked: Bool) {
    let rows = try statements[.device]
    rows.bind(device, at: 1)
    defer { rows.reset() }
    return try rows.step() ? (rows.integer(0), !rows.isNull(1)) : (0, false)
  }

  private func failures(
    of device: String, seconds: Int, after id: Int64, upTo bound: Int, at now: Instant
  ) throws(StoreFault) -> Int {
    let rows = try statements[.deviceFailures]
    rows.bind(device, at: 1)
    rows.bind(now.adding(seconds: -seconds).milliseconds, at: 2)
    rows.bind(id, at: 3)
    rows.bind(Int64(bound), at: 4)
    defer { rows.reset() }
    return try rows.step() ? Int(rows.integer(0)) : 0
  }

  /// Once an hour at most, when the failure that makes the number full is within the hour.
  private func raiseAlarm(_ bounds: IdentificationBounds, of command: StoreCommand, at now: Instant) throws(StoreFault) -> Bool {
    let hourAgo = now.adding(seconds: -3600).milliseconds
    let rows = try statements[.failureBefore]
    rows.bind(Int64(bounds.alarmPerHour - 1), at: 1)
    defer { rows.reset() }
    guard try rows.step(), rows.integer(0) > hourAgo else { return false }
    let last = try statements[.lastAlarm]
    defer { last.reset() }
    if try last.step(), last.integer(0) > hourAgo { return false }
    try write(.alarm, Authorship(.system, .raiseAlarm), of: command, at: now)
    return true
  }
}

// MARK: - What staff do

extension StoreCore {
  private func perform(_ unlock: UnlockIdentification, of command: StoreCommand, at now: Instant) throws(StoreFault) -> CommandOutcome {
    let (last, author) = (try lastFailure(), command.command.authorship)
    switch unlock.what {
    case .device(let device):
      try write(device: device, countedAfter: last, lockedAt: nil)
      try write(.unlockDevice, author, device: device, by: unlock.by, of: command, at: now)
    case .subject(let subject):
      var row = RowWriter(try statements[.replacePardon])
      row.blob(subject)
      row.integer(last)
      row.integer(now.milliseconds)
      try row.write()
      try write(.unlockPerson, author, subject: subject, by: unlock.by, of: command, at: now)
    }
    return .unlocked
  }

  private func write(device: String, countedAfter: Int64, lockedAt: Instant?) throws(StoreFault) {
    var row = RowWriter(try statements[.replaceDevice])
    row.text(device)
    row.integer(countedAfter)
    row.optional(lockedAt?.milliseconds)
    try row.write()
  }

  /// Writes an event, and its row of the history.
  private func write(
    _ kind: IdentificationState.Event.Kind, _ author: Authorship, device: String? = nil, subject: [UInt8]? = nil, by name: StaffName? = nil,
    of command: StoreCommand, at now: Instant
  ) throws(StoreFault) {
    let id = try connection.integer("SELECT max(id) FROM identification_event") + 1
    func write(to row: inout some ColumnSink) {
      row.integer(id)
      row.integer(now.milliseconds)
      row.text(kind.rawValue)
      row.optional(device)
      if let subject { row.blob(subject) } else { row.null() }
      row.optional(author.reason)
      row.optional(name?.text)
    }
    var row = RowWriter(try statements[.insertEvent])
    write(to: &row)
    try row.write()
    var digest = RowDigest()
    write(to: &digest)
    try record(AuditEntry(author, .identificationEvent(id), by: command, content: digest.value, at: now))
  }
}
