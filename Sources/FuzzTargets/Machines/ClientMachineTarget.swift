internal import TTRPCCore

extension FuzzTarget {
  /// A client's connection machine: bytes as events, in any order that its handler may bring.
  package static let clientMachine = FuzzTarget(
    name: "client-machine", summary: "ClientConnectionStateMachine, any events", maxLength: 256, seeds: []
  ) { bytes throws(FuzzFinding) in
    var input = InputReader(bytes)
    var run = ClientMachineRun(&input)
    while !input.isAtEnd { try run.step(&input) }
    try run.finish()
  }
}

/// The machine beside the little that must be true of it whatever it decides.
private struct ClientMachineRun {
  private struct Call {
    let stream: UInt32
    let kind: MethodKind
    var isHalfOpen: Bool
    var isCancelled = false
    /// Credit each way; `nil` where there is none.
    var sending: Int?
    var reading: Int?
  }

  private static let limits = {
    var limits = TTRPCLimits()
    limits.maxFrameLength = 200
    limits.maxCallsInFlight = 4
    return limits
  }()

  private var machine: ClientConnectionStateMachine
  private var calls: [Call] = []
  private var highest: UInt32
  private var collected: FrameHeader?
  private var extensions: WireExtensions = []
  private var isLeaving = false
  private var isClosed = false

  init(_ input: inout InputReader) {
    let choice = input.byte()
    // One in sixteen begins near the last number.
    let first = choice % 16 == 15 ? UInt32.max - 2 * UInt32(choice / 16) : 1
    highest = first == 1 ? 0 : first - 2
    machine = ClientConnectionStateMachine(limits: Self.limits, firstStream: first)
  }

  mutating func step(_ input: inout InputReader) throws(FuzzFinding) {
    switch input.byte() % 16 {
    case 0...3: if collected == nil { try header(input.header(calls.map(\.stream), highest, Self.limits)) } else { try body(&input) }
    case 4, 5: try body(&input)
    case 6, 7: try open(&input)
    case 8: try send(&input)
    case 9: try finishSending(stream(&input))
    case 10, 11: try abandon(stream(&input))
    case 12: try consume(&input)
    case 13, 14:
      let granted = WireExtensions(rawValue: input.byte() & 31)
      machine.granted(granted)
      extensions.formUnion(granted)
    default: if input.byte() % 8 == 0 { close() }
    }
    try check()
  }

  mutating func finish() throws(FuzzFinding) {
    for call in calls { try abandon(call.stream) }
    try require(calls.allSatisfy(\.isCancelled), "a call that was given up is still waited for")
    try check()
    close()
    try check()
  }

  private func check() throws(FuzzFinding) {
    try require(machine.callsInFlight == calls.count, "\(machine.callsInFlight) calls are counted, \(calls.count) are in flight")
    try require(calls.count <= Self.limits.maxCallsInFlight, "more calls are in flight than may be")
    try require(!isClosed && !isLeaving || !machine.takesCalls, "a connection that has ended takes calls")
    for call in calls {
      try require(machine.hasCredit(on: call.stream) == (call.sending.map { $0 > 0 } ?? true), "the credit of \(call.stream) is not kept")
    }
  }

  private mutating func stream(_ input: inout InputReader) -> UInt32 { input.stream(calls.map(\.stream), highest) }

  private func call(on stream: UInt32) -> Call? { calls.first { $0.stream == stream } }

  private mutating func forget(_ stream: UInt32) { calls.removeAll { $0.stream == stream } }

  private mutating func change(_ stream: UInt32, _ change: (inout Call) -> Void) {
    if let index = calls.firstIndex(where: { $0.stream == stream }) { change(&calls[index]) }
  }

  // MARK: This client's half

  private mutating func open(_ input: inout InputReader) throws(FuzzFinding) {
    let kinds: [MethodKind] = [.unary, .clientStreaming, .serverStreaming, .bidirectional]
    let (kind, length) = (kinds[Int(input.byte() % 4)], Int(input.length(Self.limits)))
    let opened: Result<UInt32, RPCError>
    do throws(RPCError) { opened = .success(try machine.openStream(length: length, kind)) } catch { opened = .failure(error) }
    switch opened {
    case .success(let stream):
      try require(!isClosed && !isLeaving && stream % 2 == 1 && stream > highest, "stream \(stream) is given out after \(highest)")
      try require(length <= Self.limits.maxFrameLength, "a request goes out that no frame holds")
      highest = stream
      let hasCredit = extensions.contains(.credit)
      calls.append(
        Call(
          stream: stream, kind: kind, isHalfOpen: kind.clientStreams,
          sending: hasCredit && kind.clientStreams ? WireExtensions.initialCredit : nil,
          reading: hasCredit && kind.serverStreams ? WireExtensions.initialCredit : nil))
    case .failure(let error):
      let isRight =
        isClosed || isLeaving || highest > .max - 2 || length > Self.limits.maxFrameLength
        || calls.count == Self.limits.maxCallsInFlight
      try require(isRight, "a call is refused that could be made: \(error)")
    }
  }

  /// As the handler does it: it asks, and what it may send it sends.
  private mutating func send(_ input: inout InputReader) throws(FuzzFinding) {
    let (stream, length) = (stream(&input), Int(input.length(Self.limits)))
    let call = call(on: stream)
    if call?.isCancelled == true { return }
    let mayBeSent = call?.isHalfOpen == true && length <= Self.limits.maxFrameLength
    let error: RPCError?
    do throws(RPCError) {
      try machine.sending(length: length, on: stream)
      error = nil
    } catch let fault { error = fault }
    try require((error == nil) == mayBeSent, mayBeSent ? "a message is refused" : "a message goes out that must not")
    guard mayBeSent, machine.hasCredit(on: stream) else { return }
    // Now and then so much that the credit is used up.
    let size = input.byte() == 0 ? WireExtensions.initialCredit : length
    machine.sent(length: size, on: stream)
    change(stream) { if let left = $0.sending { $0.sending = left - size - WireExtensions.messageOverhead } }
  }

  private mutating func finishSending(_ stream: UInt32) throws(FuzzFinding) {
    if call(on: stream)?.isCancelled == true { return }
    try require(
      machine.finishedSending(on: stream) == (call(on: stream)?.isHalfOpen == true), "the server is told twice, or not at all")
    change(stream) { $0.isHalfOpen = false }
  }

  private mutating func abandon(_ stream: UInt32) throws(FuzzFinding) {
    let farewell = machine.abandoned(stream)
    let call = call(on: stream)
    try require((farewell != nil) == (call?.isCancelled == false), "a call that is over is given up, or one in flight is not")
    if let farewell, let call { try leave(call, farewell) }
  }

  private mutating func leave(_ call: Call, _ farewell: ClientConnectionStateMachine.Farewell) throws(FuzzFinding) {
    let expected: ClientConnectionStateMachine.Farewell =
      extensions.contains(.cancel) ? .cancel : call.isHalfOpen ? .close : .silence
    try require(farewell == expected, "the farewell is \(farewell), not \(expected)")
    if farewell == .cancel { change(call.stream) { $0.isCancelled = true } } else { forget(call.stream) }
  }

  private mutating func consume(_ input: inout InputReader) throws(FuzzFinding) {
    let (stream, amount) = (stream(&input), UInt32(input.byte()) * 256 + 1)
    let isOwed = call(on: stream).map { !$0.isCancelled && $0.reading != nil } ?? false
    try require(machine.consumed(amount, on: stream) == isOwed, "credit is given back that is not owed, or kept that is")
    if isOwed { change(stream) { $0.reading! += Int(amount) } }
  }

  private mutating func close() {
    machine.connectionClosed()
    isClosed = true
    calls = []
  }

  // MARK: The server's half

  private mutating func header(_ header: FrameHeader) throws(FuzzFinding) {
    let answer = machine.receivedHeader(header)
    let call = call(on: header.stream)
    let isLast = header.type == .response || header.flags.contains(.remoteClosed)
    let isOfCall = header.type == .response || header.type == .data
    try require(!isClosed || answer == .ignore, "a closed connection hears something")
    switch answer {
    case .ignore: try require(isClosed || header.type != .response || call == nil, "the answer to a call is ignored")
    case .skip:
      try require(isOfCall ? call?.isCancelled == true : extensions.contains(.ping) || extensions.contains(.credit), "a frame is expected that is not")
      if isOfCall, isLast { forget(header.stream) }
    case .collect:
      try require(Int(header.length) <= Self.limits.maxFrameLength, "a frame is taken that is too long")
      try require(isOfCall ? call?.isCancelled == false : !extensions.isDisjoint(with: [.ping, .credit, .goingAway]), "a frame is taken that nobody waits for")
      collected = header
      guard header.type == .data, let left = call?.reading else { break }
      try require(left > 0, "a message is taken without credit")
      change(header.stream) { $0.reading = left - Int(header.length) - WireExtensions.messageOverhead }
    case .end(let owesClose):
      try require(call?.isCancelled == false && call?.isHalfOpen == owesClose, "a call ends that is not in flight, or its half is forgotten")
      forget(header.stream)
    case .fail(_, let farewell):
      guard let call, !call.isCancelled else { throw FuzzFinding("a call fails that is not in flight") }
      guard isLast else { return try leave(call, farewell) }
      try require(farewell == (header.type == .data && call.isHalfOpen ? .close : .silence), "the farewell to what is over is \(farewell)")
      forget(header.stream)
    case .close:
      try require(header.reservedByte != 0 || !isOfCall && extensions != [], "the connection ends without a reason")
      close()
    }
  }

  private mutating func body(_ input: inout InputReader) throws(FuzzFinding) {
    guard let header = collected else { return }
    collected = nil
    let call = call(on: header.stream)
    if header.type == .data { return try message(header, call) }
    if header.type != .response { return try control(header, call, &input) }
    if let call, !call.isCancelled, call.kind != .unary {
      let succeeded = input.byte() % 2 == 0
      let answer = machine.responseArrived(header.stream, succeeded: succeeded, payloadLength: Int(header.length))
      guard case .end(let delivers, let owesClose) = answer else { throw FuzzFinding("the end of a call is ignored") }
      try require(!delivers || succeeded, "a failed call has a message")
      try require(!owesClose || call.isHalfOpen, "the server is told of a half that is not open")
    } else {
      let expected: ClientConnectionStateMachine.OnReply = call.map { $0.isCancelled ? .skip : .deliver } ?? .ignore
      let answer = machine.replyArrived(header.stream)
      try require(answer == expected, "a reply is met with \(answer), not \(expected)")
    }
    forget(header.stream)
  }

  private mutating func message(_ header: FrameHeader, _ call: Call?) throws(FuzzFinding) {
    let isLast = header.flags.contains(.remoteClosed)
    let expected: ClientConnectionStateMachine.OnMessage =
      call.map { $0.isCancelled ? .skip : isLast ? .deliverAndEnd(owesClose: $0.isHalfOpen) : .deliver } ?? .ignore
    let answer = machine.messageArrived(header)
    try require(answer == expected, "a message is met with \(answer), not \(expected)")
    if isLast { forget(header.stream) }
  }

  private mutating func control(_ header: FrameHeader, _ call: Call?, _ input: inout InputReader) throws(FuzzFinding) {
    var body = Array(input.take(Int(header.length)))
    body += [UInt8](repeating: 0, count: Int(header.length) - body.count)
    let answer = body.withUnsafeBytes { machine.controlArrived(header, $0) }
    if isClosed { return try require(answer == .nothing, "a closed connection hears something") }
    let number = body.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    switch answer {
    case .nothing: try require(header.type == .credit && (call == nil || call!.isCancelled || call!.sending == nil), "a frame has no effect")
    case .pong: try require(header.type == .ping && header.length <= WireExtensions.maxPingLength, "a pong without a ping")
    case .resume(let stream):
      guard let left = call?.sending, stream == header.stream, number > 0, left + number <= Int(Int32.max) else {
        throw FuzzFinding("credit is taken that was not given")
      }
      change(stream) { $0.sending = left + number }
    case .fail(_, let farewell):
      guard let call, let left = call.sending, number == 0 || left + number > Int(Int32.max) else {
        throw FuzzFinding("a call fails over credit that is right")
      }
      try leave(call, farewell)
    case .leave(let notBegun):
      try require(header.type == .goingAway, "the server has not said that it goes away")
      let above = calls.filter { Int($0.stream) > number }
      try require(notBegun == above.filter { !$0.isCancelled }.map(\.stream), "calls are given up that go on, or kept that were not begun")
      calls.removeAll { Int($0.stream) > number }
      isLeaving = true
    }
  }
}
