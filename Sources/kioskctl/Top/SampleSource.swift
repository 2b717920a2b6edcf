internal import TTRPCCore
internal import VentanillaMessages

/// A server's samples as they come: watched where the server can stream them, asked for one by one where it cannot.
struct SampleSource: Sendable {
  let client: any RPCTransport
  let interval: Duration
  let options: CallOptions

  /// Hands over one sample after another until `take` says that it has enough.
  ///
  /// - Throws: the status of the call that failed. A watch that ends well is a fault: it has no end.
  func run(_ take: @Sendable (Wire.MetricsSample) async -> Bool) async throws(RPCError) {
    do throws(RPCError) {
      try await watch(take)
    } catch {
      guard error.code == .unimplemented else { throw error }
      try await poll(take)
    }
  }

  private func watch(_ take: @Sendable (Wire.MetricsSample) async -> Bool) async throws(RPCError) {
    var options = options
    options.timeout = nil
    let milliseconds = Int32(clamping: interval.components.seconds * 1000 + interval.components.attoseconds / 1_000_000_000_000_000)
    let watch = try await OperationsClient(client).watchMetrics(.init(intervalMs: milliseconds), options: options)
    defer { watch.cancel() }
    while let sample = try await watch.next() {
      if await !take(sample) { return }
    }
    throw RPCError(.unavailable, "El servidor dejó de mandar sus métricas.")
  }

  private func poll(_ take: @Sendable (Wire.MetricsSample) async -> Bool) async throws(RPCError) {
    while await take(try await OperationsClient(client).getMetrics(.init(), options: options)) {
      do { try await Task.sleep(for: interval) } catch { throw RPCError(.cancelled, "cancelled") }
    }
  }
}
