internal import ClinicDomain
internal import Guidance

extension Call {
  /// Asks the back end; what a proven line never asks without is here all the same: then the back end counts as away.
  mutating func request(_ request: Request, _ step: Step) -> CallStep {
    guard let question = question(of: request) else { return goOn(with: request, .away) }
    if case .hold = question { giveBackHold() }
    doing = .requesting(request)
    let moment = prompt(step.text, "\(place!.dialogue).\(step.id)") ?? common(.oneMoment)
    return .request(question, moment: [moment].compactMap { $0 })
  }

  private mutating func question(of request: Request) -> BackEndRequest? {
    switch request.kind {
    case .identify:
      guard let identity = memory.identity, let birthDate = memory.birthDate else { return nil }
      return .identify(identity, birthDate: birthDate, ordinal: memory.ordinal)
    case .find:
      guard let service = request.service ?? memory.service else { return nil }
      memory.service = service
      return .find(
        SlotSearch(
          service: service, earliest: request.fromAskedDate ? memory.askedDate : nil, latest: memory.pregnancyUntil,
          limit: DialogueLimits.slots))
    case .hold: return memory.slot.map { .hold($0) }
    case .book: return memory.hold.map { .book($0.folio) }
    case .cancel: return memory.appointment.map { .cancel($0.folio) }
    case .confirm: return memory.appointment.map { .confirm($0.folio) }
    case .reschedule:
      guard let appointment = memory.appointment, let slot = memory.slot else { return nil }
      return .reschedule(appointment.folio, to: slot)
    case .list: return .list
    case .status:
      guard let folio = memory.givenFolio, let birthDate = memory.birthDate else { return nil }
      return .status(folio, birthDate: birthDate)
    case .callback:
      // What a guide ended in is about health, whatever the step says.
      let reason = memory.clinicianWithin == nil ? request.reason ?? .other : .guidance
      if memory.pregnancyUntil != nil {
        return memory.phone.map { .leaveCallback(digits: $0, .pregnancy, withinMinutes: line.maternity?.answerMinutes) }
      }
      return memory.phone.map { .leaveCallback(digits: $0, reason, withinMinutes: memory.clinicianWithin) }
    case .resume:
      guard let code = memory.code, let birthDate = memory.birthDate else { return nil }
      return .resume(code: code, birthDate: birthDate)
    case .orient: return .orient
    case .notice: return memory.start?.notice.map { .notice($0) }
    case .takeNotice: return memory.start?.notice.map { .takeNotice($0) }
    case .keepAsIs: return memory.start?.notice.map { .keepAsIs($0) }
    case .joinWaitlist: return memory.service.map { .joinWaitlist($0, until: memory.pregnancyUntil) }
    case .acceptOffer: return memory.offer.map { .acceptOffer($0) }
    case .declineOffer: return memory.offer.map { .declineOffer($0) }
    case .news: return .news
    case .heardNews: return memory.news.map { .heardNews($0) }
    case .yearlyCheck: return .yearlyCheck
    case .wasOfUse, .wasOfNoUse: return memory.surveyed.map { .answerSurvey($0, wasOfUse: request.kind == .wasOfUse) }
    }
  }

  mutating func answered(_ answer: BackEndAnswer) -> CallStep? {
    switch doing {
    case .promising:
      guard case .callbackLeft(let folio, let date, let time) = answer else { return tellOnDuty(isPromised: false) }
      memory.callback = CallMemory.Callback(folio: folio, date: date, time: time)
      return tellOnDuty(isPromised: true)
    case .requesting(let request):
      var answer = answer
      if case .slots(let slots) = answer, request.kind == .find { answer = near(slots).isEmpty ? .noSlots : .slots(near(slots)) }
      if answer.hasNoSlots, request.kind == .find, owesOnDuty { return askOnDuty() }
      guard let word = memory.take(answer, to: request.kind) else { return goOn(with: request, .away) }
      return goOn(with: request, word)
    case .findingForGuide: return foundForGuide(answer)
    case .awaitingAlarm(let closing): return alarmWasAnswered(answer == .alarmAcknowledged, closing)
    case .nothing, .asking, .askingInGuide, .emergencyWords, .emergencyWordsInGuide, .closing, .lastWords, .ended: return nil
    }
  }

  mutating func backEndIsAway(mayHaveHappened: Bool) -> CallStep? {
    switch doing {
    case .requesting(let request):
      let isOpen = mayHaveHappened && request.kind.outcomes.contains(.unknown)
      // A hold whose booking is not known is not given back: it may be an appointment by now.
      if isOpen, request.kind == .book { memory.hold = nil }
      return goOn(with: request, isOpen ? .unknown : .away)
    case .findingForGuide: return foundForGuide(.noSlots)
    case .promising: return tellOnDuty(isPromised: false)
    case .awaitingAlarm(let closing): return alarmWasAnswered(false, closing)
    case .nothing, .asking, .askingInGuide, .emergencyWords, .emergencyWordsInGuide, .closing, .lastWords, .ended: return nil
    }
  }

  private mutating func goOn(with request: Request, _ word: OutcomeWord) -> CallStep {
    guard let way = request.ways.first(where: { $0.word == word }) else { return toPerson() }
    return goOn(to: way.next)
  }
}

extension CallMemory {
  /// Keeps what was answered, and says which outcome it is; `nil` for an answer that does not belong to the request.
  mutating func take(_ answer: BackEndAnswer, to kind: RequestKind) -> OutcomeWord? {
    let word = word(of: answer, to: kind)
    guard let word, kind.outcomes.contains(word) else { return nil }
    switch answer {
    case .identified: isIdentified = true
    case .several(let count): people = count
    case .slots(let slots): offer(slots)
    case .held(let booking): keep(booking)
    case .booked(let booking): made(booking)
    case .cancelled(let booking), .confirmed(let booking): appointment = booking
    case .taken: hold = nil
    case .appointments(let bookings):
      appointments = bookings
      offered = 0
    case .status(let status): appointment = status.booking ?? appointment
    case .callbackLeft(let folio, let date, let time):
      callback = Callback(folio: folio, date: date, time: time)
      clinicianWithin = nil
    case .resumed(.held(let booking)):
      isIdentified = true
      resumed = booking.folio
      keep(booking)
    case .resumed(.booked(let booking)):
      isIdentified = true
      made(booking)
    case .offered(let place), .noticeTaken(let place): slot = place
    case .announced(let what, let place):
      slot = place
      unit = what.unit ?? unit
    case .news(let what, let folio, let booking):
      news = folio
      appointment = booking
      unit = what.unit ?? unit
    case .caredElsewhere(let found): unit = found
    case .orientation(let urgencias, let found):
      self.urgencias = urgencias
      unit = found
    case .placeOffered(let number, let place):
      offer = number
      slot = place
      service = place.service
    case .waiting(let place): waitingPlace = place
    case .notFound, .locked, .noSlots, .refused, .keptAsIs, .counted, .noNews, .noted, .checkDue, .checkNotDue,
      .alarmAcknowledged, .alarmUnanswered: break
    }
    return word
  }

  mutating func offer(_ slots: [OfferedSlot]) {
    self.slots = slots
    offered = 0
  }

  private mutating func keep(_ booking: Booking) {
    hold = booking
    slot = booking.slot
    service = booking.slot.service
  }

  private mutating func made(_ booking: Booking) {
    // She has her date: what is asked for next is something else.
    pregnancyUntil = nil
    appointment = booking
    slot = booking.slot
    service = booking.slot.service
    hold = nil
  }

  private func word(of answer: BackEndAnswer, to kind: RequestKind) -> OutcomeWord? {
    switch answer {
    case .identified: return .ok
    case .several(let count): return (2...9).contains(count) ? .several : nil
    case .notFound: return .notFound
    case .locked: return .locked
    case .slots(let slots): return kind == .find ? (slots.isEmpty ? OutcomeWord.none : .some) : nil
    case .noSlots: return kind == .find ? OutcomeWord.none : nil
    case .caredElsewhere: return kind == .find ? .otherUnit : nil
    case .orientation: return kind == .orient ? .ok : nil
    case .held: return kind == .hold ? .ok : nil
    case .booked: return kind == .book || kind == .reschedule || kind == .acceptOffer ? .ok : nil
    case .cancelled: return kind == .cancel ? .ok : nil
    case .confirmed: return kind == .confirm ? .ok : nil
    case .taken: return .taken
    case .refused(let kind): return kind == .hasOneAlready ? .hasOne : .refused
    case .appointments(let bookings): return kind == .list ? (bookings.isEmpty ? OutcomeWord.none : .some) : nil
    case .status(let status): return word(of: status)
    case .callbackLeft: return kind == .callback ? .ok : nil
    case .resumed(.held): return .held
    case .resumed(.booked): return .booked
    case .offered: return kind == .notice ? .ok : nil
    case .announced(let what, _): return what.word
    case .noticeTaken: return kind == .takeNotice ? .ok : nil
    case .keptAsIs: return kind == .keepAsIs || kind == .declineOffer ? .ok : nil
    case .placeOffered: return kind == .news ? .some : nil
    case .waiting: return kind == .joinWaitlist ? .ok : nil
    case .news(let what, _, _): return kind == .news ? what.word : nil
    case .noNews: return kind == .news ? OutcomeWord.none : nil
    case .noted: return kind == .heardNews ? .ok : nil
    case .checkDue: return kind == .yearlyCheck ? .some : nil
    case .checkNotDue: return kind == .yearlyCheck ? OutcomeWord.none : nil
    case .counted: return kind.isSurvey ? .ok : nil
    case .alarmAcknowledged, .alarmUnanswered: return nil
    }
  }

  private func word(of status: FolioStatus) -> OutcomeWord {
    switch status.state {
    case .standing: status.booking == nil ? .underWay : .standing
    case .cancelled: .cancelled
    case .done: .done
    }
  }
}

extension Announcement {
  fileprivate var word: OutcomeWord {
    switch self {
    case .reminder: .reminder
    case .moved: .moved
    case .withdrawn: .withdrawn
    case .handedOver: .otherUnit
    }
  }

  fileprivate var unit: CaringUnit? { if case .handedOver(let unit) = self { unit } else { nil } }
}

extension BackEndAnswer {
  /// Nothing here, whatever there is elsewhere.
  fileprivate var hasNoSlots: Bool {
    switch self {
    case .noSlots, .caredElsewhere: true
    default: false
    }
  }
}
