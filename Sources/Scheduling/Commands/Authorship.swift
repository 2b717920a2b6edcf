package import ClinicDomain

/// What the history says of a command besides its effects: who, what and why.
package struct Authorship: Hashable, Sendable {
  package var actor: Actor
  /// `nil` when the command does not carry one; then the door's counts.
  package var channel: Channel?
  package var act: Act
  /// A code: the staff's reason, the one that a person gave for a cancellation, or else whose own matter it was. Never `nil` in what is written
  /// of appointments now; old rows stay as they are.
  package var reason: String?

  package init(_ actor: Actor, _ act: Act, through channel: Channel? = nil, reason: String? = nil) {
    self.actor = actor
    self.act = act
    self.channel = channel
    self.reason =
      switch actor {
      case .staff(_, let why): why.rawValue
      case .person: reason ?? "person"
      case .promoter: reason ?? "promoter"
      case .system: reason ?? act.ownReason
      }
  }

  /// A hold whose time has run out is ended by the clock, whoever's command had it written down.
  package static let holdExpiry = Authorship(.system, .expireHold)
}

/// What was done, as the history has it. Words that are written never change.
package enum Act: String, Hashable, Sendable, CaseIterable {
  /// The history begins.
  case start
  /// The row was there before the history began.
  case inherit
  case hold
  case book
  case cancel
  case reschedule
  case confirm
  case checkIn = "check-in"
  case attend
  case miss
  case free
  /// Somebody had made it by mistake.
  case enterInError = "enter-in-error"
  case undo
  case expireHold = "expire-hold"
  case releaseHold = "release-hold"
  case grantConsent = "grant-consent"
  case revokeConsent = "revoke-consent"
  case importPatient = "import-patient"
  case admit
  /// An admission that the turno's cap would have refused.
  case admitOverCap = "admit-over-cap"
  case joinWaitlist = "join-waitlist"
  case leaveWaitlist = "leave-waitlist"
  /// The next in line are asked for a freed place, or it is given up.
  case offerPlace = "offer-place"
  case takePlace = "take-place"
  case declineOffer = "decline-offer"
  case closeAgenda = "close-agenda"
  case reopenAgenda = "reopen-agenda"
  /// Somebody's appointment is moved out of a closed agenda.
  case displace
  /// Whoever the clinic has put off gets the place that it owes them.
  case placeDisplaced = "place-displaced"
  case startSeries = "start-series"
  /// A visit of a series took place, and the next is arranged.
  case renewSeries = "renew-series"
  case collectPrescription = "collect-prescription"
  case endSeries = "end-series"
  case acknowledgeAlert = "acknowledge-alert"
  /// The sessions of further days are written down.
  case extendSeries = "extend-series"
  /// What is due gets an appointment, or staff are alerted that there is none.
  case placeActivity = "place-activity"
  case lapsePrescription = "lapse-prescription"
  /// What is due has lost its place: it is placed again, or staff are alerted.
  case reopenActivity = "reopen-activity"
  /// Chairs are down: sessions are moved, or staff are alerted.
  case replanSessions = "replan-sessions"
  /// An identification failed; only what comes of it has a row in the history.
  case countFailure = "count-failure"
  case lockKiosk = "lock-kiosk"
  case raiseAlarm = "raise-alarm"
  case unlockIdentification = "unlock-identification"
  /// A booking that the turno's cap, a channel's share or whoever has the slot would have refused.
  case overrideCap = "override-cap"
  case refer
  case dateReferral = "date-referral"
  case seeReferred = "see-referred"
  case returnReferral = "return-referral"
  case cancelReferral = "cancel-referral"
  case screenChild = "screen-child"
  /// Something was not done in time, and somebody hears of it.
  case raiseAlert = "raise-alert"
  case addLegado = "add-legado"
  case addEvidence = "add-evidence"
  case setLegadoStatus = "set-legado-status"
  case checkNight = "check-night"
  /// Somebody told an alarm sign.
  case tellAlarm = "tell-alarm"
  case acknowledgeAlarm = "acknowledge-alarm"
  case escalateAlarm = "escalate-alarm"
  case requestCallback = "request-callback"
  case takeCallback = "take-callback"
  case noteAttempt = "note-attempt"
  case closeCallback = "close-callback"
  case escalateCallback = "escalate-callback"
  case keepGuidance = "keep-guidance"
  /// A code to go on with by telephone.
  case makeCode = "make-code"
  case useCode = "use-code"
  /// Folios are reserved for a sheet of paper.
  case reservePaper = "reserve-paper"
  /// What was written by hand is keyed in.
  case enterPaper = "enter-paper"
  /// Another system's booking is taken.
  case importBooking = "import-booking"
  /// Exactly these rights for another person.
  case grantProxy = "grant-proxy"
  case revokeProxy = "revoke-proxy"
  case recordBirthPlan = "record-birth-plan"
  case registerNewborn = "register-newborn"
  /// Somebody whom no padrón knows.
  case registerPerson = "register-person"
  /// A newborn, or whoever was registered, and the row that the padrón gave them later are one person.
  case mergeNewborn = "merge-newborn"
  case requestHomeVisit = "request-home-visit"
  case grantListing = "grant-listing"
  case revokeListing = "revoke-listing"
  /// A promoter has somebody of their list booked.
  case bookForListed = "book-for-listed"
  /// A place beside whoever has the slot, in hours that the clinic overbooks.
  case overbook
  /// An appointment goes with its person to another doctor.
  case moveToDoctor = "move-to-doctor"
  /// Somebody belongs to another doctor from now on.
  case adoptPatient = "adopt-patient"
  /// Another unit cares for somebody from a date on.
  case handOver = "hand-over"
  /// An appointment is given up here, so that the other unit gives it.
  case giveUp = "give-up"
  /// A handover ends, and what was given up for it comes back.
  case takeBack = "take-back"
  /// A booking of another system that did not fit stands beside whoever has the time.
  case acceptConflict = "accept-conflict"
  case dismissConflict = "dismiss-conflict"
  case moveConflict = "move-conflict"
  /// A bridge is given calls that the clinic makes.
  case leaseCalls = "lease-calls"
  case noteCall = "note-call"
  /// Somebody knows what the clinic owed them to say.
  case tellNotice = "tell-notice"
  /// Somebody lets the clinic call them, or no longer.
  case chooseCalls = "choose-calls"
  /// Somebody answers the survey; no row of the history says so.
  case countAnswer = "count-answer"
  /// What a person needs of how they are cared for is written down.
  case setNeeds = "set-needs"
  /// Whom they belong to, as they say it.
  case setInstitution = "set-institution"
  /// By which name they are called.
  case setName = "set-name"
  /// A colour, by staff.
  case setTriage = "set-triage"
  case seeTriaged = "see-triaged"
  /// Somebody waited longer than their colour allows.
  case breachTriage = "breach-triage"
}

extension Act {
  /// Why the server does it of itself; `nil` for what it says of identifications, whose rows keep a reason of staff alone.
  fileprivate var ownReason: String? {
    switch self {
    case .displace: "closure"
    case .placeDisplaced: "owed-place"
    case .replanSessions: "equipment-down"
    case .offerPlace: "freed-place"
    case .releaseHold: "caller-left"
    case .placeActivity, .extendSeries: "series"
    case .importPatient: "padron"
    case .countFailure, .lockKiosk, .raiseAlarm: nil
    default: "clock"
    }
  }
}

extension Command {
  package var authorship: Authorship {
    switch self {
    case .hold(let hold): Authorship(hold.actor, .hold, through: hold.channel)
    case .book(let book): Authorship(book.actor, .book, through: book.channel)
    case .cancel(let cancel): Authorship(cancel.actor, .cancel, through: cancel.channel, reason: cancel.reason.rawValue)
    case .life(let life): Authorship(life.actor, life.act, through: life.channel)
    case .releaseHold: Authorship(.system, .releaseHold)
    case .grantConsent(let grant): Authorship(.person(grant.grantor), .grantConsent)
    case .revokeConsent(let revoke): Authorship(.person(revoke.grantor), .revokeConsent)
    case .importPatients: Authorship(.system, .importPatient)
    case .admit(let admit): Authorship(admit.actor, admit.isOverCap ? .admitOverCap : .admit, through: admit.channel)
    case .waitlist(let waitlist): waitlist.authorship
    case .closure(let closure): closure.authorship
    case .series(let series): series.authorship
    case .override(let override): Authorship(override.actor, .overrideCap, through: .desk)
    case .duty(let duty): duty.authorship
    case .together(let together): Authorship(together.actor, .book, through: together.channel)
    case .identification(.failure): Authorship(.system, .countFailure)
    case .identification(.unlock(let unlock)): unlock.authorship
    case .telephone(let telephone): telephone.authorship
    case .paper(let paper): paper.authorship
    case .exchange(let bookings): bookings.authorship
    case .resolve(let resolve): resolve.authorship
    case .proxy(let proxy): proxy.authorship
    case .homeVisit(let visit): Authorship(visit.actor, .requestHomeVisit, through: visit.channel)
    case .promoter(let promoter): promoter.authorship
    case .transfer(let transfer): transfer.authorship
    case .care(let care): care.authorship
    case .undoForMany(let undo): Authorship(undo.actor, .undo, through: .desk)
    }
  }
}

extension AgendaChange {
  /// Whose act a change is in the history, when a command of `authorship` brings it about.
  ///
  /// - Parameter walkIns: the places that a walk-in may have taken: whoever is admitted into one took it.
  package func author(of authorship: Authorship, walkIns: [FreedPlace] = []) -> Authorship {
    if authorship.act == .admit, isTaking(one: walkIns) {
      var taking = authorship
      taking.act = .takePlace
      return taking
    }
    if case .insert(let appointment) = self, appointment.isBesideOthers, [.hold, .book, .reschedule].contains(authorship.act) {
      var overbooking = authorship
      overbooking.act = .overbook
      return overbooking
    }
    guard case .replace(let appointment) = self, appointment.cancellation == .holdExpired, authorship.act != .releaseHold else {
      return authorship
    }
    return .holdExpiry
  }

  private func isTaking(one places: [FreedPlace]) -> Bool {
    switch self {
    case .insert(let appointment): appointment.lane == 0 && places.contains { $0.slot == appointment.slot }
    case .freed(let place): place.state == .given
    default: false
    }
  }
}
