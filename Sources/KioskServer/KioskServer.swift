package import ClinicDomain
package import ClinicStore
package import KioskServices
package import Logging
internal import NIOCore
internal import NIOPosix
package import Scheduling
package import TTRPCCore
package import TTRPCNIO
package import Tracing
internal import VentanillaMessages

/// What a server is made of: everything that the command line and the files decide.
package struct KioskServerOptions: Sendable {
  package var clinic: Clinic
  package var listeners: [Listener]
  /// The folder of the database and of its backups; made when it is missing.
  package var dataFolder: String
  package var sessionIdle: Duration = .seconds(60)
  /// How many failed identifications are borne.
  package var identification = IdentificationBounds()
  /// How long calls in flight may still take after a request to stop.
  package var drainGrace: Duration = .seconds(10)
  package var limits = TTRPCLimits.clinic
  package var store = StoreOptions()
  /// Event loops. One serves a clinic: the work of a call is microseconds, and one loop costs least memory.
  package var loops = 1
  /// Where the page of metrics is; `nil` for nowhere. An address of this machine: the page asks nobody who they are.
  package var metricsAddress: (host: String, port: Int)?
  /// When sheets for a day without power are written, and into which folder; `nil` for never.
  package var sheets: (schedule: SheetSchedule, folder: String)?

  /// Where the history's heads are kept, signed; `nil` for nowhere but beside the store.
  package var heads: HeadOptions?

  package init(clinic: Clinic, listeners: [Listener], dataFolder: String) {
    self.clinic = clinic
    self.listeners = listeners
    self.dataFolder = dataFolder
  }

  package var databasePath: String { "\(dataFolder)/ventanilla.sqlite" }
  package var backupFolder: String { "\(dataFolder)/respaldos" }
  package var keyPath: String { "\(dataFolder)/identificacion.llave" }
}

/// The composition root: store, services, router, listeners, started in that order and stopped in reverse.
package final class KioskServer: Sendable {
  /// Where the page of metrics is, if anywhere.
  package var metricsAddress: TTRPCAddress? { endpoint?.address }

  private let server: TTRPCServer
  private let endpoint: MetricsEndpoint?
  private let store: ClinicStore
  private let holds: ConnectionHolds
  private let availability: AvailabilityWatch
  private let alarms: NumberedState<[AlarmEntry]>
  private let closing: NumberedState<Bool>
  private let group: MultiThreadedEventLoopGroup
  private let serving: Shared<Bool>
  private let housekeeping: Task<Void, Never>
  private let heads: HeadKeeper?
  private let certificates: CertificateWatch
  private let options: KioskServerOptions
  private let logger: Logger

  /// Where it listens; a port that was 0 is the one the system gave.
  package var addresses: [TTRPCAddress] { server.addresses }

  private init(
    server: TTRPCServer, endpoint: MetricsEndpoint?, store: ClinicStore, holds: ConnectionHolds, availability: AvailabilityWatch,
    alarms: NumberedState<[AlarmEntry]>, closing: NumberedState<Bool>, group: MultiThreadedEventLoopGroup, serving: Shared<Bool>,
    housekeeping: Task<Void, Never>, heads: HeadKeeper?,
    certificates: CertificateWatch, options: KioskServerOptions, logger: Logger
  ) {
    self.server = server
    self.endpoint = endpoint
    self.store = store
    self.holds = holds
    self.availability = availability
    self.alarms = alarms
    self.closing = closing
    self.group = group
    self.serving = serving
    self.housekeeping = housekeeping
    self.heads = heads
    self.certificates = certificates
    self.options = options
    self.logger = logger
  }

  /// Starts everything, or nothing: what was started before a fault is stopped again.
  ///
  /// - Throws: a zone that is not in tzdata, a data folder that cannot be made, a store that cannot be opened, a key that cannot be read, an
  ///   address that cannot be listened on; in that order.
  package static func start(
    _ options: KioskServerOptions, logger: Logger, registry: MetricsRegistry = MetricsRegistry(),
    tracer: any Tracer = InstrumentationSystem.tracer
  ) async throws(StartFault) -> KioskServer {
    DescriptorLimit.raise()
    let zone = try zone(of: options.clinic)
    try DataFolder.make(options.dataFolder)
    try DataFolder.make(options.backupFolder)
    for case .unix(let path) in options.listeners.map(\.address) { try DataFolder.make(ofSocket: path) }
    let rules = ClinicRules(clinic: options.clinic, zone: zone)
    let store = try open(options, rules: rules, logger: logger, registry: registry)
    // Behind the store's lock: of two servers that start, one makes the key.
    let key: ClinicKey
    let headKey: HeadKey?
    do throws(StartFault) {
      key = try KeyFile.clinic(options.keyPath)
      headKey = if let heads = options.heads { try KeyFile.heads(heads.keyPath) } else { nil }
    } catch {
      await store.close()
      throw error
    }
    let holds = ConnectionHolds { logger.warning("un apartado sin dueño sigue hasta que venza su tiempo", metadata: ["falla": "\($0)"]) }
    let gate = IdentificationGate(key: key, bounds: options.identification) { logger.warning("\($0.spanishText)") }
    let counter = Counter(
      store: store, rules: rules, sessions: SessionRegistry(idle: options.sessionIdle), holds: holds, gate: gate, clock: .system)
    let availability = AvailabilityWatch(counter)
    let keeper = AgendaKeeper(counter) { logger.warning("un lugar libre o una agenda cerrada espera a la siguiente vuelta", metadata: ["falla": "\($0)"]) }
    let duties = DutyKeeper(counter) { logger.warning("un aviso o la revisión de la noche espera a la siguiente vuelta", metadata: ["falla": "\($0)"]) }
    let telephone = TelephoneKeeper(counter) { logger.log(level: $0.level, "\($0.spanishText)", metadata: $0.metadata) }
    let figures = FigureSource(
      counter: counter, walPath: options.databasePath + "-wal", registry: registry)
    let serving = Shared(true)
    let closing = NumberedState(false)
    let connections = Shared(0)
    let group = MultiThreadedEventLoopGroup(numberOfThreads: options.loops)
    let methods = methods(
      counter, availability, telephone.alarms, closing, options: options, serving: serving, connections: connections, figures: figures)
    // Asked once: without a tracer no call costs anything for it.
    let router = RPCRouter(tracer is NoOpTracer ? methods : methods.map { $0.traced(by: tracer) })
    let server: TTRPCServer
    let endpoint: MetricsEndpoint?
    do throws(ListenFault) {
      endpoint = try await openPage(options, figures: figures, group: group)
      server = try await TTRPCServer.start(
        listeners: options.listeners, router: router, limits: options.limits, group: group,
        onClientGone: counter.clientHasGone(from:), observer: ServerLog(logger: logger))
    } catch {
      await store.close()
      try? await group.shutdownGracefully()
      throw .listen(error)
    }
    figures.server.set(server)
    for address in server.addresses { logger.info("escuchando", metadata: ["direccion": "\(address)"]) }
    let certificates = CertificateWatch(server, options.listeners, logger)
    let sheets = options.sheets.map {
      SheetKeeper(counter: counter, schedule: $0.schedule, folder: $0.folder, now: ServiceClock.system.now, logger: logger)
    }
    var heads: HeadKeeper?
    if let options = options.heads, let headKey {
      heads = HeadKeeper(store: store, clinic: rules.clinic.identity.clues, key: headKey, options: options, zone: zone, logger: logger)
    }
    let housekeeping = Task { [heads] in
      async let _ = availability.run()
      async let _ = keeper.run()
      async let _ = duties.run()
      async let _ = telephone.run()
      async let _ = sheets?.run()
      async let _ = heads?.run()
      while (try? await Task.sleep(for: .seconds(5))) != nil {
        counter.sessions.sweep(at: counter.clock.monotonic())
        connections.set(await server.counters().connections)
        await certificates.look()
      }
    }
    return KioskServer(
      server: server, endpoint: endpoint, store: store, holds: holds, availability: availability, alarms: telephone.alarms, closing: closing,
      group: group,
      serving: serving, housekeeping: housekeeping, heads: heads, certificates: certificates, options: options, logger: logger)
  }

  /// Stops in order: no new connections, what is in flight is answered, the store closes after its last commit.
  package func stop() async {
    serving.set(false)
    holds.keepAll()
    // A watch has no end of its own, and would keep its connection for the whole grace.
    availability.state.end()
    alarms.end()
    closing.end()
    housekeeping.cancel()
    await housekeeping.value
    await server.drain(grace: options.drainGrace)
    await endpoint?.close()
    await heads?.finish()
    await store.close()
    try? await group.shutdownGracefully()
    logger.info("cerrado en orden")
  }

  /// Reads the files of the TLS listeners at once, which is else done every five seconds.
  package func renewCertificates() async { await certificates.look(isAsked: true) }

  /// Whether any listener has certificates.
  var hasCertificates: Bool { !certificates.sides.isEmpty }

  package func counters() async -> ServerCounters { await server.counters() }

  // MARK: Parts

  private static func zone(of clinic: Clinic) throws(StartFault) -> ClinicZone {
    do throws(ZoneFault) { return try .fromTZData(named: clinic.identity.zone) } catch { throw .zone(error) }
  }

  private static func open(
    _ options: KioskServerOptions, rules: ClinicRules, logger: Logger, registry: MetricsRegistry
  ) throws(StartFault) -> ClinicStore {
    let meter = StoreMeter(factory: registry) { MonotonicTime.now.nanoseconds }
    do throws(OpeningFault) {
      return try ClinicStore(
        path: options.databasePath, rules: rules, options: options.store, clock: ServiceClock.system.now,
        meter: meter, onFault: { logger.error("\($0.spanishHint)", metadata: ["falla": "\($0)"]) })
    } catch { throw .store(error) }
  }

  private static func openPage(
    _ options: KioskServerOptions, figures: FigureSource, group: any EventLoopGroup
  ) async throws(ListenFault) -> MetricsEndpoint? {
    guard let (host, port) = options.metricsAddress else { return nil }
    return try await MetricsEndpoint.start(host: host, port: port, group: group) { await figures.page() }
  }

  /// Every method of the contract with what answers it.
  private static func methods(
    _ counter: Counter, _ availability: AvailabilityWatch, _ alarms: NumberedState<[AlarmEntry]>, _ closing: NumberedState<Bool>,
    options: KioskServerOptions,
    serving: Shared<Bool>, connections: Shared<Int>, figures: FigureSource
  ) -> [RegisteredMethod] {
    let wal = options.databasePath + "-wal"
    let operations = OperationsHandlers(counter, backupFolder: options.backupFolder, closing: closing) {
      await figures.now().sample(version: ServerIdentity.version)
    } gauges: {
      (connections: connections.value, walBytes: FileSize.bytes(of: wal))
    }
    let services =
      SessionHandlers(counter, limits: options.limits, extensions: .all).registeredMethods
      + PatientsHandlers(counter).registeredMethods
      + IdentificationHandlers(counter).registeredMethods
      + AppointmentsHandlers(counter, availability: availability.state).registeredMethods
      + WaitlistHandlers(counter).registeredMethods
      + SeriesHandlers(counter).registeredMethods + TogetherHandlers(counter).registeredMethods
      + TelephoneHandlers(counter, alarms: alarms).registeredMethods + OutboundHandlers(counter).registeredMethods + ContactHandlers(counter).registeredMethods + SurveyHandlers(counter).registeredMethods
      + AgendaHandlers(counter).registeredMethods + PaperHandlers(counter).registeredMethods + ExchangeHandlers(counter).registeredMethods + ProxiesHandlers(counter).registeredMethods + TransfersHandlers(counter).registeredMethods
      + HomeVisitsHandlers(counter).registeredMethods + PromotersHandlers(counter).registeredMethods
      + ReferralsHandlers(counter).registeredMethods + CareHandlers(counter).registeredMethods + DirectoryHandlers(counter).registeredMethods
      + TriageHandlers(counter).registeredMethods
      + RegisterHandlers(counter).registeredMethods + MeasuresHandlers(counter).registeredMethods + operations.registeredMethods
    var names = Set(services.map(\.descriptor.service))
    names.insert(MethodTable.Health.check.service)
    let health = HealthHandlers(services: names) { serving.value }
    return services + health.registeredMethods
  }
}
