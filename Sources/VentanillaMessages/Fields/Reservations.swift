package import ClinicDomain
package import Scheduling
package import TTRPCCore

extension Wire.SlotChoice {
  /// The slot that a caller names.
  ///
  /// - Throws: INVALID_ARGUMENT for the first field that cannot be read, in the message's order.
  package func checked(field: String = "slot") throws(RPCError) -> (service: ServiceCode, choice: SlotChoice) {
    let service = try FieldReader.service(service, field: "\(field).service")
    let resource = try FieldReader.resource(resource, field: "\(field).resource")
    let date = try FieldReader.date(date, field: "\(field).date")
    let start = try FieldReader.minute(startMinute, field: "\(field).start_minute")
    return (service, SlotChoice(resource: resource, date: date, start: start))
  }
}

extension Wire.HoldRequest {
  package func checkedSlot() throws(RPCError) -> (service: ServiceCode, choice: SlotChoice) {
    guard let slot else { throw .field("slot", "falta decir qué lugar se aparta") }
    return try slot.checked()
  }
}

extension Wire.BookRequest {
  package func checkedWhat() throws(RPCError) -> BookAppointment.What {
    switch what {
    case .holdFolio(let text): return .hold(try FieldReader.folio(text, field: "hold_folio"))
    case .slot(let slot):
      let (service, choice) = try slot.checked()
      return .slot(service, choice)
    case nil: throw .field("what", "falta el folio del apartado (hold_folio) o el lugar (slot)")
    }
  }
}

extension Appointment.CancellationReason {
  /// A number of a newer client counts as unspecified: the reason decides nothing.
  package init(_ wire: Wire.CancellationReason) {
    switch wire {
    case .cannotCome: self = .cannotCome
    case .notNeeded: self = .notNeeded
    case .otherPlace: self = .otherPlace
    case .clinic: self = .clinic
    default: self = .unspecified
    }
  }
}

extension Wire.AppointmentStatus {
  package init(_ status: Appointment.Status) {
    switch status {
    case .proposed: self = .proposed
    case .pending: self = .pending
    case .booked: self = .booked
    case .arrived: self = .arrived
    case .checkedIn: self = .checkedIn
    case .fulfilled: self = .fulfilled
    case .cancelled: self = .cancelled
    case .noshow: self = .noshow
    case .waitlist: self = .waitlist
    case .enteredInError: self = .enteredInError
    }
  }
}

extension Wire.RefusalReason {
  /// The number of a refusal; `nil` for the one that travels as PERMISSION_DENIED alone, and for those outside the agenda.
  package init?(_ refusal: CommandRefusal) {
    switch refusal {
    case .notAllowed, .telephone: return nil
    case .appointmentNotFound: self = .appointmentNotFound
    case .holdExpired: self = .holdExpired
    case .wrongState: self = .wrongState
    case .offerOver: self = .offerOver
    case .series: self = .series
    case .nothingToUndo: self = .nothingToUndo
    case .notLive: self = .notLive
    case .tooEarly: self = .tooEarly
    case .serviceNotOffered: self = .serviceNotOffered
    case .resourceNotOffered: self = .resourceNotOffered
    case .slotInThePast: self = .slotInThePast
    case .beyondHorizon: self = .beyondHorizon
    case .notReleased: self = .notReleased
    case .closed: self = .closed
    case .notOnGrid: self = .notOnGrid
    case .externalAgenda: self = .externalAgenda
    case .rightsEndBefore: self = .rightsEndBefore
    case .caredElsewhere: self = .caredElsewhere
    case .notAccessible: self = .notAccessible
    case .notTogether: self = .notTogether
    case .limitReached: self = .limitReached
    case .householdLimitReached: self = .householdLimitReached
    case .personBusy: self = .personBusy
    case .turnoFull: self = .turnoFull
    case .quotaSpent: self = .quotaSpent
    case .slotOffered: self = .slotOffered
    case .slotTaken: self = .slotTaken
    case .companionTaken: self = .companionTaken
    case .homeVisit: self = .homeVisit
    case .promoter: self = .promoter
    }
  }
}

extension Wire.FindRequest {
  /// - Throws: INVALID_ARGUMENT for the first field that cannot be read, in the message's order.
  package func checked(for person: PersonView?, channel: Channel) throws(RPCError) -> FindSlots {
    let service = try FieldReader.service(service, field: "service")
    let date = try FieldReader.optionalDate(date, field: "date")
    let earliest = try FieldReader.optionalDate(earliestDate, field: "earliest_date")
    let minute = try FieldReader.minute(earliestMinute, field: "earliest_minute")
    let resource = resource.isEmpty ? nil : try FieldReader.resource(self.resource, field: "resource")
    guard (0...100).contains(limit) else { throw .field("limit", "de 1 a 100; 0 da 12") }
    var query = FindSlots(
      service: service, person: person, channel: channel, turno: turno.isEmpty ? nil : TurnoCode(turno),
      date: date, earliestDate: earliest, earliestMinute: minute, resource: resource, limit: limit == 0 ? 12 : Int(limit))
    query.asksForOthers = anyDoctor
    return query
  }
}
