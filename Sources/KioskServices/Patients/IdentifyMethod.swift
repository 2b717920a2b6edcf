internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension PatientsHandlers {
  /// Opens a session for who has both the identifier and the birth date.
  ///
  /// An unknown identifier and a wrong birth date are one answer, so that nobody learns who is registered here.
  package func identify(
    _ request: Wire.IdentifyRequest, context: CallContext
  ) async throws(RPCError) -> Wire.IdentifyResponse {
    let identification = try request.checked(today: counter.today)
    let people = try await people(with: identification)
    guard !people.isEmpty else { throw Self.notRecognised }
    if let ordinal = identification.ordinal {
      guard people.indices.contains(ordinal - 1) else { throw Self.notRecognised }
      return try open(people[ordinal - 1], context)
    }
    if people.count > 1 { return Wire.IdentifyResponse(choices: choices(people)) }
    return try open(people[0], context)
  }

  static var notRecognised: RPCError {
    RPCError(
      .unauthenticated,
      "Los datos no coinciden. Revise el número y la fecha de nacimiento, o pida ayuda en la ventanilla.")
  }

  /// Everybody with both in common, in the store's order, which never changes: the ordinal of a twin is always the same.
  private func people(with identification: Identification) async throws(RPCError) -> [Patient] {
    let birthDate = identification.birthDate
    let found = try await counter.reading { store throws(StoreFault) in
      switch identification.identifier {
      case .nss(let nss): try await store.patients(nss: nss, birthDate: birthDate)
      case .patientNumber(let number): try await store.patient(number: number).map { [$0] } ?? []
      case .curp(let curp): try await store.patient(curp: curp).map { [$0] } ?? []
      }
    }
    return found.filter { $0.birthDate == birthDate }
  }

  private func open(_ patient: Patient, _ context: CallContext) throws(RPCError) -> Wire.IdentifyResponse {
    let channel = Channel(role: context.role)
    guard let token = counter.sessions.open(for: patient, channel: channel, at: counter.clock.monotonic()) else {
      throw RPCError(.resourceExhausted, "Hay demasiadas personas a la vez. Espere un minuto e intente de nuevo.")
    }
    return Wire.IdentifyResponse(
      sessionToken: token.description, idleSeconds: Int32(counter.sessions.idleSeconds),
      person: wirePerson(patient, number: 0))
  }

  /// A minor is asked for by the first of their names, the chosen one where there is one; by all of them where twins share the first.
  /// Adults only by number: no adult's name is shown before they are identified.
  private func choices(_ people: [Patient]) -> [Wire.PersonChoice] {
    let firsts = people.map { $0.name.address.prefix { $0 != " " } }
    return people.enumerated().map { place, patient in
      let isUnique = firsts.count { $0 == firsts[place] } == 1
      let name = isUnique ? String(firsts[place]) : patient.name.address
      return Wire.PersonChoice(
        ordinal: Int32(place + 1), label: counter.isMinor(patient) ? name : "persona \(place + 1)")
    }
  }
}
