/// How long somebody with an urgency can wait, as a doctor or nurse of the clinic says. No screen and no voice ever assigns one.
///
/// Source: domain, 4.2, five levels with reference times.
package enum TriageColor: String, Hashable, Sendable, CaseIterable {
  /// Immediate danger to life.
  case rojo
  case naranja, amarillo, verde, azul

  /// The longest wait.
  package var minutes: Int {
    switch self {
    case .rojo: 0
    case .naranja: 10
    case .amarillo: 30
    case .verde: 120
    case .azul: 180
    }
  }
}

/// Somebody who waits with a colour.
package struct TriageCase: Hashable, Sendable {
  /// 1, 2 … in the order of the first colour.
  package let id: Int64
  /// Who it is, where they have said so.
  package var patient: PatientID?
  package var color: TriageColor
  /// As their connection showed it.
  package var setBy: String
  /// When this colour was set: its time runs from here.
  package var setAt: Instant
  package var seenAt: Instant?
  package var seenBy: String?
  /// Nobody had seen them in time.
  package var breachedAt: Instant?

  package init(
    id: Int64, patient: PatientID?, color: TriageColor, setBy: String, setAt: Instant, seenAt: Instant? = nil, seenBy: String? = nil,
    breachedAt: Instant? = nil
  ) {
    self.id = id
    self.patient = patient
    self.color = color
    self.setBy = setBy
    self.setAt = setAt
    self.seenAt = seenAt
    self.seenBy = seenBy
    self.breachedAt = breachedAt
  }

  package var dueAt: Instant { setAt.adding(seconds: 60 * color.minutes) }

  /// Whether the time is over, and nobody has noted it.
  package func isOverdue(at now: Instant) -> Bool { seenAt == nil && breachedAt == nil && dueAt <= now }
}
