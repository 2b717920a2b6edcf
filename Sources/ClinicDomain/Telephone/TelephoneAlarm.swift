/// An alarm sign that somebody told a guide, and what staff did about it. Nothing in it says who told it.
package struct TelephoneAlarm: Hashable, Sendable {
  /// Ascending in the order of raising.
  package let id: Int64
  package var report: AlarmReport
  package var raisedAt: Instant
  /// Nobody had acknowledged it in time; `nil` while that may still come right, and for ever where it did.
  package var escalatedAt: Instant?
  package var acknowledgement: Acknowledgement?

  /// Somebody goes there.
  package struct Acknowledgement: Hashable, Sendable {
    package var at: Instant
    /// As their connection showed it; see `StaffName`.
    package var by: String

    package init(at: Instant, by: String) {
      self.at = at
      self.by = by
    }
  }

  package init(
    id: Int64, report: AlarmReport, raisedAt: Instant, escalatedAt: Instant? = nil, acknowledgement: Acknowledgement? = nil
  ) {
    self.id = id
    self.report = report
    self.raisedAt = raisedAt
    self.escalatedAt = escalatedAt
    self.acknowledgement = acknowledgement
  }

  /// Whether staff still owe an answer.
  package var isWaiting: Bool { acknowledgement == nil }
}

/// What was told, where and when.
package struct AlarmReport: Hashable, Sendable {
  /// Of the guidance, 16 bytes of chance: its record has the same.
  package var session: [UInt8]
  package var guide: PlayedGuide
  /// The code of the sign, `cara_brazo_habla`.
  package var sign: String
  /// The Institute's code that it raises.
  package var code: AlarmCode?
  package var channel: Channel
  /// Where staff walk to: "kiosk/entrada-2", or the telephone's bridge.
  package var device: String
  package var toldAt: Instant

  /// - Precondition: `session` has 16 bytes.
  package init(
    session: [UInt8], guide: PlayedGuide, sign: String, code: AlarmCode?, channel: Channel, device: String, toldAt: Instant
  ) {
    precondition(session.count == 16, "a session of guidance is named by 16 bytes")
    self.session = session
    self.guide = guide
    self.sign = sign
    self.code = code
    self.channel = channel
    self.device = device
    self.toldAt = toldAt
  }
}

/// The Institute's codes, as an alarm carries them. Source: domain/DOMAIN.md §4.3.
package enum AlarmCode: String, Hashable, Sendable, CaseIterable {
  case infarto, cerebro, mater
}

/// Which guide was heard, exactly.
package struct PlayedGuide: Hashable, Sendable {
  package var code: String
  /// From 1.
  package var version: Int
  /// SHA-256 of its content, 32 bytes.
  package var hash: [UInt8]

  /// - Precondition: `hash` has 32 bytes.
  package init(code: String, version: Int, hash: [UInt8]) {
    precondition(hash.count == 32, "a SHA-256 has 32 bytes")
    self.code = code
    self.version = version
    self.hash = hash
  }
}
