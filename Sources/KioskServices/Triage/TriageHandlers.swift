internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

/// Answers ventanilla.v1.Triage: staff's alone.
package struct TriageHandlers: TriageService {
  let counter: Counter

  package init(_ counter: Counter) { self.counter = counter }

  package func setColor(_ request: Wire.SetColorRequest, context: CallContext) async throws(RPCError) -> Encoded<Wire.SetColorResponse> {
    guard request.triage >= 0 else { throw .field("triage", "el número que da la lista, o 0 para empezar") }
    guard let color = TriageColor(request.color) else { throw .field("color", "rojo, naranja, amarillo, verde o azul") }
    let number = try FieldReader.person(request.person)
    var person: Patient?
    if !request.sessionToken.isEmpty { person = try counter.person(number, in: try counter.session(request.sessionToken, context)) }
    let set = SetTriage(
      actor: counter.triagist(context), triage: request.triage == 0 ? nil : request.triage, patient: person?.id, color: color)
    return try await act(.triage(set), context) { Wire.SetColorResponse(triage: $0) }
  }

  package func markTriaged(
    _ request: Wire.MarkTriagedRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.MarkTriagedResponse> {
    let triage = try FieldReader.listed(request.triage, field: "triage")
    return try await act(.seen(SeeTriaged(actor: counter.triagist(context), triage: triage)), context) {
      Wire.MarkTriagedResponse(triage: $0)
    }
  }

  package func listTriage(_ request: Wire.ListTriageRequest, context: CallContext) async throws(RPCError) -> Wire.ListTriageResponse {
    let cases = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in
        var cases: [(TriageCase, PatientNumber?)] = []
        for triage in try reader.triageWaiting() {
          let person = if let id = triage.patient { try reader.patient(id: id) } else { nil as Patient? }
          cases.append((triage, person?.number))
        }
        return cases
      }
    }
    return Wire.ListTriageResponse(cases: cases.map { counter.rules.wireTriage($0, number: $1) })
  }

  private func act<Reply: WireMessage>(
    _ command: CareCommand, _ context: CallContext, reply: @escaping @Sendable (Wire.TriageCase) -> Reply
  ) async throws(RPCError) -> Encoded<Reply> {
    let rules = counter.rules
    return try await counter.write(
      .care(command), context,
      encode: { outcome in
        guard case .triage(let triage) = outcome else { preconditionFailure("a colour was set with another outcome") }
        return Encoded(reply(rules.wireTriage(triage, number: nil))).bytes
      },
      refused: { refusal, wish in
        refusal == .appointmentNotFound ? Self.noSuchCase : counter.refused(refusal, wish: wish)
      })
  }

  private static let noSuchCase = RPCError(.notFound, "Nadie espera con ese número. Vea la lista otra vez.")
}

extension Counter {
  /// Who of the clinic sets a colour or sees somebody: an urgency needs no other reason.
  fileprivate func triagist(_ context: CallContext) -> Actor { .staff(staffName(context), .emergency) }
}

extension ClinicRules {
  fileprivate func wireTriage(_ triage: TriageCase, number: PatientNumber?) -> Wire.TriageCase {
    Wire.TriageCase(
      triage: triage.id, color: triage.color.wire, setAtUnixMs: triage.setAt.milliseconds, dueAtUnixMs: triage.dueAt.milliseconds,
      seenAtUnixMs: triage.seenAt?.milliseconds ?? 0, breachedAtUnixMs: triage.breachedAt?.milliseconds ?? 0,
      patientNumber: number?.description ?? "", text: text(of: triage))
  }

  private func text(of triage: TriageCase) -> String {
    let what = "Número \(triage.id), \(triage.color.rawValue)"
    if let seen = triage.seenAt { return "\(what): se le atendió a las \(zone.local(of: seen).minute)." }
    let due = zone.local(of: triage.dueAt).minute
    return triage.breachedAt == nil ? "\(what): verle a más tardar a las \(due)." : "\(what): SE PASÓ EL TIEMPO, era a las \(due). Véale ahora."
  }
}

extension TriageColor {
  /// `nil` for what is no colour, or one that a newer client knows.
  fileprivate init?(_ wire: Wire.TriageColor) {
    switch wire {
    case .rojo: self = .rojo
    case .naranja: self = .naranja
    case .amarillo: self = .amarillo
    case .verde: self = .verde
    case .azul: self = .azul
    case .unspecified, .unrecognized: return nil
    }
  }

  fileprivate var wire: Wire.TriageColor {
    switch self {
    case .rojo: .rojo
    case .naranja: .naranja
    case .amarillo: .amarillo
    case .verde: .verde
    case .azul: .azul
    }
  }
}
