internal import ClinicStore
internal import KioskServices
internal import TTRPCCore
internal import TTRPCNIO

/// Everything that a running server tells of itself in numbers, as of one moment. No personal data.
struct ServerFigures: Sendable {
  var wire: ServerMetrics
  var store: StoreStatistics
  var queuedCommands: Int
  var walBytes: Int
  /// How long commits took.
  var commits: LatencyHistogram
  var sessions: Int
  var identification: IdentificationGate.Figures
  /// Failed identifications of the last hour and kiosks that wait for staff; `nil` when the store does not say.
  var identificationState: IdentificationState?
  var process: ProcessFigures
  /// Since the server began to start.
  var uptime: Duration
}

/// Where the page and the calls that tell of the server get its numbers: gathered when somebody asks, and not before.
final class FigureSource: Sendable {
  private let counter: Counter
  private let walPath: String
  private let registry: MetricsRegistry
  private let began = MonotonicTime.now
  /// Set as soon as it listens: its methods are made before it.
  let server = Shared<TTRPCServer?>(nil)

  init(counter: Counter, walPath: String, registry: MetricsRegistry) {
    self.counter = counter
    self.walPath = walPath
    self.registry = registry
  }

  func now() async -> ServerFigures {
    let wire = await server.value?.metrics()
    return ServerFigures(
      wire: wire ?? ServerMetrics(), store: counter.store.statistics,
      queuedCommands: counter.store.queueLength, walBytes: FileSize.bytes(of: walPath), commits: registry.times(StoreMeter.commitLabel),
      sessions: counter.sessions.count, identification: counter.gate.figures,
      identificationState: try? await counter.identificationState(), process: .read(),
      uptime: .nanoseconds(Int64(clamping: MonotonicTime.now.nanoseconds - began.nanoseconds)))
  }

  /// The page that Prometheus reads.
  func page() async -> String {
    var page = PrometheusText()
    await now().write(to: &page)
    registry.write(to: &page)
    return page.text
  }
}
