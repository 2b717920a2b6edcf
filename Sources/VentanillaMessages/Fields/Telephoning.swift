package import ClinicDomain
package import Scheduling
package import TTRPCCore

extension FieldReader {
  /// What names a session of guidance: 32 hexadecimal digits, 16 bytes.
  package static func guidanceSession(_ text: String, field: String) throws(RPCError) -> [UInt8] {
    guard let bytes = Hexadecimal.bytes(of: text), bytes.count == 16 else { throw .field(field, "escriba 32 dígitos hexadecimales") }
    return bytes
  }

  /// The code of a sign or a step: lower-case letters, digits and `_`.
  package static func code(_ text: String, field: String) throws(RPCError) -> String {
    guard 1...64 ~= text.utf8.count, text.isOfCodeLetters else { throw .field(field, "de 1 a 64 letras minúsculas sin acento, dígitos o _") }
    return text
  }

  package static func listed(_ number: Int64, field: String) throws(RPCError) -> Int64 {
    guard number > 0 else { throw .field(field, "escriba el número que da la lista") }
    return number
  }

  fileprivate static func guide(_ guide: Wire.GuideEdition?, field: String) throws(RPCError) -> PlayedGuide {
    guard let guide else { throw .field(field, "falta decir qué guía se oyó") }
    let code = try code(guide.guide, field: "\(field).guide")
    guard guide.version > 0 else { throw .field("\(field).version", "la versión empieza en 1") }
    guard let hash = Hexadecimal.bytes(of: guide.hash), hash.count == 32 else {
      throw .field("\(field).hash", "escriba los 64 dígitos hexadecimales de su SHA-256")
    }
    return PlayedGuide(code: code, version: Int(guide.version), hash: hash)
  }
}

extension Wire.RaiseAlarmRequest {
  /// - Throws: INVALID_ARGUMENT for the first field that cannot be read, in the message's order.
  package func checked(channel: Channel, device: String) throws(RPCError) -> AlarmReport {
    let session = try FieldReader.guidanceSession(session, field: "session")
    let guide = try FieldReader.guide(guide, field: "guide")
    let sign = try FieldReader.code(sign, field: "sign")
    guard code.isEmpty || AlarmCode(rawValue: code) != nil else { throw .field("code", "infarto, cerebro, mater, o vacío") }
    guard toldAtUnixMs > 0 else { throw .field("told_at_unix_ms", "falta cuándo se dijo") }
    return AlarmReport(
      session: session, guide: guide, sign: sign, code: AlarmCode(rawValue: code), channel: channel, device: device,
      toldAt: Instant(milliseconds: toldAtUnixMs))
  }
}

extension Wire.RequestCallbackRequest {
  /// What is asked for; the person of a session is not among it.
  package struct Checked: Hashable, Sendable {
    /// `nil` only for reasons that do without.
    package var phone: PhoneNumber?
    package var reason: Callback.Reason
    package var withinMinutes: Int?
    package var guidance: [UInt8]?
  }

  /// - Throws: INVALID_ARGUMENT for the first field that cannot be read, in the message's order.
  package func checked() throws(RPCError) -> Checked {
    let reason = Callback.Reason(reason)
    var number: PhoneNumber?
    if !phone.isEmpty || !reason.takesKnownNumber { number = try FieldReader.phone(phone, field: "phone") }
    guard 0...2880 ~= withinMinutes else { throw .field("within_minutes", "de 1 a 2880, o 0") }
    let guidance = guidanceSession.isEmpty ? nil : try FieldReader.guidanceSession(guidanceSession, field: "guidance_session")
    return Checked(
      phone: number, reason: reason, withinMinutes: withinMinutes == 0 ? nil : Int(withinMinutes), guidance: guidance)
  }
}

extension Wire.KeepGuidanceRequest {
  /// - Throws: INVALID_ARGUMENT for the first field that cannot be read, in the message's order.
  package func checked(channel: Channel) throws(RPCError) -> GuidanceRecord {
    let session = try FieldReader.guidanceSession(session, field: "session")
    let guide = try FieldReader.guide(guide, field: "guide")
    let language = try FieldReader.code(language, field: "language")
    guard trail.count <= 100 else { throw .field("trail", "cien teclas a lo más") }
    var keys: [GuidanceRecord.Key] = []
    for key in trail {
      guard 0...9 ~= key.key else { throw .field("trail.key", "de 0 a 9") }
      keys.append(GuidanceRecord.Key(step: try FieldReader.code(key.step, field: "trail.step"), key: Int(key.key)))
    }
    let signs = try Self.codes(signs, field: "signs")
    let promptSigns = try Self.codes(promptSigns, field: "prompt_signs")
    var onset: ClosedRange<Instant>?
    if onsetLatestUnixMs > 0 {
      guard 0...onsetLatestUnixMs ~= onsetEarliestUnixMs else { throw .field("onset_earliest_unix_ms", "no es posterior a onset_latest_unix_ms") }
      onset = Instant(milliseconds: onsetEarliestUnixMs)...Instant(milliseconds: onsetLatestUnixMs)
    }
    var end: GuidanceRecord.Ending?
    if !ending.isEmpty {
      guard let kind = GuidanceRecord.Kind(rawValue: ending) else { throw .field("ending", "no es ningún final de una guía") }
      end = GuidanceRecord.Ending(step: endingStep.isEmpty ? "" : try FieldReader.code(endingStep, field: "ending_step"), kind: kind)
    }
    return GuidanceRecord(
      session: session, guide: guide, language: language, channel: channel, trail: keys, signs: signs, promptSigns: promptSigns,
      isPregnant: pregnant, onset: onset, ending: end)
  }

  private static func codes(_ texts: [String], field: String) throws(RPCError) -> [String] {
    guard texts.count <= 20 else { throw .field(field, "veinte a lo más") }
    var codes: [String] = []
    for text in texts { codes.append(try FieldReader.code(text, field: field)) }
    return codes
  }
}

// MARK: - Numbers of the contract

extension Callback.Reason {
  /// A number of a newer client counts as anything else.
  package init(_ wire: Wire.CallbackReason) {
    switch wire {
    case .guidance: self = .guidance
    case .appointment: self = .appointment
    case .tramite: self = .tramite
    case .pregnancy: self = .pregnancy
    case .palliative: self = .palliative
    case .adec: self = .adec
    default: self = .other
    }
  }

  package var wire: Wire.CallbackReason {
    switch self {
    case .guidance: .guidance
    case .appointment: .appointment
    case .tramite: .tramite
    case .other: .other
    case .pregnancy: .pregnancy
    case .palliative: .palliative
    case .adec: .adec
    }
  }

  /// Whether a number may be left out where the person's own is known, or, of a pregnancy, where they are in the clinic.
  package var takesKnownNumber: Bool {
    switch self {
    case .pregnancy, .palliative, .adec: true
    case .guidance, .appointment, .tramite, .other: false
    }
  }
}

extension CallbackAttempt.Result {
  /// `nil` for what is no result, or one that a newer client knows.
  package init?(_ wire: Wire.AttemptResult) {
    switch wire {
    case .answered: self = .answered
    case .noAnswer: self = .noAnswer
    case .busy: self = .busy
    case .wrongNumber: self = .wrongNumber
    default: return nil
    }
  }

  package var wire: Wire.AttemptResult {
    switch self {
    case .answered: .answered
    case .noAnswer: .noAnswer
    case .busy: .busy
    case .wrongNumber: .wrongNumber
    }
  }
}

extension Callback.Outcome {
  /// `nil` for what is no outcome, or one that a newer client knows.
  package init?(_ wire: Wire.CallbackOutcome) {
    switch wire {
    case .attended: self = .attended
    case .appointment: self = .appointment
    case .emergency: self = .emergency
    case .notNeeded: self = .notNeeded
    case .unreached: self = .unreached
    default: return nil
    }
  }

  package var wire: Wire.CallbackOutcome {
    switch self {
    case .attended: .attended
    case .appointment: .appointment
    case .emergency: .emergency
    case .notNeeded: .notNeeded
    case .unreached: .unreached
    }
  }
}

extension Callback.State {
  package var wire: Wire.CallbackState {
    switch self {
    case .open: .open
    case .taken: .taken
    case .closed: .closed
    }
  }
}

extension Callback.Escalation.Reason {
  package var wire: Wire.CallbackEscalation {
    switch self {
    case .late: .late
    case .unreached: .unreached
    }
  }
}
