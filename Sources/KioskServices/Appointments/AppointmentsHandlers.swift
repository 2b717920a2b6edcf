internal import ClinicDomain
package import Scheduling
internal import VentanillaMessages

/// Answers ventanilla.v1.Appointments; one file for each method.
package struct AppointmentsHandlers: AppointmentsService {
  let counter: Counter
  let availability: NumberedState<[Availability]>

  package init(_ counter: Counter, availability: NumberedState<[Availability]>) {
    self.counter = counter
    self.availability = availability
  }
}

extension ClinicRules {
  /// A slot as it travels, with the words for a screen or a voice.
  func wireSlot(_ slot: Slot, service: ServiceCode, turno: TurnoCode, ownDoctor: Bool) -> Wire.Slot {
    Wire.Slot(
      service: service.rawValue, resource: slot.resource.description, date: slot.date.description,
      startMinute: Int32(slot.start.minutes), endMinute: Int32(slot.minutes.upperBound.minutes),
      turno: turno.rawValue,
      startsAtUnixMs: zone.instant(of: slot.date, minute: slot.start).milliseconds,
      ownDoctor: ownDoctor, display: displayText(of: slot))
  }

  func wireSlot(_ found: FoundSlot) -> Wire.Slot {
    wireSlot(found.slot, service: found.service, turno: found.turno, ownDoctor: found.ownDoctor)
  }

  /// An appointment as it travels. Whether it is with the own doctor is judged against `patient`'s assignment.
  func wireAppointment(_ appointment: Appointment, of patient: Patient) -> Wire.Appointment {
    let own = appointment.slot.resource == patient.consultorio && appointment.turno == patient.turno
    return Wire.Appointment(
      folio: appointment.folio.description, status: Wire.AppointmentStatus(appointment.status),
      slot: wireSlot(
        appointment.slot, service: appointment.service, turno: appointment.turno, ownDoctor: own),
      holdExpiresAtUnixMs: appointment.status == .pending ? appointment.holdExpiresAt?.milliseconds ?? 0 : 0,
      folioDisplay: appointment.folio.spoken, text: adviceText(for: appointment, byEye: patient.isDeaf))
  }
}

extension Appointment {
  /// As it stands at an instant: a hold that has run out reads as ended, whether or not the store has written that down yet.
  func standing(at now: Instant) -> Appointment {
    guard status == .pending, !occupies(at: now) else { return self }
    var ended = self
    ended.status = .cancelled
    ended.holdExpiresAt = nil
    ended.cancellation = .holdExpired
    return ended
  }
}
