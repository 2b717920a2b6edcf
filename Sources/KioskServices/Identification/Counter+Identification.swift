internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
internal import TTRPCCore
internal import VentanillaMessages

extension Counter {
  /// Judges an attempt in its turn, and counts it when it has failed.
  ///
  /// - Parameter attempt: `nil` is a failure.
  /// - Throws: FAILED_PRECONDITION beyond a bound, with nothing looked up; `failure` when the attempt has failed and that is durable;
  ///   UNAVAILABLE or RESOURCE_EXHAUSTED when it cannot be made so.
  func judged<Value: Sendable>(
    _ failure: IdentificationFailure, failing error: @autoclosure () -> RPCError,
    _ attempt: (Counter) async throws(RPCError) -> Value?
  ) async throws(RPCError) -> Value {
    // A visit of a kiosk is within its kiosk's turn, and one of the telephone is one caller's.
    let turns = failure.lines.filter { if case .visit = $0 { false } else { true } }
    let today = today
    return try await gate.turns.take(turns) { () async throws(RPCError) in
      let stored = try await reading { store throws(StoreFault) in
        try await store.read { reader throws(StoreFault) in try reader.failureCounts(of: failure, on: today) }
      }
      do throws(IdentificationBound) { try gate.bounds.judge(gate.counts(stored, of: failure), at: failure.channel) } catch {
        gate.refused(error)
        throw Self.beyond(error, at: failure.channel)
      }
      if let value = try await attempt(self) { return value }
      try await record(failure)
      throw error()
    }
  }

  /// Finds what somebody may see who knows a folio and a birth date. A pair that does not fit is counted as a failed identification by
  /// that folio, so that nobody tries the birth dates of one, and of the visit, so that nobody tries many folios in one call.
  ///
  /// - Throws: as ``judged(_:failing:_:)``.
  func proved<Found: Sendable>(
    _ folio: Folio, visit: String?, failing error: @autoclosure () -> RPCError, _ context: CallContext,
    _ find: @escaping @Sendable (StoreReader) throws(StoreFault) -> Found?
  ) async throws(RPCError) -> Found {
    let failure = failure(subject: gate.key.index("folio", folio.description), visit: visit, context)
    return try await judged(failure, failing: error()) { counter async throws(RPCError) in
      try await counter.reading { store throws(StoreFault) in try await store.read(find) }
    }
  }

  /// Makes a failure durable, also when its caller has gone meanwhile.
  private func record(_ failure: IdentificationFailure) async throws(RPCError) {
    let command = StoreCommand(requestID: nil, digest: [], command: .identification(.failure(failure))) { _ in [] }
    let result: Result<StoreOutcome, StoreFault> = await withUnsafeContinuation { continuation in
      store.submit(command) { continuation.resume(returning: $0) }
    }
    switch result {
    case .success(.granted(.failure(let outcome), _)): gate.failed(failure, outcome)
    case .success: preconditionFailure("a failure is counted, and nothing else")
    case .failure(let fault):
      gate.couldNotRecord(failure)
      throw RPCError(fault)
    }
  }

  // MARK: What is counted

  /// What a failure with an identifier would be.
  func failure(_ identifier: Identification.Identifier, visit: String?, _ context: CallContext) -> IdentificationFailure {
    failure(subject: identifier.subject(gate.key), visit: visit, context)
  }

  /// What a failure would be with something under the clinic's key that is no identifier: a code, a folio.
  func failure(subject: [UInt8], visit: String?, _ context: CallContext) -> IdentificationFailure {
    let device = context.callerName
    return IdentificationFailure(
      subject: subject, channel: Channel(role: context.role), device: device,
      visit: visit.map { gate.key.index("visit", "\(device)|\($0)") }, bounds: gate.bounds)
  }

  /// How the store looks for who was named.
  func query(_ identifier: Identification.Identifier, born birthDate: CivilDate, _ failure: IdentificationFailure) -> IdentificationQuery {
    IdentificationQuery(
      identifier: identifier.stored, birthDate: birthDate, subject: failure.subject, channel: failure.channel, device: failure.device,
      visit: failure.visit, today: today)
  }

  // MARK: What is said

  /// Does not depend on whether the identifier is anybody's.
  static func beyond(_ bound: IdentificationBound, at channel: Channel) -> RPCError {
    let further = channel == .phone ? "Pida que le atienda una persona, o vaya a la ventanilla con su identificación." : "Pase a la ventanilla con su identificación; ahí le atienden."
    let text = switch bound {
    case .device: "Este kiosco está en pausa para identificarse. Avise al personal; en la ventanilla le atienden."
    case .visit: "Los datos no coincidieron varias veces. \(further)"
    case .person: "Por hoy ya no se puede probar con ese número por este medio. \(further)"
    }
    let detail = Wire.IdentificationRefusal(limit: Wire.IdentificationLimit(bound), text: text)
    return RPCError(
      .failedPrecondition, text,
      details: [
        StatusDetail(typeURL: "type.googleapis.com/\(Wire.IdentificationRefusal.fullName)", value: Encoded(detail).bytes)
      ])
  }
}
