package import ClinicDomain

/// Takes another system's bookings, row by row; running it again changes nothing.
///
/// The store decides each row on what those before it did: whether a row is new is a question to its tables.
package struct ImportBookings: Hashable, Sendable {
  /// At most 256 in one command, so that nobody waits long behind it.
  package static let maximumRows = 256
  /// How often rows that do not fit are tried again, because others of the command gave way. Two rows that want each other's times never fit;
  /// a chain of moves that is longer is ended by the next import.
  package static let maximumPasses = 4

  package var actor: Actor
  /// The other system's name.
  package var source: String
  package var rows: [ExternalRow]
  /// Everything is decided, and nothing of it stays.
  package var isDryRun: Bool
  package var folioSeed: UInt64

  package init(actor: Actor, source: String, rows: [ExternalRow], isDryRun: Bool, folioSeed: UInt64) {
    self.actor = actor
    self.source = source
    self.rows = rows
    self.isDryRun = isDryRun
    self.folioSeed = folioSeed
  }

  var authorship: Authorship { Authorship(actor, .importBooking, through: .desk) }
}

/// One booking as the other system has it.
package struct ExternalRow: Hashable, Sendable {
  /// By what a person is looked for in the padrón.
  package enum Identity: Hashable, Sendable {
    case number(PatientNumber)
    case curp(CURP)
    case nss(NSS, born: CivilDate)
  }

  /// In the file.
  package var line: Int
  /// The other system's own name for it; ``ownReference(of:)`` for an appointment of ours that was exported.
  package var reference: String
  package var choice: SlotChoice
  /// `nil` for the service's own.
  package var minutes: Int?
  /// `nil` for the first that the agenda gives.
  package var service: ServiceCode?
  package var identity: Identity?
  package var isCancelled: Bool

  package init(
    line: Int, reference: String, choice: SlotChoice, minutes: Int? = nil, service: ServiceCode? = nil, identity: Identity? = nil,
    isCancelled: Bool = false
  ) {
    self.line = line
    self.reference = reference
    self.choice = choice
    self.minutes = minutes
    self.service = service
    self.identity = identity
    self.isCancelled = isCancelled
  }

  /// What stands for the other system's name where it has none: "VENTANILLA-482011570363".
  package static func ownReference(of folio: Folio) -> String { ownPrefix + folio.description }

  /// The appointment of ours that the row is; `nil` for a booking of the other system's own.
  package var ownFolio: Folio? {
    reference.hasPrefix(Self.ownPrefix) ? Folio(String(reference.dropFirst(Self.ownPrefix.count))) : nil
  }

  package static let ownPrefix = "VENTANILLA-"
}

/// What became of one row.
package struct ExternalOutcome: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// A new appointment, a new busy time.
    case added, busy
    /// It is an appointment that the person had here already.
    case linked
    /// Another time, another person, another service.
    case changed
    case cancelled, unchanged
    /// Its time is over: nothing is to be done.
    case past
    case conflict
    /// It is an appointment of ours, which stands otherwise here: it is changed here, not there.
    case ownDiffers
  }

  package var line: Int
  package var kind: Kind
  /// How it stands now; `nil` for an appointment of ours, and for what is not kept.
  package var booking: ExternalBooking?
  /// Where what stood for it was, of what is changed or cancelled.
  package var before: Slot?
  /// The time is one that this clinic gives itself: worth a look at who gives what.
  package var isOurs: Bool

  package init(line: Int, kind: Kind, booking: ExternalBooking? = nil, before: Slot? = nil, isOurs: Bool = false) {
    self.line = line
    self.kind = kind
    self.booking = booking
    self.before = before
    self.isOurs = isOurs
  }
}
