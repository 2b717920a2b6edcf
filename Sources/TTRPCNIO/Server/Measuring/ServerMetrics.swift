internal import NIOCore
package import TTRPCCore

/// What became of the calls of one method.
package struct CallFigures: Hashable, Sendable {
  /// Calls that have ended, at the number of their status.
  package var byCode: [UInt64]
  /// How long their callers waited; a call whose caller was gone at its end is in `byCode` alone.
  package var latency: LatencyHistogram

  package init(
    byCode: [UInt64] = [UInt64](repeating: 0, count: StatusCode.allCases.count), latency: LatencyHistogram = LatencyHistogram()
  ) {
    self.byCode = byCode
    self.latency = latency
  }

  package var calls: UInt64 { byCode.reduce(0, &+) }

  package subscript(code: StatusCode) -> UInt64 { byCode[Int(code.rawValue)] }

  package static func + (left: Self, right: Self) -> Self {
    Self(byCode: zip(left.byCode, right.byCode).map(&+), latency: left.latency + right.latency)
  }
}

/// What a server has done since its start, all loops together.
package struct ServerMetrics: Sendable {
  package var counters: ServerCounters
  /// Every method of the router, in its order, called or not.
  package var methods: [(method: MethodDescriptor, figures: CallFigures)]
  /// Requests that reached no method: names that we do not have, envelopes that cannot be read, roles that may not. Names from outside
  /// are kept nowhere.
  package var unrouted: CallFigures
  /// Streaming calls that have not ended.
  package var openStreams = 0

  /// Nothing done yet.
  package init() {
    counters = ServerCounters()
    methods = []
    unrouted = CallFigures()
  }
}

extension TTRPCServer {
  /// Gathers what all loops have counted: one visit to each, nothing stops.
  package func metrics() async -> ServerMetrics {
    var counters = ServerCounters()
    var openStreams = 0
    var rows = [CallFigures](repeating: CallFigures(), count: methods.count + 1)
    for loop in loops {
      // A loop that is shut down has nothing more to tell.
      let figures = try? await loop.eventLoop.submit {
        let state = loop.state.value
        return (state.counters, state.meter.rows, state.openStreams)
      }.get()
      guard let (ofLoop, own, streams) = figures else { continue }
      counters = counters + ofLoop
      openStreams += streams
      for row in rows.indices { rows[row] = rows[row] + own[row] }
    }
    var metrics = ServerMetrics()
    metrics.counters = counters
    metrics.openStreams = openStreams
    metrics.methods = Array(zip(methods, rows))
    metrics.unrouted = rows[methods.count]
    return metrics
  }
}
