internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

/// Answers ventanilla.v1.Outbound: the calls that the clinic makes of itself.
package struct OutboundHandlers: OutboundService {
  let counter: Counter

  package init(_ counter: Counter) { self.counter = counter }

  /// The next calls. What is kept of the reply has no number: it outlasts the call.
  package func takeCalls(_ request: Wire.TakeCallsRequest, context: CallContext) async throws(RPCError) -> Encoded<Wire.TakeCallsResponse> {
    guard 1...Int32(OutboundBounds.atOnce) ~= request.limit else { throw .field("limit", "de 1 a \(OutboundBounds.atOnce)") }
    let limit = Int(request.limit)
    let lease = LeaseCalls(limit: limit, tokens: (0..<limit).map { _ in Self.token() }, reminders: try await remindable(limit))
    let kept: Encoded<Wire.TakeCallsResponse> = try await counter.telephone(.leaseCalls(lease), context) { outcome in
      guard case .outbound(let tokens) = outcome else { preconditionFailure("calls were given without calls") }
      return Encoded(
        Wire.TakeCallsResponse(
          calls: tokens.map { Wire.CallToMake(token: Hexadecimal.text(of: $0)) }, leaseSeconds: Int32(OutboundBounds.leaseSeconds))
      ).bytes
    }
    guard var reply = try? Wire.TakeCallsResponse(decoding: kept.bytes), !reply.calls.isEmpty else { return kept }
    var calls: [Wire.CallToMake] = []
    for call in reply.calls {
      guard let found = try await subject(call.token).toMake(by: counter.rules, at: counter.now) else { continue }
      calls.append(Wire.CallToMake(token: call.token, phone: found.phone, expiresAtUnixMs: found.until.milliseconds))
    }
    reply.calls = calls
    return Encoded(reply)
  }

  /// Looked for beside the store's queue: a clinic has thousands of appointments in a few days, and a look every few seconds.
  private func remindable(_ limit: Int) async throws(RPCError) -> [Folio] {
    let (rules, now) = (counter.rules, counter.now)
    guard rules.isCallingHour(now), let dates = rules.remindedDates(at: now) else { return [] }
    let resources = rules.clinic.resources.map(\.id)
    return try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in
        try reader.remindable(on: dates, at: resources, limit: limit, now: now) { rules.obstacle(to: $0, at: now) == nil }
      }
    }
  }

  package func noteCall(_ request: Wire.NoteCallRequest, context: CallContext) async throws(RPCError) -> Encoded<Wire.NoteCallResponse> {
    let token = try Self.checked(request.token)
    guard let news = NoteCall.News(request.news) else {
      throw .field("news", "diga qué pasó: entregada, contestó, no contestó o no se pudo marcar")
    }
    return try await counter.telephone(.noteCall(NoteCall(token: token, news: news)), context) { _ in Encoded(Wire.NoteCallResponse()).bytes }
  }

  /// A day and an hour, and nothing of whose or for what.
  package func readNotice(_ request: Wire.ReadNoticeRequest, context: CallContext) async throws(RPCError) -> Wire.ReadNoticeResponse {
    let now = counter.now
    switch try await subject(request.token) {
    case .offer(let entry):
      guard entry.offer.isOpen(at: now), entry.place.isKept, now < entry.place.until else { return Wire.ReadNoticeResponse() }
      return Wire.ReadNoticeResponse(entry.place.slot, .offer)
    case .notice(let candidate):
      guard let content = counter.rules.content(of: candidate, at: now) else { return Wire.ReadNoticeResponse() }
      return Wire.ReadNoticeResponse(content.appointment.slot, Wire.NoticeKind(content), in: content.unit)
    }
  }

  /// The way of every answer to an offer, and of every confirmation. Who has the token was called at the person's number, and counts as the
  /// person: for taking and coming, never for cancelling.
  package func answerNotice(
    _ request: Wire.AnswerNoticeRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.AnswerNoticeResponse> {
    switch try await subject(request.token) {
    case .offer(let entry): try await answer(entry.offer, request.take, context)
    case .notice(let candidate): try await answer(candidate, request.take, context)
    }
  }

  private func answer(_ offer: SlotOffer, _ isTaken: Bool, _ context: CallContext) async throws(RPCError) -> Encoded<Wire.AnswerNoticeResponse> {
    let actor = Actor.person(offer.patient)
    guard isTaken else {
      return try await counter.write(
        .waitlist(.decline(DeclineOffer(actor: actor, offer: offer.id, channel: .phone))), context,
        encode: { _ in Encoded(Wire.AnswerNoticeResponse()).bytes }, refused: { counter.refused($0, wish: $1) })
    }
    return try await counter.reserve(
      .waitlist(.take(
        TakePlace(actor: actor, patient: nil, what: .offer(offer.id), channel: .phone, folioSeed: Counter.folioSeed()))),
      context, refused: { counter.refused($0, wish: $1) }, reply: { Wire.AnswerNoticeResponse($0.slot) })
  }

  /// That they know is written first, and has no id of its own: a repeat of the whole finds it written.
  private func answer(
    _ candidate: NoticeCandidate, _ comes: Bool, _ context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.AnswerNoticeResponse> {
    let actor = Actor.person(candidate.notice.patient)
    let tell = TelephoneCommand.tellNotice(
      TellNotice(actor: actor, appointment: candidate.notice.appointment, kind: candidate.notice.kind, channel: .phone))
    guard comes else { return try await counter.telephone(tell, context) { _ in Encoded(Wire.AnswerNoticeResponse()).bytes } }
    guard let content = counter.rules.content(of: candidate, at: counter.now) else {
      throw RPCError(.notFound, TelephoneRefusal.noticeNotFound.spanishText)
    }
    _ = try await counter.reading { _ throws(StoreFault) in try await counter.submit(.telephone(tell)) }
    let confirm = LifeCommand(actor: actor, folio: content.appointment.folio, step: .confirm, channel: .phone)
    return try await counter.reserve(
      .life(confirm), context, refused: { counter.refused($0, wish: $1) }, reply: { Wire.AnswerNoticeResponse($0.slot) })
  }

  /// What a call is about.
  private enum Subject {
    case offer(OutboundEntry)
    case notice(NoticeCandidate)

    /// `nil` for a call that is not to be made any more.
    func toMake(by rules: ClinicRules, at now: Instant) -> (phone: String, until: Instant)? {
      switch self {
      case .offer(let entry):
        guard entry.call.state == .leased, let phone = entry.phone?.national else { return nil }
        return (phone, entry.offer.expiresAt)
      case .notice(let candidate):
        guard candidate.notice.state == .leased, let phone = candidate.patient.phone?.national,
          let content = rules.content(of: candidate, at: now)
        else { return nil }
        return (phone, rules.start(of: content.appointment.slot))
      }
    }
  }

  private func subject(_ token: String) async throws(RPCError) -> Subject {
    let token = try Self.checked(token)
    let found = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) -> Subject? in
        if let entry = try reader.outboundCall(token) { return .offer(entry) }
        return try reader.notice(token: token).map { .notice($0) }
      }
    }
    guard let found else { throw RPCError(.notFound, TelephoneRefusal.callNotFound.spanishText) }
    return found
  }

  private static func checked(_ token: String) throws(RPCError) -> [UInt8] {
    guard let bytes = Hexadecimal.bytes(of: token), bytes.count == 16 else { throw .field("token", "escriba 32 dígitos hexadecimales") }
    return bytes
  }

  private static func token() -> [UInt8] { (0..<16).map { _ in UInt8.random(in: .min ... .max) } }
}

extension NoteCall.News {
  fileprivate init?(_ wire: Wire.CallNews) {
    switch wire {
    case .placed: self = .placed
    case .answered: self = .over(.answered)
    case .noAnswer: self = .over(.noAnswer)
    case .failed: self = .over(.failed)
    default: return nil
    }
  }
}

extension Wire.ReadNoticeResponse {
  fileprivate init(_ slot: Slot, _ kind: Wire.NoticeKind, in unit: CaredElsewhere? = nil) {
    self.init(
      open: true, date: slot.date.description, startMinute: Int32(slot.start.minutes), kind: kind,
      unitCLUES: unit?.unit.clues.description ?? "", unitFrom: unit?.from.description ?? "")
  }
}

extension Wire.AnswerNoticeResponse {
  fileprivate init(_ slot: Slot) { self.init(date: slot.date.description, startMinute: Int32(slot.start.minutes)) }
}
