internal import ClinicDomain
internal import Guidance
internal import IVRDialogue
internal import KioskClient
internal import Synchronization
internal import TTRPCCore
internal import VentanillaMessages

/// What names a session of guidance to the server: 128 bits of chance, which nothing else of the call has.
struct GuidanceName: Hashable {
  let text = KioskBackEnd.chance()
  /// Its record is kept: what comes is another session's.
  var isOver = false
}

extension KioskBackEnd {
  /// 32 hexadecimal digits that tell nothing.
  static func chance() -> String {
    var generator = SystemRandomNumberGenerator()
    return RequestIdentifier(using: &generator).description
  }

  /// Staff are to have it at once.
  func raise(_ notice: AlarmNotice) {
    let slip = AlarmSlip()
    let name = state.withLock { state in
      state.alarm = slip
      return state.guidanceGoingOn()
    }
    let alarm = notice.alarm
    courier.take(
      .alarm(
        Wire.RaiseAlarmRequest(
          session: name.text, guide: Wire.GuideEdition(notice.edition), sign: alarm.sign.rawValue, code: alarm.code?.rawValue ?? "",
          toldAtUnixMs: alarm.at.milliseconds), slip))
  }

  /// What was heard and answered is kept, and nothing of who called.
  func keep(_ session: GuidanceSession) {
    let name = state.withLock { state in
      defer { state.guidance?.isOver = true }
      return state.guidanceGoingOn()
    }
    courier.take(.record(Wire.KeepGuidanceRequest(session, named: name.text)))
  }

  /// Waits until a person has acknowledged the last alarm. A server that is away has told nobody.
  func awaitAlarm(atMost time: Duration) async -> CallEvent {
    let end = ContinuousClock.now + time
    guard let slip = state.withLock(\.alarm) else { return .answer(.alarmUnanswered) }
    await slip.wait(atMost: time)
    guard let alarm = slip.value else { return .answer(.alarmUnanswered) }
    // The server's half minute began later than the caller's: it answers by itself, and this is for one that does not.
    let options = CallOptions(timeout: ContinuousClock.now.duration(to: end) + Self.alarmSlack)
    let reply = try? await TelephoneClient(client).awaitAlarm(.init(alarm: alarm), options: options)
    return .answer(reply?.acknowledged == true ? .alarmAcknowledged : .alarmUnanswered)
  }

  private static let alarmSlack = Duration.seconds(3)
}

extension KioskBackEnd.State {
  /// The name of the session that is heard now; a new one's, when the last is over.
  fileprivate mutating func guidanceGoingOn() -> GuidanceName {
    if let guidance, !guidance.isOver { return guidance }
    let name = GuidanceName()
    guidance = name
    return name
  }
}

extension Wire.GuideEdition {
  fileprivate init(_ edition: GuideEdition) {
    self.init(guide: edition.guide.rawValue, version: Int32(clamping: edition.version), hash: edition.hash.description)
  }
}

extension Wire.KeepGuidanceRequest {
  fileprivate init(_ session: GuidanceSession, named name: String) {
    let ending = session.ending
    self.init(
      session: name, guide: Wire.GuideEdition(session.edition), language: session.language.rawValue,
      trail: session.trail.suffix(Self.longestTrail).map { Wire.GuidanceKey(step: $0.node.rawValue, key: Int32($0.key)) },
      signs: session.alarms.suffix(Self.mostSigns).map(\.sign.rawValue), promptSigns: session.promptSigns.suffix(Self.mostSigns).map(\.rawValue),
      pregnant: session.isPregnant, onsetEarliestUnixMs: session.onset?.earliest.milliseconds ?? 0,
      onsetLatestUnixMs: session.onset?.latest.milliseconds ?? 0, endingStep: ending?.step ?? "", ending: ending?.kind.rawValue ?? "")
  }

  /// What the contract takes; a guide has a dozen steps.
  private static let longestTrail = 100
  private static let mostSigns = 20
}

extension GuidanceSession {
  /// `nil` for one that was given up between.
  fileprivate var ending: GuidanceRecord.Ending? {
    guard case .ended(let ending) = state else { return nil }
    switch ending {
    case .disposition(let node, let disposition): return GuidanceRecord.Ending(step: node.rawValue, kind: disposition.recorded)
    case .askedForAPerson(let node): return GuidanceRecord.Ending(step: node.rawValue, kind: .askedForAPerson)
    case .noWords: return GuidanceRecord.Ending(step: "", kind: .noWords)
    }
  }
}

extension Disposition {
  /// Its word in a record.
  fileprivate var recorded: GuidanceRecord.Kind {
    switch self {
    case .emergency911: .emergency911
    case .urgencias: .urgencias
    case .person: .person
    case .appointment: .appointment
    case .callback: .callback
    case .teleconsultation: .teleconsultation
    case .homeVisit: .homeVisit
    case .noPlace: .noPlace
    }
  }
}
