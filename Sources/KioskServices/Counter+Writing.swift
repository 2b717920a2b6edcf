internal import ClinicDomain
internal import ClinicStore
internal import Crypto
internal import Scheduling
internal import TTRPCCore
internal import VentanillaMessages

extension Counter {
  /// Hands a command to the store and returns the stored bytes of its reply: the same for the first time and every repeat.
  ///
  /// - Parameters:
  ///   - own: the name of a part of what the request asks for; `nil` for the request's own.
  ///   - content: what the request asks for, when the command's own words do not say all of it.
  ///   - encode: makes the reply's bytes of what was granted; runs inside the store's transaction, so it only computes.
  ///   - refused: the status of a refusal.
  /// - Throws: INVALID_ARGUMENT without a legal `request-id`; ALREADY_EXISTS for an id that was used for something else;
  ///   DEADLINE_EXCEEDED when the caller has stopped waiting (nothing is written); RESOURCE_EXHAUSTED and UNAVAILABLE from the store.
  func write<Reply>(
    _ command: Command, _ context: CallContext, as own: RequestID? = nil, content: String? = nil,
    encode: @escaping @Sendable (CommandOutcome) -> [UInt8],
    refused: (CommandRefusal, SlotWish?) -> RPCError
  ) async throws(RPCError) -> Encoded<Reply> {
    let id = if let own { own } else { try Self.requestID(of: context) }
    let stored = StoreCommand(
      requestID: id, digest: Array(SHA256.hash(data: Array((content ?? command.content).utf8))),
      deadline: clock.deadline(of: context), command: command, door: CommandDoor(context), encodeReply: encode)
    // The store stamps a batch later than this moment: who has stopped waiting already need not queue for it.
    if let deadline = context.deadline, deadline <= clock.monotonic() { throw Self.late }
    let outcome: StoreOutcome
    do { outcome = try await store.submit(stored) } catch { throw RPCError(error) }
    switch outcome {
    case .granted(_, let reply), .repeated(let reply): return Encoded(bytes: reply)
    case .refused(let refusal, let wish): throw refused(refusal, wish)
    case .late: throw Self.late
    case .conflictingRepeat:
      throw RPCError(
        .alreadyExists, "request-id: este identificador ya se usó para otra solicitud; use uno nuevo por cada intención")
    }
  }

  /// As ``write(_:_:content:encode:refused:)``, for a command whose outcome is an appointment.
  ///
  /// - Parameter reply: the answer to the person whose appointment it is.
  func reserve<Reply>(
    _ command: Command, _ context: CallContext, refused: (CommandRefusal, SlotWish?) -> RPCError,
    reply: @escaping @Sendable (Appointment) -> Reply
  ) async throws(RPCError) -> Encoded<Reply> {
    try await write(
      command, context,
      encode: { outcome in
        guard case .appointment(let appointment) = outcome else {
          preconditionFailure("a reservation was granted without an appointment")
        }
        return Encoded(reply(appointment)).bytes
      },
      refused: refused)
  }

  /// In the words of ttrpc's Go client.
  private static var late: RPCError { RPCError(.deadlineExceeded, "context deadline exceeded") }

  /// The client's name for its intention: 16 bytes in hexadecimal, in the metadata.
  static func requestID(of context: CallContext) throws(RPCError) -> RequestID {
    guard let text = context.metadata.first("request-id") else {
      throw .field("request-id", "falta en los metadatos: 32 dígitos hexadecimales, uno nuevo por cada intención y el mismo al repetirla")
    }
    guard let id = Hexadecimal.bytes(of: text).flatMap({ RequestID($0) }) else {
      throw .field("request-id", "escriba 32 dígitos hexadecimales")
    }
    return id
  }

  /// Where a new folio begins: chance comes in with the command.
  static func folioSeed() -> UInt64 { UInt64.random(in: .min ... .max) }
}

extension Command {
  /// What is asked, without chance: the same for a repeat through another session, or after a restart.
  fileprivate var content: String {
    switch self {
    case .hold(let hold):
      "hold|\(hold.actor.content)|\(hold.patient.rawValue)|\(hold.service)|\(hold.choice.text)"
    case .book(let book):
      switch book.what {
      case .hold(let folio): "book|\(book.actor.content)|\(book.patient.rawValue)|\(folio)"
      case .slot(let service, let choice):
        "book|\(book.actor.content)|\(book.patient.rawValue)|\(service)|\(choice.text)"
      }
    case .cancel(let cancel): "cancel|\(cancel.actor.content)|\(cancel.folio)|\(cancel.reason.rawValue)"
    case .life(let life): "\(life.content)|\(life.actor.content)|\(life.folio)"
    case .releaseHold(let release): "release|\(release.folio)"
    case .grantConsent(let grant): "grant|\(grant.grantor.rawValue)|\(grant.grantee.rawValue)"
    case .revokeConsent(let revoke): "revoke|\(revoke.grantor.rawValue)|\(revoke.grantee?.rawValue ?? 0)"
    case .admit(let admit):
      "admit|\(admit.actor.content)|\(admit.patient.rawValue)|\(admit.service)|\(admit.at.resource)|\(admit.kind.rawValue)|\(admit.isOverCap)"
    case .waitlist(let waitlist): waitlist.content
    case .closure(let closure): closure.content
    case .series(let series): series.content
    case .override(let override):
      "override|\(override.actor.content)|\(override.patient.rawValue)|\(override.service)|\(override.choice.text)"
    case .duty(let duty): duty.content
    case .together(let together): together.content
    case .paper(.reserve(let reserve)):
      "reserve-paper|\(reserve.actor.content)|\(reserve.resource)|\(reserve.date)|\(reserve.turno)|\(reserve.count)"
    case .paper(.enter(let enter)):
      "enter-paper|\(enter.actor.content)|\(enter.folio)|\(enter.patient.rawValue)|\(enter.service?.rawValue ?? "")|\(enter.start.minutes)|\(enter.visit == .left ? "left" : "\(enter.visit == .attended)")"
    case .exchange(let bookings): bookings.content
    case .resolve(let resolve): resolve.content
    case .proxy(let proxy): proxy.content
    case .transfer(.move(let move)):
      "move-to-doctor|\(move.actor.content)|\(move.folio)|\(move.doctor.resource)|\(move.doctor.turno)|\(move.to?.text ?? "")"
    case .transfer(.adopt(let adopt)):
      "adopt|\(adopt.actor.content)|\(adopt.patient.rawValue)|\(adopt.doctor.resource)|\(adopt.doctor.turno)"
    case .transfer(.handOver(let handOver)):
      "hand-over|\(handOver.actor.content)|\(handOver.patient.rawValue)|\(handOver.to.unit.clues)|\(handOver.to.from)"
    case .transfer(.handOverSeries(let handOver)): "hand-over-series|\(handOver.series)"
    case .transfer(.giveUp(let giveUp)): "give-up|\(giveUp.actor.content)|\(giveUp.folio)"
    case .transfer(.takeBack(let takeBack)): "take-back|\(takeBack.actor.content)|\(takeBack.patient.rawValue)"
    case .transfer(.takeBackAppointment(let takeBack)):
      "take-back-appointment|\(takeBack.actor.content)|\(takeBack.folio)|\(takeBack.at?.text ?? "")"
    case .care(.needs(let set)):
      "needs|\(set.actor.content)|\(set.patient.rawValue)|\(set.added.joined(separator: ","))|\(set.removed.joined(separator: ","))"
    case .care(.institution(let set)): "institution|\(set.actor.content)|\(set.patient.rawValue)|\(set.institution.rawValue)"
    case .care(.name(let set)): "name|\(set.actor.content)|\(set.patient.rawValue)|\(set.chosen ?? "")|\(set.pronoun ?? "")"
    case .care(.triage(let set)): "triage|\(set.actor.content)|\(set.triage ?? 0)|\(set.patient?.rawValue ?? 0)|\(set.color.rawValue)"
    case .care(.seen(let see)): "see-triaged|\(see.actor.content)|\(see.triage)"
    case .care(.breach(let breach)): "breach-triage|\(breach.triage)"
    case .undoForMany(let undo):
      switch undo.what {
      case .closure(let id): "undo-closure|\(undo.actor.content)|\(id)"
      case .change(let doctor): "undo-change|\(undo.actor.content)|\(doctor.resource)|\(doctor.turno)"
      }
    case .identification(.unlock(let unlock)): "unlock|\(unlock.what)|\(unlock.reason.rawValue)"
    case .identification(.failure): "failure"
    case .telephone(let telephone): telephone.content
    case .homeVisit(let visit): visit.content
    case .promoter(let promoter): promoter.content
    case .importPatients(let people): "import|" + people.rows.map(\.identityKey).joined(separator: "|")
    }
  }
}

extension WaitlistCommand {
  fileprivate var content: String {
    switch self {
    case .join(let join):
      "join|\(join.actor.content)|\(join.patient.rawValue)|\(join.wish.services.map(\.rawValue).joined(separator: ","))"
        + "|\(join.wish.dates)|\(join.wish.hours.lowerBound.minutes)-\(join.wish.hours.upperBound.minutes)|\(join.wish.turno?.rawValue ?? "")"
        + "|\(join.reach.rawValue)|\(join.until?.milliseconds ?? 0)|\(join.replaces?.description ?? "")"
    case .leave(let leave): "leave|\(leave.actor.content)|\(leave.entry)"
    case .round(let round): "round|\(round.place)"
    case .take(let take): "take|\(take.actor.content)|\(take.patient?.rawValue ?? 0)|\(take.what)"
    case .decline(let decline): "decline|\(decline.actor.content)|\(decline.offer)"
    }
  }
}

extension ClosureCommand {
  fileprivate var content: String {
    switch self {
    case .close(let close):
      "close|\(close.actor.content)|\(close.resource)|\(close.dates)|\(close.hours.lowerBound.minutes)-\(close.hours.upperBound.minutes)"
    case .reopen(let reopen): "reopen|\(reopen.actor.content)|\(reopen.block)"
    case .displace(let displace): "displace|\(displace.folio)|\(displace.to)"
    case .placeDisplaced(let place): "place-displaced|\(place.entry)|\(place.to.text)"
    }
  }
}

extension DutyCommand {
  /// Without the slot that the server found: a repeat finds another.
  fileprivate var content: String {
    switch self {
    case .refer(let refer):
      "refer|\(refer.actor.content)|\(refer.patient.rawValue)|\(refer.kind.rawValue)|\(refer.specialty)|\(refer.destination)"
    case .advance(let advance): "advance|\(advance.actor.content)|\(advance.folio)|\(advance.step)"
    case .takeBack(let back): "return|\(back.actor.content)|\(back.folio)|\(back.followUp?.service.rawValue ?? "")"
    case .screen(let screen): "screen|\(screen.actor.content)|\(screen.patient.rawValue)"
    case .raise(let raise): "raise|\(raise.kind.rawValue)|\(raise.object)"
    case .acknowledge(let acknowledge): "acknowledge|\(acknowledge.actor.content)|\(acknowledge.alert)"
    case .addLegado(let add):
      "legado|\(add.actor.content)|\(add.title)|\(add.owner)|\(add.due)|" + add.evidence.joined(separator: "|")
    case .addEvidence(let add): "evidence|\(add.actor.content)|\(add.legado)|\(add.reference)"
    case .setStatus(let set):
      "legado-status|\(set.actor.content)|\(set.legado)|\(set.status.rawValue)|\(set.note)|\(set.due.map { "\($0)" } ?? "")"
    case .noteNight: "night"
    }
  }
}

extension BookTogether {
  fileprivate var content: String {
    let people = members.map { "\($0.patient.rawValue)@\($0.choice.text)" }
    return "together|\(actor.content)|\(service)|\(people.joined(separator: "|"))"
  }
}

extension ImportBookings {
  fileprivate var content: String {
    let rows = rows.map { row in
      "\(row.line)|\(row.reference)|\(row.choice.text)|\(row.minutes ?? 0)|\(row.service?.rawValue ?? "")|\(row.identity.map { "\($0)" } ?? "")|\(row.isCancelled)"
    }
    return "import-bookings|\(actor.content)|\(isDryRun)|\(source)|" + rows.joined(separator: "|")
  }
}

extension ResolveConflict {
  fileprivate var content: String {
    let how = switch how {
    case .accept: "accept"
    case .dismiss: "dismiss"
    case .move(let to): "move|\(to.text)"
    }
    return "resolve|\(actor.content)|\(source)|\(reference)|\(how)"
  }
}

extension PromoterCommand {
  fileprivate var content: String {
    switch self {
    case .grant(let grant): "grant-listing|\(grant.actor.content)|\(grant.promoter.text)|\(grant.patient.rawValue)|\(grant.until)"
    case .revoke(let revoke): "revoke-listing|\(revoke.actor.content)|\(revoke.promoter.text)|\(revoke.number)"
    case .book(let book): "promoter-book|\(book.promoter.text)|\(book.number)|\(book.service)|\(book.earliestDate?.description ?? "")"
    }
  }
}

extension RequestHomeVisit {
  fileprivate var content: String {
    let address = [form.address.street, form.address.neighbourhood, form.address.postalCode.description, form.address.references]
    return "home-visit|\(actor.content)|\(patient.rawValue)|\(choice.text)|\(address.joined(separator: "|"))|\(form.applicant)|\(form.kinship)"
      + "|\(form.phone?.description ?? "")|\(form.consultorio?.description ?? "")|\(form.turno?.rawValue ?? "")"
  }
}

extension LifeCommand {
  fileprivate var content: String {
    switch step {
    case .reschedule(let choice, _): "reschedule|\(choice.text)"
    case .confirm: "confirm"
    case .checkIn: "check-in"
    case .attend: "attend"
    case .miss: "miss"
    case .free: "free"
    case .enterInError: "enter-in-error"
    case .undo: "undo"
    }
  }
}

extension Actor {
  /// A person's number alone, as it was before staff acted in commands: kept answers stay good.
  var content: String {
    switch self {
    case .person(let id): "\(id.rawValue)"
    case .staff(_, let reason): "\(text):\(reason.rawValue)"
    case .system, .promoter: text
    }
  }
}

extension CommandDoor {
  /// What the connection of a call has proved of whoever is at its other end.
  init(_ context: CallContext) {
    self.init(channel: Channel(role: context.role), identity: context.caller.provedName)
  }
}

extension Caller {
  /// A certificate's URI, or the system's user behind a Unix socket; empty for who has shown nothing.
  var provedName: String { device?.description ?? process.map { "uid:\($0.user)" } ?? "" }
}

extension SlotChoice {
  fileprivate var text: String { "\(resource)|\(date)|\(start.minutes)" }
}
