internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

/// Answers ventanilla.v1.Waitlist; the methods for staff are in a file of their own.
package struct WaitlistHandlers: WaitlistService {
  let counter: Counter

  package init(_ counter: Counter) { self.counter = counter }

  /// Puts a person at the end of the line.
  package func join(_ request: Wire.JoinRequest, context: CallContext) async throws(RPCError) -> Encoded<Wire.JoinResponse> {
    let wish = try request.checkedWish(today: counter.today, last: counter.rules.horizon(at: counter.now))
    guard request.reach != .message else { throw .field("reach", "todavía no se envían mensajes: elija que le llamen, o pregunte en persona") }
    let replaces = request.replacesFolio.isEmpty ? nil : try FieldReader.folio(request.replacesFolio, field: "replaces_folio")
    let number = try FieldReader.person(request.person)
    let session = try counter.session(request.sessionToken, context)
    let patient = try counter.person(number, in: session, needing: .book)
    let (now, rules) = (counter.now, counter.rules)
    let (waiting, last, isOwnNumber, consent) = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in
        (try reader.waitlist(of: patient.id, at: now), try reader.lastPosition(for: wish, of: patient, at: now),
          try !reader.sharesPhone(patient), try reader.callConsent(of: patient.id))
      }
    }
    return try await counter.write(
      .waitlist(.join(
        JoinWaitlist(
          actor: .person(session.actor.id), patient: patient.id, wish: wish, reach: WaitlistEntry.Reach(request.reach),
          until: request.untilUnixMs == 0 ? nil : Instant(milliseconds: request.untilUnixMs), replaces: replaces,
          channel: session.channel))),
      context,
      encode: { outcome in
        guard case .entry(let entry) = outcome else { preconditionFailure("joined without an entry") }
        // Of a wish that they had already, where they stand with it.
        let position = waiting.first { $0.entry.id == entry.id }?.position ?? last
        return Encoded(
          Wire.JoinResponse(entry: rules.wireEntry(entry, position: position, of: patient, isOwnNumber: isOwnNumber, consent: consent))).bytes
      },
      refused: { counter.refused($0, wish: $1, text: rules.waitlistText($0)) })
  }

  /// Takes a person off the list.
  package func leave(_ request: Wire.LeaveRequest, context: CallContext) async throws(RPCError) -> Encoded<Wire.LeaveResponse> {
    guard request.entry > 0 else { throw .field("entry", "falta el número que dio la lista") }
    let session = try counter.session(request.sessionToken, context)
    return try await counter.write(
      .waitlist(.leave(LeaveWaitlist(actor: .person(session.actor.id), entry: request.entry, channel: session.channel))), context,
      encode: { _ in Encoded(Wire.LeaveResponse(text: "Ya no está en la lista de espera. Puede volver a entrar cuando quiera, al final.")).bytes },
      refused: { counter.refused($0, wish: $1, text: Self.notInList) })
  }

  /// A person's entries that wait.
  package func listMine(_ request: Wire.ListMineRequest, context: CallContext) async throws(RPCError) -> Wire.ListMineResponse {
    let (patient, actor) = try await person(request.person, request.sessionToken, context)
    let now = counter.now
    let (entries, isOwnNumber, consent) = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in
        (try reader.waitlist(of: patient.id, at: now), try !reader.sharesPhone(patient), try reader.callConsent(of: patient.id))
      }
    }
    return Wire.ListMineResponse(entries: entries.filter { counter.rules.maySee($0.entry, actor) }
      .map { counter.rules.wireEntry($0.entry, position: $0.position, of: patient, isOwnNumber: isOwnNumber, consent: consent) })
  }

  /// What a person is being offered now.
  package func listOffers(_ request: Wire.ListOffersRequest, context: CallContext) async throws(RPCError) -> Wire.ListOffersResponse {
    let (patient, actor) = try await person(request.person, request.sessionToken, context)
    let now = counter.now
    let offers = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in try reader.offers(to: patient.id, at: now) }
    }
    return Wire.ListOffersResponse(
      offers: offers.filter { counter.rules.maySee($0.offer, of: $0.place, actor) }.map { counter.rules.wireOffer($0.offer, of: $0.place, to: patient) })
  }

  /// Accepts an offer, or declines it.
  package func answerOffer(
    _ request: Wire.AnswerOfferRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.AnswerOfferResponse> {
    guard request.offer > 0 else { throw .field("offer", "falta el número de la oferta") }
    let session = try counter.session(request.sessionToken, context)
    let rules = counter.rules
    guard request.accept else {
      return try await counter.write(
        .waitlist(.decline(DeclineOffer(actor: .person(session.actor.id), offer: request.offer, channel: session.channel))), context,
        encode: { _ in Encoded(Wire.AnswerOfferResponse(text: "Gracias por contestar. Usted conserva su lugar en la lista de espera.")).bytes },
        refused: { counter.refused($0, wish: $1, text: Self.notInList) })
    }
    let id = request.offer
    let holder = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in
        try reader.slotOffer(id).map { offer throws(StoreFault) in try reader.patient(id: offer.patient) } ?? nil
      }
    } ?? session.actor
    return try await counter.reserve(
      .waitlist(.take(
        TakePlace(
          actor: .person(session.actor.id), patient: nil, what: .offer(id), channel: session.channel, folioSeed: Counter.folioSeed()))),
      context,
      refused: { counter.refused($0, wish: $1, text: $0 == .appointmentNotFound ? Self.notInList : nil) },
      reply: {
        Wire.AnswerOfferResponse(appointment: rules.wireAppointment($0, of: holder), text: "El lugar es suyo. \(rules.adviceText(for: $0))")
      })
  }

  /// Gives a walk-in a place of today.
  package func takeWalkInPlace(
    _ request: Wire.TakeWalkInPlaceRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.TakeWalkInPlaceResponse> {
    guard request.place > 0 else { throw .field("place", "falta el número del lugar") }
    let number = try FieldReader.person(request.person)
    let session = try counter.session(request.sessionToken, context)
    let patient = try counter.person(number, in: session, needing: .book)
    let rules = counter.rules
    return try await counter.reserve(
      .waitlist(.take(
        TakePlace(
          actor: .person(session.actor.id), patient: patient.id, what: .place(request.place), channel: session.channel,
          folioSeed: Counter.folioSeed()))),
      context,
      refused: { counter.refused($0, wish: $1) },
      reply: { Wire.TakeWalkInPlaceResponse(appointment: rules.wireAppointment($0, of: patient)) })
  }

  private static let notInList = "No encontramos ese número entre los suyos. Pida su lista de espera de nuevo."

  /// Somebody whom the session may act for now, and whose session it is.
  private func person(
    _ number: Int32, _ token: String, _ context: CallContext
  ) async throws(RPCError) -> (patient: Patient, actor: PatientID) {
    let number = try FieldReader.person(number)
    let session = try counter.session(token, context)
    let patient = try counter.person(number, in: session, needing: .see)
    guard try await counter.mayAct(session.actor, for: patient, needing: .see) else { throw Counter.notForThisPerson }
    return (patient, session.actor.id)
  }
}

extension StoreReader {
  /// Where somebody stands who joins now.
  fileprivate func lastPosition(for wish: WaitlistWish, of patient: Patient, at now: Instant) throws(StoreFault) -> Int {
    try position(
      of: WaitlistEntry(
        id: .max, patient: patient.id, wish: wish, reach: .inPerson, channel: .kiosk, isDisplaced: patient.isPalliative, until: now,
        joinedAt: now, changedAt: now),
      at: now)
  }
}
