internal import ArgumentParser
internal import ClinicStore
internal import Foundation
internal import KioskServer
internal import Logging
internal import TTRPCCore
internal import TTRPCNIO
internal import UnixSignals
internal import VentanillaMessages

/// The real server over the bench's clinic: what `bench booking` starts as its other process.
struct BenchServer: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench-server", abstract: "Serve the made-up clinic of a bench until SIGTERM.", shouldDisplay: false)

  @Option(help: "The data folder; its store has the people already.")
  var folder: String

  @Option(help: "The socket to listen at.")
  var unix: String

  @Option(help: "Commands in one transaction at most.")
  var batchBound = StoreOptions().batchBound

  func run() async throws {
    let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
    var options = KioskServerOptions(
      clinic: BenchClinic.clinic, listeners: [Listener(address: .unix(path: unix), role: .kiosk)], dataFolder: folder)
    options.store.batchBound = batchBound
    options.sessionIdle = .seconds(3600)
    // One device makes the calls of many; every limit is kept all the same.
    options.limits.callsPerSecond = CallRate(perSecond: 10_000_000, burst: 10_000_000)
    var logger = Logger(label: "bench-server")
    logger.logLevel = .error
    let server = try await KioskServer.start(options, logger: logger)
    for await _ in signals { break }
    await server.stop()
  }
}
