internal import TTRPCCore

extension FuzzTarget {
  /// A server's connection machine: bytes as events, in any order that its handler may bring.
  package static let serverMachine = FuzzTarget(
    name: "server-machine", summary: "ServerConnectionStateMachine, any events", maxLength: 256, seeds: []
  ) { bytes throws(FuzzFinding) in
    var input = InputReader(bytes)
    var run = ServerMachineRun(&input)
    while !input.isAtEnd { try run.step(&input) }
    try run.finish()
  }
}

/// The machine beside the little that must be true of it whatever it decides.
private struct ServerMachineRun {
  private enum Half { case unary, open, closed }

  private struct Call {
    let stream: UInt32
    var half = Half.unary
    /// Credit each way; `nil` where there is none.
    var sending: Int?
    var receiving: Int?
  }

  private static let limits = {
    var limits = TTRPCLimits()
    limits.maxFrameLength = 200
    limits.maxCallsInFlight = 4
    limits.maxStreamsPerConnection = 2
    return limits
  }()

  private var machine: ServerConnectionStateMachine
  private let isTurnedAway: Bool
  /// Calls that were dispatched and have had no answer, in order.
  private var calls: [Call] = []
  private var granted: WireExtensions = []
  private var highest: UInt32 = 0
  private var lastDispatched: UInt32 = 0
  /// A header whose body was wanted and has not come.
  private var collected: FrameHeader?
  private var isFinishing = false
  private var isOver = false

  init(_ input: inout InputReader) {
    isTurnedAway = input.byte() % 16 == 15
    machine = ServerConnectionStateMachine(
      limits: Self.limits, turnAway: isTurnedAway ? .tooManyConnections(maximum: 1) : nil)
  }

  mutating func step(_ input: inout InputReader) throws(FuzzFinding) {
    switch input.byte() % 16 {
    case 0...5: if collected == nil { try header(input.header(calls.map(\.stream), highest, Self.limits)) } else { try body(&input) }
    case 6, 7: try body(&input)
    case 8: try reply(to: stream(&input))
    case 9, 10: try startStream(&input)
    case 11: send(&input)
    case 12: try giveBack(&input)
    case 13:
      let extensions = WireExtensions(rawValue: input.byte() & 31)
      machine.grant(extensions)
      granted.formUnion(extensions)
    case 14: try end(input.byte() % 2 == 0)
    default: if input.byte() % 8 == 0 { lose(&input) }
    }
    try check()
  }

  /// Every call is answered, and the connection ends.
  mutating func finish() throws(FuzzFinding) {
    while let call = calls.first { try reply(to: call.stream) }
    try end(true)
    try require(isOver, "a connection that owes nothing goes on")
    try check()
  }

  private func check() throws(FuzzFinding) {
    try require(machine.callsInFlight == calls.count, "\(machine.callsInFlight) calls are counted, \(calls.count) are in flight")
    try require(calls.count <= Self.limits.maxCallsInFlight, "more calls are in flight than may be")
    try require(machine.streamsInFlight == calls.count { $0.half != .unary }, "\(machine.streamsInFlight) streams are counted")
    try require(machine.isFinished == isOver, isOver ? "the connection is over and goes on" : "the connection has ended unasked")
    try require(machine.openStreams == calls.filter { $0.half == .open }.map(\.stream), "a client's half is open or closed by mistake")
    try require(
      machine.lastStreamToTell == (granted.contains(.goingAway) ? highest : nil), "the last stream is \(machine.lastStreamToTell ?? 0), not \(highest)")
    for call in calls {
      try require(machine.isInFlight(call.stream), "a call has been forgotten")
      try require(machine.maySend(on: call.stream) == (call.sending.map { $0 > 0 } ?? true), "the credit of \(call.stream) is not kept")
    }
  }

  private mutating func stream(_ input: inout InputReader) -> UInt32 { input.stream(calls.map(\.stream), highest) }

  private func index(of stream: UInt32) -> Int? { calls.firstIndex { $0.stream == stream } }

  // MARK: Frames

  private mutating func header(_ header: FrameHeader) throws(FuzzFinding) {
    let answer = machine.receivedHeader(header)
    let half = index(of: header.stream).map { calls[$0].half }
    let isExtension = header.type != .request && header.type != .data
    try require(!isOver || answer == .ignore, "something is said after the end")
    let wasOver = isOver
    switch answer {
    case .ignore: try require(isOver || isExtension, "a frame that has a meaning is ignored")
    case .collect:
      try require(Int(header.length) <= Self.limits.maxFrameLength, "a frame is taken that is too long")
      let isRight =
        switch header.type {
        case .request: header.stream % 2 == 1 && header.stream > highest && !isFinishing && !isTurnedAway
        case .data: half == .open
        default: WireExtensions(frame: header.type).map { granted.contains($0) } ?? false
        }
      try require(isRight, "a frame is taken out of turn")
      collected = header
    case .cancel:
      try require(half != nil && granted.contains(.cancel) && header.type == .cancel && header.length == 0, "a call is cancelled unasked")
      try reply(to: header.stream)
    case .refuse(let refusal): try require(fits(refusal, header, half), "refused with \(refusal), which is not so")
    case .refuseAndCancel(let refusal):
      try require(half != nil && fits(refusal, header, half), "a call is ended with \(refusal), which is not so")
      calls.removeAll { $0.stream == header.stream }
    case .refuseAndClose(let refusal):
      try require(fits(refusal, header, half), "closed with \(refusal), which is not so")
      over()
    }
    if header.type == .request, header.stream % 2 == 1, header.reservedByte == 0, !wasOver {
      highest = max(highest, header.stream)
    }
  }

  private func fits(_ refusal: ConnectionRefusal, _ header: FrameHeader, _ half: Half?) -> Bool {
    switch refusal {
    case .reservedByteSet(let byte): byte != 0 && byte == header.reservedByte
    case .frameTooLong(let length, let maximum): length == header.length && Int(length) > maximum
    case .streamNotOdd: header.stream % 2 == 0
    case .streamReused: header.type == .request && header.stream <= highest
    case .streamNotActive: header.type == .data && half == nil
    case .dataAfterClose: header.type == .data && (half == .unary || half == .closed)
    case .extensionMisused(let type): type == header.type && granted != []
    case .tooManyConnections: isTurnedAway && header.type == .request
    case .draining: isFinishing && header.type == .request
    case .tooManyCalls(let maximum): calls.count == maximum && header.type == .request
    default: false
    }
  }

  private mutating func body(_ input: inout InputReader) throws(FuzzFinding) {
    guard let header = collected else { return }
    collected = nil
    switch header.type {
    case .request: try request(header.stream)
    case .data: try data(header)
    default: try control(header, &input)
    }
  }

  private mutating func request(_ stream: UInt32) throws(FuzzFinding) {
    switch machine.requestArrived(stream) {
    case .dispatch:
      try require(!isOver && !isFinishing && stream > lastDispatched, "a stream is served that must not be")
      lastDispatched = stream
      calls.append(Call(stream: stream))
    case .refuse(let refusal):
      try require(refusal == .draining ? isFinishing : calls.count == Self.limits.maxCallsInFlight, "refused with \(refusal), which is not so")
    case .ignore: try require(isOver, "a request is ignored")
    }
  }

  private mutating func data(_ header: FrameHeader) throws(FuzzFinding) {
    let answer = machine.dataArrived(header.stream, flags: header.flags, length: Int(header.length))
    guard !isOver, let index = index(of: header.stream), calls[index].half == .open else {
      return try require(answer == .ignore, "data is handed to a stream that takes none")
    }
    let (isMessage, isEnd) = (!header.flags.contains(.noData), header.flags.contains(.remoteClosed))
    if isMessage, let left = calls[index].receiving {
      if left <= 0 { return try endInstead(index, .sentWithoutCredit, answer == .refuseAndCancel(.sentWithoutCredit), answer == .refuseAndClose(.sentWithoutCredit)) }
      calls[index].receiving = left - Int(header.length) - WireExtensions.messageOverhead
    }
    try require(answer == .deliver(isMessage: isMessage, isEnd: isEnd), "data is met with \(answer)")
    if isEnd { calls[index].half = .closed }
  }

  private mutating func control(_ header: FrameHeader, _ input: inout InputReader) throws(FuzzFinding) {
    var body = Array(input.take(Int(header.length)))
    body += [UInt8](repeating: 0, count: Int(header.length) - body.count)
    let answer = body.withUnsafeBytes { machine.extensionArrived(header, $0) }
    guard header.type == .credit, !isOver, let index = index(of: header.stream), let left = calls[index].sending else {
      let expected: ServerConnectionStateMachine.OnExtension = header.type == .ping && !isOver ? .pong : .ignore
      return try require(answer == expected, "an extension's frame is met with \(answer), not \(expected)")
    }
    let number = body.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    if number == 0 || left + number > Int(Int32.max) {
      return try endInstead(index, .creditOverflow, answer == .refuseAndCancel(.creditOverflow), answer == .refuseAndClose(.creditOverflow))
    }
    try require(answer == .resume(header.stream), "credit is met with \(answer)")
    calls[index].sending = left + number
  }

  /// The refusal is the call's one answer.
  private mutating func endInstead(
    _ index: Int, _ refusal: ConnectionRefusal, _ cancels: Bool, _ closes: Bool
  ) throws(FuzzFinding) {
    let isLast = isFinishing && calls.count == 1
    try require(isLast ? closes : cancels, "a call is not ended with \(refusal)")
    calls.remove(at: index)
    if isLast { over() }
  }

  // MARK: This end

  private mutating func startStream(_ input: inout InputReader) throws(FuzzFinding) {
    guard let index = calls.indices.last, calls[index].half == .unary else { return }
    let isClientOpen = input.byte() % 4 != 0
    let isFull = calls.count { $0.half != .unary } == Self.limits.maxStreamsPerConnection
    let refusal = machine.startedStream(calls[index].stream, isClientOpen: isClientOpen)
    try require(refusal == (isFull ? .tooManyStreams(maximum: Self.limits.maxStreamsPerConnection) : nil), "a stream is answered with \(String(describing: refusal))")
    if isFull { return }
    calls[index].half = isClientOpen ? .open : .closed
    if granted.contains(.credit) {
      (calls[index].sending, calls[index].receiving) = (WireExtensions.initialCredit, WireExtensions.initialCredit)
    }
  }

  private mutating func send(_ input: inout InputReader) {
    let stream = stream(&input)
    guard machine.maySend(on: stream) else { return }
    // Now and then so much that the credit is used up.
    let size = input.byte() < 64 ? WireExtensions.initialCredit : 8
    machine.sent(length: size, on: stream)
    if let index = index(of: stream), let left = calls[index].sending { calls[index].sending = left - size - WireExtensions.messageOverhead }
  }

  private mutating func giveBack(_ input: inout InputReader) throws(FuzzFinding) {
    let (stream, amount) = (stream(&input), UInt32(input.byte()) * 256 + 1)
    let index = index(of: stream).flatMap { calls[$0].half == .open && calls[$0].receiving != nil ? $0 : nil }
    try require(machine.givesBack(amount, on: stream) == (index != nil), "credit is given back that is not owed, or kept that is")
    if let index { calls[index].receiving! += Int(amount) }
  }

  private mutating func reply(to stream: UInt32) throws(FuzzFinding) {
    let index = index(of: stream)
    let answer = machine.replied(stream)
    try require((answer == .drop) == (index == nil), index == nil ? "a second answer goes out" : "an answer that is owed is dropped")
    if let index { calls.remove(at: index) }
    try require((answer == .sendAndClose) == (index != nil && isFinishing && calls.isEmpty), "the connection ends at the wrong answer")
    if answer == .sendAndClose { over() }
  }

  /// The server goes away, or the peer sends no more; then the calls end that wait for its messages.
  private mutating func end(_ drains: Bool) throws(FuzzFinding) {
    let expected: ServerConnectionStateMachine.OnEnd = isOver ? .none : calls.isEmpty ? .close : .wait
    let answer = drains ? machine.drain() : machine.inputClosed()
    try require(answer == expected, "the end is \(answer), not \(expected)")
    if answer == .close { over() }
    isFinishing = true
    if !drains { for stream in machine.openStreams { try reply(to: stream) } }
  }

  private mutating func lose(_ input: inout InputReader) {
    if input.byte() % 2 == 0 { machine.connectionLost() } else { machine.bodyGivenUp() }
    over()
  }

  private mutating func over() {
    isOver = true
    calls = []
  }
}
