/// What can be known of a call that stands at a step: the part of its past that the rules ask about.
struct LineKnown: OptionSet, Hashable {
  let rawValue: UInt32

  static let nss = LineKnown(rawValue: 1 << 0)
  static let patientNumber = LineKnown(rawValue: 1 << 1)
  static let birthDate = LineKnown(rawValue: 1 << 2)
  static let date = LineKnown(rawValue: 1 << 3)
  static let givenFolio = LineKnown(rawValue: 1 << 4)
  static let code = LineKnown(rawValue: 1 << 5)
  static let phone = LineKnown(rawValue: 1 << 6)
  static let people = LineKnown(rawValue: 1 << 7)
  static let service = LineKnown(rawValue: 1 << 8)
  static let slots = LineKnown(rawValue: 1 << 9)
  static let slot = LineKnown(rawValue: 1 << 10)
  static let hold = LineKnown(rawValue: 1 << 11)
  static let appointments = LineKnown(rawValue: 1 << 12)
  static let appointment = LineKnown(rawValue: 1 << 13)
  static let callback = LineKnown(rawValue: 1 << 14)
  static let identified = LineKnown(rawValue: 1 << 15)
  /// An NSS or a patient number.
  static let identity = LineKnown(rawValue: 1 << 25)

  /// A place that the clinic offers, and a place on its list.
  static let offer = LineKnown(rawValue: 1 << 26)
  static let waiting = LineKnown(rawValue: 1 << 27)
  /// Where they are cared for, when it is not here.
  static let unit = LineKnown(rawValue: 1 << 28)

  static let greeted = LineKnown(rawValue: 1 << 16)
  /// That 0 is a person has been said.
  static let personAnnounced = LineKnown(rawValue: 1 << 17)
  // What was read back and agreed to, as it is now.
  static let echoedIdentity = LineKnown(rawValue: 1 << 18)
  static let echoedFolio = LineKnown(rawValue: 1 << 19)
  static let echoedSlot = LineKnown(rawValue: 1 << 20)
  static let echoedAppointment = LineKnown(rawValue: 1 << 21)
  static let echoedPhone = LineKnown(rawValue: 1 << 22)
  /// An appointment was made or changed, or a callback left, and its folio and day have not been said.
  static let owesAppointment = LineKnown(rawValue: 1 << 23)
  static let owesCallback = LineKnown(rawValue: 1 << 24)
}

/// What a way out of a step changes of what is known. Each fact changes by itself, whatever the others are: so each can be followed alone.
struct LineChange: Hashable {
  private(set) var gain: LineKnown = []
  private(set) var loss: LineKnown = []

  /// Loses, then gains.
  mutating func then(losing lost: LineKnown = [], gaining gained: LineKnown = []) {
    gain = gain.subtracting(lost).union(gained)
    loss = loss.union(lost).subtracting(gained)
  }

  func gaining(_ gained: LineKnown) -> LineChange {
    var change = self
    change.then(gaining: gained)
    return change
  }
}

extension SpokenValue {
  /// What has to be known for it to be said.
  var needs: LineKnown {
    switch self {
    case .nss: .nss
    case .patientNumber: .patientNumber
    case .birthDate: .birthDate
    case .givenFolio: .givenFolio
    case .code: .code
    case .askedDate: .date
    case .phone: .phone
    case .people: .people
    case .day, .time, .place, .doctor: .slot
    case .appointmentDay, .appointmentTime, .appointmentPlace, .folio: .appointment
    case .callbackFolio, .deadlineDay, .deadlineTime: .callback
    case .waitingPlace: .waiting
    case .unit: .unit
    case .answering, .urgencias: []
    }
  }
}

extension LineChange {
  mutating func typed(_ kind: FieldKind) {
    switch kind {
    case .nss: then(losing: [.patientNumber, .echoedIdentity], gaining: [.nss, .identity])
    case .patientNumber: then(losing: [.nss, .echoedIdentity], gaining: [.patientNumber, .identity])
    case .birthDate: then(losing: [.echoedIdentity, .echoedFolio], gaining: .birthDate)
    case .folio: then(losing: .echoedFolio, gaining: .givenFolio)
    case .phone: then(losing: .echoedPhone, gaining: .phone)
    case .code: then(gaining: .code)
    case .date: then(gaining: .date)
    case .ordinal: break
    }
  }

  mutating func answered(_ kind: RequestKind, _ word: OutcomeWord) {
    switch (kind, word) {
    case (.identify, .ok): then(gaining: .identified)
    case (.identify, .several): then(gaining: .people)
    // Another slot may be in hand than the one that was agreed to.
    case (.orient, .ok): then(gaining: .unit)
    case (.find, .otherUnit): then(losing: .slots, gaining: [.service, .unit])
    case (.notice, .otherUnit): then(losing: .echoedSlot, gaining: [.slot, .unit])
    case (.news, .otherUnit): then(losing: .echoedAppointment, gaining: [.appointment, .unit])
    case (.find, .some): then(losing: .echoedSlot, gaining: [.service, .slots])
    case (.find, _): then(losing: .slots, gaining: .service)
    // Another hold is given back before: whatever comes, the slot that was agreed to is not the one in hand.
    case (.hold, .ok): then(losing: .echoedSlot, gaining: .hold)
    case (.hold, _): then(losing: [.hold, .echoedSlot])
    case (.book, .ok), (.reschedule, .ok): then(losing: [.hold, .echoedAppointment], gaining: [.appointment, .slot, .owesAppointment])
    // What is refused is still held; what nobody knows is not.
    case (.book, .taken), (.book, .unknown): then(losing: .hold)
    // The slot that was agreed to is somebody else's.
    case (.reschedule, .taken): then(losing: [.hold, .echoedSlot])
    case (.cancel, .ok), (.confirm, .ok): then(gaining: .owesAppointment)
    case (.list, .some): then(losing: .echoedAppointment, gaining: .appointments)
    case (.list, _): then(losing: .appointments)
    case (.status, .standing): then(losing: .echoedAppointment, gaining: .appointment)
    case (.callback, .ok): then(gaining: [.callback, .owesCallback])
    case (.resume, .held): then(losing: .echoedSlot, gaining: [.identified, .hold, .slot, .service])
    case (.notice, .ok), (.notice, .reminder), (.notice, .moved), (.notice, .withdrawn): then(losing: .echoedSlot, gaining: .slot)
    case (.news, .moved), (.news, .withdrawn): then(losing: .echoedAppointment, gaining: .appointment)
    case (.news, .some): then(losing: .echoedSlot, gaining: [.offer, .slot, .service])
    case (.acceptOffer, .ok): then(losing: [.hold, .echoedAppointment, .offer], gaining: [.appointment, .slot, .service, .owesAppointment])
    case (.acceptOffer, _), (.declineOffer, _): then(losing: .echoedSlot)
    case (.joinWaitlist, .ok): then(gaining: .waiting)
    case (.takeNotice, .ok): then(gaining: .slot)
    case (.resume, .booked): then(losing: .echoedAppointment, gaining: [.identified, .appointment, .slot])
    default: break
    }
  }

  /// These values were said.
  mutating func heard(_ values: [SpokenValue]) {
    if values.contains(.folio), values.contains(.appointmentDay) { then(losing: .owesAppointment) }
    if values.contains(.callbackFolio), values.contains(.deadlineDay) { then(losing: .owesCallback) }
  }

  /// A question that says these values was gone on from.
  mutating func agreed(_ values: [SpokenValue]) {
    if values.contains(.birthDate), values.contains(.nss) || values.contains(.patientNumber) { then(gaining: .echoedIdentity) }
    if values.contains(.givenFolio) { then(gaining: .echoedFolio) }
    if values.contains(.day), values.contains(.time) { then(gaining: .echoedSlot) }
    if values.contains(.appointmentDay), values.contains(.appointmentTime) { then(gaining: .echoedAppointment) }
    if values.contains(.phone) { then(gaining: .echoedPhone) }
  }
}

extension Request {
  /// What has to be known to ask it.
  var needs: LineKnown {
    switch kind {
    case .identify: [.identity, .birthDate]
    case .find: (service == nil ? LineKnown.service : []).union(fromAskedDate ? .date : [])
    case .hold: [.identified, .slot]
    case .book: [.identified, .hold]
    case .cancel, .confirm: [.identified, .appointment]
    case .reschedule: [.identified, .appointment, .slot]
    case .list: .identified
    case .status: [.givenFolio, .birthDate]
    case .callback: .phone
    case .resume: [.code, .birthDate]
    case .news, .heardNews, .yearlyCheck: .identified
    case .joinWaitlist: [.identified, .service]
    case .acceptOffer, .declineOffer: [.identified, .offer]
    case .orient, .notice, .keepAsIs, .wasOfUse, .wasOfNoUse: []
    case .takeNotice: .slot
    }
  }

  /// What must have been read back and agreed to before.
  var owesEcho: LineKnown {
    switch kind {
    case .identify: .echoedIdentity
    case .status: .echoedFolio
    case .book: .echoedSlot
    case .cancel, .confirm: .echoedAppointment
    case .reschedule: [.echoedSlot, .echoedAppointment]
    case .callback: .echoedPhone
    case .takeNotice, .acceptOffer: .echoedSlot
    case .find, .hold, .list, .resume, .orient, .joinWaitlist, .declineOffer, .notice, .keepAsIs, .news, .heardNews, .yearlyCheck, .wasOfUse, .wasOfNoUse: []
    }
  }
}
