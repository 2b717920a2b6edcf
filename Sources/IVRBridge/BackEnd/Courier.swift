package import KioskClient
internal import Synchronization
internal import TTRPCCore
internal import VentanillaMessages

/// Takes to the clinic's server what no caller waits for and must not be lost with a call: alarms first, then records of guidance.
///
/// It has a connection of its own, and tries until the server has a letter: also after the caller has hung up, and with one request id, so
/// that staff have an alarm once. A letter that the server does not understand is dropped, and counted.
package final class Courier: Sendable {
  enum Letter: Sendable {
    case alarm(Wire.RaiseAlarmRequest, AlarmSlip)
    case record(Wire.KeepGuidanceRequest)
  }

  private struct State {
    var alarms: [(RequestIdentifier, Letter)] = []
    var records: [(RequestIdentifier, Letter)] = []
    var isEnding = false
    var lost = 0
  }

  /// Letters of each kind that wait for the server: an hour of 200 lines that all hear guidance. Of records more are dropped; of alarms
  /// the oldest, which is of no use to anybody any more.
  static let bound = 1000
  /// How long one try may take.
  private static let tryTime = Duration.seconds(5)
  /// Between two tries.
  private static let pause = Duration.milliseconds(500)
  /// How long a bridge that ends waits for a server that is away.
  private static let lastTime = Duration.seconds(5)

  private let client: KioskClient
  private let state = Mutex(State())
  private let (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

  package init(_ client: KioskClient) { self.client = client }

  /// Takes a letter, and returns at once.
  func take(_ letter: Letter) {
    state.withLock { state in
      switch letter {
      case .alarm:
        if state.alarms.count >= Self.bound {
          state.alarms.removeFirst()
          state.lost += 1
        }
        state.alarms.append((RequestIdentifier(), letter))
      case .record:
        guard state.records.count < Self.bound else { return state.lost += 1 }
        state.records.append((RequestIdentifier(), letter))
      }
    }
    signal.yield()
  }

  /// Nothing more comes: what is left is tried for a few seconds.
  package func finish() {
    state.withLock { $0.isEnding = true }
    signal.finish()
  }

  /// Carries letters until ``finish()``, and then what is left.
  package func run(_ figures: BridgeFigures) async {
    for await _ in signals { await carry(figures, until: nil) }
    await carry(figures, until: .now + Self.lastTime)
    let lost = state.withLock { $0.lost + $0.alarms.count + $0.records.count }
    figures.count { $0.lettersLost += lost }
    await client.close()
  }

  private func carry(_ figures: BridgeFigures, until end: ContinuousClock.Instant?) async {
    while let (id, letter) = state.withLock({ $0.alarms.first ?? $0.records.first }) {
      let isEnding = end == nil && state.withLock(\.isEnding)
      // The last few seconds are measured from the end on.
      if isEnding || end.map({ $0 < .now }) ?? false { return }
      do throws(RPCError) {
        try await deliver(letter, .write(id, timeout: Self.tryTime))
        remove(id)
        figures.count { counts in if case .alarm = letter { counts.alarms += 1 } else { counts.records += 1 } }
      } catch {
        guard error.isPassing else {
          remove(id)
          state.withLock { $0.lost += 1 }
          continue
        }
        try? await Task.sleep(for: Self.pause)
      }
    }
  }

  private func remove(_ id: RequestIdentifier) {
    state.withLock { state in
      state.alarms.removeAll { $0.0 == id }
      state.records.removeAll { $0.0 == id }
    }
  }

  private func deliver(_ letter: Letter, _ options: CallOptions) async throws(RPCError) {
    let telephone = TelephoneClient(client)
    switch letter {
    case .alarm(let request, let slip): slip.finish(try await telephone.raiseAlarm(request, options: options).alarm)
    case .record(let request): _ = try await telephone.keepGuidance(request, options: options)
    }
  }
}

/// The number of an alarm, once the server has given it one.
typealias AlarmSlip = FirstOf<Int64>

extension RPCError {
  /// Whether the same letter may be taken another time.
  fileprivate var isPassing: Bool {
    switch code {
    case .invalidArgument, .permissionDenied, .unimplemented, .alreadyExists, .failedPrecondition, .unauthenticated, .notFound: false
    default: true
    }
  }
}
