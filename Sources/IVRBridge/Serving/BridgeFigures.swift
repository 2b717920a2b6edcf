package import Logging
internal import Synchronization
package import TTRPCCore

/// What the bridge counts; nothing about a person.
package final class BridgeFigures: Sendable {
  package struct Counts: Hashable, Sendable {
    /// From an answer's arrival to the next command, what waits for the clinic's server left out.
    package var turnaround = LatencyHistogram()
    /// From the connection to the first sound.
    package var firstSound = LatencyHistogram()
    package var callsBegun = 0
    /// One too many, or from an address that may not call.
    package var callsTurnedAway = 0
    package var sounds = 0
    package var missingSounds = 0
    /// Alarms that staff have.
    package var alarms = 0
    /// Records of guidance that the server keeps.
    package var records = 0
    /// Letters that no server took: too many at once, not understood, or the bridge ended first.
    package var lettersLost = 0
    /// By how they ended.
    package var ended: [CallEnding: Int] = [:]
    /// By the dialogue's step at which it happened, guides and what leads to them without their steps' names: nobody pressed anything, what was
    /// pressed is no answer, the caller went.
    package var silences: [String: Int] = [:]
    package var wrongKeys: [String: Int] = [:]
    package var hangUps: [String: Int] = [:]
  }

  private let counts = Mutex(Counts())

  package init() {}

  package var now: Counts { counts.withLock { $0 } }

  func count(_ change: (inout Counts) -> Void) { counts.withLock { change(&$0) } }

  func soundedFirst(nanoseconds: UInt64) { counts.withLock { $0.firstSound.record(nanoseconds: nanoseconds) } }

  func turnedAround(nanoseconds: UInt64) { counts.withLock { $0.turnaround.record(nanoseconds: nanoseconds) } }
}

extension BridgeFigures.Counts {
  /// Into the log: the whole, and a line for each step that callers had trouble with, the worst first.
  package func write(to logger: Logger) {
    logger.notice("cifras", metadata: metadata)
    for step in stepsInTrouble { logger.notice("paso", metadata: step) }
  }

  /// For each step where somebody was silent, pressed what is no answer, or hung up.
  package var stepsInTrouble: [Logger.Metadata] {
    let steps = Set(silences.keys).union(wrongKeys.keys).union(hangUps.keys).map { step in
      (step: step, silences: silences[step] ?? 0, wrong: wrongKeys[step] ?? 0, hangUps: hangUps[step] ?? 0)
    }
    let sorted = steps.sorted { ($1.silences + $1.wrong + $1.hangUps, $0.step) < ($0.silences + $0.wrong + $0.hangUps, $1.step) }
    return sorted.map {
      ["paso": "\($0.step)", "silencios": "\($0.silences)", "teclas_malas": "\($0.wrong)", "colgaron": "\($0.hangUps)"]
    }
  }

  /// Of the log's line of figures: calls by their ends, times in milliseconds.
  package var metadata: Logger.Metadata {
    var metadata: Logger.Metadata = [
      "llamadas": "\(callsBegun)", "rechazadas": "\(callsTurnedAway)", "sonidos": "\(sounds)", "faltaron": "\(missingSounds)",
      "alarmas": "\(alarms)", "registros": "\(records)", "sin_entregar": "\(lettersLost)",
    ]
    for (ending, count) in ended { metadata[ending.rawValue.replacing(" ", with: "_")] = "\(count)" }
    for (name, share) in [("p50", 0.5), ("p99", 0.99)] {
      if let time = turnaround.quantile(share) { metadata["turno_\(name)_ms"] = "\(Self.milliseconds(time))" }
      if let time = firstSound.quantile(share) { metadata["primer_sonido_\(name)_ms"] = "\(Self.milliseconds(time))" }
    }
    return metadata
  }

  /// "1.234"
  private static func milliseconds(_ nanoseconds: UInt64) -> String {
    let digits = String(nanoseconds / 1000 % 1000)
    return "\(nanoseconds / 1_000_000).\(String(repeating: "0", count: 3 - digits.count))\(digits)"
  }
}

/// How a call ended, for counts and the log.
package enum CallEnding: String, Hashable, Sendable, CaseIterable {
  case done = "terminada"
  case person = "a una persona"
  case emergency = "a emergencias"
  case hungUp = "colgó"
  /// Asterisk was silent, closed, or spoke out of step: the dialplan goes on to a person.
  case lost = "perdida"
  /// The dialplan's environment did not come.
  case notBegun = "sin empezar"
}
