internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

/// Answers ventanilla.v1.Directory: from the clinic's own file, for anybody.
package struct DirectoryHandlers: DirectoryService {
  let counter: Counter

  package init(_ counter: Counter) { self.counter = counter }

  package func findUnits(_ request: Wire.FindUnitsRequest, context: CallContext) throws(RPCError) -> Wire.FindUnitsResponse {
    let directory = counter.rules.clinic.directory
    guard !directory.units.isEmpty else { throw RPCError(.notFound, Self.noDirectory) }
    if !request.clues.isEmpty {
      let clues: CLUES
      do { clues = try CLUES(parsing: request.clues) } catch { throw .field("clues", error.mensaje) }
      guard let unit = directory[clues] else { throw RPCError(.notFound, "El directorio no tiene esa CLUES. Busque por código postal.") }
      return Wire.FindUnitsResponse(units: [Wire.HealthUnit(unit)])
    }
    return Wire.FindUnitsResponse(units: directory.find(try request.checked()).map(Wire.HealthUnit.init))
  }

  private static let noDirectory = "Esta unidad no tiene directorio. Pregunte en la ventanilla a dónde ir; en una urgencia, vaya al hospital más cercano o marque 911."

  package func orient(_ request: Wire.OrientRequest, context: CallContext) async throws(RPCError) -> Wire.OrientResponse {
    let said = Institution(request.institution)
    let postalCode = try FieldReader.optionalPostalCode(request.postalCode, field: "postal_code")
    let credential = try FieldReader.credential(request.credential, field: "credential")
    let number = try FieldReader.person(request.person)
    var written: Institution?
    if !request.sessionToken.isEmpty {
      let session = try counter.session(request.sessionToken, context)
      let person = try counter.person(number, in: session, needing: .see)
      guard try await counter.mayAct(session.actor, for: person, needing: .see) else { throw Counter.notForThisPerson }
      written = try await institution(of: person)
    }
    // A credential of the universal service is shown to who cares for people without insurance.
    let institution = said ?? written ?? (credential == nil ? .none : .imssBienestar)
    return counter.rules.clinic.orientation(of: institution, from: postalCode, hasCredential: credential != nil)
  }

  /// What they said last, or what their record shows: who has an NSS is of the IMSS until they say otherwise.
  private func institution(of person: Patient) async throws(RPCError) -> Institution? {
    let said = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in try reader.affiliation(of: person.id) }
    }
    let today = counter.today
    return said?.institution ?? (person.nss != nil && person.rights.covers(today) ? .imss : nil)
  }
}

extension Clinic {
  /// Where somebody goes. Never empty: the first step is Urgencias, whatever else the clinic knows.
  fileprivate func orientation(of institution: Institution, from postalCode: PostalCode?, hasCredential: Bool) -> Wire.OrientResponse {
    let urgencias = directory.find(UnitDirectory.Query(postalCode: postalCode, care: [.urgencias], limit: 1)).first
    let units = directory.find(UnitDirectory.Query(institution: institution, postalCode: postalCode))
    var steps = [
      NextStep(
        code: "urgencias",
        text: "Si su vida corre peligro o está embarazada y se siente mal, vaya ahora a Urgencias o marque 911: le reciben con o sin seguro."
          + (urgencias.map { " La más cercana: \($0.spanishText)" } ?? ""))
    ]
    steps += units.enumerated().map { NextStep(code: "unidad_\($0 + 1)", text: "Le atienden en \($1.spanishText)") }
    if institution.caring == .imssBienestar, !hasCredential, let freeCare {
      steps += freeCare.credential.enumerated().map { NextStep(code: "credencial_\($0 + 1)", text: $1) }
    }
    if units.isEmpty { steps += nextSteps(for: .noRights).filter { $0.code != "urgencias" } }
    return Wire.OrientResponse(
      steps: steps.map(Wire.NextStep.init), urgencias: urgencias.map(Wire.HealthUnit.init),
      units: units.map(Wire.HealthUnit.init), institution: institution.wire)
  }
}

extension HealthUnit {
  /// "Centro de Salud Uno (IMSS-Bienestar), Calle 1, C.P. 07300, todos los días, tel. 5550109101."
  fileprivate var spanishText: String {
    "\(name) (\(institution.name)), \(address), C.P. \(postalCode), \(hours)\(phone.flatMap(\.national).map { ", tel. \($0)" } ?? "")."
  }
}

extension Wire.HealthUnit {
  fileprivate init(_ unit: HealthUnit) {
    self.init(
      clues: unit.clues.description, institution: unit.institution.wire, name: unit.name, address: unit.address,
      postalCode: unit.postalCode.description, state: unit.state.rawValue, hours: unit.hours, phone: unit.phone?.national ?? "",
      care: unit.care.map(\.wire), text: unit.spanishText)
  }
}
