internal import ClinicStore
internal import TTRPCCore
internal import TTRPCNIO
internal import VentanillaMessages

/// The same numbers as the contract has them.
extension ServerFigures {
  func sample(version: String) -> Wire.MetricsSample {
    let called = wire.methods.filter { $0.figures.calls > 0 }.map { Self.message($0.method.service, $0.method.method, $0.figures) }
    let unrouted = wire.unrouted.calls > 0 ? [Self.message("", "", wire.unrouted)] : []
    return Wire.MetricsSample(
      uptimeUs: UInt64(uptime / .microseconds(1)), version: version, connections: connections, methods: called + unrouted,
      store: storeFigures,
      process: Wire.ProcessFigures(
        residentBytes: UInt64(process.residentBytes), openDescriptors: UInt64(process.openDescriptors),
        maxDescriptors: UInt64(process.maxDescriptors), cpuUs: UInt64(process.cpuMicroseconds)),
      limits: LimitName.allCases.compactMap { limit in
        wire.counters.refusalsByLimit[limit].map { Wire.LimitFigures(name: limit.rawValue, refusals: UInt64($0)) }
      })
  }

  private var connections: Wire.ConnectionFigures {
    let counters = wire.counters
    return Wire.ConnectionFigures(
      open: UInt64(counters.connections), accepted: UInt64(counters.accepted), turnedAway: UInt64(counters.turnedAway),
      callsRunning: UInt64(counters.running), streamsOpen: UInt64(wire.openStreams), framesRefused: UInt64(counters.refusals),
      deadlinesExceeded: UInt64(counters.deadlinesExceeded), bytesIn: UInt64(counters.bytesIn),
      bytesOut: UInt64(counters.bytesOut), reads: UInt64(counters.reads), flushes: UInt64(counters.flushes))
  }

  private var storeFigures: Wire.StoreFigures {
    Wire.StoreFigures(
      queuedCommands: UInt64(queuedCommands), commits: UInt64(store.batches), commands: UInt64(store.commands),
      largestBatch: UInt64(store.largestBatch), faults: UInt64(store.faults), reopenings: UInt64(store.reopenings),
      walBytes: UInt64(walBytes), commit: Self.message(commits))
  }

  private static func message(_ service: String, _ method: String, _ figures: CallFigures) -> Wire.MethodFigures {
    Wire.MethodFigures(
      service: service, method: method, byCode: withoutZerosAtTheEnd(figures.byCode), latency: message(figures.latency))
  }

  private static func message(_ times: LatencyHistogram) -> Wire.LatencyFigures {
    Wire.LatencyFigures(counts: withoutZerosAtTheEnd(times.counts), sumNs: times.sum)
  }

  private static func withoutZerosAtTheEnd(_ counts: [UInt64]) -> [UInt64] {
    Array(counts.prefix((counts.lastIndex { $0 > 0 } ?? -1) + 1))
  }
}
