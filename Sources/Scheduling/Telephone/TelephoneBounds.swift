package import ClinicDomain

/// What the clinic owes those who tell an alarm sign or wait for a call.
package enum TelephoneBounds {
  /// An alarm that nobody has acknowledged escalates after so many seconds: who told it is told then where to walk, and waits no longer.
  /// Source: issue 5 and PROGRAMMES P24.
  package static let alarmSeconds = 30

  /// Attempts after which a call that nobody answers is the supervisor's. Source: PROGRAMMES P04.
  package static let attempts = 3

  /// Attempts in all, the supervisor's among them: whoever was tried nine times is written to, or visited.
  package static let attemptsInAll = 9

  /// Calls that wait at once, 500: three people who do nothing else make 60 calls in four hours, so nobody promises the next one a deadline.
  package static let waiting = 500

  /// How long a hold is kept for somebody who goes on by telephone, 15 minutes: out of the hall, the slip in hand, the line and its menus
  /// take five. Twice that again is time for a second call.
  package static let resumeHoldSeconds = 900

  /// How long a code for an appointment stands, a day: the paper is read at home.
  package static let resumeSeconds = 86_400

  /// How long a call may take that was asked for without a deadline, in minutes of the clinic's opening hours: who asks about their health
  /// waits an hour, all others half a day. A pregnant person's minutes are the world's; see ``ClinicRules/onDutyPromise(at:)``.
  package static func minutes(for reason: Callback.Reason) -> Int {
    switch reason {
    case .pregnancy: MaternityPolicy.maximumAnswerMinutes
    case .guidance, .palliative: 60
    case .appointment, .tramite, .other, .adec: 240
    }
  }

  /// Whose a call is that nobody has taken.
  package static func post(for reason: Callback.Reason) -> Callback.Post {
    switch reason {
    case .guidance, .pregnancy, .palliative: .clinician
    case .appointment, .tramite, .other: .desk
    case .adec: .supervisor
    }
  }
}

/// Why what was asked of the telephone's service is not done. Cases stand in the order in which they are checked.
package enum TelephoneRefusal: Error, Hashable, Sendable, CaseIterable {
  case alarmNotFound
  case callbackNotFound
  /// Nobody can be called without a number.
  case noNumber
  /// So many calls wait that no deadline could be kept.
  case tooManyWaiting
  /// It is closed.
  case callbackClosed
  /// Somebody else has taken it, and it has not escalated.
  case takenByAnother
  /// Who acts has not taken it.
  case notYours
  case attemptsSpent
  /// Nobody has spoken with the person yet.
  case notSpokenYet
  /// There are attempts left.
  case notUnreachedYet
  /// No such hold or appointment of a person the actor may act for, or it is over; no such code.
  case nothingToResume
  /// Every candidate is somebody's.
  case noFreeCode
  /// No call of the clinic's has that name.
  case callNotFound
  /// Nothing is owed to the person about that appointment.
  case noticeNotFound
}
