internal import Foundation
internal import TTRPCCore
internal import VentanillaMessages

/// One attacker for each limit that neither dripping nor flooding reaches, and whether it is told that limit's name.
///
/// Each comes from an address of its own, so that none has used up what the next one may do.
struct LimitRounds {
  private static let firstSource = HostileSocket.source + 1
  /// A busy machine's patience.
  private static let patience = Duration.seconds(30)

  private let port: Int
  /// Limits of which no attacker was told, in the order of the attacks.
  private(set) var untold: [LimitName] = []
  private(set) var told: [LimitName] = []

  init(port: Int) { self.port = port }

  mutating func run() async throws {
    let find = MethodTable.Appointments.find
    let pairs = Metadata((0...TTRPCLimits.standard.maxMetadataPairs).map { .init(key: "k\($0)", value: "v") })
    try await attack(.maxFrameLength, words: "exceed maximum message size") { sockets in
      try await sockets[0].say(Self.header(length: UInt32(TTRPCLimits.standard.maxFrameLength) + 1))
    }
    try await attack(.maxRequestBytes) { try await $0[0].say(Self.frame(find, [UInt8](repeating: 0, count: 70_000))) }
    try await attack(.maxMetadataPairs) { try await $0[0].say(Self.frame(find, [], pairs)) }
    try await attack(.maxStreamsPerConnection) { sockets in
      // So many are more than a device may call at once; a second gives it fifty more.
      for stream in 0...UInt32(TTRPCLimits.standard.maxStreamsPerConnection) {
        if stream > 150 { try await Task.sleep(for: .milliseconds(25)) }
        try await sockets[0].say(Self.frame(MethodTable.Appointments.watchAvailability, Self.watch, stream: 2 * stream + 1))
      }
    }
    try await attack(.maxConnectionsPerAddress, sockets: TTRPCLimits.standard.maxConnectionsPerAddress + 8) { sockets in
      // The others say nothing, so that their device still may call.
      for socket in sockets.suffix(8) { try await socket.say(Self.frame(find, [])) }
    }
    // Each message is one that its method takes, and all but its last bytes come.
    let cut = Self.frame(find, [UInt8](repeating: 0, count: 60_000)).dropLast(1_000)
    let enough = TTRPCLimits.standard.maxBytesBufferedInPerAddress / cut.count + 2
    try await attack(.maxBytesBufferedInPerAddress, sockets: enough) { sockets in
      for socket in sockets { try await socket.say(Array(cut)) }
    }
  }

  private mutating func attack(
    _ limit: LimitName, words: String? = nil, sockets count: Int = 1, _ act: ([HostileSocket]) async throws -> Void
  ) async throws {
    let source = Self.firstSource + UInt32(told.count + untold.count)
    let sockets = (0..<count).compactMap { _ in HostileSocket(port: port, from: source) }
    guard sockets.count == count else { throw CampaignFault("only \(sockets.count) of \(count) attackers were let in") }
    try await act(sockets)
    let began = ContinuousClock.now
    var heard = [[UInt8]](repeating: [], count: count)
    while began.duration(to: .now) < Self.patience {
      for (number, socket) in sockets.enumerated() where socket.listen(&heard[number]) {
        if String(decoding: heard[number], as: UTF8.self).contains(words ?? "limit \(limit.rawValue) reached") { return told.append(limit) }
      }
      try await Task.sleep(for: .milliseconds(20))
    }
    untold.append(limit)
  }

  // MARK: Frames

  private static let watch: [UInt8] = []

  private static func header(length: UInt32) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: FrameHeader.size)
    bytes.withUnsafeMutableBytes { FrameHeader(length: length, stream: 1, type: .request).write(to: $0) }
    return bytes
  }

  private static func frame(
    _ method: MethodDescriptor, _ payload: [UInt8], _ metadata: Metadata = Metadata(), stream: UInt32 = 1
  ) -> [UInt8] {
    let frame = RequestFrame(method, payload: payload, timeoutNanoseconds: 0, metadata: metadata)
    var bytes = [UInt8](repeating: 0, count: frame.size)
    bytes.withUnsafeMutableBytes { frame.write(stream: stream, to: $0) }
    return bytes
  }
}

extension HostileSocket {
  /// Sends all of it, unless the server closes before.
  fileprivate func say(_ bytes: [UInt8]) async throws {
    var sent = 0
    while sent < bytes.count {
      switch bytes.withUnsafeBytes({ send(UnsafeRawBufferPointer(rebasing: $0[sent...])) }) {
      case .bytes(let count): sent += count
      case .wouldBlock: try await Task.sleep(for: .milliseconds(5))
      case .closed: return
      }
    }
  }

  /// Adds what has come. Returns whether anything has.
  fileprivate func listen(_ heard: inout [UInt8]) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 16_384)
    guard case .bytes(let count) = buffer.withUnsafeMutableBytes({ receive(into: $0) }) else { return false }
    heard += buffer[..<count]
    return true
  }
}
