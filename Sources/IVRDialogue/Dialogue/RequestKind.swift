/// What a step can ask of the back end, by its word in a dialogue's file.
package enum RequestKind: String, Hashable, Sendable, CaseIterable {
  case identify = "identificar"
  case find = "horarios"
  case hold = "apartar"
  case book = "reservar"
  case cancel = "cancelar"
  case confirm = "confirmar"
  case reschedule = "cambiar"
  case list = "citas"
  case status = "folio"
  case callback = "llamada"
  case resume = "reanudar"
  /// Where somebody of any institution, or of none, is cared for.
  case orient = "unidades"
  /// What the clinic calls about.
  case notice = "aviso"
  /// Takes the place that it calls about, or says that they come; or leaves everything as it is.
  case takeNotice = "tomar"
  case keepAsIs = "conservar"
  /// Puts the caller on the list of those who wait for a place that somebody leaves.
  case joinWaitlist = "lista"
  /// Takes the place that the clinic offers them, or says no to it.
  case acceptOffer = "aceptar"
  case declineOffer = "rehusar"
  /// What the clinic changed of the caller's appointments and they have not been told, or a place that it offers them; and that they have heard it.
  case news = "novedades"
  case heardNews = "enterado"
  /// Whether the yearly check is due, which the clinic offers besides whatever was asked for.
  case yearlyCheck = "revision"
  /// The caller says whether the call was of use.
  case wasOfUse = "resuelto"
  case wasOfNoUse = "sin_resolver"

  /// Each leads somewhere, in every dialogue: none is forgotten.
  package var outcomes: [OutcomeWord] {
    switch self {
    case .identify: [.ok, .several, .notFound, .locked, .away]
    case .find: [.some, .none, .otherUnit, .away]
    case .list, .yearlyCheck: [.some, .none, .away]
    case .orient: [.ok, .away]
    case .hold: [.ok, .taken, .hasOne, .refused, .away, .unknown]
    case .book, .reschedule: [.ok, .taken, .hasOne, .refused, .away, .unknown]
    case .cancel, .confirm: [.ok, .notFound, .refused, .away, .unknown]
    case .status: [.standing, .underWay, .cancelled, .done, .notFound, .locked, .away]
    case .callback: [.ok, .refused, .away, .unknown]
    case .resume: [.held, .booked, .notFound, .locked, .away]
    case .notice: [.ok, .reminder, .moved, .withdrawn, .otherUnit, .taken, .notFound, .away]
    case .takeNotice: [.ok, .taken, .refused, .away, .unknown]
    case .joinWaitlist: [.ok, .hasOne, .refused, .away, .unknown]
    case .acceptOffer: [.ok, .taken, .hasOne, .refused, .away, .unknown]
    case .news: [.moved, .withdrawn, .otherUnit, .some, .none, .away]
    case .declineOffer, .keepAsIs, .heardNews, .wasOfUse, .wasOfNoUse: [.ok, .away]
    }
  }

  /// Whether it changes something that outlives the call.
  package var writes: Bool { self == .hold || self == .heardNews || isSurvey || isTransaction }

  /// Whether it answers the survey: nothing of the caller's hangs on it.
  package var isSurvey: Bool { self == .wasOfUse || self == .wasOfNoUse }

  /// Whether the clinic asks it besides what the caller wants: no answer to it refuses them anything.
  package var isBesides: Bool { isSurvey || self == .yearlyCheck }

  /// Whether somebody who hangs up after it has something made or undone.
  package var isTransaction: Bool {
    switch self {
    case .book, .cancel, .confirm, .reschedule, .callback, .joinWaitlist, .acceptOffer, .declineOffer, .takeNotice, .keepAsIs: true
    case .identify, .find, .hold, .list, .status, .resume, .orient, .notice, .news, .heardNews, .yearlyCheck, .wasOfUse, .wasOfNoUse: false
    }
  }
}

/// How the back end answered, by its word in a dialogue's file.
package enum OutcomeWord: String, Hashable, Sendable, CaseIterable {
  case ok
  case several = "varias"
  case notFound = "no_encontrado"
  case locked = "bloqueado"
  case some = "hay"
  case none = "no_hay"
  case taken = "ocupado"
  case hasOne = "ya_tiene"
  case refused = "rechazado"
  case standing = "vigente"
  case underWay = "en_tramite"
  case cancelled = "cancelada"
  case done = "pasada"
  case held = "apartado"
  case booked = "cita"
  /// An appointment comes soon.
  case reminder = "recordatorio"
  /// The clinic moved an appointment.
  case moved = "cambio"
  /// The clinic cannot keep an appointment.
  case withdrawn = "sin_fecha"
  /// Another unit cares for them.
  case otherUnit = "otra_unidad"
  /// Nothing was done.
  case away = "caido"
  /// It may have been done: nobody knows before the server is back.
  case unknown = "incierto"
}
