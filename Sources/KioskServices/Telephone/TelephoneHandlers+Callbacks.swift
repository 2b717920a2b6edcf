internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension TelephoneHandlers {
  /// Somebody of the clinic will call.
  package func requestCallback(
    _ request: Wire.RequestCallbackRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.RequestCallbackResponse> {
    let checked = try request.checked()
    let number = try FieldReader.person(request.person)
    var person: Patient?
    if !request.sessionToken.isEmpty {
      let session = try counter.session(request.sessionToken, context)
      let named = try counter.person(number, in: session, needing: .see)
      guard try await counter.mayAct(session.actor, for: named, needing: .see) else { throw Counter.notForThisPerson }
      person = named
    }
    let phone = checked.phone ?? (checked.reason.takesKnownNumber ? person?.phone : nil)
    let command = RequestCallback(
      phone: phone, reason: checked.reason, withinMinutes: checked.withinMinutes, patient: person?.id, guidance: checked.guidance,
      channel: Channel(role: context.role), folioSeed: Counter.folioSeed())
    return try await counter.promiseCall(command, context)
  }

  package func listCallbacks(
    _ request: Wire.ListCallbacksRequest, context: CallContext
  ) async throws(RPCError) -> Wire.ListCallbacksResponse {
    let isClosed = request.closed
    let entries = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in try reader.callbacks(closed: isClosed) }
    }
    return Wire.ListCallbacksResponse(callbacks: entries.map(counter.rules.wireCallback))
  }

  package func takeCallback(
    _ request: Wire.TakeCallbackRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.TakeCallbackResponse> {
    let folio = try FieldReader.folio(request.folio, field: "folio")
    return try await act(.takeCallback(folio, by: counter.staffName(context)), folio, context, \.callback) { Wire.TakeCallbackResponse(callback: $0) }
  }

  package func noteAttempt(
    _ request: Wire.NoteAttemptRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.NoteAttemptResponse> {
    let folio = try FieldReader.folio(request.folio, field: "folio")
    guard let result = CallbackAttempt.Result(request.result) else {
      throw .field("result", "diga qué pasó: contestó, no contestó, ocupado o número equivocado")
    }
    let attempt = NoteAttempt(folio: folio, result: result, by: counter.staffName(context))
    return try await act(.noteAttempt(attempt), folio, context, \.callback) { Wire.NoteAttemptResponse(callback: $0) }
  }

  package func closeCallback(
    _ request: Wire.CloseCallbackRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.CloseCallbackResponse> {
    let folio = try FieldReader.folio(request.folio, field: "folio")
    guard let outcome = Callback.Outcome(request.outcome) else {
      throw .field("outcome", "diga cómo terminó: atendida, con cita, a urgencias, ya no la necesita, o no se localizó")
    }
    let close = CloseCallback(folio: folio, outcome: outcome, by: counter.staffName(context))
    return try await act(.closeCallback(close), folio, context, \.callback) { Wire.CloseCallbackResponse(callback: $0) }
  }

  /// What staff do with a call, and the call as it is then. The kept reply has no number: it outlasts the call.
  private func act<Reply: WireMessage>(
    _ command: TelephoneCommand, _ folio: Folio, _ context: CallContext, _ callback: (Reply) -> Wire.StaffCallback?,
    reply: @escaping @Sendable (Wire.StaffCallback) -> Reply
  ) async throws(RPCError) -> Encoded<Reply> {
    let before = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in try reader.callback(folio) }
    }
    let (rules, now) = (counter.rules, counter.now)
    let kept: Encoded<Reply> = try await counter.telephone(command, context) { outcome in
      var entry = CallbackEntry(callback: outcome.callback, attempts: before?.attempts ?? [], patient: before?.patient)
      entry.callback.phone = nil
      if case .noteAttempt(let attempt) = command { entry.attempts.append(outcome.callback.lastAttempt(attempt, at: now)) }
      return Encoded(reply(rules.wireCallback(entry))).bytes
    }
    guard let phone = before?.callback.phone, var now = (try? Reply(decoding: kept.bytes)).flatMap(callback), now.state != .closed else {
      return kept
    }
    now.phone = phone.description
    // What the guide ended in is forgotten sooner than what is kept of a request: only who takes the call now reads it.
    now.text += before?.guidance?.callbackText ?? ""
    return Encoded(reply(now))
  }
}

extension Counter {
  /// Has somebody of the clinic owe a call; what is kept of the request has no number.
  fileprivate func promiseCall(
    _ command: RequestCallback, _ context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.RequestCallbackResponse> {
    let rules = rules
    return try await telephone(.requestCallback(command), context, content: content(of: command)) { outcome in
      let callback = outcome.callback
      let due = rules.zone.local(of: callback.dueAt)
      return Encoded(
        Wire.RequestCallbackResponse(
          folio: callback.folio.description, date: due.date.description, minute: Int32(due.minute.minutes),
          dueAtUnixMs: callback.dueAt.milliseconds, owner: callback.owner.spanishText)).bytes
    }
  }

  /// What is asked, with the number under the clinic's key.
  func content(of command: RequestCallback) -> String {
    let number = Hexadecimal.text(of: gate.key.index("phone", command.phone?.description ?? ""))
    return "\(TelephoneCommand.requestCallback(command).content)|\(number)"
  }
}

extension Callback {
  fileprivate func lastAttempt(_ attempt: NoteAttempt, at now: Instant) -> CallbackAttempt {
    CallbackAttempt(id: 0, callback: folio, number: attempts, at: max(now, changedAt), by: attempt.by.text, result: attempt.result)
  }
}

extension TelephoneOutcome {
  var callback: Callback {
    guard case .callback(let callback) = self else { preconditionFailure("a command about a call gave something else") }
    return callback
  }
}
