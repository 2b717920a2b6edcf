internal import ClinicConfiguration
internal import ClinicDomain
internal import Foundation
internal import KioskServices
internal import Logging
internal import Metrics
internal import ServiceLifecycle
internal import TTRPCCore
internal import TTRPCNIO
internal import UnixSignals
internal import VentanillaMessages

/// What the kiosk-server executable does: arguments in, exit status out.
package enum KioskServerProgram {
  package static let version = ServerIdentity.version

  package struct Arguments: Sendable {
    package var configuration: String
    package var dataFolder: String?
    package var clinic: String?
    package var listeners: [String]
    package var logLevel: String

    package init(
      configuration: String, dataFolder: String?, clinic: String?, listeners: [String], logLevel: String
    ) {
      self.configuration = configuration
      self.dataFolder = dataFolder
      self.clinic = clinic
      self.listeners = listeners
      self.logLevel = logLevel
    }
  }

  /// Runs a server until it is told to stop.
  ///
  /// - Returns: 0 when it closed in order, 78 for a configuration with problems, 1 when it could not start.
  package static func run(_ arguments: Arguments) async -> Int32 {
    guard let level = Logger.Level(rawValue: arguments.logLevel) else {
      complain("--bitacora \(arguments.logLevel): use error, warning, notice, info o debug.")
      return 78
    }
    let bounded = BoundedLogHandler(StreamLogHandler.standardError(label: "kiosk-server"), budget: SharedLogBudget())
    var logger = Logger(label: "kiosk-server") { _ in bounded }
    logger.logLevel = level
    let options: KioskServerOptions
    do { options = try read(arguments, RefusalLog(logger)) } catch {
      complain("\(error)")
      return 78
    }
    let sweeping = Task { while (try? await Task.sleep(for: .seconds(5))) != nil { bounded.sweep() } }
    defer { sweeping.cancel() }
    let registry = MetricsRegistry()
    MetricsSystem.bootstrap(registry)
    do throws(StartFault) {
      let server = try await KioskServer.start(options, logger: logger, registry: registry)
      return await serve(server, logger: logger)
    } catch {
      complain(error.description)
      return 1
    }
  }

  /// Serves until SIGTERM or SIGINT, then stops in order.
  private static func serve(_ server: KioskServer, logger: Logger) async -> Int32 {
    var services: [ServiceGroupConfiguration.ServiceConfiguration] = [.init(service: RunningServer(server: server))]
    if server.hasCertificates {
      services.append(.init(service: Renewal(server: server, hangups: await UnixSignalsSequence(trapping: .sighup))))
    }
    var configuration = ServiceGroupConfiguration(
      services: services,
      gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    configuration.maximumGracefulShutdownDuration = .seconds(310)
    do { try await ServiceGroup(configuration: configuration).run() } catch {
      complain("El servidor se detuvo: \(error)")
      return 1
    }
    announce("cerrado en orden")
    return 0
  }

  private struct RunningServer: ServiceLifecycle.Service {
    let server: KioskServer

    /// Says that it is ready only now that the group waits for signals: who reads it may send one at once.
    func run() async throws {
      announce("lista: \(server.addresses.map(\.description).joined(separator: " "))")
      try? await gracefulShutdown()
      await server.stop()
    }
  }

  /// SIGHUP, which systemd's `reload` sends: new certificates are taken at once.
  private struct Renewal: ServiceLifecycle.Service {
    let server: KioskServer
    /// Caught from before the server says that it is ready.
    let hangups: UnixSignalsSequence

    func run() async throws {
      for await _ in hangups.cancelOnGracefulShutdown() { await server.renewCertificates() }
    }
  }

  // MARK: Options

  private static func read(_ arguments: Arguments, _ refusals: RefusalLog) throws -> KioskServerOptions {
    let configured = try ServerConfiguration.load(path: arguments.configuration)
    let clinic = try ClinicConfiguration.load(path: arguments.clinic ?? configured.value.clinicFile)
    for warning in configured.warnings + clinic.warnings { complain(warning.description) }
    let listeners =
      arguments.listeners.isEmpty
      ? try configured.value.makeListeners(
        file: arguments.configuration, clues: clinic.value.identity.clues.description) { refusals.write($0) }
      : try arguments.listeners.map(ListenerText.read)
    var options = KioskServerOptions(
      clinic: clinic.value, listeners: listeners,
      dataFolder: arguments.dataFolder ?? configured.value.dataFolder)
    options.sessionIdle = .seconds(configured.value.sessionIdleSeconds)
    options.drainGrace = .seconds(configured.value.drainSeconds)
    options.limits.apply(configured.value.limits)
    if case .tcp(let host, let port) = configured.value.metrics { options.metricsAddress = (host, port) }
    options.sheets = configured.value.sheets.map { (SheetSchedule(hours: $0.hours, blankRows: $0.blankRows), $0.folder) }
    options.heads = configured.value.heads.map { HeadOptions(folder: $0.folder, keyPath: $0.key) }
    return options
  }

  // Whoever read this may be gone (a pipe, a journal that restarts): no reason to end otherwise than in order.
  private static func announce(_ text: String) { try? FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8)) }
  private static func complain(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8)) }
}

extension ServerConfiguration.Address {
  var ttrpc: TTRPCAddress {
    switch self {
    case .tcp(let host, let port): .tcp(host: host, port: port)
    case .unix(let path): .unix(path: path)
    }
  }
}

extension ServerConfiguration.Role {
  /// The method table's bit for the word in server.yaml.
  var set: RoleSet {
    switch self {
    case .kiosk: .kiosk
    case .phone: .ivr
    case .display: .display
    case .technician: .technician
    case .staff: .staff
    case .center: .sync
    case .promoter: .promoter
    }
  }
}
