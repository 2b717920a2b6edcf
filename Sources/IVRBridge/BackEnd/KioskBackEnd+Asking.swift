internal import ClinicDomain
internal import IVRDialogue
internal import Synchronization
internal import TTRPCCore
internal import VentanillaMessages

extension KioskBackEnd {
  /// - Returns: `nil` for what the server has no method for, and for an answer that cannot be read.
  func ask(_ request: BackEndRequest, _ options: CallOptions) async throws(RPCError) -> BackEndAnswer? {
    let appointments = AppointmentsClient(client)
    switch request {
    case .identify(let identity, let birthDate, let ordinal):
      let request = Wire.IdentifyRequest(
        identifier: identity.wire, birthDate: birthDate.description, ordinal: Int32(clamping: ordinal ?? 0), visit: visit)
      return identified(try await PatientsClient(client).identify(request, options: options))
    case .find(let search):
      let found = try await appointments.find(
        .init(
          sessionToken: token, service: search.service.rawValue, earliestDate: search.earliest?.description ?? "",
          limit: Int32(clamping: search.limit)), options: options)
      let slots = found.slots.compactMap(OfferedSlot.init)
      return slots.isEmpty ? found.steps.lazy.compactMap(CaringUnit.init).first.map { .caredElsewhere($0) } ?? .noSlots : .slots(slots)
    case .orient:
      let reply = try await DirectoryClient(client).orient(.init(), options: options)
      return .orientation(
        urgencias: CLUES(reply.urgencias?.clues ?? ""), CaringUnit(clues: CLUES(reply.units.first?.clues ?? ""), isFree: true))
    case .hold(let slot):
      let reply = try await appointments.hold(.init(sessionToken: token, slot: slot.wire), options: options)
      return reply.appointment.flatMap(Booking.init).map(BackEndAnswer.held)
    case .book(let folio):
      let reply = try await appointments.book(.init(sessionToken: token, what: .holdFolio(folio.description)), options: options)
      return reply.appointment.flatMap(Booking.init).map(BackEndAnswer.booked)
    case .cancel(let folio):
      let reply = try await appointments.cancel(.init(sessionToken: token, folio: folio.description), options: options)
      return reply.appointment.flatMap(Booking.init).map(BackEndAnswer.cancelled)
    case .list:
      let reply = try await appointments.list(.init(sessionToken: token), options: options)
      return .appointments(reply.appointments.filter { $0.status == .booked }.compactMap(Booking.init))
    case .status(let folio, let birthDate):
      let reply = try await appointments.prove(
        .init(folio: folio.description, birthDate: birthDate.description, visit: visit), options: options)
      return reply.appointment.flatMap(FolioStatus.init).map(BackEndAnswer.status)
    case .confirm(let folio):
      let reply = try await appointments.confirm(.init(sessionToken: token, folio: folio.description), options: options)
      return reply.appointment.flatMap(Booking.init).map(BackEndAnswer.confirmed)
    case .reschedule(let folio, let offered):
      let slot = offered.slot
      let reply = try await appointments.reschedule(
        .init(
          sessionToken: token, folio: folio.description, resource: slot.resource.description, date: slot.date.description,
          startMinute: Int32(clamping: slot.start.minutes)), options: options)
      return reply.appointment.flatMap(Booking.init).map(BackEndAnswer.booked)
    case .leaveCallback(let digits, let reason, let minutes):
      let reply = try await TelephoneClient(client).requestCallback(
        .init(
          phone: digits, reason: reason.wire, withinMinutes: Int32(clamping: minutes ?? 0), sessionToken: token,
          guidanceSession: minutes == nil ? "" : state.withLock(\.guidance)?.text ?? ""), options: options)
      guard let folio = Folio(reply.folio), let date = CivilDate(iso: reply.date), let time = AgendaMinute(minutes: Int(reply.minute)) else {
        return nil
      }
      return .callbackLeft(folio, by: date, time)
    case .resume(let code, let birthDate):
      let reply = try await TelephoneClient(client).resume(
        .init(code: code, birthDate: birthDate.description, visit: visit), options: options)
      guard let appointment = reply.appointment, let booking = Booking(appointment) else { return nil }
      state.withLock { $0.token = reply.sessionToken }
      return .resumed(appointment.status == .pending ? .held(booking) : .booked(booking))
    case .notice(let token):
      let reply = try await OutboundClient(client).readNotice(.init(token: token), options: options)
      guard reply.open else { return .taken }
      let unit = CaringUnit(clues: CLUES(reply.unitCLUES), from: CivilDate(iso: reply.unitFrom))
      return OfferedSlot(noticeOn: reply.date, reply.startMinute).flatMap { BackEndAnswer(reply.kind, $0, in: unit) }
    case .takeNotice(let token):
      let reply = try await OutboundClient(client).answerNotice(.init(token: token, take: true), options: options)
      return OfferedSlot(noticeOn: reply.date, reply.startMinute).map(BackEndAnswer.noticeTaken)
    case .keepAsIs(let token):
      _ = try await OutboundClient(client).answerNotice(.init(token: token, take: false), options: options)
      return .keptAsIs
    case .joinWaitlist(let service, let last):
      let reply = try await WaitlistClient(client).join(
        .init(sessionToken: token, services: [service.rawValue], lastDate: last?.description ?? "", reach: .phone), options: options)
      return reply.entry.map { .waiting(place: Int($0.position)) }
    case .acceptOffer(let offer):
      let reply = try await WaitlistClient(client).answerOffer(.init(sessionToken: token, offer: offer, accept: true), options: options)
      return reply.appointment.flatMap(Booking.init).map(BackEndAnswer.booked)
    case .declineOffer(let offer):
      _ = try await WaitlistClient(client).answerOffer(.init(sessionToken: token, offer: offer, accept: false), options: options)
      return .keptAsIs
    case .news: return try await news(options)
    case .heardNews(let folio):
      _ = try await ContactClient(client).seeNotice(.init(sessionToken: token, folio: folio.description), options: options)
      return .noted
    case .yearlyCheck:
      return try await SeriesClient(client).offerCheck(.init(sessionToken: token), options: options).offered ? .checkDue : .checkNotDue
    case .answerSurvey(let dialogue, let wasOfUse):
      _ = try await SurveyClient(client).answerSurvey(
        .init(dialogue: dialogue.rawValue, answer: wasOfUse ? .resolved : .unresolved), options: options)
      return .counted
    case .awaitAlarm: return nil
    }
  }

  /// The first change that the person does not know of, and the appointment as it is now; or else the place whose offer ends first.
  private func news(_ options: CallOptions) async throws(RPCError) -> BackEndAnswer? {
    let reply = try await ContactClient(client).listNotices(.init(sessionToken: token), options: options)
    guard let (notice, what) = reply.notices.lazy.compactMap({ notice in notice.announcement.map { (notice, $0) } }).first,
      let folio = Folio(notice.folio)
    else {
      return try await offered(options)
    }
    let current = notice.newFolio.isEmpty ? notice.folio : notice.newFolio
    let appointment = try await AppointmentsClient(client).get(.init(sessionToken: token, folio: current), options: options).appointment
    return appointment.flatMap(Booking.init).map { .news(what, about: folio, $0) }
  }

  private func offered(_ options: CallOptions) async throws(RPCError) -> BackEndAnswer {
    let offers = try await WaitlistClient(client).listOffers(.init(sessionToken: token), options: options).offers
    return offers.lazy.compactMap { offer in offer.slot.flatMap(OfferedSlot.init).map { .placeOffered(offer.id, $0) } }.first ?? .noNews
  }

  private func identified(_ reply: Wire.IdentifyResponse) -> BackEndAnswer? {
    if !reply.choices.isEmpty { return .several(reply.choices.count) }
    guard !reply.sessionToken.isEmpty else { return nil }
    state.withLock { $0.token = reply.sessionToken }
    return .identified
  }
}

// MARK: - From the wire, and to it

extension CallerIdentity {
  fileprivate var wire: Wire.IdentifyRequest.Identifier {
    switch self {
    case .nss(let nss): .nss(nss.description)
    case .patientNumber(let number): .patientNumber(number.description)
    }
  }
}

extension CallbackReason {
  fileprivate var wire: Wire.CallbackReason {
    switch self {
    case .guidance: .guidance
    case .appointment: .appointment
    case .tramite: .tramite
    case .other: .other
    case .pregnancy: .pregnancy
    }
  }
}

extension OfferedSlot {
  fileprivate init?(_ slot: Wire.Slot) {
    guard let resource = ResourceID(text: slot.resource), let date = CivilDate(iso: slot.date),
      let start = AgendaMinute(minutes: Int(slot.startMinute))
    else { return nil }
    self.init(
      service: ServiceCode(slot.service), slot: SlotChoice(resource: resource, date: date, start: start), isOwnDoctor: slot.ownDoctor)
  }

  /// A day and an hour, and neither service nor room: those are not told to whoever answers a telephone.
  fileprivate init?(noticeOn date: String, _ minute: Int32) {
    guard let date = CivilDate(iso: date), let start = AgendaMinute(minutes: Int(minute)), let nowhere = ResourceID(.consultorio, 1) else {
      return nil
    }
    self.init(service: ServiceCode(""), slot: SlotChoice(resource: nowhere, date: date, start: start))
  }

  fileprivate var wire: Wire.SlotChoice {
    Wire.SlotChoice(
      service: service.rawValue, resource: slot.resource.description, date: slot.date.description,
      startMinute: Int32(clamping: slot.start.minutes))
  }
}

extension Booking {
  fileprivate init?(_ appointment: Wire.Appointment) {
    guard let folio = Folio(appointment.folio), let slot = appointment.slot.flatMap(OfferedSlot.init) else { return nil }
    self.init(folio: folio, slot: slot)
  }
}

extension CaringUnit {
  /// `nil` for a step that is about no unit.
  fileprivate init?(_ step: Wire.NextStep) {
    guard let clues = CLUES(step.clues) else { return nil }
    self.init(clues: clues, from: CivilDate(iso: step.fromDate), isFree: step.code != CaredElsewhere.stepCode)
  }
}

extension Wire.PersonNotice {
  /// `nil` for what is not told first: a reminder, what somebody of the clinic tells, and what a newer server has to say.
  fileprivate var announcement: Announcement? {
    switch kind {
    case .moved: .moved
    case .withdrawn: .withdrawn
    case .handedOver: .handedOver(CaringUnit(clues: CLUES(unitCLUES), from: CivilDate(iso: unitFrom)))
    case .offer, .reminder, .keptUntilHandedOver, .unspecified, .unrecognized: nil
    }
  }
}

extension FolioStatus {
  fileprivate init?(_ appointment: Wire.Appointment) {
    let state: State? =
      switch appointment.status {
      case .proposed, .pending, .booked, .arrived, .checkedIn, .waitlist: .standing
      case .cancelled, .noshow, .enteredInError: .cancelled
      case .fulfilled: .done
      default: nil
      }
    guard let state else { return nil }
    self.init(state, booking: Booking(appointment))
  }
}

extension BackEndAnswer {
  /// What the clinic calls about; `nil` for what no call is made about, and what a newer server has to say.
  fileprivate init?(_ kind: Wire.NoticeKind, _ slot: OfferedSlot, in unit: CaringUnit) {
    switch kind {
    case .offer: self = .offered(slot)
    case .reminder: self = .announced(.reminder, slot)
    case .moved: self = .announced(.moved, slot)
    case .withdrawn: self = .announced(.withdrawn, slot)
    case .handedOver: self = .announced(.handedOver(unit), slot)
    case .keptUntilHandedOver, .unspecified, .unrecognized: return nil
    }
  }

  /// What a status means for the caller; `nil` for one that says that the server is away, or that it is not known what happened.
  init?(_ error: RPCError, to request: BackEndRequest) {
    switch (error.code, request) {
    case (.unauthenticated, .identify), (.notFound, .identify), (.unauthenticated, .resume): self = .notFound
    // Too many tries, or another call goes on with it: a person.
    case (.failedPrecondition, .resume): self = .locked
    case (.resourceExhausted, .identify), (.permissionDenied, .identify): self = .locked
    case (.notFound, .book), (.notFound, .takeNotice): self = .taken
    case (.notFound, .notice), (.invalidArgument, .notice): self = .notFound
    case (.notFound, .keepAsIs), (.notFound, .declineOffer), (.failedPrecondition, .declineOffer): self = .keptAsIs
    case (.notFound, .acceptOffer): self = .taken
    case (.failedPrecondition, .acceptOffer): self = error.isPlaceGone ? .taken : Self(refusal: error)
    case (.notFound, .joinWaitlist): self = .refused(.other)
    case (.failedPrecondition, .joinWaitlist): self = .refused(error.reason == .limitReached ? .hasOneAlready : .other)
    case (.notFound, .heardNews): self = .noted
    case (.failedPrecondition, .takeNotice): self = error.isPlaceGone ? .taken : .refused(.other)
    case (.notFound, .cancel), (.notFound, .confirm), (.notFound, .status): self = .notFound
    case (.failedPrecondition, _) where error.isIdentificationLimit: self = .locked
    case (.failedPrecondition, _): self = Self(refusal: error)
    default: return nil
    }
  }

  private init(refusal error: RPCError) {
    switch error.reason {
    case .slotTaken, .slotInThePast, .holdExpired, .closed, .notOnGrid, .externalAgenda, .companionTaken, .homeVisit, .appointmentNotFound: self = .taken
    case .limitReached, .personBusy: self = .refused(.hasOneAlready)
    default: self = .refused(.other)
    }
  }
}

extension RPCError {
  /// Too many tries, of one call or of one number.
  fileprivate var isIdentificationLimit: Bool { details.contains { $0.typeURL.hasSuffix("/\(Wire.IdentificationRefusal.fullName)") } }

  /// Somebody else has it, or its time is over.
  fileprivate var isPlaceGone: Bool {
    switch reason {
    case .offerOver, .slotTaken, .slotInThePast, .closed: true
    default: false
    }
  }

  /// Why a reservation was refused, when the status says so.
  fileprivate var reason: Wire.RefusalReason? {
    for detail in details where detail.typeURL.hasSuffix("/\(Wire.Refusal.fullName)") {
      if let refusal = try? Wire.Refusal(decoding: detail.value) { return refusal.reason }
    }
    return nil
  }
}
