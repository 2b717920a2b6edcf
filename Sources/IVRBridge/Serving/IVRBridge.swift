package import struct ClinicDomain.CLUES
internal import FastAGI
package import Logging
package import NIOCore
internal import NIOPosix
internal import Synchronization

/// What a bridge is made of.
package struct BridgeOptions: Sendable {
  /// An address of this machine: FastAGI has no password and no encryption.
  package var host = "127.0.0.1"
  /// FastAGI's own port; 0 lets the system choose.
  package var port = 4573
  /// Who may connect, as IP addresses.
  package var allowed: Set<String> = ["127.0.0.1", "::1"]
  package var limits = BridgeLimits()
  package var sounds: SoundLibrary
  /// What makes one file of all that a step says; without it each sound is a command of its own.
  package var joiner: SoundJoiner?
  package var clock: CallClock
  /// The clinic's CLUES: a call that the dialplan meant for another clinic goes to a person. `nil` asks none.
  package var clues: CLUES?
  /// What decides a call; asked once for each.
  package var decider: @Sendable () -> any CallDeciding
  /// The clinic's server for one call.
  package var backEnd: @Sendable () -> any BackEnd
  /// What takes alarms and records to the server; runs as long as the bridge, and a little longer for what it still has.
  package var courier: Courier?
  /// What has the clinic's own calls made; runs as long as the bridge.
  package var placer: CallPlacer?

  package init(
    sounds: SoundLibrary, clock: CallClock, decider: @escaping @Sendable () -> any CallDeciding,
    backEnd: @escaping @Sendable () -> any BackEnd
  ) {
    self.sounds = sounds
    self.clock = clock
    self.decider = decider
    self.backEnd = backEnd
  }
}

/// Why a bridge does not start; the sentence is for the technician.
package struct BridgeStartFault: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String
}

/// The telephone bridge: listens for Asterisk, one call one connection one task.
package final class IVRBridge: Sendable {
  private struct Open {
    var lines: [Int: AGILine] = [:]
    var last = 0
    var isEnding = false
  }

  package let figures: BridgeFigures
  /// The port that it listens on.
  package let port: Int

  private let options: BridgeOptions
  private let logger: Logger
  private let listener: any Channel
  private let gate: Gate
  private let open = Mutex(Open())

  private init(_ options: BridgeOptions, figures: BridgeFigures, logger: Logger, listener: any Channel, gate: Gate) {
    self.options = options
    self.figures = figures
    self.logger = logger
    self.listener = listener
    self.gate = gate
    port = listener.localAddress?.port ?? options.port
  }

  /// Listens. Calls are served from ``run()`` on.
  package static func start(
    _ options: BridgeOptions, group: any EventLoopGroup, logger: Logger
  ) async throws(BridgeStartFault) -> IVRBridge {
    let figures = BridgeFigures()
    let gate = Gate(allowed: options.allowed, calls: options.limits.calls, figures: figures)
    do {
      let listener = try await ServerBootstrap(group: group)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .serverChannelOption(.backlog, value: 256)
        .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
        .childChannelInitializer { channel in channel.eventLoop.makeCompletedFuture { try gate.admit(channel) } }
        .bind(host: options.host, port: options.port).get()
      return IVRBridge(options, figures: figures, logger: logger, listener: listener, gate: gate)
    } catch {
      throw BridgeStartFault(
        description: "No se puede escuchar en \(options.host):\(options.port): \(error). Cierre el otro programa o cambie escucha en ivr-bridge.yaml.")
    }
  }

  package var callsNow: Int { open.withLock { $0.lines.count } }

  /// Serves calls until ``stop()``; returns when the last is over.
  package func run() async {
    async let carried: Void? = options.courier?.run(figures)
    await withTaskGroup(of: Void.self) { placing in
      placing.addTask { [placer = options.placer] in await placer?.run() }
      await withDiscardingTaskGroup { group in
        for await line in gate.lines { group.addTask { await self.serve(line) } }
      }
      placing.cancelAll()
    }
    options.courier?.finish()
    _ = await carried
  }

  /// Takes no more calls, hands those that are on to a person, and closes what is left when the grace is over.
  package func stop() async {
    try? await listener.close().get()
    gate.close()
    for line in open.withLock({ open in open.isEnding = true; return Array(open.lines.values) }) { line.yield() }
    let end = ContinuousClock.now + options.limits.grace
    while callsNow > 0, ContinuousClock.now < end { try? await Task.sleep(for: .milliseconds(20)) }
    for line in open.withLock({ Array($0.lines.values) }) { await line.close() }
  }

  private func serve(_ line: AGILine) async {
    defer { gate.release() }
    let (number, isEnding) = open.withLock { open in
      open.last += 1
      open.lines[open.last] = line
      return (open.last, open.isEnding)
    }
    if isEnding { line.yield() }
    figures.count { $0.callsBegun += 1 }
    let call = PhoneCall(
      line: line, number: number, decider: options.decider, backEnd: options.backEnd(), sounds: options.sounds, joiner: options.joiner,
      clock: options.clock, clues: options.clues, limits: options.limits, figures: figures, logger: logger)
    let start = ContinuousClock.now
    let ending = await call.run()
    open.withLock { $0.lines[number] = nil }
    figures.count { $0.ended[ending, default: 0] += 1 }
    logger.info(
      "llamada", metadata: [
        "llamada": "\(number)", "fin": "\(ending.rawValue)", "segundos": "\(start.duration(to: .now).components.seconds)",
      ])
  }
}

/// Who comes in: so many calls at once, from known addresses. Whom it turns away the dialplan takes to a person.
private final class Gate: Sendable {
  let lines: AsyncStream<AGILine>

  private let queue: AsyncStream<AGILine>.Continuation
  private let allowed: Set<String>
  private let calls: Int
  private let figures: BridgeFigures
  private let inside = Atomic(0)

  init(allowed: Set<String>, calls: Int, figures: BridgeFigures) {
    (lines, queue) = AsyncStream.makeStream()
    self.allowed = allowed
    self.calls = calls
    self.figures = figures
  }

  func admit(_ channel: any Channel) throws {
    guard mayCall(channel.remoteAddress), enter() else {
      figures.count { $0.callsTurnedAway += 1 }
      channel.close(promise: nil)
      return
    }
    let line = try AGILine(on: channel, figures: figures)
    if case .terminated = queue.yield(line) {
      release()
      channel.close(promise: nil)
    }
  }

  private func mayCall(_ address: SocketAddress?) -> Bool {
    guard var text = address?.ipAddress else { return false }
    if text.hasPrefix("::ffff:") { text.removeFirst("::ffff:".count) }
    return allowed.contains(text)
  }

  private func enter() -> Bool {
    guard inside.add(1, ordering: .relaxed).newValue <= calls else {
      release()
      return false
    }
    return true
  }

  func release() { inside.subtract(1, ordering: .relaxed) }

  func close() { queue.finish() }
}
