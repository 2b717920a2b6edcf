internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension AppointmentsHandlers {
  /// Another slot instead of a booked one, in one step.
  package func reschedule(
    _ request: Wire.RescheduleRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.RescheduleResponse> {
    let folio = try FieldReader.folio(request.folio, field: "folio")
    let choice = SlotChoice(
      resource: try FieldReader.resource(request.resource, field: "resource"),
      date: try FieldReader.date(request.date, field: "date"),
      start: try FieldReader.minute(request.startMinute, field: "start_minute"))
    let who = try counter.actor(request.sessionToken, request.staffReason, context)
    let (rules, counter) = (counter.rules, counter)
    return try await counter.live(
      .reschedule(choice, folioSeed: Counter.folioSeed()), folio, as: who, context,
      visits: { patient throws(RPCError) in try await counter.homeAlternatives(to: folio, of: patient, from: choice.date, through: who.channel) }
    ) { appointment, patient in
      Wire.RescheduleResponse(
        appointment: rules.wireAppointment(appointment, of: patient),
        replacedFolio: appointment.folio == folio ? "" : appointment.replaces?.description ?? "")
    }
  }

  /// The person will come.
  package func confirm(
    _ request: Wire.ConfirmRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.ConfirmResponse> {
    let folio = try FieldReader.folio(request.folio, field: "folio")
    let who = try counter.actor(request.sessionToken, request.staffReason, context)
    let rules = counter.rules
    return try await counter.live(.confirm, folio, as: who, context) { appointment, patient in
      Wire.ConfirmResponse(appointment: rules.wireAppointment(appointment, of: patient))
    }
  }

  /// The person is here.
  package func checkIn(
    _ request: Wire.CheckInRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.CheckInResponse> {
    let folio = try FieldReader.folio(request.folio, field: "folio")
    let who = try counter.actor(request.sessionToken, request.staffReason, context)
    let rules = counter.rules
    return try await counter.live(.checkIn, folio, as: who, context) { appointment, patient in
      Wire.CheckInResponse(
        appointment: rules.wireAppointment(appointment, of: patient), arrival: rules.arrival(of: appointment))
    }
  }

  /// That an appointment exists, for who has its folio and the person's birth date. Whatever is wrong, the answer is one.
  package func prove(
    _ request: Wire.ProveRequest, context: CallContext
  ) async throws(RPCError) -> Wire.ProveResponse {
    let folio = try FieldReader.folio(request.folio, field: "folio")
    let birthDate = try FieldReader.birthDate(request.birthDate, today: counter.today)
    let visit = try FieldReader.visit(request.visit)
    let now = counter.now
    let (appointment, patient) = try await counter.proved(folio, visit: visit, failing: Self.notProved, context) {
      reader throws(StoreFault) -> (Appointment, Patient)? in
      // Both are always read, so that one answer takes as long as the other.
      let appointment = try reader.appointment(folio: folio)
      let patient = try reader.patient(id: appointment?.patient ?? PatientID(rawValue: 0))
      guard let standing = appointment?.standing(at: now), let patient, patient.birthDate == birthDate else { return nil }
      return standing.status == .pending || standing.cancellation == .holdExpired ? nil : (standing, patient)
    }
    return Wire.ProveResponse(appointment: counter.rules.wireAppointment(appointment, of: patient))
  }

  private static var notProved: RPCError {
    RPCError(.notFound, "No hay una cita con ese folio y esa fecha de nacimiento. Revise los dos, o pida ayuda en la ventanilla.")
  }
}

extension ClinicRules {
  /// How somebody came who is checked in.
  func arrival(of appointment: Appointment) -> Wire.Arrival {
    if appointment.isInTodaysLine { return .todaysLine }
    guard let arrived = appointment.arrivedAt else { return .onTime }
    return toleranceEnd(of: appointment) < arrived ? .late : .onTime
  }
}
