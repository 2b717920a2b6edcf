internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension PatientsHandlers {
  /// How the person of the session is called from now on, in sessions that are open too.
  package func setChosenName(
    _ request: Wire.SetChosenNameRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.SetChosenNameResponse> {
    let chosen = try FieldReader.calledName(request.chosen, field: "chosen")
    let pronoun = try FieldReader.calledName(request.pronoun, field: "pronoun")
    let session = try counter.session(request.sessionToken, context)
    let actor = context.role.contains(.staff)
      ? try counter.staff(request.staffReason, context, field: "staff_reason") : Actor.person(session.actor.id)
    let set = SetChosenName(actor: actor, patient: session.actor.id, chosen: chosen, pronoun: pronoun, channel: session.channel)
    let answer: Encoded<Wire.SetChosenNameResponse> = try await counter.write(
      .care(.name(set)), context,
      encode: { outcome in
        guard case .named(let name) = outcome else { preconditionFailure("a name was set with another outcome") }
        let text = name.chosen == nil
          ? "Desde ahora le llamamos \(name.address), como dicen sus documentos."
          : "Desde ahora le llamamos \(name.address). Los documentos oficiales llevan el nombre que está en su registro."
        return Encoded(Wire.SetChosenNameResponse(name: name.address, text: text)).bytes
      },
      refused: { counter.refused($0, wish: $1) })
    // As it is stored now, not as this request has it: a repeat that comes late is answered as the first time, and changes nothing.
    let person = session.actor.id
    let current = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in try reader.patient(id: person) }
    }
    if let name = current?.name { counter.sessions.rename(person, chosen: name.chosen, pronoun: name.pronoun) }
    return answer
  }
}
