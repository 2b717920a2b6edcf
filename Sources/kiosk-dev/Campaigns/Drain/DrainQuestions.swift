internal import TTRPCCore
internal import TTRPCNIO
internal import VentanillaMessages

/// What a caller asks, one question after the other, until it is refused and goes elsewhere.
struct DrainQuestions: Sendable {
  private(set) var answered = 0
  private(set) var refused = 0
  private(set) var answeredElsewhere = 0
  /// The first answer that was none.
  private(set) var complaint: String?

  /// Asks over the connection; refused with UNAVAILABLE, it asks the same of the second server.
  mutating func ask(over connection: TTRPCClientConnection, then second: CampaignServer) async {
    while true {
      do throws(RPCError) {
        try await Self.question(answered, over: connection)
        answered += 1
      } catch {
        guard error.code == .unavailable else { return complaint = "a question was answered \(error.code): \(error.message)" }
        refused += 1
        break
      }
    }
    guard let elsewhere = try? await second.connect() else { return complaint = "the second server does not answer" }
    do throws(RPCError) {
      try await Self.question(answered, over: elsewhere)
      answeredElsewhere += 1
    } catch { complaint = "the second server answered \(error.code): \(error.message)" }
    await elsewhere.close()
  }

  /// In turn one that is answered on the loop without a task, one from the index, and one from the store's file.
  private static func question(_ number: Int, over connection: TTRPCClientConnection) async throws(RPCError) {
    switch number % 3 {
    case 0: _ = try await HealthClient(connection).check(Wire.HealthCheckRequest())
    case 1: _ = try await AppointmentsClient(connection).find(Wire.FindRequest(service: CampaignClinic.service, limit: 12))
    default: _ = try await SessionClient(connection).hello(Wire.HelloRequest(clientName: "drain"))
    }
  }
}

/// What a caller sees of a watch until the server ends it.
struct DrainWatch: Sendable {
  private(set) var states = 0
  private(set) var complaint: String?

  /// Watches what is free; it must end with UNAVAILABLE, and no state be older than the one before.
  mutating func look(over connection: TTRPCClientConnection) async {
    do throws(RPCError) {
      let watch = try await AppointmentsClient(connection).watchAvailability(Wire.WatchAvailabilityRequest())
      var last: Int64 = -1
      while let state = try await watch.next() {
        if Int64(state.number) <= last { complaint = "state \(state.number) came after \(last)" }
        last = Int64(state.number)
        states += 1
      }
      complaint = complaint ?? "a watch ended well"
    } catch {
      if error.code != .unavailable { complaint = "a watch ended with \(error.code): \(error.message)" }
    }
  }
}

extension TTRPCClientConnection {
  /// Says Hello and takes every extension that the server has.
  func speakEverything(except: WireExtensions = .holds) async throws(RPCError) {
    let names = WireExtensions.named.filter { !except.contains($0.extension) }.map(\.name)
    _ = try await negotiate(
      MethodTable.Session.hello, payload: Encoded(Wire.HelloRequest(clientName: "campaign", extensions: names)).bytes, options: CallOptions()
    ) { reply in
      let granted = (try? Wire.HelloResponse(decoding: reply))?.extensions ?? []
      return WireExtensions(granted.compactMap(WireExtensions.init(name:)))
    }
  }
}
