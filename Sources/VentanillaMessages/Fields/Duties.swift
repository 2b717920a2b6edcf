package import ClinicDomain
package import TTRPCCore

extension FieldReader {
  /// A sentence or a name: something, of one line, at most so many bytes.
  package static func words(_ text: String, atMost bytes: Int, field: String) throws(RPCError) -> String {
    guard !text.isEmpty else { throw .field(field, "falta; escriba de 1 a \(bytes) bytes") }
    guard text.utf8.count <= bytes else { throw .field(field, "es demasiado largo; escriba \(bytes) bytes o menos") }
    guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }), text.utf8.contains(where: { $0 != 0x20 }) else {
      throw .field(field, "escriba un solo renglón de texto")
    }
    return text
  }

  /// A medical specialty, as the hospitals' lists have it: "cardiologia".
  package static func specialty(_ text: String) throws(RPCError) -> String {
    guard (1...40).contains(text.utf8.count), text.isOfCodeLetters else {
      throw .field("specialty", "escriba la especialidad en minúsculas sin acentos, por ejemplo cardiologia o cirugia_general")
    }
    return text
  }

  /// A row's number.
  package static func number(_ number: Int64, field: String) throws(RPCError) -> Int64 {
    guard number > 0 else { throw .field(field, "falta el número, que empieza en 1") }
    return number
  }
}

extension Wire.SetReferralDateRequest {
  /// - Throws: INVALID_ARGUMENT for the first field that cannot be read, in the message's order.
  package func checkedMeeting() throws(RPCError) -> Referral.Meeting {
    let date = try FieldReader.date(self.date, field: "date")
    let start = try FieldReader.minute(startMinute, field: "start_minute")
    guard start < .endOfDay else { throw .field("start_minute", "los minutos de un día van de 0 a 1439") }
    return Referral.Meeting(date: date, start: start, place: try FieldReader.words(place, atMost: 100, field: "place"))
  }
}

extension Wire.CreateReferralRequest {
  /// - Throws: INVALID_ARGUMENT for the first field that cannot be read, in the message's order.
  package func checked() throws(RPCError) -> (kind: Referral.Kind, specialty: String, destination: String) {
    let checked: Referral.Kind
    switch kind {
    case .consultation: checked = .consultation
    case .surgery: checked = .surgery
    case .study: checked = .study
    case .unspecified, .unrecognized: throw .field("kind", "diga para qué: consulta, cirugía o estudio")
    }
    return (checked, try FieldReader.specialty(specialty), try FieldReader.words(destination, atMost: 100, field: "destination"))
  }
}

extension Wire.ScreenChildRequest {
  /// Whether any sign is there.
  ///
  /// - Throws: INVALID_ARGUMENT for a sign that nobody here knows: it is not taken for none.
  package func checkedIsPositive() throws(RPCError) -> Bool {
    for sign in signs {
      if case .unrecognized = sign { throw .field("signs", "esta versión no conoce una de las señales; pregunte en la ventanilla") }
      guard sign != .unspecified else { throw .field("signs", "una señal viene sin nombre") }
    }
    return !signs.isEmpty
  }
}

extension Wire.AddLegadoRequest {
  /// - Throws: INVALID_ARGUMENT for the first field that cannot be read, in the message's order.
  package func checked() throws(RPCError) -> (title: String, owner: String, due: CivilDate, evidence: [String]) {
    let title = try FieldReader.words(self.title, atMost: 200, field: "title")
    let owner = try FieldReader.words(self.owner, atMost: 100, field: "owner")
    let due = try FieldReader.date(dueDate, field: "due_date")
    guard (1...16).contains(evidence.count) else { throw .field("evidence", "un legado lleva de una a 16 evidencias") }
    var checked: [String] = []
    for reference in evidence { checked.append(try FieldReader.words(reference, atMost: 300, field: "evidence")) }
    return (title, owner, due, checked)
  }
}

extension Legado.Status {
  /// `nil` for what is no status, or one that a newer client knows.
  package init?(_ wire: Wire.LegadoStatus) {
    switch wire {
    case .planned: self = .planned
    case .inProgress: self = .inProgress
    case .fulfilled: self = .fulfilled
    case .cancelled: self = .cancelled
    case .unspecified, .unrecognized: return nil
    }
  }

  package var wire: Wire.LegadoStatus {
    switch self {
    case .planned: .planned
    case .inProgress: .inProgress
    case .fulfilled: .fulfilled
    case .cancelled: .cancelled
    }
  }
}

extension Referral.Kind {
  package var wire: Wire.ReferralKind {
    switch self {
    case .consultation: .consultation
    case .surgery: .surgery
    case .study: .study
    }
  }
}

extension Referral.State {
  package var wire: Wire.ReferralState {
    switch self {
    case .requested: .requested
    case .dated: .dated
    case .seen: .seen
    case .returned: .returned
    case .cancelled: .cancelled
    }
  }
}

extension DutyAlert.Kind {
  package var wire: Wire.AlertKind {
    switch self {
    case .referralWithoutDate: .referralWithoutDate
    case .surgeryOverLimit: .surgeryOverLimit
    case .childWithoutSlot: .childWithoutSlot
    case .followUpWithoutSlot: .followUpWithoutSlot
    case .legadoOverdue: .legadoOverdue
    case .nightlyCheck: .nightlyCheck
    }
  }
}

extension DutyAlert.Owner {
  /// `nil` for anybody's.
  package init?(_ wire: Wire.AlertOwner) {
    switch wire {
    case .desk: self = .desk
    case .headOfService: self = .headOfService
    case .director: self = .director
    case .unspecified, .unrecognized: return nil
    }
  }

  package var wire: Wire.AlertOwner {
    switch self {
    case .desk: .desk
    case .headOfService: .headOfService
    case .director: .director
    }
  }
}
