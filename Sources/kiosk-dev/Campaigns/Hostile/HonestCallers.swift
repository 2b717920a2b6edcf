internal import KioskClient
internal import TTRPCCore
internal import TTRPCNIO
internal import VentanillaMessages

/// Callers that ask for free slots, one question after the other, each on a connection of its own.
struct HonestCallers: Sendable {
  let connections: [TTRPCClientConnection]

  static func connect(_ count: Int, to server: CampaignServer, at address: TTRPCAddress) async throws -> HonestCallers {
    var connections: [TTRPCClientConnection] = []
    for _ in 0..<count { connections.append(try await server.connect(address)) }
    return HonestCallers(connections: connections)
  }

  func close() async { for connection in connections { await connection.close() } }

  struct Window: Sendable {
    var times: [Duration] = []
    /// The first answer that was none.
    var complaint: String?
    var seconds = 0.0

    var callsPerSecond: Double { Double(times.count) / seconds }

    /// Milliseconds within which so large a share of the calls was answered; 0 without calls.
    func time(ofShare share: Double) -> Double {
      guard !times.isEmpty else { return 0 }
      let time = times.sorted()[min(times.count - 1, Int(Double(times.count) * share))]
      return Double(time.components.attoseconds) / 1e15 + Double(time.components.seconds) * 1000
    }
  }

  /// Calls for so long, and says how it went.
  func call(for length: Duration) async -> Window {
    let start = ContinuousClock.now
    var all = await withTaskGroup(of: Window.self) { group in
      for connection in connections { group.addTask { await Self.call(on: connection, until: start.advanced(by: length)) } }
      return await group.reduce(into: Window()) { all, one in
        all.times += one.times
        all.complaint = all.complaint ?? one.complaint
      }
    }
    let took = start.duration(to: .now)
    all.seconds = Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
    return all
  }

  private static func call(on connection: TTRPCClientConnection, until end: ContinuousClock.Instant) async -> Window {
    let appointments = AppointmentsClient(connection)
    let question = Wire.FindRequest(service: CampaignClinic.service, limit: 12)
    var (window, now) = (Window(), ContinuousClock.now)
    while now < end {
      do throws(RPCError) {
        let reply = try await appointments.find(question)
        if reply.slots.count != 12 { window.complaint = "a caller was offered \(reply.slots.count) slots" }
      } catch { window.complaint = "a caller was answered \(error.code): \(error.message)" }
      if window.complaint != nil { return window }
      let answered = ContinuousClock.now
      window.times.append(now.duration(to: answered))
      now = answered
    }
    return window
  }
}
