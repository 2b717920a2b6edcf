package import ClinicDomain

/// What the clinic's capacity says of one consultorio's one turno, on any date.
struct TurnoShare: Hashable, Sendable {
  /// When a date's places open: so many days before, at a minute of that day.
  struct Opening: Hashable, Sendable {
    var daysAhead: Int
    var minute: AgendaMinute
  }

  /// What can be reserved at most; `nil` leaves it to the grid.
  var cap: Int?
  var quotas: ChannelQuotas?
  var opening: Opening?
  /// Places that can be reserved in all: the grid's, or fewer under a cap.
  var places: Int

  static let open = TurnoShare(places: 0)

  init(cap: Int? = nil, quotas: ChannelQuotas? = nil, opening: Opening? = nil, places: Int) {
    self.cap = cap
    self.quotas = quotas
    self.opening = opening
    self.places = places
  }

  /// - Parameter slots: each as often as it takes people.
  init(of resource: ResourceID, _ turno: Turno, slots: Int, in clinic: Clinic) {
    let capacity = clinic.capacity
    let turnos = clinic.turnos.map(\.code)
    cap = capacity.caps.first { $0.scope.contains(resource, turno.code) }?.places
    quotas = capacity.quotas.first { $0.scope.contains(resource, turno.code) }
    opening = capacity.releases.lazy.compactMap { rule in
      rule.minute(of: resource, turno.code, among: turnos).map { Opening(daysAhead: rule.daysAhead, minute: $0) }
    }.first
    places = min(slots, cap ?? slots)
  }

  /// Whether a decision about it must know how much of the turno is taken.
  var isLimited: Bool { cap != nil || quotas != nil }

  /// Why a channel gets no further place.
  enum Denial: Hashable, Sendable {
    case capReached(Int)
    /// The channel has its own share, and what is nobody's share is gone.
    case quotaSpent
  }

  /// What stands in the way of one more place for a channel.
  ///
  /// A channel that has not used its own share always gets a place. The places that are in no share go to whoever comes first.
  ///
  /// - Parameter sharesHold: whether the date is still so far away that the shares hold.
  func denial(for channel: Channel, load: TurnoLoad, sharesHold: Bool) -> Denial? {
    if let cap, load.people >= cap { return .capReached(cap) }
    guard sharesHold, let quotas, load[channel] >= quotas[channel] else { return nil }
    let beyond = Channel.allCases.reduce(0) { $0 + max(0, load[$1] - quotas[$1]) }
    return beyond < max(0, places - quotas.total) ? nil : .quotaSpent
  }
}

/// How much of one turno on one date is spoken for: appointments that keep a place, and live holds, by the channel that took them.
package struct TurnoLoad: CountedByChannel, Hashable, Sendable {
  package var kiosk: Int
  package var phone: Int
  package var desk: Int
  /// What another system gave: people for the cap, and in no channel's share.
  package var external: Int

  /// Everybody who is expected.
  package var people: Int { total + external }

  package init(kiosk: Int = 0, phone: Int = 0, desk: Int = 0, external: Int = 0) {
    self.kiosk = kiosk
    self.phone = phone
    self.desk = desk
    self.external = external
  }
}
