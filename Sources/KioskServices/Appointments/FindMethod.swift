internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension AppointmentsHandlers {
  /// Free slots from the index snapshot. For nobody in particular it waits for nothing; for a person what they have is read before.
  package func find(_ request: Wire.FindRequest, context: CallContext) async throws(RPCError) -> Wire.FindResponse {
    let rules = counter.rules
    let number = try FieldReader.person(request.person)
    var (person, session): (Patient?, SessionRegistry.Session?)
    if !request.sessionToken.isEmpty {
      session = try counter.session(request.sessionToken, context)
      person = try session.map { (session) throws(RPCError) in try counter.person(number, in: session, needing: .book) }
    }
    var query = try request.checked(for: person.map { PersonView($0) }, channel: Channel(role: context.role))
    query.includesOverbooked = true
    guard let service = rules.clinic.service(query.service), service.bookableBy.contains(query.channel),
      service.code != rules.clinic.homeVisits?.service
    else {
      throw counter.refused(.serviceNotOffered, wish: nil, as: .notFound)
    }
    let now = counter.now
    if let person, let session { query.person?.active = try await counter.commitments(of: person, in: session, at: now) }
    let slots = counter.store.snapshot.find(query, at: now)
    let release = rules.nextRelease(of: query.service, turno: query.turno, resource: query.resource, at: now).map(rules.wireRelease)
    guard slots.isEmpty else { return Wire.FindResponse(slots: slots.map(rules.wireSlot), nextRelease: release) }
    let first = [counter.today, query.earliestDate, query.date].compactMap(\.self).max()!
    let covered = person.map { !service.requiresRights || $0.rights.covers(first) } ?? true
    let elsewhere = service.requiresRights && covered ? person?.elsewhere.map { rules.clinic.nextSteps(for: .caredElsewhere($0)) } : nil
    var steps = elsewhere ?? rules.clinic.nextSteps(for: covered ? .noSlot : .noRights)
    if query.person?.staysWithDoctor == true, !query.asksForOthers { steps = rules.clinic.palliativeSteps + steps }
    return Wire.FindResponse(steps: steps.map(Wire.NextStep.init), nextRelease: release)
  }
}

extension Clinic {
  /// What there is for somebody whose own doctor has nothing free: they stay with their doctor, and wait in no line.
  fileprivate var palliativeSteps: [NextStep] {
    let visit = homeVisits == nil ? [] : [
      NextStep(code: "paliativos_visita", text: "Pida una visita a domicilio: su médico o quien lo cubre va a verle.")
    ]
    return visit + [
      NextStep(code: "paliativos_llamada", text: "Pida que le llamen hoy mismo: le llama su médico, o quien está de guardia. No necesita formarse."),
      NextStep(code: "paliativos_otro_medico", text: "Si prefiere no esperar a su médico, pida ver también los lugares de otros."),
    ]
  }
}

extension ClinicRules {
  fileprivate func wireRelease(_ release: NextRelease) -> Wire.NextRelease {
    let turno = clinic.turno(release.turno)?.name ?? release.turno.rawValue
    return Wire.NextRelease(
      opensAtUnixMs: release.at.milliseconds, date: release.date.description, resource: release.resource.description,
      turno: release.turno.rawValue,
      display: "El \(dayAndHour(at: release.at)), se abren los lugares del \(release.date.spanishDayText),"
        + " \(placeText(of: release.resource)), turno \(turno).")
  }
}
