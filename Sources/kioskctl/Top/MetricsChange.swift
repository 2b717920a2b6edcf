internal import TTRPCCore
internal import VentanillaMessages

/// What a server did between two samples.
struct MetricsChange {
  struct Method {
    let name: String
    /// Calls between the two samples, and how long they took.
    let calls: UInt64
    let times: LatencyHistogram
    /// Errors between the two samples.
    let errors: UInt64
    /// Errors since the server's start, each code that there was, the most frequent first.
    let codes: [(code: String, count: UInt64)]
    let total: UInt64
  }

  let later: Wire.MetricsSample
  private let earlier: Wire.MetricsSample
  /// Between the samples, by the server's clock.
  let seconds: Double

  /// `nil` when `later` is not later: the server has started anew.
  init?(from earlier: Wire.MetricsSample, to later: Wire.MetricsSample) {
    guard later.uptimeUs > earlier.uptimeUs else { return nil }
    self.earlier = earlier
    self.later = later
    seconds = Double(later.uptimeUs - earlier.uptimeUs) / 1e6
  }

  /// How much a count grew each second.
  func rate(_ count: (Wire.MetricsSample) -> UInt64?) -> Double {
    let (after, before) = (count(later) ?? 0, count(earlier) ?? 0)
    return after > before ? Double(after - before) / seconds : 0
  }

  /// The share of one core that the process used.
  var cpu: Double { rate { $0.process?.cpuUs } / 1e6 }

  /// Commits between the samples, by how long they took.
  var commits: LatencyHistogram { Self.times(later.store?.commit) - Self.times(earlier.store?.commit) }

  /// Every method that has been called since the start: first who was called most between the samples, then who most ever.
  var methods: [Method] {
    let before = Dictionary(earlier.methods.map { ("\($0.service)/\($0.method)", $0) }) { first, _ in first }
    return later.methods.map { Self.method($0, before["\($0.service)/\($0.method)"]) }
      .sorted { ($0.calls, $0.total, $1.name) > ($1.calls, $1.total, $0.name) }
  }

  private static func method(_ after: Wire.MethodFigures, _ before: Wire.MethodFigures?) -> Method {
    let codes = after.byCode.indices.dropFirst().filter { after.byCode[$0] > 0 }.map { index in
      (code: StatusCode(rawValue: Int32(index))?.name ?? "\(index)", count: after.byCode[index])
    }
    func sum(_ figures: Wire.MethodFigures?, from first: Int = 0) -> UInt64 { (figures?.byCode ?? []).dropFirst(first).reduce(0, &+) }
    let service = after.service.split(separator: ".").last ?? ""
    return Method(
      name: after.method.isEmpty ? "(ningún método)" : "\(service)/\(after.method)", calls: sum(after) &- min(sum(before), sum(after)),
      times: times(after.latency) - times(before?.latency),
      errors: sum(after, from: 1) &- min(sum(before, from: 1), sum(after, from: 1)), codes: codes.sorted { $0.count > $1.count },
      total: sum(after))
  }

  private static func times(_ figures: Wire.LatencyFigures?) -> LatencyHistogram {
    LatencyHistogram(counts: figures?.counts ?? [], sum: figures?.sumNs ?? 0)
  }
}
