internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension PatientsHandlers {
  /// Opens a session for who has the identifier and the second factor.
  ///
  /// An unknown identifier and a wrong factor are one answer after the same work, so that nobody learns who is registered here.
  package func identify(
    _ request: Wire.IdentifyRequest, context: CallContext
  ) async throws(RPCError) -> Wire.IdentifyResponse {
    let identification = try request.checked(today: counter.today)
    let failure = counter.failure(identification.identifier, visit: identification.visit, context)
    let query = counter.query(identification.identifier, born: identification.birthDate, failure)
    return try await counter.judged(failure, failing: Self.notRecognised) { counter async throws(RPCError) in
      let found = try await counter.reading { store throws(StoreFault) in
        try await store.read { reader throws(StoreFault) in try reader.identify(query) }
      }
      return try answer(identification, among: found.people.filter(identification.fits).inFamilyOrder, context)
    }
  }

  static var notRecognised: RPCError {
    RPCError(
      .unauthenticated,
      "Los datos no coinciden. Revise el número y la fecha de nacimiento, o pida ayuda en la ventanilla.")
  }

  /// `nil` when nobody is meant.
  private func answer(
    _ identification: Identification, among people: [Patient], _ context: CallContext
  ) throws(RPCError) -> Wire.IdentifyResponse? {
    if let ordinal = identification.ordinal {
      return people.indices.contains(ordinal - 1) ? try open(people[ordinal - 1], context) : nil
    }
    if people.count > 1 { return Wire.IdentifyResponse(choices: choices(people)) }
    guard let person = people.first else { return nil }
    return try open(person, context)
  }

  private func open(_ patient: Patient, _ context: CallContext) throws(RPCError) -> Wire.IdentifyResponse {
    let channel = Channel(role: context.role)
    let sessions = counter.sessions
    let token = sessions.open(for: patient, channel: channel, connection: context.connectionID, at: counter.clock.monotonic())
    guard let token else {
      throw RPCError(.resourceExhausted, "Hay demasiadas personas a la vez. Espere un minuto e intente de nuevo.")
    }
    return Wire.IdentifyResponse(
      sessionToken: token.description, idleSeconds: Int32(sessions.idleSeconds), person: wirePerson(patient, number: 0),
      warningSeconds: Int32(sessions.warningSeconds))
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

extension [Patient] {
  /// By their place in the family, as the padrón and the family's cards have it; who has none by when the clinic came to know them. So `ordinal`
  /// means the same one of twins whichever came first in a file.
  fileprivate var inFamilyOrder: [Patient] { sorted { ($0.ordinal ?? .max, $0.id) < ($1.ordinal ?? .max, $1.id) } }
}

extension Identification {
  /// Whether what was said besides identifier and birth date is so.
  fileprivate func fits(_ patient: Patient) -> Bool {
    (consultorio == nil || consultorio == patient.consultorio) && (agregado == nil || agregado == patient.agregado)
  }
}
