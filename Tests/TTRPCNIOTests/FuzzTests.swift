import NIOCore
import NIOEmbedded
import TTRPCCore
import Testing

@testable import TTRPCNIO

/// A sequence of numbers that a seed determines (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

@Suite("Bytes that nobody planned")
struct FuzzTests {
  /// A few frames, good and bad, some with bytes changed, cut out or put in.
  static func bytes(_ random: inout SeededGenerator) -> [UInt8] {
    var bytes: [UInt8] = []
    var stream: UInt32 = 1
    for _ in 0..<Int.random(in: 1...8, using: &random) {
      bytes += frame(stream, &random).bytes
      stream += UInt32.random(in: 0...3, using: &random)
    }
    for _ in 0..<Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
      let place = bytes.indices.randomElement(using: &random)!
      switch Int.random(in: 0...3, using: &random) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
      case 2: bytes.remove(at: place)
      default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
      }
    }
    return bytes
  }

  static func frame(_ stream: UInt32, _ random: inout SeededGenerator) -> WireFrame {
    let payload = (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
    switch Int.random(in: 0...9, using: &random) {
    case 0: return .data(stream, payload, FrameFlags(rawValue: UInt8.random(in: 0...7, using: &random)))
    case 1: return WireFrame(stream: stream, type: FrameType(rawValue: UInt8.random(in: 0...255, using: &random)), body: payload)
    case 2: return WireFrame(stream: stream, type: .request, body: payload)
    case 3: return WireFrame(stream: stream, type: .request, length: UInt32.random(in: 0x40_0000...0x40_0040, using: &random))
    default:
      let method = ["Echo", "Soon", "Fail", "Picky", "Denied", "Nothing"].randomElement(using: &random)!
      return .request(
        stream, method, payload, flags: FrameFlags(rawValue: UInt8.random(in: 0...7, using: &random)),
        timeout: Bool.random(using: &random) ? 0 : Int64.random(in: -5...1_000_000_000_000, using: &random))
    }
  }

  /// What a server answers to the bytes, given in pieces of at most `piece`.
  static func answer(_ bytes: [UInt8], _ piece: () -> Int) throws -> (replies: [Reply], server: EmbeddedServer) {
    let server = try EmbeddedServer()
    var rest = bytes[...]
    while !rest.isEmpty {
      try server.receive(Array(rest.prefix(piece())))
      rest = rest.dropFirst(piece())
    }
    return (try server.replies(), server)
  }

  @Test("The server answers with whole responses, the same however the bytes are cut, and owes nothing", arguments: 0..<10)
  func server(seed: UInt64) throws {
    for round in 0..<1000 {
      var random = SeededGenerator(seed: seed << 32 | UInt64(round))
      let bytes = Self.bytes(&random)
      let piece = Int.random(in: 1...32, using: &random)
      let whole = try Self.answer(bytes) { bytes.count }
      let cut = try Self.answer(bytes) { piece }
      let comment: Comment = "seed \(seed), round \(round): \(bytes)"
      try #require(whole.replies == cut.replies, comment)
      for run in [whole, cut] {
        try #require(run.server.strayBytes == 0, comment)
        try #require(run.server.handler.machine.callsInFlight == 0, comment)
        try #require(run.server.loop.counters.running == 0, comment)
        try #require(!run.replies.contains { if case .unexpected = $0 { true } else { false } }, comment)
        try #require(run.replies.count <= bytes.count / FrameHeader.size, comment)
        // A stream is served at most once; whatever else is said on it is a refusal.
        let served = run.replies.compactMap { if case .ok(let stream, _) = $0 { stream } else { nil } }
        try #require(Set(served).count == served.count, comment)
      }
    }
  }

  @Test("The client survives any reply, and ends each call at most once", arguments: 0..<4)
  func client(seed: UInt64) throws {
    for round in 0..<500 {
      var random = SeededGenerator(seed: seed << 40 | UInt64(round))
      let channel = EmbeddedChannel()
      let handler = ClientConnectionHandler(eventLoop: channel.eventLoop, limits: .standard)
      try channel.pipeline.syncOperations.addHandler(handler)
      try channel.connect(to: SocketAddress(unixDomainSocketPath: "/nowhere")).wait()
      let calls = (0..<4).map { _ in ClientCall(Probe.echo.descriptor, payload: [], metadata: Metadata(), deadline: nil) }
      handler.take(calls.map { .start($0) })
      var bytes: [UInt8] = []
      for stream in [1, 3, 5, 7, 1] as [UInt32] {
        bytes += Bool.random(using: &random)
          ? ResponseFrame.bytes(RPCError(.aborted, "x"), stream: stream) : Self.frame(stream, &random).bytes
      }
      for _ in 0..<3 { bytes[bytes.indices.randomElement(using: &random)!] = UInt8.random(in: 0...255, using: &random) }
      for chunk in stride(from: 0, to: bytes.count, by: 13) where channel.isActive {
        try channel.writeInbound(ByteBuffer(bytes: bytes[chunk..<min(chunk + 13, bytes.count)]))
      }
      if channel.isActive { try channel.close().wait() }
      channel.embeddedEventLoop.run()
      let waiting = calls.count { !$0.isOver }
      try #require(waiting == 0, "seed \(seed), round \(round)")
    }
  }
}
