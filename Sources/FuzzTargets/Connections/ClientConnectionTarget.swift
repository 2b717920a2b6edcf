internal import NIOCore
internal import NIOEmbedded
internal import TTRPCCore
internal import TTRPCNIO

extension FuzzTarget {
  /// A client's whole connection on an embedded channel: calls of each kind, and a server that says anything.
  package static let clientConnection = FuzzTarget(
    name: "client", summary: "the client's whole connection, any server", maxLength: 384,
    seeds: WireSeeds.frames.map { afterCalls + asBytesToRead($0) } + [[0, 2, 3, 0, 8, 0, 0, 3, 4, 0]],
    ofFrames: { afterCalls + asBytesToRead($0) }
  ) { bytes throws(FuzzFinding) in
    try HeldJobs.hold { () throws(FuzzFinding) in
      var input = InputReader(bytes)
      let run = try ClientConnectionRun(&input)
      while !input.isAtEnd { try run.step(&input) }
      try run.finish()
    }
  }
}

/// A client that makes a call of each kind.
private let afterCalls: [UInt8] = [0, 2, 0, 0, 2, 1, 0, 2, 2, 0, 2, 3, 0]

private final class ClientConnectionRun {
  private static let limits = {
    var limits = TTRPCLimits()
    limits.maxFrameLength = 300
    limits.maxCallsInFlight = 6
    limits.maxBytesQueuedPerStream = 200
    return limits
  }()

  private static let kinds: [MethodKind] = [.unary, .clientStreaming, .serverStreaming, .bidirectional]

  private let channel = EmbeddedChannel()
  private let client: DrivenClientEnd
  private var sent = FrameTally()
  private var highest: UInt32
  /// Streams on which the client may still send.
  private var open: Set<UInt32> = []
  /// Streams on which it has said that nobody waits.
  private var cancelled: Set<UInt32> = []
  private var extensions: WireExtensions = []

  init(_ input: inout InputReader) throws(FuzzFinding) {
    let choice = input.byte()
    let first = choice % 16 == 15 ? UInt32.max - 2 * UInt32(choice / 16) : 1
    highest = first == 1 ? 0 : first - 2
    do {
      client = try DrivenClientEnd(on: channel, limits: Self.limits, firstStream: first)
      try channel.connect(to: SocketAddress(unixDomainSocketPath: "/nowhere")).wait()
    } catch { throw FuzzFinding("no channel: \(error)") }
  }

  func step(_ input: inout InputReader) throws(FuzzFinding) {
    switch input.byte() % 20 {
    case 0, 1: try receive(Array(input.take(Int(input.byte() % 64))))
    case 2...4:
      guard client.callCount < 64 else { return }
      let kind = Self.kinds[Int(input.byte() % 4)]
      client.call(FuzzedMethods.descriptor("Any", kind), payload: Array(input.take(Int(input.byte() % 16))))
    case 5, 6: if let call = pick(&input) { client.send(Array(input.take(Int(input.byte() % 16))), on: call) }
    case 7: if let call = pick(&input) { client.send(nil, on: call) }
    case 8: if let call = pick(&input) { client.cancel(call) }
    case 9: try receive(WireSeeds.frame(stream(&input), .response, [], []).headerSaying(input.length(Self.limits)))
    case 10:
      let isWritable = input.byte() % 2 == 0
      guard channel.isWritable != isWritable else { return }
      channel.isWritable = isWritable
      channel.pipeline.fireChannelWritabilityChanged()
    case 11...13:
      let (stream, flags) = (stream(&input), FrameFlags(rawValue: input.byte() & 7))
      try receive(WireSeeds.frame(stream, .data, flags, Array(input.take(Int(input.byte() % 32)))))
    case 14: try receive(WireSeeds.reply(Array(input.take(Int(input.byte() % 16)))).on(stream(&input), []))
    case 15: try receive(ResponseFrame.bytes(RPCError(.aborted, "x"), stream: stream(&input)))
    case 16:
      let granted = WireExtensions(rawValue: input.byte() & 31)
      extensions.formUnion(granted)
      client.grant(granted)
    case 17: client.giveBack(UInt32(input.byte()) + 1, on: stream(&input))
    case 18: channel.embeddedEventLoop.advanceTime(by: .seconds(Int64(input.byte() % 32)))
    default:
      let type = input.frameType()
      let stream = type == .credit ? stream(&input) : 0
      let number = input.byte() < 240 ? [0, 0, 1, input.byte()] : Array(input.take(Int(input.byte() % 80)))
      try receive(WireSeeds.frame(stream, type, [], number))
    }
    try judge()
  }

  private func pick(_ input: inout InputReader) -> Int? {
    client.callCount == 0 ? nil : Int(input.byte()) % client.callCount
  }

  private func stream(_ input: inout InputReader) -> UInt32 { input.stream(open.sorted(), highest) }

  /// The server is gone: every call has its end.
  func finish() throws(FuzzFinding) {
    if channel.isActive { try? channel.close().wait() }
    HeldJobs.run()
    try judge()
    // What was scheduled for later keeps the connection in memory until its time.
    channel.embeddedEventLoop.advanceTime(by: .minutes(3))
    _ = try? channel.finish(acceptAlreadyClosed: true)
    try require(sent.strayBytes == 0, "half of a frame was sent")
    try require(client.callsWaiting == 0, "\(client.callsWaiting) calls wait for a connection that is gone")
    try require(client.callsInFlight == 0, "\(client.callsInFlight) calls are in flight on a connection that is gone")
  }

  private func receive(_ bytes: [UInt8]) throws(FuzzFinding) {
    guard channel.isActive else { return }
    do { _ = try channel.writeInbound(ByteBuffer(bytes: bytes)) } catch { throw FuzzFinding("reading failed: \(error)") }
  }

  private func judge() throws(FuzzFinding) {
    while let buffer = try? channel.readOutbound(as: ByteBuffer.self) {
      for frame in sent.add(buffer.readableBytesView) { try judge(frame.header) }
    }
    try require(client.callsInFlight <= Self.limits.maxCallsInFlight, "more calls are in flight than may be")
  }

  private func judge(_ header: FrameHeader) throws(FuzzFinding) {
    let stream = header.stream
    switch header.type {
    case .request:
      try require(stream % 2 == 1 && stream > highest, "stream \(stream) is opened after \(highest)")
      highest = stream
      if header.flags.contains(.remoteOpen) { open.insert(stream) }
    case .data:
      try require(open.contains(stream) && !cancelled.contains(stream), "data goes out on stream \(stream), whose half is closed")
      if header.flags.contains(.remoteClosed) { open.remove(stream) }
    case .cancel where extensions.contains(.cancel):
      try require(stream % 2 == 1 && stream <= highest && cancelled.insert(stream).inserted, "stream \(stream) is cancelled twice")
    case .credit where extensions.contains(.credit):
      try require(stream % 2 == 1 && stream <= highest && !cancelled.contains(stream), "credit for stream \(stream), on which nobody reads")
    case .ping where extensions.contains(.ping), .pong where extensions.contains(.ping): try require(stream == 0, "a ping on a stream")
    default: throw FuzzFinding("a frame goes out that this client was not to send: \(header)")
    }
  }
}
