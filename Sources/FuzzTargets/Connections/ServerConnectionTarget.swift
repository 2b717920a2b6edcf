internal import NIOCore
internal import NIOEmbedded
internal import TTRPCCore
internal import TTRPCNIO

extension FuzzTarget {
  /// A server's whole connection on an embedded channel: frames, bytes, time, a peer that stops reading, the end.
  package static let serverConnection = FuzzTarget(
    name: "server", summary: "the server's whole connection, any frames and bytes", maxLength: 384,
    seeds: WireSeeds.frames.map(asBytesToRead) + [[2, 0, 0, 1, 2, 3]], ofFrames: asBytesToRead
  ) { bytes throws(FuzzFinding) in
    try HeldJobs.hold { () throws(FuzzFinding) in
      var input = InputReader(bytes)
      let run = try ServerConnectionRun()
      while !input.isAtEnd { try run.step(&input) }
      try run.finish()
    }
  }
}

private final class ServerConnectionRun {
  private static let limits = {
    var limits = TTRPCLimits()
    limits.maxFrameLength = 300
    limits.maxCallsInFlight = 6
    limits.maxStreamsPerConnection = 4
    // Three streams, each of 2 KiB for itself, and a piece of a frame.
    limits.maxBytesBufferedIn = 6_250
    limits.maxBurstOut = 128
    limits.maxMetadataPairs = 4
    limits.maxBytesQueuedPerStream = 200
    limits.callsPerSecond = CallRate(perSecond: 5, burst: 30)
    return limits
  }()

  private let channel = EmbeddedChannel()
  private let server: DrivenServerEnd
  private var received = FrameTally()
  private var sent = FrameTally()
  private var answers: [UInt32: Int] = [:]
  /// Streams that have had the end of a call that went well.
  private var served: Set<UInt32> = []
  /// Streams whose call has had its end: a refusal of a later frame may still follow, a message must not.
  private var ended: Set<UInt32> = []
  private var pongs = 0
  private var highest: UInt32 = 0
  /// Bytes that wait for the next read.
  private var unread: [UInt8] = []

  init() throws(FuzzFinding) {
    do {
      server = try DrivenServerEnd(on: channel, router: FuzzedMethods.router, limits: Self.limits, role: FuzzedMethods.role)
      try channel.connect(to: SocketAddress(unixDomainSocketPath: "/nowhere")).wait()
    } catch { throw FuzzFinding("no channel: \(error)") }
  }

  func step(_ input: inout InputReader) throws(FuzzFinding) {
    let choice = input.byte()
    switch choice % 16 {
    case 0, 1: unread += input.take(Int(input.byte() % 64))
    case 2...6: request(&input)
    case 7...9: frame(.data, &input)
    case 10: frame(input.frameType(), &input)
    case 11: unread += WireSeeds.frame(nextStream(&input), input.frameType(), [], []).headerSaying(input.length(Self.limits))
    case 12: try read { $0.embeddedEventLoop.advanceTime(by: .seconds(Int64(input.byte() % 64))) }
    case 13:
      let isWritable = input.byte() % 2 == 0
      try read {
        guard $0.isWritable != isWritable else { return }
        $0.isWritable = isWritable
        $0.pipeline.fireChannelWritabilityChanged()
      }
    case 14: try read { $0.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed) }
    default: if input.byte() % 4 == 0 { try read { _ in server.drain() } } else { try read { _ in HeldJobs.run() } }
    }
    // The high bit joins what this step made with the next step's.
    if choice < 128 || unread.count > 512 { try read { _ in } }
  }

  /// The peer is gone: nothing is left.
  func finish() throws(FuzzFinding) {
    try read { _ in }
    if channel.isActive { try? channel.close().wait() }
    HeldJobs.run()
    try judge()
    // What was scheduled for later keeps the connection in memory until its time.
    channel.embeddedEventLoop.advanceTime(by: .minutes(3))
    _ = try? channel.finish(acceptAlreadyClosed: true)
    try require(sent.strayBytes == 0, "half of a frame was sent")
    try require(server.callsInFlight == 0, "\(server.callsInFlight) calls outlive their connection")
    try require(server.counters.running == 0, "\(server.counters.running) tasks outlive their connection")
    try require(server.counters.connections == 0, "a connection is counted that is gone")
    try require(server.keptBytes == 0, "\(server.keptBytes) bytes are counted for streams and frames that are gone")
    HeldJobs.run()
    try require(HeldJobs.atWork == 0, "\(HeldJobs.atWork) methods wait for a connection that is gone")
  }

  // MARK: Frames

  private func nextStream(_ input: inout InputReader) -> UInt32 { input.stream(served.sorted(), highest) }

  private func request(_ input: inout InputReader) {
    let stream = nextStream(&input)
    highest = max(highest, stream)
    let choice = input.byte()
    let name = FuzzedMethods.names[Int(choice) % FuzzedMethods.names.count]
    let timeout: Int64 = choice < 128 ? 0 : choice < 160 ? -1 : Int64(choice) * 100_000_000
    let flags = FrameFlags(rawValue: input.byte() & 7)
    let payload = Array(input.take(Int(input.byte() % 16)))
    unread += WireSeeds.request(name, payload, timeout: timeout).on(stream, flags)
  }

  private func frame(_ type: FrameType, _ input: inout InputReader) {
    let (stream, flags) = (nextStream(&input), FrameFlags(rawValue: input.byte() & 7))
    unread += WireSeeds.frame(stream, type, flags, Array(input.take(Int(input.byte() % 16))))
  }

  // MARK: Judgement

  /// Lets the server read what waits, then something else happen, and judges what it says.
  private func read(then event: (EmbeddedChannel) -> Void) throws(FuzzFinding) {
    if !unread.isEmpty, channel.isActive {
      _ = received.add(unread, longest: 0)
      do { _ = try channel.writeInbound(ByteBuffer(bytes: unread)) } catch { throw FuzzFinding("reading failed: \(error)") }
    }
    unread = []
    event(channel)
    try judge()
  }

  private func judge() throws(FuzzFinding) {
    while let buffer = try? channel.readOutbound(as: ByteBuffer.self) {
      for frame in sent.add(buffer.readableBytesView) { try judge(frame) }
    }
    try require(server.callsInFlight <= Self.limits.maxCallsInFlight, "more calls are in flight than may be")
    try require(server.counters.running <= server.callsInFlight, "tasks of calls that are over still run")
  }

  private func judge(_ frame: FrameTally.Frame) throws(FuzzFinding) {
    let (header, stream) = (frame.header, frame.header.stream)
    let granted = server.extensions
    switch header.type {
    case .response: try judgeResponse(frame)
    case .data:
      try require(received.requested.contains(stream) && !ended.contains(stream), "a message on stream \(stream), which is not open")
      guard header.flags.contains(.remoteClosed) else { return try require(header.flags == [], "a message with the wrong flags: \(header)") }
      try require(header.flags == [.remoteClosed, .noData] && header.length == 0, "an end with the wrong flags: \(header)")
      try end(stream, well: true)
    case .pong where granted.contains(.ping):
      pongs += 1
      try require(pongs <= received.pings && stream == 0, "a pong without a ping")
    case .ping where granted.contains(.ping): try require(stream == 0, "a ping on a stream")
    case .credit where granted.contains(.credit): try require(received.requested.contains(stream) && !ended.contains(stream), "credit on stream \(stream), which is not open")
    case .goingAway where granted.contains(.goingAway): try require(stream == 0 && header.length == 4, "a going away that nobody can read")
    default: throw FuzzFinding("a frame goes out that this server was not to send: \(header)")
    }
  }

  private func judgeResponse(_ frame: FrameTally.Frame) throws(FuzzFinding) {
    try require(frame.header.flags == [], "a response with flags: \(frame.header)")
    let error = try frame.body.span.withUnsafeBytes { body throws(FuzzFinding) in
      guard let envelope = try? ResponseEnvelope(body) else { throw FuzzFinding("an answer that cannot be read") }
      return envelope.error
    }
    try end(frame.header.stream, well: error == nil, isOfFrame: error.map(Self.isOfFrame) ?? false)
  }

  /// Whether the error answers a wrong frame, and not the call that its stream may have.
  private static func isOfFrame(_ error: RPCError) -> Bool {
    error.code == .invalidArgument || error.message.hasPrefix("message length")
  }

  /// A refused frame is answered on its stream, whatever became of that: as many answers as frames, and one at most that went well.
  private func end(_ stream: UInt32, well: Bool, isOfFrame: Bool = false) throws(FuzzFinding) {
    if !isOfFrame { ended.insert(stream) }
    answers[stream, default: 0] += 1
    try require(answers[stream]! <= received.headers[stream] ?? 0, "stream \(stream) has more answers than frames")
    guard well else { return }
    try require(received.requested.contains(stream), "stream \(stream) was never opened and is answered")
    try require(served.insert(stream).inserted, "stream \(stream) is answered twice")
  }
}

extension [UInt8] {
  /// The same frame on another stream and with other flags.
  func on(_ stream: UInt32, _ flags: FrameFlags) -> [UInt8] {
    var bytes = self
    bytes.withUnsafeMutableBytes { bytes in
      var header = FrameHeader(UnsafeRawBufferPointer(bytes))
      (header.stream, header.flags) = (stream, flags)
      header.write(to: bytes)
    }
    return bytes
  }

  /// The same header with another length.
  func headerSaying(_ length: UInt32) -> [UInt8] {
    var bytes = self
    bytes.withUnsafeMutableBytes { bytes in
      var header = FrameHeader(UnsafeRawBufferPointer(bytes))
      header.length = length
      header.write(to: bytes)
    }
    return bytes
  }
}
