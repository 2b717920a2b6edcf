internal import ClinicConfiguration
internal import Foundation
internal import Logging
internal import NIOPosix
internal import ServiceLifecycle
internal import UnixSignals

/// What `ivr-bridge serve` does: a file in, exit status out.
package enum IVRBridgeProgram {
  package static let version = "1.0.0"

  /// Serves until SIGTERM or SIGINT.
  ///
  /// - Returns: 0 when it closed in order, 78 for files with problems, 1 when it could not start.
  package static func serve(configuration: String, logLevel: String) async -> Int32 {
    guard let level = Logger.Level(rawValue: logLevel) else {
      complain("--bitacora \(logLevel): use error, warning, notice, info o debug.")
      return 78
    }
    var logger = Logger(label: "ivr-bridge") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = level
    let material: BridgeMaterial
    do throws(ConfigurationProblems) { material = try BridgeMaterial.load(path: configuration) } catch {
      complain("\(error)")
      return 78
    }
    for warning in material.warnings { complain("\(warning)") }
    // The process ends with it.
    let group = MultiThreadedEventLoopGroup.singleton
    do throws(BridgeStartFault) {
      let bridge = try await IVRBridge.start(try material.options(group: group, logger: logger), group: group, logger: logger)
      warnOfSounds(material, logger)
      return await serve(bridge, host: material.configuration.host, logger)
    } catch {
      complain(error.description)
      return 1
    }
  }

  private static func serve(_ bridge: IVRBridge, host: String, _ logger: Logger) async -> Int32 {
    // Before anybody is told that it is ready: untrapped, the signal ends a process.
    let asked = await UnixSignalsSequence(trapping: .sigusr1)
    var configuration = ServiceGroupConfiguration(
      services: [.init(service: Running(bridge: bridge, host: host, asked: asked, logger: logger))], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    configuration.maximumGracefulShutdownDuration = .seconds(70)
    do { try await ServiceGroup(configuration: configuration).run() } catch {
      complain("El puente se detuvo: \(error)")
      return 1
    }
    announce("cerrado en orden")
    return 0
  }

  private struct Running: ServiceLifecycle.Service {
    let bridge: IVRBridge
    let host: String
    let asked: UnixSignalsSequence
    let logger: Logger

    /// Says that it is ready only now that the group waits for signals.
    func run() async throws {
      announce("lista: \(host.contains(":") ? "[\(host)]" : host):\(bridge.port)")
      async let serving: Void = bridge.run()
      await withTaskGroup(of: Void.self) { telling in
        telling.addTask { await tellWhenAsked() }
        telling.addTask { await tellEverySoOften() }
        try? await gracefulShutdown()
        telling.cancelAll()
      }
      await bridge.stop()
      await serving
      bridge.figures.now.write(to: logger)
    }

    /// At SIGUSR1.
    private func tellWhenAsked() async {
      for await _ in asked { bridge.figures.now.write(to: logger) }
    }

    /// So that a bridge that is killed has told what it knew.
    private func tellEverySoOften() async {
      while (try? await Task.sleep(for: Self.betweenFigures)) != nil { bridge.figures.now.write(to: logger) }
    }

    private static let betweenFigures = Duration.seconds(3600)
  }

  /// A missing sound looks like a hang-up to Asterisk: said before the first call, not in the middle of one.
  private static func warnOfSounds(_ material: BridgeMaterial, _ logger: Logger) {
    let missing = BridgeCheck.missingSounds(material)
    guard !missing.isEmpty else { return }
    logger.error(
      "faltan sonidos: quien llame pasará a una persona; hágalos con «ivr-bridge prompts render» y vea «ivr-bridge check»",
      metadata: ["faltan": "\(missing.count)"])
  }

  // Whoever read this may be gone: no reason to end otherwise than in order.
  static func announce(_ text: String) { try? FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8)) }
  static func complain(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8)) }
}
