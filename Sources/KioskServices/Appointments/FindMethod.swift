internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension AppointmentsHandlers {
  /// Free slots from the index snapshot, on the event loop.
  package func find(_ request: Wire.FindRequest, context: CallContext) throws(RPCError) -> Wire.FindResponse {
    let rules = counter.rules
    let number = try FieldReader.person(request.person)
    var person: Patient?
    if !request.sessionToken.isEmpty {
      let session = try counter.session(request.sessionToken, context)
      person = try counter.person(number, in: session)
    }
    let query = try request.checked(for: person.map { PersonView($0) }, channel: Channel(role: context.role))
    guard let service = rules.clinic.service(query.service), service.bookableBy.contains(query.channel) else {
      throw counter.refused(.serviceNotOffered, wish: nil, as: .notFound)
    }
    let slots = counter.store.snapshot.find(query, at: counter.now)
    guard slots.isEmpty else { return Wire.FindResponse(slots: slots.map(rules.wireSlot)) }
    let first = [counter.today, query.earliestDate, query.date].compactMap(\.self).max()!
    let covered = person.map { !service.requiresRights || $0.rights.covers(first) } ?? true
    let steps = rules.clinic.nextSteps(for: covered ? .noSlot : .noRights)
    return Wire.FindResponse(steps: steps.map { Wire.NextStep(code: $0.code, text: $0.text) })
  }
}
