package import ClinicDomain

/// A clinic that exists only for rehearsing: it answers a call as the server would, from a few rules that a transcript can state.
///
/// Whoever types 5 February 1990 is known, by any number that is correct; nobody else is. Slots begin on the next working day at 8:15,
/// first of the person's own doctor in consultorio 12. Folios come one after the other.
package struct RehearsedClinic: Sendable {
  package var today: CivilDate
  /// What comes instead of the ordinary answer, once, or until it is said that the server answers again.
  package var mood: Mood = .answers
  /// Whether a person acknowledges alarms.
  package var acknowledges = false
  package private(set) var appointments: [Booking] = []
  private var holds: [Booking] = []
  private var folios: UInt64 = 0

  /// By its words in a transcript, after `sistema:`.
  package enum Mood: String, Hashable, Sendable, CaseIterable {
    case answers = "contesta"
    case away = "no contesta"
    /// The next write happens, and its answer is lost.
    case lost = "se corta"
    case noSlots = "no hay lugar"
    case taken = "ya se ocupó"
    case hasOne = "ya tiene una"
    case refused = "no se puede"
    case several = "hay dos personas"
    case locked = "demasiados intentos"
    // What the clinic calls about, or tells who calls.
    case reminds = "recuerda una cita"
    case moved = "movió una cita"
    case withdrew = "quitó una cita"
    /// Another unit cares for who calls: told with their appointment, and to who asks for one.
    case handedOver = "pasó una cita a otra unidad"
    case withoutRights = "ya no tiene derecho"
    case checkDue = "le toca su revisión"
    /// Somebody left a place, and it is offered to who calls.
    case offers = "ofrece un lugar"

    /// Whether it is gone after one answer.
    fileprivate var isOnce: Bool { self != .answers && self != .away }
  }

  package static let birthDate = CivilDate(year: 1990, month: 2, day: 5)!
  /// What another channel gave for going on by telephone.
  package static let code = "482011"

  package init(today: CivilDate) { self.today = today }

  /// The name of an offer, for a call that the clinic makes.
  package static func notice(of script: String) -> String? {
    script == DialogueID.notice.rawValue ? String(repeating: "7", count: 32) : nil
  }

  /// An appointment that exists already: medicina familiar, three working days ahead at 9:30.
  package mutating func makeAppointment() {
    let slot = OfferedSlot(service: ServiceCode("medicina_familiar"), slot: SlotChoice(resource: Self.ownDoctor, date: workingDay(3), start: Self.at(9, 30)), isOwnDoctor: true)
    appointments.append(Booking(folio: nextFolio(), slot: slot))
  }

  package mutating func answer(_ request: BackEndRequest) -> CallEvent {
    let mood = mood
    if mood == .away { return .backEndAway(mayHaveHappened: false) }
    if mood.isOnce, let event = moodily(request, mood) {
      self.mood = .answers
      return event
    }
    return .answer(ordinarily(request))
  }

  /// `nil` where the mood says nothing about such a request: it waits for one.
  private mutating func moodily(_ request: BackEndRequest, _ mood: Mood) -> CallEvent? {
    switch (mood, request) {
    case (.lost, _) where request.writes:
      _ = ordinarily(request)
      return .backEndAway(mayHaveHappened: true)
    case (.noSlots, .find): return .answer(.noSlots)
    case (.taken, .hold), (.taken, .book), (.taken, .reschedule), (.taken, .notice), (.taken, .takeNotice): return .answer(.taken)
    case (.moved, .news), (.withdrew, .news):
      guard let place = offeredPlace else { return nil }
      let folio = nextFolio()
      return .answer(.news(mood == .moved ? .moved : .withdrawn, about: folio, Booking(folio: folio, slot: place)))
    case (.handedOver, .news):
      guard let place = offeredPlace else { return nil }
      let folio = nextFolio()
      return .answer(.news(.handedOver(newUnit), about: folio, Booking(folio: folio, slot: place)))
    case (.handedOver, .notice): return offeredPlace.map { .answer(.announced(.handedOver(newUnit), $0)) }
    case (.withoutRights, .find): return .answer(.caredElsewhere(CaringUnit(clues: Self.freeUnit, isFree: true)))
    case (.checkDue, .yearlyCheck): return .answer(.checkDue)
    case (.offers, .news): return offeredPlace.map { .answer(.placeOffered(1, $0)) }
    case (.taken, .acceptOffer): return .answer(.taken)
    case (.hasOne, .joinWaitlist), (.hasOne, .acceptOffer): return .answer(.refused(.hasOneAlready))
    case (.reminds, .notice): return offeredPlace.map { .answer(.announced(.reminder, $0)) }
    case (.moved, .notice): return offeredPlace.map { .answer(.announced(.moved, $0)) }
    case (.withdrew, .notice): return offeredPlace.map { .answer(.announced(.withdrawn, $0)) }
    case (.hasOne, .hold), (.hasOne, .book): return .answer(.refused(.hasOneAlready))
    case (.refused, _) where request.writes && request.kind?.outcomes.contains(.refused) == true: return .answer(.refused(.other))
    case (.several, .identify(_, _, ordinal: nil)): return .answer(.several(2))
    case (.locked, .identify), (.locked, .status), (.locked, .resume): return .answer(.locked)
    default: return nil
    }
  }

  private mutating func ordinarily(_ request: BackEndRequest) -> BackEndAnswer {
    switch request {
    case .identify(_, let birthDate, _): return birthDate == Self.birthDate ? .identified : .notFound
    case .find(let search):
      let slots = slots(search)
      return slots.isEmpty ? .noSlots : .slots(slots)
    case .hold(let slot):
      let booking = Booking(folio: nextFolio(), slot: slot)
      holds.append(booking)
      return .held(booking)
    case .book(let folio): return book(folio).map { .booked($0) } ?? .taken
    case .reschedule(let folio, let slot):
      guard appointments.contains(where: { $0.folio == folio }) else { return .refused(.other) }
      appointments.removeAll { $0.folio == folio }
      let booking = Booking(folio: nextFolio(), slot: slot)
      appointments.append(booking)
      return .booked(booking)
    case .cancel(let folio):
      guard let booking = appointments.first(where: { $0.folio == folio }) else { return .notFound }
      appointments.removeAll { $0.folio == folio }
      return .cancelled(booking)
    case .confirm(let folio): return appointments.first { $0.folio == folio }.map { .confirmed($0) } ?? .notFound
    case .list: return .appointments(appointments)
    case .status(let folio, let birthDate):
      guard birthDate == Self.birthDate, let booking = appointments.first(where: { $0.folio == folio }) else { return .notFound }
      return .status(FolioStatus(.standing, booking: booking))
    case .leaveCallback: return .callbackLeft(nextFolio(), by: workingDay(1), Self.at(12, 0))
    case .resume(let code, let birthDate):
      guard code == Self.code, birthDate == Self.birthDate, let slot = slots(SlotSearch(service: ServiceCode("medicina_familiar"), limit: 1)).first
      else { return .notFound }
      let booking = Booking(folio: nextFolio(), slot: slot)
      holds.append(booking)
      return .resumed(.held(booking))
    case .orient: return .orientation(urgencias: Self.hospital, CaringUnit(clues: Self.freeUnit, isFree: true))
    case .notice: return offeredPlace.map { .offered($0) } ?? .taken
    case .takeNotice:
      guard let place = offeredPlace else { return .taken }
      return .noticeTaken(place)
    case .keepAsIs, .declineOffer: return .keptAsIs
    case .joinWaitlist: return .waiting(place: 3)
    case .acceptOffer:
      guard let place = offeredPlace else { return .taken }
      let booking = Booking(folio: nextFolio(), slot: place)
      appointments.append(booking)
      return .booked(booking)
    case .news: return .noNews
    case .heardNews: return .noted
    case .yearlyCheck: return .checkNotDue
    case .answerSurvey: return .counted
    case .awaitAlarm: return acknowledges ? .alarmAcknowledged : .alarmUnanswered
    }
  }

  private mutating func book(_ hold: Folio) -> Booking? {
    guard let booking = holds.first(where: { $0.folio == hold }) else { return nil }
    holds.removeAll { $0.folio == hold }
    appointments.append(booking)
    return booking
  }

  package mutating func giveBack(_ folio: Folio) { holds.removeAll { $0.folio == folio } }

  /// What the clinic calls about: its own doctor's first slot.
  private var offeredPlace: OfferedSlot? { slots(SlotSearch(service: ServiceCode("medicina_familiar"), limit: 1)).first }

  // Of the sample directory.
  private static let freeUnit = CLUES("DFSSA003961")
  private static let hospital = CLUES("DFIMS999312")
  private var newUnit: CaringUnit { CaringUnit(clues: CLUES("DFIMS999306"), from: workingDay(9)) }

  // MARK: - The agenda

  private static let ownDoctor = ResourceID(.consultorio, 12)!

  private func slots(_ search: SlotSearch) -> [OfferedSlot] {
    let resources: [ResourceID] = switch search.service.rawValue {
    case "medicina_familiar": [Self.ownDoctor, ResourceID(.consultorio, 3)!]
    case "estomatologia": [ResourceID(.consultorio, 31)!]
    case "medicina_preventiva": [ResourceID(.consultorio, 33)!]
    default: [ResourceID(.ventanilla, 2)!]
    }
    let times = [Self.at(8, 15), Self.at(8, 30), Self.at(13, 0)]
    let days = (1...5).map(workingDay) + (search.earliest.map { [$0.nextWorkingDay] } ?? [])
    let all = resources.flatMap { resource in
      days.flatMap { day in
        times.map { OfferedSlot(service: search.service, slot: SlotChoice(resource: resource, date: day, start: $0), isOwnDoctor: resource == Self.ownDoctor) }
      }
    }
    let fitting = all.filter { slot in
      search.earliest.map { slot.slot.date >= $0 } ?? true && search.latest.map { slot.slot.date <= $0 } ?? true
    }
    return Array(fitting.prefix(search.limit))
  }

  private static func at(_ hour: Int, _ minute: Int) -> AgendaMinute { AgendaMinute(minutes: 60 * hour + minute)! }

  /// The so-manieth working day after today.
  private func workingDay(_ count: Int) -> CivilDate {
    (0..<count).reduce(today) { day, _ in day.adding(days: 1).nextWorkingDay }
  }

  private mutating func nextFolio() -> Folio {
    folios += 1
    return Folio(random: folios &* 0x9E37_79B9_7F4A_7C15, on: today)
  }
}

extension CivilDate {
  /// This day, or the Monday after it.
  fileprivate var nextWorkingDay: CivilDate {
    switch weekday {
    case .saturday: adding(days: 2)
    case .sunday: adding(days: 1)
    case .monday, .tuesday, .wednesday, .thursday, .friday: self
    }
  }
}
