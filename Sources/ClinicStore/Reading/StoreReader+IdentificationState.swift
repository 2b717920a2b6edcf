package import ClinicDomain
package import Scheduling

/// Failed identifications as staff see them: counts and devices, nobody's identity.
package struct IdentificationState: Hashable, Sendable {
  package struct LockedDevice: Hashable, Sendable {
    package var device: String
    package var since: Instant
  }

  package struct ChannelFailures: Hashable, Sendable {
    package var channel: Channel
    package var failures: Int

    package init(channel: Channel, failures: Int) {
      self.channel = channel
      self.failures = failures
    }
  }

  package struct Event: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
      case alarm, lock
      case unlockDevice = "unlock-device"
      case unlockPerson = "unlock-person"
    }

    package var at: Instant
    package var kind: Kind
    package var device: String?
    package var reason: UnlockIdentification.Reason?
    package var by: String?

    package init(
      at: Instant, kind: Kind, device: String? = nil, reason: UnlockIdentification.Reason? = nil, by: String? = nil
    ) {
      self.at = at
      self.kind = kind
      self.device = device
      self.reason = reason
      self.by = by
    }
  }

  package var failuresLastHour: Int
  /// By door, in the order of ``Channel``; only doors with failures.
  package var today: [ChannelFailures]
  /// By name.
  package var locked: [LockedDevice]
  /// Newest first, at most ``StoreReader/eventsShown``.
  package var events: [Event]
}

extension StoreReader {
  package static let eventsShown = 20

  package func identificationState(now: Instant, today: CivilDate) throws(StoreFault) -> IdentificationState {
    IdentificationState(
      failuresLastHour: try failures(since: now.adding(seconds: -3600)), today: try failuresByChannel(on: today),
      locked: try lockedDevices(), events: try newestEvents())
  }

  /// From the newest back: the table holds two days.
  private func failures(since start: Instant) throws(StoreFault) -> Int {
    let rows = try statement("SELECT at FROM identification_failure ORDER BY id DESC")
    defer { rows.reset() }
    var count = 0
    while try rows.step(), rows.integer(0) > start.milliseconds { count += 1 }
    return count
  }

  private func failuresByChannel(on day: CivilDate) throws(StoreFault) -> [IdentificationState.ChannelFailures] {
    let rows = try statement("SELECT channel, count(*) FROM identification_failure WHERE day = ? GROUP BY channel")
    rows.bind(Int64(day.daysSinceEpoch), at: 1)
    defer { rows.reset() }
    var counts: [Channel: Int] = [:]
    while try rows.step() { if let channel = Channel(rawValue: rows.text(0)) { counts[channel] = Int(rows.integer(1)) } }
    return Channel.allCases.compactMap { channel in counts[channel].map { .init(channel: channel, failures: $0) } }
  }

  private func lockedDevices() throws(StoreFault) -> [IdentificationState.LockedDevice] {
    let rows = try statement("SELECT device, locked_at FROM identification_device WHERE locked_at IS NOT NULL ORDER BY device")
    defer { rows.reset() }
    var devices: [IdentificationState.LockedDevice] = []
    while try rows.step() { devices.append(.init(device: rows.text(0), since: Instant(milliseconds: rows.integer(1)))) }
    return devices
  }

  private func newestEvents() throws(StoreFault) -> [IdentificationState.Event] {
    let rows = try statement(
      "SELECT at, kind, device, reason, by FROM identification_event ORDER BY id DESC LIMIT \(Self.eventsShown)")
    defer { rows.reset() }
    var events: [IdentificationState.Event] = []
    while try rows.step() {
      guard let kind = IdentificationState.Event.Kind(rawValue: rows.text(1)) else { continue }
      events.append(
        .init(
          at: Instant(milliseconds: rows.integer(0)), kind: kind, device: rows.optionalText(2),
          reason: rows.optionalText(3).flatMap(UnlockIdentification.Reason.init(rawValue:)), by: rows.optionalText(4)))
    }
    return events
  }
}
