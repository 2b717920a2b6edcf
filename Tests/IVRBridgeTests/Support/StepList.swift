import ClinicDomain
import IVRBridge
import IVRDialogue
import Synchronization

/// A dialogue of so many steps, whatever the caller does; a hang-up, the bridge's end and a missing sound end it.
struct StepList: CallDeciding {
  var steps: [CallStep]
  let events: EventLog
  var effectsAtHangUp: [CallEffect] = []
  /// With the first step.
  var effectsAtStart: [CallEffect] = []
  let whereCounted = "prueba.paso"
  /// 7 is never right.
  var wrongKeys = 0

  mutating func handle(_ event: CallEvent, at now: Instant) -> CallTurn {
    events.add(event)
    if event == .digits("7") { wrongKeys += 1 }
    switch event {
    case .hangUp: return CallTurn(effectsAtHangUp, .end(.gone))
    case .shutdown, .deadPrompt: return CallTurn([], .end(.person))
    case .started: return CallTurn(effectsAtStart, steps.isEmpty ? .end(.ok) : steps.removeFirst())
    default: return CallTurn([], steps.isEmpty ? .end(.ok) : steps.removeFirst())
    }
  }
}

final class EventLog: Sendable {
  private let events = Mutex<[CallEvent]>([])

  func add(_ event: CallEvent) { events.withLock { $0.append(event) } }

  /// Without the first, which is always that the call has started.
  var afterStart: [CallEvent] { events.withLock { Array($0.dropFirst()) } }
  var all: [CallEvent] { events.withLock { $0 } }
}

/// A server that answers as a test says, and remembers what it was asked to do.
final class TestBackEnd: BackEnd {
  let answering: @Sendable (BackEndRequest) async -> CallEvent
  /// How long what nobody waits for takes.
  let effectTime: Duration
  private let performed = Mutex<[CallEffect]>([])
  private let isClosed = Mutex(false)
  private let cancelled = Mutex(0)

  var done: [CallEffect] { performed.withLock { $0 } }
  var wasClosed: Bool { isClosed.withLock { $0 } }
  var cancellations: Int { cancelled.withLock { $0 } }

  init(
    effectTime: Duration = .zero,
    _ answering: @escaping @Sendable (BackEndRequest) async -> CallEvent = { _ in .backEndAway(mayHaveHappened: false) }
  ) {
    (self.answering, self.effectTime) = (answering, effectTime)
  }

  func answer(_ request: BackEndRequest, within time: Duration) async -> CallEvent {
    let event = await answering(request)
    if Task.isCancelled { cancelled.withLock { $0 += 1 } }
    return event
  }

  func perform(_ effect: CallEffect) async {
    if effectTime > .zero { try? await Task.sleep(for: effectTime) }
    performed.withLock { $0.append(effect) }
  }

  func stayAlive() async {}
  func close() async { isClosed.withLock { $0 = true } }
}
