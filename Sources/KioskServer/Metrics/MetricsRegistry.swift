package import CoreMetrics
internal import Synchronization
internal import TTRPCCore

/// What application code records through swift-metrics, kept for the page.
///
/// The numbers of calls and connections do not come this way: loops count them without a lock.
package final class MetricsRegistry: MetricsFactory {
  /// Series that are kept; what is more is recorded nowhere.
  ///
  /// The house has about ten. A label whose values come from outside would make one for each: with this bound it costs a page of
  /// 200 kB, not the memory.
  static let maxSeries = 1000

  struct Key: Hashable {
    let name: String
    let labels: [Label]
    struct Label: Hashable { let name: String, value: String }
  }

  private let series = Mutex<[Key: any RecordedSeries]>([:])

  package init() {}

  package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    handler(label, "_total", dimensions, RecordedCounter.init) ?? NOOPMetricsHandler.instance
  }

  package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    handler(label, "", dimensions, RecordedGauge.init) ?? NOOPMetricsHandler.instance
  }

  /// The last value; a distribution is kept of times only.
  package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
    handler(label, "", dimensions, RecordedGauge.init) ?? NOOPMetricsHandler.instance
  }

  package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    handler(label, "_seconds", dimensions, RecordedTimes.init) ?? NOOPMetricsHandler.instance
  }

  package func destroyCounter(_ handler: any CounterHandler) { forget(handler) }
  package func destroyMeter(_ handler: any MeterHandler) { forget(handler) }
  package func destroyRecorder(_ handler: any RecorderHandler) { forget(handler) }
  package func destroyTimer(_ handler: any TimerHandler) { forget(handler) }

  private func forget(_ handler: AnyObject) {
    series.withLock { series in series = series.filter { $0.value !== handler } }
  }

  /// The handler of that name and those labels: the one that is there, or a new one while there is room.
  private func handler<Handler: RecordedSeries>(
    _ label: String, _ unit: String, _ dimensions: [(String, String)], _ make: () -> Handler
  ) -> Handler? {
    let name = PrometheusText.name(label.hasSuffix(unit) ? label : label + unit)
    let key = Key(name: name, labels: dimensions.map { .init(name: PrometheusText.name($0), value: $1) })
    return series.withLock { series in
      if let known = series[key] { return known as? Handler }
      // A name has one kind, on the page as in Prometheus.
      guard series.count < Self.maxSeries, series.first(where: { $0.key.name == name }).map({ $0.value is Handler }) ?? true
      else { return nil }
      let handler = make()
      series[key] = handler
      return handler
    }
  }

  // MARK: The page

  /// What a timer has recorded, all its labels together; `label` as it was made with.
  func times(_ label: String) -> LatencyHistogram {
    let name = PrometheusText.name(label + "_seconds")
    return series.withLock { series in
      series.filter { $0.key.name == name }.compactMap { ($0.value as? RecordedTimes)?.times }.reduce(LatencyHistogram(), +)
    }
  }

  /// Writes every family, by name.
  func write(to page: inout PrometheusText) {
    let families = Dictionary(grouping: series.withLock { Array($0) }) { $0.key.name }
    for (name, members) in families.sorted(by: { $0.key < $1.key }) {
      let rows = members.map { (labels: $0.key.labels.map { ($0.name, $0.value) } as PrometheusText.Labels, series: $0.value) }
        .sorted { $0.labels.map(\.value).lexicographicallyPrecedes($1.labels.map(\.value)) }
      let help = "Recorded through swift-metrics."
      switch members[0].value {
      case is RecordedTimes:
        page.histograms(name, help, rows.map { ($0.labels, ($0.series as? RecordedTimes)?.times ?? LatencyHistogram()) })
      case let first:
        page.family(
          name, first is RecordedCounter ? .counter : .gauge, help, rows.map { .init(labels: $0.labels, value: $0.series.value) })
      }
    }
  }
}

/// One line of the page, or one histogram.
private protocol RecordedSeries: AnyObject, Sendable {
  var value: Double { get }
}

private final class RecordedCounter: RecordedSeries, CounterHandler {
  private let count = Atomic<Int64>(0)
  func increment(by amount: Int64) { count.add(amount, ordering: .relaxed) }
  func reset() { count.store(0, ordering: .relaxed) }
  var value: Double { Double(count.load(ordering: .relaxed)) }
}

private final class RecordedGauge: RecordedSeries, MeterHandler, RecorderHandler {
  private let last = Mutex(0.0)
  func set(_ value: Int64) { set(Double(value)) }
  func set(_ value: Double) { last.withLock { $0 = value } }
  func increment(by amount: Double) { last.withLock { $0 += amount } }
  func decrement(by amount: Double) { last.withLock { $0 -= amount } }
  func record(_ value: Int64) { set(value) }
  func record(_ value: Double) { set(value) }
  var value: Double { last.withLock { $0 } }
}

private final class RecordedTimes: RecordedSeries, TimerHandler {
  private let state = Mutex(LatencyHistogram())
  func recordNanoseconds(_ duration: Int64) { state.withLock { $0.record(nanoseconds: UInt64(max(0, duration))) } }
  var times: LatencyHistogram { state.withLock { $0 } }
  var value: Double { Double(times.total) }
}
