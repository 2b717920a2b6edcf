package import ClinicDomain

/// How guidance ends: who or what the caller is handed to. Never a diagnosis, never a TRIAGE colour.
package enum Disposition: Hashable, Sendable {
  /// Call 911 now.
  case emergency911
  /// Go to Urgencias now, of any institution, without identity and without rights.
  case urgencias
  /// A person of the clinic takes over.
  case person
  /// A date within so many days.
  case appointment(AppointmentTerm, otherwise: NodeID)
  /// A clinician calls back within so many minutes.
  case callback(withinMinutes: Int)
  /// A room, a remote specialist and somebody beside the patient.
  case teleconsultation(AppointmentTerm, otherwise: NodeID)
  /// Somebody comes to the patient's home.
  case homeVisit
  /// "No hay lugar", with what else can be done.
  case noPlace

  /// Whether content that no clinician signed may end so.
  package var needsSignature: Bool {
    switch self {
    case .emergency911, .urgencias, .person, .appointment: false
    case .callback, .teleconsultation, .homeVisit, .noPlace: true
    }
  }

  /// 911, Urgencias or a person: what may follow an alarm sign, or "no sé".
  package var isHelpNow: Bool {
    switch self {
    case .emergency911, .urgencias, .person: true
    case .appointment, .callback, .teleconsultation, .homeVisit, .noPlace: false
    }
  }

  /// Where it goes on when the agenda has no such date.
  package var otherwise: NodeID? {
    switch self {
    case .appointment(_, let node), .teleconsultation(_, let node): node
    case .emergency911, .urgencias, .person, .callback, .homeVisit, .noPlace: nil
    }
  }

  package var term: AppointmentTerm? {
    switch self {
    case .appointment(let term, _), .teleconsultation(let term, _): term
    case .emergency911, .urgencias, .person, .callback, .homeVisit, .noPlace: nil
    }
  }
}

/// By when an appointment has to be, and of what service.
package struct AppointmentTerm: Hashable, Sendable {
  package var service: ServiceCode
  /// 0 ... 60; 0 is today.
  package var days: Int
  /// Days of the clinic's calendar without Saturdays, Sundays and non-working days.
  package var areBusinessDays: Bool

  package init(service: ServiceCode, days: Int, areBusinessDays: Bool = false) {
    self.service = service
    self.days = days
    self.areBusinessDays = areBusinessDays
  }
}
