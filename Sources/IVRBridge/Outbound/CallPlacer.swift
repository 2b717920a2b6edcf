package import ClinicConfiguration
package import Logging
package import TTRPCCore
internal import KioskClient
internal import VentanillaMessages

/// Has Asterisk make the calls that the clinic's server has to make: asks for the next ones, writes them to the spool, and tells the server
/// what became of them.
///
/// Nothing is kept here. A bridge that dies with a call in hand loses it to the server's clock; one that dies after it was written finds the
/// file, and writes no second one.
package final class CallPlacer: Sendable {
  /// Between two looks at server and spool.
  package static let pause = Duration.seconds(5)
  private static let timeout = Duration.seconds(5)

  private let transport: any RPCTransport
  private let outbound: BridgeConfiguration.Outbound
  private let spool: CallSpool
  private let logger: Logger

  package init(_ transport: any RPCTransport, _ outbound: BridgeConfiguration.Outbound, logger: Logger) {
    self.transport = transport
    self.outbound = outbound
    self.logger = logger
    spool = CallSpool(folder: outbound.spoolFolder)
  }

  /// Looks again and again, until the task is cancelled.
  package func run() async {
    while !Task.isCancelled {
      await look()
      try? await Task.sleep(for: Self.pause)
    }
  }

  /// Looks once. What fails is tried at the next look.
  ///
  /// - Returns: how many calls are new in the spool.
  @discardableResult
  package func look() async -> Int {
    do {
      for done in try spool.done() { try await tell(done) }
      return try await placeNext()
    } catch let error as RPCError {
      logger.debug("el servidor no da llamadas", metadata: ["falla": "\(error)"])
    } catch {
      logger.error("la carpeta de llamadas salientes no se puede usar", metadata: ["carpeta": "\(spool.folder)", "falla": "\(error)"])
    }
    return 0
  }

  /// The number goes from the disk only when the server knows.
  private func tell(_ done: CallSpool.Done) async throws {
    do throws(RPCError) { try await note(done.token, Wire.CallNews(done.news)) } catch {
      guard error.code == .notFound else { throw error }
    }
    // A file that stays is told again, which changes nothing; calls are made all the same.
    do { try spool.forget(done.token) } catch {
      logger.error(
        "no se puede borrar lo que Asterisk terminó, y ahí hay un número: dé permiso de escribir al grupo de ivr-bridge",
        metadata: ["carpeta": "\(spool.doneFolder)", "falla": "\(error)"])
    }
  }

  private func placeNext() async throws -> Int {
    let free = outbound.atOnce - (try spool.waiting())
    guard free > 0 else { return 0 }
    let reply = try await OutboundClient(transport).takeCalls(
      .init(limit: Int32(min(free, 20))), options: .write(RequestIdentifier(), timeout: Self.timeout))
    var placed = 0
    for call in reply.calls {
      guard let file = CallFile(token: call.token, number: call.phone) else { continue }
      if try spool.place(file.name, file.text(outbound)) { placed += 1 }
      try await note(call.token, .placed)
    }
    return placed
  }

  private func note(_ token: String, _ news: Wire.CallNews) async throws(RPCError) {
    _ = try await OutboundClient(transport).noteCall(
      .init(token: token, news: news), options: .write(RequestIdentifier(), timeout: Self.timeout))
  }
}

extension Wire.CallNews {
  fileprivate init(_ news: CallSpool.News) {
    self =
      switch news {
      case .answered: .answered
      case .noAnswer: .noAnswer
      case .failed: .failed
      }
  }
}
