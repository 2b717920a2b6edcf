internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// One person's session, open for one command.
struct PatientSession {
  let token: String
  /// For whom the command acts.
  let person: Int32

  /// Opens a session, hands it to `body` and ends it, whatever becomes of it.
  ///
  /// The numbers of a family exist only once it was listed, so another person than 0 makes that call too.
  static func with<Value>(
    _ identity: Wire.IdentifyRequest, persona: Int32, client: any RPCTransport, options: CallOptions,
    _ body: (PatientSession) async throws -> Value
  ) async throws -> Value {
    let patients = PatientsClient(client)
    let reply = try await Failure.of { () throws(RPCError) in try await patients.identify(identity, options: options) }
    guard reply.choices.isEmpty else { throw Failure(choices: reply.choices) }
    let session = PatientSession(token: reply.sessionToken, person: persona)
    do {
      if persona != 0 {
        _ = try await Failure.of { () throws(RPCError) in
          try await patients.listFamily(.init(sessionToken: session.token), options: options)
        }
      }
      let value = try await body(session)
      await session.end(patients, options)
      return value
    } catch {
      await session.end(patients, options)
      throw error
    }
  }

  /// Opens a way to the server and on it the session of who is named, for a command that needs somebody.
  static func with<Value>(
    _ identity: IdentityOptions, _ global: GlobalOptions,
    _ body: (PatientSession, any RPCTransport, CallOptions) async throws -> Value
  ) async throws -> Value {
    try await global.withServer { client in
      let options = global.callOptions
      return try await with(try identity.required(), persona: identity.persona, client: client, options: options) { session in
        try await body(session, client, options)
      }
    }
  }

  /// What the clinic offers the person besides, at the end of whatever their appointment was about: the yearly check, once (P17). A question
  /// that fails is no reason to fail what is done already.
  static func offeredCheck(
    _ token: String, person: Int32, client: any RPCTransport, options: CallOptions
  ) async -> [String] {
    guard !token.isEmpty, let reply = try? await SeriesClient(client).offerCheck(.init(sessionToken: token, person: person), options: options),
      reply.offered
    else { return [] }
    return [reply.text.printable] + reply.slots.map { "  \($0.display.printable)" }
  }

  /// The server ends idle sessions by itself, so a lost goodbye is nobody's problem.
  private func end(_ patients: PatientsClient, _ options: CallOptions) async {
    _ = try? await patients.endSession(.init(sessionToken: token), options: options)
  }
}

extension Failure {
  /// Several people share the identifier and the birth date.
  fileprivate init(choices: [Wire.PersonChoice]) {
    let list = choices.map { "  --ordinal \($0.ordinal)  \($0.label.printable)" }
    self.init(
      .refused, "Varias personas tienen esos mismos datos. Repita la orden con:", next: list.joined(separator: "\n"))
  }
}
