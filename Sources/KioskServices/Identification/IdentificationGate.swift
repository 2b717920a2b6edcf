package import ClinicDomain
internal import ClinicStore
package import Scheduling
internal import Synchronization
internal import TTRPCCore
internal import VentanillaMessages

/// What identifications pass through: the clinic's key, the bounds, and turns, so that who asks a hundred times at once is counted a
/// hundred times.
///
/// Attempts on one identifier through one kind of door are judged one after the other, and so are those of one kiosk: each sees the
/// failures before it. The counts themselves are the store's.
package final class IdentificationGate: Sendable {
  /// Something that staff should know of at once.
  package enum Notice: Hashable, Sendable {
    case locked(device: String)
    case alarm
    /// A failure could not be written and is remembered here.
    case unrecorded
  }

  /// What was counted since the start; nobody's data.
  package struct Figures: Hashable, Sendable {
    package var failures: [Channel: Int] = [:]
    package var refusals: [IdentificationBound: Int] = [:]
    package var alarms = 0
  }

  enum Line: Hashable, Sendable {
    case device(String)
    case visit([UInt8])
    case subject([UInt8], Channel)
  }

  /// Failures that the store could not take, at most so many lines of them: 10,000 are 2 MB. Beyond it only the desk identifies.
  static let maximumUnrecorded = 10_000

  let key: ClinicKey
  package let bounds: IdentificationBounds
  let turns = Turns<Line>()
  private let onNotice: @Sendable (Notice) -> Void
  private let state = Mutex(State())

  private struct State {
    var figures = Figures()
    var unrecorded: [Line: Int] = [:]
  }

  package init(
    key: ClinicKey = .random(), bounds: IdentificationBounds = IdentificationBounds(),
    onNotice: @escaping @Sendable (Notice) -> Void = { _ in }
  ) {
    self.key = key
    self.bounds = bounds
    self.onNotice = onNotice
  }

  package var figures: Figures { state.withLock(\.figures) }

  // MARK: What happened

  func refused(_ bound: IdentificationBound) { state.withLock { $0.figures.refusals[bound, default: 0] += 1 } }

  func failed(_ failure: IdentificationFailure, _ outcome: FailureOutcome) {
    state.withLock { state in
      state.figures.failures[failure.channel, default: 0] += 1
      if outcome.raisesAlarm { state.figures.alarms += 1 }
    }
    if outcome.locks { onNotice(.locked(device: failure.device)) }
    if outcome.raisesAlarm { onNotice(.alarm) }
  }

  /// A full disk must not make tries free: they are counted here until the server ends.
  func couldNotRecord(_ failure: IdentificationFailure) {
    state.withLock { state in
      state.figures.failures[failure.channel, default: 0] += 1
      for line in failure.lines { state.unrecorded[line, default: 0] += 1 }
    }
    onNotice(.unrecorded)
  }

  /// What the store knows, and what it could not take.
  func counts(_ stored: FailureCounts, of failure: IdentificationFailure) -> FailureCounts {
    state.withLock { state in
      guard !state.unrecorded.isEmpty else { return stored }
      var counts = stored
      if state.unrecorded.count >= Self.maximumUnrecorded { counts.person = .max }
      for line in failure.lines {
        let more = state.unrecorded[line] ?? 0
        switch line {
        case .device: counts.deviceIsLocked = counts.deviceIsLocked || bounds.locks(hour: more, day: more)
        case .visit: counts.visit += more
        case .subject: counts.person += counts.person == .max ? 0 : more
        }
      }
      return counts
    }
  }
}

extension IdentificationFailure {
  /// What it counts against.
  var lines: [IdentificationGate.Line] {
    var lines: [IdentificationGate.Line] = channel == .kiosk ? [.device(device)] : []
    if let visit { lines.append(.visit(visit)) }
    lines.append(.subject(subject, channel))
    return lines
  }
}

extension Identification.Identifier {
  /// How it is counted.
  func subject(_ key: ClinicKey) -> [UInt8] {
    switch self {
    case .nss(let nss): key.index("nss", nss.description)
    case .patientNumber(let number): key.index("patient", number.description)
    case .curp(let curp): key.index("curp", curp.description)
    }
  }

  var stored: IdentificationQuery.Identifier {
    switch self {
    case .nss(let nss): .nss(nss)
    case .patientNumber(let number): .number(number)
    case .curp(let curp): .curp(curp)
    }
  }
}

extension CallContext {
  /// What staff call the caller: "kiosk/entrada-2" by its certificate, "kiosk/10.0.0.7" by its address, "staff/uid:1000" on a Unix
  /// socket. A program's name, never a patient's.
  var callerName: String {
    let role = RoleSet.named.first { $0.role == self.role }?.name ?? "?"
    if let device = caller.device { return "\(device.role)/\(device.device)" }
    if let address = caller.address { return "\(role)/\(address)" }
    if let process = caller.process { return "\(role)/uid:\(process.user)" }
    return "\(role)/local"
  }
}
