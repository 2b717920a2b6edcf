internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

/// Answers ventanilla.v1.Transfers: people who change to another doctor or another unit, many at once.
package struct TransfersHandlers: TransfersService {
  let counter: Counter

  package init(_ counter: Counter) { self.counter = counter }
}

extension TransfersHandlers {
  /// What is done is read from what is there: who belongs to the new doctor has changed, and an appointment of theirs has been moved. So a call
  /// that was cut off is made good by the next one, and the store keeps no list of its own.
  package func changeDoctor(
    _ request: Wire.ChangeDoctorRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.ChangeDoctorResponse> {
    let target = try doctor(request.toResource, request.toTurno, "to_resource", "to_turno")
    let actor = try counter.staff(request.reason, context)
    guard (0...500).contains(request.limit) else { throw .field("limit", "de 1 a 500; 0 da 200") }
    let people = try await people(of: request).filter { $0.doctor != target }
    let (able, unable) = (people.filter { counter.rules.mayAdopt($0, target) }, people.filter { !counter.rules.mayAdopt($0, target) })
    let change = DoctorChange(counter: counter, actor: actor, target: target, limit: request.limit == 0 ? 200 : Int(request.limit))
    let done = try await counter.reading { _ throws(StoreFault) in try await change.run(for: able) }
    let left = able.count - done.adopted.count
    let rules = counter.rules
    return Encoded(
      Wire.ChangeDoctorResponse(
        appointments: done.appointments.map { old, now in
          Wire.ChangedAppointment(
            folio: old.description, newFolio: now.folio == old ? "" : now.folio.description, display: rules.displayText(of: now.slot))
        },
        adopted: Int32(done.adopted.count), remaining: Int32(left), unreachable: unable.map(\.number.description),
        untold: done.untold.map(\.number.description), text: done.text(left: left, unable: unable.count)))
  }

  func doctor(
    _ resource: String, _ turno: String, _ resourceField: String, _ turnoField: String
  ) throws(RPCError) -> Doctor {
    let id = try FieldReader.resource(resource, field: resourceField)
    guard let known = counter.rules.clinic.resource(id) else { throw .field(resourceField, "esa agenda no es de esta clínica") }
    guard known.rules.contains(where: { $0.turno.rawValue == turno }) else { throw .field(turnoField, "\(id) no trabaja ese turno") }
    return Doctor(resource: id, turno: TurnoCode(turno))
  }

  /// A doctor's, or those that are named; who is named twice or is nobody's number is refused.
  private func people(of request: Wire.ChangeDoctorRequest) async throws(RPCError) -> [Patient] {
    guard !request.fromResource.isEmpty else {
      guard (1...500).contains(request.patientNumbers.count) else {
        throw .field("patient_numbers", "diga de qué consultorio y turno son, o de 1 a 500 números de persona")
      }
      var numbers: [PatientNumber] = []
      for text in request.patientNumbers {
        guard let number = PatientNumber(text), !numbers.contains(number) else {
          throw .field("patient_numbers", "un número no es de una persona, o está dos veces")
        }
        numbers.append(number)
      }
      let wanted = numbers
      let found = try await counter.reading { store throws(StoreFault) in
        var people: [Patient] = []
        for number in wanted { if let person = try await store.patient(number: number) { people.append(person) } }
        return people
      }
      guard found.count == numbers.count else { throw .field("patient_numbers", "un número no es de nadie") }
      return found
    }
    guard request.patientNumbers.isEmpty else { throw .field("patient_numbers", "no van con from_resource: diga lo uno o lo otro") }
    return try await people(of: doctor(request.fromResource, request.fromTurno, "from_resource", "from_turno"), request.bornFrom, request.bornTo)
  }

  /// A doctor's people who were born in a stretch of days; empty texts bound nothing.
  func people(of source: Doctor, _ bornFrom: String, _ bornTo: String) async throws(RPCError) -> [Patient] {
    let first = try FieldReader.optionalDate(bornFrom, field: "born_from") ?? .earliest
    let last = try FieldReader.optionalDate(bornTo, field: "born_to") ?? counter.today
    guard first <= last else { throw .field("born_to", "termina antes de empezar") }
    return try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in try reader.people(of: source, born: first...last) }
    }
  }
}
