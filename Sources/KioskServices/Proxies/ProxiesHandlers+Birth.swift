internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension ProxiesHandlers {
  /// These answers, and the others as they were.
  package func recordBirthPlan(
    _ request: Wire.RecordBirthPlanRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.RecordBirthPlanResponse> {
    let form = counter.rules.clinic.birthPlan
    var lines: [BirthPlan.Line] = []
    for line in request.lines {
      guard let answer = BirthPlan.Answer(line.answer) else { throw .field("lines", "cada respuesta es sí, no o platicarlo") }
      guard !lines.contains(where: { $0.item == line.item }) else { throw .field("lines", "cada punto una vez") }
      guard form == nil || form?.items.contains(where: { $0.code == line.item }) == true else {
        throw .field("lines", "un punto no es de los del plan de esta clínica: pida el plan para ver sus códigos")
      }
      lines.append(BirthPlan.Line(line.item, answer))
    }
    guard !lines.isEmpty else { throw .field("lines", "conteste al menos un punto") }
    let session = try counter.session(request.sessionToken, context)
    let actor = try writer(in: session, request.staffReason, context)
    guard let form else { throw Self.noForm }
    let rules = counter.rules
    return try await counter.write(
      .proxy(.plan(RecordBirthPlan(actor: actor, patient: session.actor.id, lines: lines, channel: session.channel))), context,
      encode: { outcome in
        guard case .proxy(.plan(let plan)) = outcome else { preconditionFailure("recorded without a plan") }
        return Encoded(Wire.RecordBirthPlanResponse(plan: rules.wirePlan(plan, of: form))).bytes
      },
      refused: { refusal, _ in counter.refusedProxy(refusal) })
  }

  /// Asked of the store at every call: who may see it is hers to change at any moment.
  package func getBirthPlan(
    _ request: Wire.GetBirthPlanRequest, context: CallContext
  ) async throws(RPCError) -> Wire.GetBirthPlanResponse {
    let number = try FieldReader.person(request.person)
    guard request.version >= 0 else { throw .field("version", "las versiones empiezan en 1; 0 es la última") }
    let session = try counter.session(request.sessionToken, context)
    let patient = try counter.person(number, in: session, needing: .plan)
    guard request.version == 0 || patient.id == session.actor.id,
      try await counter.mayAct(session.actor, for: patient, needing: .plan)
    else { throw Counter.notForThisPerson }
    guard let form = counter.rules.clinic.birthPlan else { throw Self.noForm }
    let version = request.version == 0 ? nil : Int(request.version)
    let plan = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in try reader.birthPlan(of: patient.id, version: version) }
    }
    guard plan != nil || version == nil else { throw RPCError(.notFound, "No hay esa versión del plan. Pida la última.") }
    return Wire.GetBirthPlanResponse(plan: counter.rules.wirePlan(plan, of: form))
  }

  private static let noForm = RPCError(.notFound, "Esta clínica no lleva planes de parto. Pregunte en la ventanilla.")

  /// A newborn at the record of the person of the session.
  package func registerNewborn(
    _ request: Wire.RegisterNewbornRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.RegisterNewbornResponse> {
    let today = counter.today
    let birthDate = try FieldReader.date(request.birthDate, field: "birth_date")
    guard birthDate <= today, today <= birthDate.advanced(by: Patient.newbornDays) else {
      throw .field("birth_date", "de hoy a \(Patient.newbornDays) días atrás; después se registra con sus documentos")
    }
    let given = String(request.givenName.split(separator: " ").joined(separator: " "))
    guard given.utf8.count <= 80, given.unicodeScalars.allSatisfy({ $0.properties.isAlphabetic || " '-.".unicodeScalars.contains($0) }) else {
      throw .field("given_name", "solo letras, hasta 80, o vacío si todavía no tiene nombre")
    }
    let actor = try counter.staff(request.staffReason, context, field: "staff_reason")
    let mother = try counter.session(request.sessionToken, context).actor
    return try await counter.write(
      .proxy(.newborn(
        RegisterNewborn(
          actor: actor, mother: mother.id, birthDate: birthDate, given: given.isEmpty ? nil : given, numberSeed: Counter.folioSeed()))),
      context,
      encode: { outcome in
        guard case .proxy(.newborn(let registered)) = outcome else { preconditionFailure("registered without a newborn") }
        let number = registered.person.number.description
        return Encoded(
          Wire.RegisterNewbornResponse(
            patientNumber: number, ordinal: Int32(registered.newborn.ordinal),
            text: "Quedó en el expediente de su mamá, con el número \(number). Ella le hace sus citas; no hace falta CURP ni NSS.")
        ).bytes
      },
      refused: { refusal, _ in counter.refusedProxy(refusal) })
  }
}
