package import ClinicDomain

/// What the store may be asked to do: a value, with everything a decision needs but the state and the time.
///
/// Chance comes in with the command too: folios are made from `folioSeed`, so a replay makes the same ones.
package enum Command: Hashable, Sendable {
  case hold(HoldSlot)
  case book(BookAppointment)
  case cancel(CancelAppointment)
  case life(LifeCommand)
  case releaseHold(ReleaseHold)
  case grantConsent(GrantConsent)
  case revokeConsent(RevokeConsent)
  case importPatients(ImportPatients)
  case admit(AdmitPatient)
  case waitlist(WaitlistCommand)
  case closure(ClosureCommand)
  case series(SeriesCommand)
  case override(OverrideCap)
  case duty(DutyCommand)
  case identification(IdentificationCommand)
  case telephone(TelephoneCommand)
  case together(BookTogether)
  case paper(PaperCommand)
  case exchange(ImportBookings)
  case resolve(ResolveConflict)
  case proxy(ProxyCommand)
  case homeVisit(RequestHomeVisit)
  case promoter(PromoterCommand)
  case transfer(TransferCommand)
  case care(CareCommand)
  case undoForMany(UndoForMany)
}

/// Keeps a slot for a person for the time of the channel.
package struct HoldSlot: Hashable, Sendable {
  package var actor: Actor
  /// For whom.
  package var patient: PatientID
  package var service: ServiceCode
  package var choice: SlotChoice
  package var channel: Channel
  package var folioSeed: UInt64

  package init(
    actor: Actor, patient: PatientID, service: ServiceCode, choice: SlotChoice,
    channel: Channel, folioSeed: UInt64
  ) {
    self.actor = actor
    self.patient = patient
    self.service = service
    self.choice = choice
    self.channel = channel
    self.folioSeed = folioSeed
  }
}

/// Makes an appointment, of a hold or of a free slot in one step.
package struct BookAppointment: Hashable, Sendable {
  package enum What: Hashable, Sendable {
    case hold(Folio)
    case slot(ServiceCode, SlotChoice)
  }

  package var actor: Actor
  package var patient: PatientID
  package var what: What
  package var channel: Channel
  package var folioSeed: UInt64

  package init(
    actor: Actor, patient: PatientID, what: What, channel: Channel, folioSeed: UInt64
  ) {
    self.actor = actor
    self.patient = patient
    self.what = what
    self.channel = channel
    self.folioSeed = folioSeed
  }
}

/// Cancels an appointment, or gives a hold back.
package struct CancelAppointment: Hashable, Sendable {
  package var actor: Actor
  package var folio: Folio
  package var reason: Appointment.CancellationReason
  package var channel: Channel
  /// What was booked meanwhile stays.
  package var onlyHold: Bool

  package init(
    actor: Actor, folio: Folio, reason: Appointment.CancellationReason, channel: Channel, onlyHold: Bool = false
  ) {
    self.actor = actor
    self.folio = folio
    self.reason = reason
    self.channel = channel
    self.onlyHold = onlyHold
  }
}

/// Ends a hold whose caller has gone. The server itself asks for it, so nobody's right is looked at.
package struct ReleaseHold: Hashable, Sendable {
  package var folio: Folio

  package init(folio: Folio) { self.folio = folio }
}

/// Lets `grantee` act for `grantor`; both are adults of one NSS.
package struct GrantConsent: Hashable, Sendable {
  package var grantor: PatientID
  package var grantee: PatientID

  package init(grantor: PatientID, grantee: PatientID) {
    self.grantor = grantor
    self.grantee = grantee
  }
}

/// Takes back what `grantor` gave to `grantee`; `nil` takes back everything they gave.
package struct RevokeConsent: Hashable, Sendable {
  package var grantor: PatientID
  package var grantee: PatientID?

  package init(grantor: PatientID, grantee: PatientID?) {
    self.grantor = grantor
    self.grantee = grantee
  }
}

/// Takes people from a padrón; running it again takes nobody twice.
package struct ImportPatients: Hashable, Sendable {
  /// At most 256 in one command, so that nobody waits long behind it.
  package static let maximumRows = 256

  package var rows: [PatientImport]

  package init(rows: [PatientImport]) { self.rows = rows }
}

/// One person of a padrón.
package struct PatientImport: Hashable, Sendable {
  /// What makes a row the same person in the next import; see `PadronRow.identityKey`.
  package var identityKey: String
  /// The key that the person was known by before they had a CURP; `nil` when there can be none.
  package var formerKey: String?
  /// The person; `id` and, unless the file gave one, `number` are the store's to choose.
  package var patient: Patient
  /// Whether `patient.number` came from the file.
  package var numberIsGiven: Bool
  /// Makes a patient number when the file gives none.
  package var numberSeed: UInt64

  package init(
    identityKey: String, formerKey: String? = nil, patient: Patient, numberIsGiven: Bool, numberSeed: UInt64
  ) {
    self.identityKey = identityKey
    self.formerKey = formerKey
    self.patient = patient
    self.numberIsGiven = numberIsGiven
    self.numberSeed = numberSeed
  }
}
