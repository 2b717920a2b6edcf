internal import TTRPCCore
internal import VentanillaMessages

/// One attacker for each limit that neither dripping nor flooding reaches: is it told that limit's name or, where nothing can be said, does
/// the server count it?
///
/// Each comes from an address of its own, so that none has used up what the next one may do.
struct LimitRounds {
  /// What is attacked.
  struct Target: Sendable {
    /// Where kiosks call, over TCP.
    var kiosks: Int
    /// Where the telephone bridge calls, which may call more often than any attack needs.
    var phone: Int
    /// What the server has in force.
    var limits: TTRPCLimits
    /// How often each limit was reached, in the server's own count.
    var counts: @Sendable () async throws -> [LimitName: Int]
  }

  /// A busy machine's patience.
  static let patience = Duration.seconds(30)

  let target: Target
  private var nextSource = HostileSocket.source + 1
  /// Limits of which no attacker was told, in the order of the attacks.
  private(set) var untold: [LimitName] = []
  private(set) var told: [LimitName] = []

  init(_ target: Target) { self.target = target }

  var limits: TTRPCLimits { target.limits }

  /// - Parameter isPatient: whether to wait for the limits that take their time too: ``TTRPCLimits/idleTime``, ``TTRPCLimits/writeStall``.
  mutating func run(isPatient: Bool = true) async throws {
    // They run beside the others.
    let waiting = isPatient ? try await beginWaiting() : nil
    try await attackMessages()
    try await attackStreams()
    try await attackCalls()
    try await attackConnections()
    if let waiting { try await end(waiting) }
  }

  /// An address for the next attacker.
  mutating func source() -> UInt32 {
    defer { nextSource += 1 }
    return nextSource
  }

  mutating func note(_ limit: LimitName, isTold: Bool) { if isTold { told.append(limit) } else { untold.append(limit) } }

  // MARK: Limits that are told

  private mutating func attackMessages() async throws {
    let find = MethodTable.Appointments.find
    let pairs = Metadata((0...limits.maxMetadataPairs).map { .init(key: "k\($0)", value: "v") })
    let tooLong = UInt32(limits.maxFrameLength) + 1
    try await attack(.maxFrameLength, words: "exceed maximum message size") { sockets in
      try await sockets[0].say(HostileFrame.header(.request, length: tooLong))
    }
    try await attack(.maxRequestBytes) { try await $0[0].say(HostileFrame.request(find, [UInt8](repeating: 0, count: 70_000))) }
    try await attack(.maxMetadataPairs) { try await $0[0].say(HostileFrame.request(find, [], pairs)) }
    // Each message is one that its method takes, and all but its last bytes come.
    let cut = HostileFrame.request(find, [UInt8](repeating: 0, count: 60_000)).dropLast(1_000)
    let enough = limits.maxBytesBufferedInPerAddress / cut.count + 2
    try await attack(.maxBytesBufferedInPerAddress, sockets: enough) { sockets in
      for socket in sockets { try await socket.say(Array(cut)) }
    }
  }

  private mutating func attackStreams() async throws {
    let watch = MethodTable.Appointments.watchAvailability
    let (maxStreams, maxBytes, burst) = (limits.maxStreamsPerConnection, limits.maxBytesQueuedPerStream, limits.callsPerSecond.burst)
    try await attack(.maxStreamsPerConnection) { sockets in
      // So many may be more than a device may call at once; a second gives it fifty more.
      for stream in 0...UInt32(maxStreams) {
        if stream > burst * 3 / 4 { try await Task.sleep(for: .milliseconds(25)) }
        try await sockets[0].say(HostileFrame.request(watch, [], stream: 2 * stream + 1))
      }
    }
    // The method has had its one request and reads nothing more.
    let message = [UInt8](repeating: 7, count: 60_000)
    try await attack(.maxBytesQueuedPerStream) { sockets in
      try await sockets[0].say(HostileFrame.request(watch, [8, 0], flags: .remoteOpen))
      for _ in 0...(maxBytes / message.count) { try await sockets[0].say(HostileFrame.header(.data, length: 60_000) + message) }
    }
  }

  /// A broken bridge starts calls that wait for the store, faster than it answers them: whatever comes in one turn of the loop is in
  /// flight together.
  private mutating func attackCalls() async throws {
    let question = Encoded(Wire.IdentifyRequest(identifier: .nss(CampaignPerson(number: 1).nss), birthDate: "1990-01-01")).bytes
    let calls = max(8 * limits.maxCallsInFlight, 2_000)
    try await attack(.maxCallsInFlight, port: target.phone) { sockets in
      let frames = (0..<UInt32(calls)).flatMap { HostileFrame.request(MethodTable.Patients.identify, question, stream: 2 * $0 + 1) }
      try await sockets[0].say(frames)
    }
  }

  private mutating func attackConnections() async throws {
    let question = HostileFrame.request(MethodTable.Appointments.find, [])
    let (all, each) = (limits.maxConnections, limits.maxConnectionsPerAddress)
    try await attack(.maxConnectionsPerAddress, sockets: each + 8) { sockets in
      // The others say nothing, so that their device still may call.
      for socket in sockets.suffix(8) { try await socket.say(question) }
    }
    // The server may still be at closing those.
    let crowd = try (0..<(all / each)).flatMap { _ in try sockets(each, target.kiosks) }
    try await attack(.maxConnections, sockets: all - crowd.count + 8) { sockets in
      for socket in sockets.suffix(8) { try await socket.say(question) }
    }
    withExtendedLifetime(crowd) {}
  }

  private mutating func attack(
    _ limit: LimitName, words: String? = nil, sockets count: Int = 1, port: Int? = nil, _ act: ([HostileSocket]) async throws -> Void
  ) async throws {
    let sockets = try sockets(count, port ?? target.kiosks)
    try await act(sockets)
    let words = words ?? "limit \(limit.rawValue) reached"
    let began = ContinuousClock.now
    while began.duration(to: .now) < Self.patience {
      for socket in sockets {
        socket.listen()
        if String(decoding: socket.heard, as: UTF8.self).contains(words) { return note(limit, isTold: true) }
      }
      try await Task.sleep(for: .milliseconds(20))
    }
    note(limit, isTold: false)
  }

  /// So many connections from one address that nobody has used.
  mutating func sockets(_ count: Int, _ port: Int) throws -> [HostileSocket] {
    let source = source()
    let sockets = (0..<count).compactMap { _ in HostileSocket(port: port, from: source) }
    guard sockets.count == count else { throw CampaignFault("only \(sockets.count) of \(count) attackers were let in") }
    return sockets
  }
}
