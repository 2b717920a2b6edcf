internal import ClinicDomain
package import TTRPCCore
package import VentanillaMessages

extension OperationsHandlers {
  /// What the server counts, as of now.
  package func getMetrics(
    _ request: Wire.GetMetricsRequest, context: CallContext
  ) async throws(RPCError) -> Wire.MetricsSample { await metrics() }

  /// Sends a sample after each interval. A reader that is slow holds back the next one, not the server; a server that closes does not wait
  /// for the interval's end.
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
      try await pause(.milliseconds(Int64(interval)))
    }
  }

  /// - Throws: CANCELLED when the call ends before the time is over, UNAVAILABLE when the server closes.
  private func pause(_ time: Duration) async throws(RPCError) {
    let place = closing.current.place
    let refusal = await withTaskGroup(of: RPCError?.self) { [closing] group -> RPCError? in
      group.addTask {
        do { try await Task.sleep(for: time) } catch { return .cancelled }
        return nil
      }
      group.addTask {
        do throws(RPCError) { _ = try await closing.next(after: place) } catch { return error }
        return nil
      }
      defer { group.cancelAll() }
      return await group.next() ?? nil
    }
    if let refusal { throw refusal }
  }
}
