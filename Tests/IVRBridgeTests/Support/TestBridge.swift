import ClinicDomain
import Guidance
import IVRBridge
import IVRDialogue
import KioskTestSupport
import Logging
import NIOPosix

/// A bridge on a port of its own, for as long as a test's body runs.
enum TestBridge {
  static func serving<Value: Sendable>(
    _ steps: [CallStep], effectsAtStart: [CallEffect] = [], effectsAtHangUp: [CallEffect] = [], log: EventLog = EventLog(), backEnd: TestBackEnd = TestBackEnd(),
    limits: BridgeLimits = BridgeLimits(), allowed: Set<String> = ["127.0.0.1"], joiner: SoundJoiner? = nil,
    clues: CLUES? = nil, logger: Logger = Logger(label: "prueba") { _ in SwiftLogNoOpLogHandler() },
    _ body: (IVRBridge) async throws -> Value
  ) async throws -> Value {
    var options = BridgeOptions(
      sounds: SoundLibrary(prefix: "ventanilla"),
      clock: CallClock(
        now: { Instant(seconds: 1_795_000_000) },
        wall: { _ in (CivilDate(year: 2026, month: 11, day: 18)!, AgendaMinute(minutes: 600)!) }),
      decider: { StepList(steps: steps, events: log, effectsAtHangUp: effectsAtHangUp, effectsAtStart: effectsAtStart) }, backEnd: { backEnd })
    (options.port, options.allowed, options.limits, options.joiner) = (0, allowed, limits, joiner)
    options.clues = clues
    let bridge = try await IVRBridge.start(options, group: MultiThreadedEventLoopGroup.singleton, logger: logger)
    async let serving: Void = bridge.run()
    do {
      let value = try await body(bridge)
      await bridge.stop()
      await serving
      return value
    } catch {
      await bridge.stop()
      await serving
      throw error
    }
  }

  static func text(_ id: String) -> Prompt.Part { .text(PromptID(id)) }

  static func prompt(_ parts: Prompt.Part...) -> [Prompt] { [Prompt(.spanish, parts)] }

  static func field(_ digits: Int, _ parts: Prompt.Part...) -> CallStep {
    .collect([Prompt(.spanish, parts)], Wanted(maximum: digits, firstKey: 7000, betweenKeys: 4000, absorbsMore: digits > 1))
  }
}
