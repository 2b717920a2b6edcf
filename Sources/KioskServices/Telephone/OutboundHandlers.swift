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
    let lease = LeaseCalls(limit: limit, tokens: (0..<limit).map { _ in Self.token() })
    let kept: Encoded<Wire.TakeCallsResponse> = try await counter.telephone(.leaseCalls(lease), context) { outcome in
      guard case .outbound(let calls) = outcome else { preconditionFailure("calls were given without calls") }
      return Encoded(
        Wire.TakeCallsResponse(
          calls: calls.map { Wire.CallToMake(token: Hexadecimal.text(of: $0.token)) }, leaseSeconds: Int32(OutboundBounds.leaseSeconds))
      ).bytes
    }
    guard var reply = try? Wire.TakeCallsResponse(decoding: kept.bytes), !reply.calls.isEmpty else { return kept }
    var calls: [Wire.CallToMake] = []
    for call in reply.calls {
      let entry = try await entry(call.token)
      guard entry.call.state == .leased, let phone = entry.phone?.national else { continue }
      calls.append(Wire.CallToMake(token: call.token, phone: phone, expiresAtUnixMs: entry.offer.expiresAt.milliseconds))
    }
    reply.calls = calls
    return Encoded(reply)
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
    let entry = try await entry(request.token)
    let now = counter.now
    guard entry.offer.isOpen(at: now), entry.place.isKept, now < entry.place.until else { return Wire.ReadNoticeResponse() }
    let slot = entry.place.slot
    return Wire.ReadNoticeResponse(open: true, date: slot.date.description, startMinute: Int32(slot.minutes.lowerBound.minutes))
  }

  /// The way of every answer to an offer. Who has the token was called at the person's number, and counts as the person.
  package func answerNotice(
    _ request: Wire.AnswerNoticeRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.AnswerNoticeResponse> {
    let offer = try await entry(request.token).offer
    let actor = Actor.person(offer.patient)
    guard request.take else {
      return try await counter.write(
        .waitlist(.decline(DeclineOffer(actor: actor, offer: offer.id, channel: .phone))), context,
        encode: { _ in Encoded(Wire.AnswerNoticeResponse()).bytes }, refused: { counter.refused($0, wish: $1) })
    }
    return try await counter.reserve(
      .waitlist(.take(
        TakePlace(actor: actor, patient: nil, what: .offer(offer.id), channel: .phone, folioSeed: Counter.folioSeed()))),
      context, refused: { counter.refused($0, wish: $1) },
      reply: { appointment in
        let slot = appointment.slot
        return Wire.AnswerNoticeResponse(date: slot.date.description, startMinute: Int32(slot.minutes.lowerBound.minutes))
      })
  }

  private func entry(_ token: String) async throws(RPCError) -> OutboundEntry {
    let token = try Self.checked(token)
    let found = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in try reader.outboundCall(token) }
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
