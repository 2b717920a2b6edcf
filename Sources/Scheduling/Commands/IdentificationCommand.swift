package import ClinicDomain

/// What the store keeps of identifications: failures, and what staff did about them. Nobody's right is decided by it.
package enum IdentificationCommand: Hashable, Sendable {
  case failure(IdentificationFailure)
  case unlock(UnlockIdentification)
}

/// Somebody said who they are, and it was not so.
package struct IdentificationFailure: Hashable, Sendable {
  /// The identifier under the clinic's key, 32 bytes.
  package var subject: [UInt8]
  package var channel: Channel
  /// The caller's name; no person's.
  package var device: String
  /// The visit or call under the clinic's key, 32 bytes; `nil` when the caller named none.
  package var visit: [UInt8]?
  package var bounds: IdentificationBounds

  /// - Precondition: `subject` and `visit` have 32 bytes.
  package init(
    subject: [UInt8], channel: Channel, device: String, visit: [UInt8]?, bounds: IdentificationBounds
  ) {
    precondition(subject.count == 32 && (visit?.count ?? 32) == 32, "an index under the clinic's key is 32 bytes")
    self.subject = subject
    self.channel = channel
    self.device = device
    self.visit = visit
    self.bounds = bounds
  }
}

/// Staff let a kiosk or a person begin again with no failures counted.
package struct UnlockIdentification: Hashable, Sendable {
  package enum What: Hashable, Sendable {
    case device(String)
    /// The identifier under the clinic's key, at every door.
    case subject([UInt8])
  }

  /// Why, as the row has it.
  package enum Reason: String, Hashable, Sendable, CaseIterable {
    case identityShown = "identity-shown"
    case deviceChecked = "device-checked"
    case attemptEnded = "attempt-ended"
    case maintenance
  }

  package var what: What
  package var reason: Reason
  /// Who, as their connection shows it.
  package var by: StaffName

  package init(what: What, reason: Reason, by: StaffName) {
    self.what = what
    self.reason = reason
    self.by = by
  }
}

extension UnlockIdentification {
  /// Whose act it is, with its own reason.
  var authorship: Authorship {
    var authorship = Authorship(.staff(by, .routine), .unlockIdentification)
    authorship.reason = reason.rawValue
    return authorship
  }
}

/// What a failure brought about.
package struct FailureOutcome: Hashable, Sendable {
  /// Its kiosk is locked from now on, and was not before.
  package var locks = false
  /// It raised the clinic's alarm.
  package var raisesAlarm = false

  package init(locks: Bool = false, raisesAlarm: Bool = false) {
    self.locks = locks
    self.raisesAlarm = raisesAlarm
  }
}
