internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

/// Answers ventanilla.v1.Register: what the clinic has committed itself to; the nightly check is in a file of its own.
package struct RegisterHandlers: RegisterService {
  let counter: Counter

  package init(_ counter: Counter) { self.counter = counter }
}

extension RegisterHandlers {
  package func addLegado(
    _ request: Wire.AddLegadoRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.AddLegadoResponse> {
    let (title, owner, due, evidence) = try request.checked()
    return try await write(
      .addLegado(AddLegado(actor: counter.staff(context, .routine), title: title, owner: owner, due: due, evidence: evidence)), context
    ) { Wire.AddLegadoResponse(legado: $0) }
  }

  package func addEvidence(
    _ request: Wire.AddEvidenceRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.AddEvidenceResponse> {
    let id = try FieldReader.number(request.legado, field: "legado")
    let reference = try FieldReader.words(request.reference, atMost: 300, field: "reference")
    return try await write(
      .addEvidence(AddLegadoEvidence(actor: counter.staff(context, .routine), legado: id, reference: reference)), context
    ) { Wire.AddEvidenceResponse(legado: $0) }
  }

  package func setStatus(
    _ request: Wire.SetLegadoStatusRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.SetLegadoStatusResponse> {
    let id = try FieldReader.number(request.legado, field: "legado")
    guard let status = Legado.Status(request.status) else { throw .field("status", "diga el estado: planeado, en curso, cumplido o cancelado") }
    let note = try FieldReader.words(request.note, atMost: 300, field: "note")
    let due = try FieldReader.optionalDate(request.dueDate, field: "due_date")
    return try await write(
      .setStatus(SetLegadoStatus(actor: counter.staff(context, .routine), legado: id, status: status, note: note, due: due)), context
    ) { Wire.SetLegadoStatusResponse(legado: $0) }
  }

  package func listLegados(_ request: Wire.ListLegadosRequest, context: CallContext) async throws(RPCError) -> Wire.ListLegadosResponse {
    let today = counter.today
    let all = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in try reader.legados() }
    }
    return Wire.ListLegadosResponse(
      legados: all.filter { !request.overdueOnly || $0.last.isOverdue(on: today) }.map { Wire.Legado($0, today: today) })
  }

  package func getLegado(_ request: Wire.GetLegadoRequest, context: CallContext) async throws(RPCError) -> Wire.GetLegadoResponse {
    let id = try FieldReader.number(request.legado, field: "legado")
    let found = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in
        (standing: try reader.legados(only: id).first, evidence: try reader.evidence(of: id), entries: try reader.entries(of: id))
      }
    }
    guard let standing = found.standing else { throw RPCError(.notFound, Self.unknown) }
    return Wire.GetLegadoResponse(
      legado: Wire.Legado(standing, today: counter.today),
      evidence: found.evidence.map { Wire.LegadoEvidence(reference: $0.reference, atUnixMs: $0.addedAt.milliseconds, by: $0.addedBy) },
      history: found.entries.map {
        Wire.LegadoStatusChange(
          status: $0.status.wire, dueDate: $0.due.description, note: $0.note, atUnixMs: $0.addedAt.milliseconds, by: $0.addedBy)
      })
  }

  private func write<Reply>(
    _ command: DutyCommand, _ context: CallContext, reply: @escaping @Sendable (Wire.Legado?) -> Reply
  ) async throws(RPCError) -> Encoded<Reply> {
    let today = counter.today
    return try await counter.write(
      .duty(command), context,
      encode: { outcome in Encoded(reply(outcome.duty.legado.map { Wire.Legado($0, today: today) })).bytes },
      refused: { refusal, _ in
        counter.refused(refusal, wish: nil, text: refusal == .appointmentNotFound ? Self.unknown : Self.over)
      })
  }

  private static let unknown = "No hay ningún legado con ese número."
  private static let over = "Ese legado ya está cumplido o cancelado, o ya empezó: su historia no vuelve atrás. Registre uno nuevo si hace falta."
}

extension Wire.Legado {
  fileprivate init(_ standing: LegadoStanding, today: CivilDate) {
    self.init(
      id: standing.legado.id, title: standing.legado.title, owner: standing.legado.owner, dueDate: standing.last.due.description,
      status: standing.last.status.wire, overdue: standing.last.isOverdue(on: today), evidenceCount: Int32(clamping: standing.evidenceCount))
  }
}
