internal import KioskClient
internal import TTRPCCore
internal import TTRPCNIO
internal import VentanillaMessages

/// What our client asks of a server of bench.v1, and what must come back: what the peers' clients ask of ours.
struct EchoProgramme {
  let connection: TTRPCClientConnection
  let manners: ServerManners
  let calls: Int
  let concurrency: Int

  private var probe: ProbeClient { ProbeClient(connection) }
  private static let maxMessage = TTRPCLimits.standard.maxFrameLength

  func run() async -> InteropResult {
    var checks = InteropResult()
    checks.note("a message comes back byte for byte", await echo(Self.sample(1)))
    checks.note("an empty message comes back empty", await echo(Wire.EchoMsg()))
    checks.note("a message of 1 MiB comes back byte for byte", await echo(Self.message(ofLength: 1 << 20)))
    checks.note("a message of nearly 4 MiB comes back byte for byte", await echo(Self.message(ofLength: Self.maxMessage - 100)))
    checks.note("\(calls) calls, \(concurrency) at once, come back byte for byte", await echoMany())
    await refusals(&checks)
    await deadlines(&checks)
    await metadata(&checks)
    checks.note("a quick call overtakes a slow one on the same connection", await overtakes())
    checks.note("after all of this the connection still answers", await echo(Self.sample(2)))
    return checks
  }

  // MARK: Echoes

  /// A message whose length and content differ with its number.
  private static func sample(_ number: Int) -> Wire.EchoMsg {
    let three: [UInt8] = [UInt8(truncatingIfNeeded: number), UInt8(truncatingIfNeeded: number >> 8), 0]
    let body = [[UInt8]](repeating: three, count: number % 700).flatMap(\.self)
    return Wire.EchoMsg(
      id: UInt64(number) << 20, name: String(repeating: "ñandú ", count: number % 40), sentAt: -Int64(number), body: body)
  }

  private static func message(ofLength length: Int) -> Wire.EchoMsg { Wire.EchoMsg(body: [UInt8](repeating: 0, count: length)) }

  /// Compares bytes, not fields: so it sees what an encoder adds, drops or reorders.
  private func echo(_ message: Wire.EchoMsg) async -> String? {
    do {
      let sent = try message.encoded()
      let came = try await connection.unary(BenchMethodTable.Echo.unary, payload: sent, options: CallOptions())
      return came == sent ? nil : "sent \(sent.count) bytes, other \(came.count) bytes came back"
    } catch { return "\(error)" }
  }

  private func echoMany() async -> String? {
    await withTaskGroup(of: String?.self) { group in
      for worker in 0..<concurrency {
        group.addTask {
          for number in stride(from: worker, to: calls, by: concurrency) {
            if let complaint = await echo(Self.sample(number)) { return "call \(number): \(complaint)" }
          }
          return nil
        }
      }
      return await group.reduce(nil) { $0 ?? $1 }
    }
  }

  // MARK: Refusals

  private func refusals(_ checks: inout InteropResult) async {
    let service = MethodDescriptor(service: "bench.v1.Nothing", method: "Unary", kind: .unary, roles: [], writes: false)
    let method = MethodDescriptor(service: "bench.v1.Echo", method: "Nothing", kind: .unary, roles: [], writes: false)
    checks.note("an unknown service has its code", await refused(manners.unknownService) { try await call(service) })
    checks.note("an unknown method has its code", await refused(manners.unknownMethod) { try await call(method) })
    for (title, payload) in [
      ("a payload cut short", [0x12, 0x7F, 0x61, 0x62] as [UInt8]), ("a payload with a wrong wire type", [0x0B, 0x01]),
      ("a payload with invalid UTF-8 in a text", [0x12, 0x02, 0xC3, 0x28]),
    ] {
      checks.note("\(title) has its code", await refused(manners.unreadablePayload) {
        try await call(BenchMethodTable.Echo.unary, payload)
      })
    }
    let long = [0x22, 0x81, 0x80, 0x80, 0x02] + [UInt8](repeating: 0, count: Self.maxMessage + 1)
    checks.note("a message over 4 MiB is refused before it is sent", await refused(.resourceExhausted) {
      try await call(BenchMethodTable.Echo.unary, long)
    })
    for number in 1...16 {
      let error = RPCError(StatusCode(rawValue: Int32(number))!, "código \(number): no se pudo")
      checks.note("a handler's code \(number) arrives with its message", await refused(error.code, error.message) {
        _ = try await probe.fail(Wire.EchoMsg(id: UInt64(number), name: error.message))
      })
    }
  }

  private func call(_ method: MethodDescriptor, _ payload: [UInt8] = []) async throws(RPCError) {
    _ = try await connection.unary(method, payload: payload, options: CallOptions())
  }

  /// That a call fails with this code, and with this message when one is given.
  private func refused(
    _ code: StatusCode, _ message: String? = nil, _ call: () async throws -> Void
  ) async -> String? {
    do { try await call() } catch {
      guard let error = error as? RPCError, error.code == code, error.message == message ?? error.message else {
        return "wanted \(code) \(message ?? ""), got \(error)"
      }
      return nil
    }
    return "wanted \(code), the call succeeded"
  }

  // MARK: Deadlines and metadata

  private func deadlines(_ checks: inout InteropResult) async {
    let began = ContinuousClock.now
    checks.note("a deadline that passes during the call is code 4", await refused(.deadlineExceeded) {
      _ = try await probe.sleep(Wire.EchoMsg(id: 5000), options: CallOptions(timeout: .milliseconds(50)))
    })
    let took = began.duration(to: .now)
    checks.note("and ends before the handler would have been ready", took < .seconds(4) ? nil : "it took \(took)")
    checks.note("a call within its deadline succeeds", await said {
      _ = try await probe.sleep(Wire.EchoMsg(id: 5), options: CallOptions(timeout: .seconds(10)))
      return nil
    })
  }

  private func metadata(_ checks: inout InteropResult) async {
    checks.note("metadata keep the order and the repeats of a key's values", await said {
      let seen = try await probe.meta(Wire.EchoMsg(), options: CallOptions(metadata: ["b": "2", "a": "1", "b": "1", "a": "1"]))
      return seen.name == "a=1,1;b=2,1" ? nil : "the server has seen \(seen.name)"
    })
    for (title, timeout, isNone) in [
      ("a call without a deadline has none", nil, true), ("a deadline arrives", Duration.seconds(3600), false),
    ] {
      checks.note(title, await said {
        let seen = try await probe.meta(Wire.EchoMsg(), options: CallOptions(timeout: timeout))
        let text = String(decoding: seen.body, as: UTF8.self)
        return text.hasPrefix("deadline=") && (text == "deadline=none") == isNone ? nil : "the server says \(text)"
      })
    }
  }

  /// Asks slowly, then quickly, and wants the quick answer first.
  private func overtakes() async -> String? {
    await withTaskGroup(of: String?.self) { group in
      group.addTask {
        await said {
          _ = try await probe.sleep(Wire.EchoMsg(id: 1000))
          return "the slow call was answered first"
        }
      }
      group.addTask {
        try? await Task.sleep(for: .milliseconds(50))  // The slow call is on its way.
        return await echo(Self.sample(3))
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      return first
    }
  }

  private func said(_ call: () async throws -> String?) async -> String? {
    do { return try await call() } catch { return "\(error)" }
  }
}

extension InteropResult {
  /// Notes one check; no complaint is a pass.
  fileprivate mutating func note(_ title: String, _ complaint: String?) {
    if let complaint { failures.append("\(title): \(complaint)") } else { passed += 1 }
  }
}
