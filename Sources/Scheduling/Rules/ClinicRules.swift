package import ClinicDomain

/// A clinic's rules, made ready for questions: what is open when, and how long that is in the world's time.
///
/// A value; copying it costs one reference.
package struct ClinicRules: Sendable {
  private let tables: Tables

  package init(clinic: Clinic, zone: ClinicZone) {
    tables = Tables(clinic: clinic, zone: zone)
  }

  package var clinic: Clinic { _read { yield tables.clinic } }
  package var zone: ClinicZone { _read { yield tables.zone } }

  /// What is computed once from the clinic.
  private final class Tables: Sendable {
    let clinic: Clinic
    let zone: ClinicZone
    /// By resource, then by weekday from Monday.
    let plans: [[DayPlan]]
    /// By resource: the closures that can close it, in the order of the file.
    let closures: [[Closure]]
    let services: [ServiceCode: Service]
    /// By service: the resources that give it, ascending.
    let givers: [ServiceCode: [Int]]

    init(clinic: Clinic, zone: ClinicZone) {
      self.clinic = clinic
      self.zone = zone
      plans = clinic.resources.map { resource in
        Weekday.allCases.map { DayPlan(resource, on: $0, in: clinic) }
      }
      closures = clinic.resources.map { resource in
        clinic.closures.filter { $0.resource == nil || $0.resource == resource.id }
      }
      services = Dictionary(clinic.services.map { ($0.code, $0) }) { first, _ in first }
      givers = Dictionary(clinic.services.map { service in
        (service.code, clinic.resources.indices.filter { clinic.resources[$0].services.contains(service.code) })
      }) { first, _ in first }
    }
  }
}

extension ClinicRules: Hashable {
  /// Rules are equal when their clinics and zones are.
  package static func == (left: Self, right: Self) -> Bool {
    left.tables === right.tables || (left.clinic == right.clinic && left.zone == right.zone)
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(clinic)
    hasher.combine(zone)
  }
}

// MARK: - What is open

extension ClinicRules {
  /// A resource's turnos on a date, by start, closed ones among them; none for an unknown resource or a day it does not work.
  package func turnoAgendas(of resource: ResourceID, on date: CivilDate) -> [TurnoAgenda] {
    guard let index = clinic.resourceIndex(resource) else { return [] }
    let plan = plan(ofResource: index, on: date)
    return plan.turnos.map { turno in
      TurnoAgenda(
        resource: resource, date: date, turno: turno.turno, hours: turno.hours, stretches: turno.stretches,
        slotMinutes: plan.slotMinutes, closed: closedReason(ofResource: index, turno: turno.turno, on: date), share: turno.share)
    }
  }

  /// What can be reserved of a turno when nobody has reserved anything, ascending: nothing when it is closed, nothing that another system
  /// gives, and no slot that lies wholly in the hour that the clock skips in spring.
  package func slots(of agenda: TurnoAgenda) -> [Slot] {
    agenda.closed == nil ? agenda.grid.filter { takesTime($0) && !isExternal($0) } : []
  }

  /// Whether another system gives the appointments of any part of a slot: then none is given here.
  package func isExternal(_ slot: Slot) -> Bool {
    guard let index = clinic.resourceIndex(slot.resource) else { return false }
    return plan(ofResource: index, on: slot.date).isExternal(slot.minutes)
  }

  /// The same as numbers of the day's plan.
  func openSlots(ofResource resource: Int, on date: CivilDate) -> SlotMask {
    let plan = plan(ofResource: resource, on: date)
    var mask = SlotMask(count: plan.starts.count)
    for turno in plan.turnos where closedReason(ofResource: resource, turno: turno.turno, on: date) == nil {
      mask.insert(turno.slots)
    }
    for stretch in plan.external { mask.remove(plan.slots(overlapping: stretch)) }
    guard skipsTime(on: date) else { return mask }
    let id = clinic.resources[resource].id
    for number in plan.starts.indices
    where !takesTime(Slot(resource: id, date: date, minutes: plan.minutes(ofSlot: number))) {
      mask.remove(number..<number + 1)
    }
    return mask
  }

  /// Why a turno gives no appointments on a date; `nil` when it does.
  func closedReason(ofResource index: Int, turno: TurnoCode, on date: CivilDate) -> ClosedReason? {
    if isNonWorkingDay(date) { return .nonWorkingDay }
    return tables.closures[index]
      .first { $0.dates.contains(date) && ($0.turno == nil || $0.turno == turno) }
      .map { .closure($0.reason) }
  }

  private func isNonWorkingDay(_ date: CivilDate) -> Bool {
    var (low, high) = (0, clinic.nonWorkingDays.count)
    while low < high {
      let middle = (low + high) / 2
      if clinic.nonWorkingDays[middle] < date { low = middle + 1 } else { high = middle }
    }
    return low < clinic.nonWorkingDays.count && clinic.nonWorkingDays[low] == date
  }

  func plan(ofResource index: Int, on date: CivilDate) -> DayPlan { plan(ofResource: index, on: date.weekday) }

  func plan(ofResource index: Int, on weekday: Weekday) -> DayPlan { tables.plans[index][weekday.rawValue - 1] }

  /// The resources that give a service, by their place in the clinic, ascending.
  func givers(of service: ServiceCode) -> [Int] { tables.givers[service] ?? [] }

  func service(_ code: ServiceCode) -> Service? { tables.services[code] }
}

// MARK: - Dates and instants

extension ClinicRules {
  /// The clinic's date.
  package func today(at now: Instant) -> CivilDate { zone.date(of: now) }

  /// The last date that can be booked.
  package func horizon(at now: Instant) -> CivilDate { today(at: now).advanced(by: clinic.policy.horizonDays) }

  /// Whether a slot has any length on the world's time line.
  func takesTime(_ slot: Slot) -> Bool { start(of: slot) < end(of: slot) }

  /// Whether the clock jumps ahead somewhere on an agenda.
  private func skipsTime(on date: CivilDate) -> Bool {
    zone.instant(of: date, minute: .latest) - zone.instant(of: date, minute: .midnight) < .seconds(48 * 3600)
  }

  /// When a slot begins, on the world's time line.
  package func start(of slot: Slot) -> Instant { zone.instant(of: slot.date, minute: slot.minutes.lowerBound) }

  /// When a slot ends.
  package func end(of slot: Slot) -> Instant { zone.instant(of: slot.date, minute: slot.minutes.upperBound) }
}
