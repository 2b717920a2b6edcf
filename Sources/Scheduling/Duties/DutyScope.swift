package import ClinicDomain

/// What a command reads of referrals, screens, alerts and legados; the store fetches exactly this.
package enum DutyNeed: Hashable, Sendable {
  /// A referral with its alerts that are not over.
  case referral(Folio)
  case screening
  case alert(Int64)
  /// A legado with its last entry, its evidence's number and its alerts that are not over; `nil` only for the next numbers.
  case legado(Int64?)
  case nightly
}

/// What was found of it.
package struct DutyScope: Hashable, Sendable {
  package var referral: Referral?
  /// Those of the named object that are not over, or the one that is named.
  package var alerts: [DutyAlert] = []
  package var legado: LegadoStanding?
  /// Numbers that no row has.
  package var nextAlert: Int64 = 1
  package var nextScreen: Int64 = 1
  package var nextLegado: Int64 = 1
  package var nextEvidence: Int64 = 1
  package var nextEntry: Int64 = 1
  package var nextNight: Int64 = 1

  package init() {}
}

/// One change of one of their rows.
package enum DutyChange: Hashable, Sendable {
  case referral(Referral)
  case screen(AlarmScreen)
  case alert(DutyAlert)
  case legado(Legado)
  case evidence(LegadoEvidence)
  case entry(LegadoEntry)
  case night(NightlyCheck)
}

/// What a granted command gave: what it was about, and what came of it.
package struct DutyOutcome: Hashable, Sendable {
  package var referral: Referral?
  package var screen: AlarmScreen?
  package var appointment: Appointment?
  package var alert: DutyAlert?
  package var legado: LegadoStanding?
  package var night: NightlyCheck?

  package init(
    referral: Referral? = nil, screen: AlarmScreen? = nil, appointment: Appointment? = nil, alert: DutyAlert? = nil,
    legado: LegadoStanding? = nil, night: NightlyCheck? = nil
  ) {
    self.referral = referral
    self.screen = screen
    self.appointment = appointment
    self.alert = alert
    self.legado = legado
    self.night = night
  }
}

extension Actor {
  /// Refuses whoever is not of the clinic.
  ///
  /// - Returns: the name that their connection proved.
  /// - Throws: ``CommandRefusal/notAllowed``.
  func checkStaff() throws(CommandRefusal) -> String {
    guard case .staff(let name, _) = self else { throw .notAllowed }
    return name.text
  }
}
