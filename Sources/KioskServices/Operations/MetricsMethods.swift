internal import ClinicDomain
package import TTRPCCore
package import VentanillaMessages

extension OperationsHandlers {
  /// What the server counts, as of now.
  package func getMetrics(
    _ request: Wire.GetMetricsRequest, context: CallContext
  ) async throws(RPCError) -> Wire.MetricsSample { await metrics() }

  /// Sends a sample after each interval. A reader that is slow holds back the next one, not the server.
  package func watchMetrics(
    _ request: Wire.WatchMetricsRequest, replies: ReplyStream<Wire.MetricsSample>, context: CallContext
  ) async throws(RPCError) {
    let interval = request.intervalMs == 0 ? 1000 : request.intervalMs
    guard 100...60_000 ~= interval else { throw .field("interval_ms", "de 100 a 60000 milisegundos, o 0 para uno cada segundo") }
    var number: UInt64 = 0
    while true {
      number += 1
      var sample = await metrics()
      sample.number = number
      try await replies.send(sample)
      do { try await Task.sleep(for: .milliseconds(Int64(interval))) } catch { throw RPCError(.cancelled, "the call has ended") }
    }
  }
}
