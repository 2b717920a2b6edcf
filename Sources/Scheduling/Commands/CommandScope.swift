package import ClinicDomain

/// Which aggregates a command's decision reads; the store fetches exactly these.
package struct CommandNeeds: Hashable, Sendable {
  /// The person who acts; `nil` for staff and for the server, whose rights are not a person's.
  package var actor: PatientID?
  /// For whom; when `nil` and `named` is set, the named appointment's patient.
  package var patient: PatientID?
  /// The appointment that the command names.
  package var named: Folio?
  /// Whether the patient's active appointments are read.
  package var activeAppointments: Bool
  /// Whether the active appointments of the others of the patient's NSS are read.
  package var household: Bool
  /// The agenda day that the command would occupy.
  package var day: AgendaDay?
  /// Whether the last act on the named appointment is looked up, the one that it is linked to by a change of date, and what overlaps it now.
  package var lastAct = false
  /// Where the command would begin, in the turno whose load is looked at.
  package var load: SlotChoice?
  /// What is read of waitlist, freed places and blocks.
  package var waitlist: WaitlistNeed?
  /// What is read of series.
  package var series: SeriesNeed?
  /// What is read of referrals, screens, alerts and legados.
  package var duty: DutyNeed?
  /// Bookings of one command, each with a scope of its own.
  package var members: [BookAppointment] = []
  /// What is read of days on paper.
  package var paper: PaperNeed?
  /// What is read of permissions, birth plans and newborns.
  package var proxy: ProxyNeed?

  package init(
    actor: PatientID? = nil, patient: PatientID? = nil, named: Folio? = nil,
    activeAppointments: Bool = false, household: Bool = false, day: AgendaDay? = nil, load: SlotChoice? = nil,
    waitlist: WaitlistNeed? = nil, series: SeriesNeed? = nil, duty: DutyNeed? = nil, paper: PaperNeed? = nil
  ) {
    self.actor = actor
    self.patient = patient
    self.named = named
    self.activeAppointments = activeAppointments
    self.household = household
    self.day = day
    self.load = load
    self.waitlist = waitlist
    self.series = series
    self.duty = duty
    self.paper = paper
  }
}

/// One resource's one date.
package struct AgendaDay: Hashable, Comparable, Sendable {
  package var resource: ResourceID
  package var date: CivilDate

  package init(resource: ResourceID, date: CivilDate) {
    self.resource = resource
    self.date = date
  }

  package static func < (left: Self, right: Self) -> Bool {
    (left.date, left.resource) < (right.date, right.resource)
  }
}

/// What the store found for a command's needs, inside the transaction that will write its changes.
package struct CommandScope: Hashable, Sendable {
  package var actor: Patient?
  package var patient: Patient?
  /// Whether `patient` consents that `actor` acts for them.
  package var consent: Bool
  package var named: Appointment?
  /// The patient's appointments whose status is active, holds that have run out among them; by date and start.
  package var active: [Appointment]
  /// Appointments whose status occupies a slot of the day, holds that have run out among them; by start. Those that do not overlap
  /// what the command wants may be left out: a day's rows cost more than its decision.
  package var day: [Appointment]
  /// The active appointments of the others of the patient's NSS, in any order; none where the clinic sets a household no limit.
  package var household: [Appointment]
  /// What was done last to the named appointment within ``LifeCommand/undoSeconds``.
  package var lastAct: LifeCommand.LastAct?
  /// The other row of the named appointment's change of date, or what its person has for it from the clinic.
  package var linked: Appointment?
  /// What the clinic owes to say of a change of the named appointment, where its last act is looked up.
  package var notice: Notice?
  /// How much is spoken for of the turno that the command wants a place in.
  package var load: TurnoLoad
  /// Whether an appointment that comes back was given beyond its turno's cap, so that the history explains it.
  package var isBeyondCap = false
  /// How full the hours are that the clinic overbooks and the wished slot lies in; `nil` where it does not.
  package var crowd: Crowd?
  /// What is kept without an appointment of the days that the command touches: the wished one, the named appointment's, the place's, the
  /// block's.
  package var kept: [KeptStretch]
  package var waitlist: WaitlistScope
  package var series = SeriesScope()
  /// Folios of the active appointments that a series gave the patient: they count in no limit.
  package var inSeries: [Folio] = []
  package var duty = DutyScope()
  /// The further agendas that the wished slot needs.
  package var companions = CompanionChoice.found([])
  /// Whether a further agenda of the named appointment is closed at its time.
  package var areCompanionsBlocked = false
  /// The scopes of the bookings that the command is made of.
  package var members: [CommandScope] = []
  /// The rows of a sheet, by their place; or the one that is named.
  package var paper: [PaperRow] = []
  /// The patient's appointments of the sheet's date, whatever their state.
  package var visits: [Appointment] = []
  /// What `patient` has given `actor` and not taken back.
  package var proxies: [Proxy] = []
  package var proxy = ProxyScope()
  package var care = CareScope()
  package var home = HomeVisitScope()
  package var promoter = PromoterScope()
  package var handover = HandoverScope()
  /// Another system's booking that is settled; ``named`` is what stands for it.
  package var external: ExternalBooking?
  /// The slot that was found for the patient, and the first of ``members`` is the scope of its booking.
  package var found: SlotChoice?

  package init(
    actor: Patient? = nil, patient: Patient? = nil, consent: Bool = false, named: Appointment? = nil,
    active: [Appointment] = [], day: [Appointment] = [], household: [Appointment] = [], load: TurnoLoad = TurnoLoad(),
    kept: [KeptStretch] = [], waitlist: WaitlistScope = WaitlistScope()
  ) {
    self.actor = actor
    self.patient = patient
    self.consent = consent
    self.named = named
    self.active = active
    self.day = day
    self.household = household
    self.load = load
    self.kept = kept
    self.waitlist = waitlist
  }
}

extension Command {
  /// What its decision reads.
  package var needs: CommandNeeds {
    switch self {
    case .hold(let hold):
      CommandNeeds(
        actor: hold.actor.person, patient: hold.patient, activeAppointments: true, household: true,
        day: AgendaDay(resource: hold.choice.resource, date: hold.choice.date), load: hold.choice)
    case .book(let book):
      switch book.what {
      case .hold(let folio):
        CommandNeeds(actor: book.actor.person, patient: book.patient, named: folio, activeAppointments: true, household: true)
      case .slot(_, let choice):
        CommandNeeds(
          actor: book.actor.person, patient: book.patient, activeAppointments: true, household: true,
          day: AgendaDay(resource: choice.resource, date: choice.date), load: choice)
      }
    case .life(let life): life.needs
    case .cancel(let cancel):
      CommandNeeds(
        actor: cancel.actor.person, named: cancel.folio, activeAppointments: cancel.owesPlace, waitlist: cancel.owesPlace ? .joining : nil)
    case .releaseHold(let release): CommandNeeds(named: release.folio)
    case .grantConsent(let grant): CommandNeeds(actor: grant.grantor, patient: grant.grantee)
    case .revokeConsent(let revoke): CommandNeeds(actor: revoke.grantor)
    case .importPatients, .identification, .exchange: CommandNeeds()
    case .resolve(let resolve): if case .move(let to) = resolve.how { CommandNeeds(load: to) } else { CommandNeeds() }
    case .telephone(let telephone): telephone.needs
    case .admit(let admit):
      CommandNeeds(
        actor: admit.actor.person, patient: admit.patient, activeAppointments: true,
        day: AgendaDay(admit.at), load: admit.at, waitlist: admit.kind == .walkIn ? .walkIns(AgendaDay(admit.at)) : nil)
    case .waitlist(let waitlist): waitlist.needs
    case .closure(let closure): closure.needs
    case .series(let series): series.needs
    case .override(let override):
      CommandNeeds(
        actor: override.actor.person, patient: override.patient, activeAppointments: true, day: AgendaDay(override.choice),
        load: override.choice)
    case .duty(let duty): duty.needs
    case .together(let together): together.needs
    case .paper(let paper): paper.needs
    case .proxy(let proxy): proxy.needs
    case .homeVisit(let visit): visit.needs
    case .promoter: CommandNeeds()
    case .transfer(let transfer): transfer.needs
    case .care(let care): care.needs
    case .undoForMany: CommandNeeds()
    }
  }
}
