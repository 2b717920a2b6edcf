/// The bytes that come from Asterisk, as what they say: the environment, then answers, with `HANGUP` anywhere between.
///
/// ```
///   environment ──empty line──► answers ◄──"520 …"── usage
///                                  └────"520-…"────────►┘
/// ```
///
/// However the bytes are cut, the events are the same. After a fault it reads nothing more.
package struct AGIReader: Sendable {
  package enum Event: Hashable, Sendable {
    case environment(AGIEnvironment)
    case reply(AGIReply)
    /// The caller has hung up; it comes before the answer of the next command, and again when the AGI ends.
    case hangup
    case fault(AGIFault)
  }

  private enum State: Sendable {
    /// Can transition to `answers` or `failed`.
    case environment(AGIEnvironment)
    /// Can transition to `usage` or `failed`.
    case answers
    /// In a 520 block. Can transition to `answers` or `failed`.
    case usage([String])
    /// Terminal.
    case failed
  }

  private let limits: AGILimits
  private var state = State.environment(AGIEnvironment())
  /// A line whose end has not come.
  private var begun: [UInt8] = []

  package init(limits: AGILimits = .standard) { self.limits = limits }

  /// Bytes of a line that is not complete.
  package var bytesKept: Int { begun.count }

  /// Reads what came.
  package mutating func read(_ bytes: some Sequence<UInt8>) -> [Event] {
    var events: [Event] = []
    for byte in bytes {
      if case .failed = state { break }
      guard byte == UInt8(ascii: "\n") else {
        if begun.count < limits.maxLineBytes { begun.append(byte) } else { events.append(fail(.lineTooLong)) }
        continue
      }
      let line = String(decoding: begun, as: UTF8.self)
      begun.removeAll(keepingCapacity: true)
      if let event = take(line) { events.append(event) }
    }
    return events
  }

  private mutating func take(_ line: String) -> Event? {
    if line == "HANGUP" { return .hangup }
    switch state {
    case .environment(var environment):
      if line.isEmpty {
        state = .answers
        return .environment(environment)
      }
      guard environment.fields.count < limits.maxEnvironmentLines else { return fail(.environmentTooLong) }
      environment.take(line)
      state = .environment(environment)
      return nil
    case .answers:
      guard line.hasPrefix("520-") else { return .reply(.line(line)) }
      state = .usage([])
      return nil
    case .usage(var lines):
      if line.hasPrefix("520 ") {
        state = .answers
        return .reply(.usage(lines))
      }
      guard lines.count < limits.maxUsageLines else { return fail(.usageTooLong) }
      lines.append(line)
      state = .usage(lines)
      return nil
    case .failed: return nil
    }
  }

  private mutating func fail(_ fault: AGIFault) -> Event {
    state = .failed
    begun = []
    return .fault(fault)
  }
}
