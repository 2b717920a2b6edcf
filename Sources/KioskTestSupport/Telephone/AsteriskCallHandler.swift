internal import NIOCore

/// One call of an Asterisk, its caller's hand included; behaves as design/TELEPHONY.md §1 says, also where that is inconvenient.
///
/// Everything happens on the connection's event loop.
final class AsteriskCallHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let script: PhoneScript
  private let done: EventLoopPromise<PhoneTranscript>
  private var reactions: [PhoneScript.Reaction]
  private(set) var transcript = PhoneTranscript()
  /// Bytes that an Asterisk which is busy elsewhere has not seen.
  private var unread: [UInt8] = []
  /// Bytes that have come and that nobody has read.
  private var socket: [UInt8] = []
  /// Bytes that were read with a line before them: they lie there until more come.
  private var stdio: [UInt8] = []
  private var playing: AsteriskPlaying?
  /// Of everything that was ever played: what is due of an earlier one is not heard.
  private var playNumber = 0
  /// Since when it plays, as if it had been from its beginning.
  private var playingSince = NIODeadline.now()
  private var timer: Scheduled<Void>?
  /// The dialplan's TIMEOUT(absolute).
  private var absolute: Scheduled<Void>?
  private var owesHangUpLine = false
  private var isClosed = false
  private var begun = NIODeadline.now()
  /// When the last answer was written, until the next command comes.
  private var answered: NIODeadline?
  /// Since when nothing is heard and nothing asked.
  private var quiet: NIODeadline?
  /// The same, counted by what was ordered.
  private var orderedQuiet = Duration.zero

  init(_ script: PhoneScript, done: EventLoopPromise<PhoneTranscript>) {
    self.script = script
    self.done = done
    reactions = script.reactions
  }

  // MARK: The connection

  func channelActive(context: ChannelHandlerContext) {
    begun = .now()
    quiet = begun
    let lines = [
      "agi_network: yes", "agi_network_script: \(script.script)", "agi_request: agi://127.0.0.1:4573/\(script.script)",
      "agi_channel: Local/5550100@entrada-00000009;2", "agi_language: \(script.language)", "agi_type: Local",
      "agi_uniqueid: 1795000000.9", "agi_version: 22.10.1", "agi_callerid: \(script.callerID)", "agi_calleridname: Ñ \"x\": y",
      "agi_callingpres: 0", "agi_callingani2: 0", "agi_callington: 0", "agi_callingtns: 0", "agi_dnid: unknown", "agi_rdnis: unknown",
      "agi_context: ventanilla", "agi_extension: s", "agi_priority: 5", "agi_enhanced: 0.0", "agi_accountcode: ", "agi_threadid: 1",
    ] + script.arguments.enumerated().map { "agi_arg_\($0.offset + 1): \($0.element)" }
    write(lines.joined(separator: "\n") + "\n\n", context)
    absolute = after(.seconds(900), context) { self.hangUp(context) }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = Array(Self.unwrapInboundIn(data).readableBytesView)
    guard script.readsAfter > .zero else {
      socket += bytes
      return poll(context)
    }
    unread += bytes
    guard unread.count == bytes.count else { return }
    context.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(Int64(script.readsAfter / .nanoseconds(1)))) {
      self.socket += self.unread
      self.unread = []
      self.poll(context)
    }
  }

  /// What lies in buffers is still carried out, although nobody hears the answers.
  func channelInactive(context: ChannelHandlerContext) {
    isClosed = true
    endQuiet()
    timer?.cancel()
    absolute?.cancel()
    playing = nil
    stdio += socket
    socket = []
    while let line = takeLine() { obey(line, context) }
    done.succeed(transcript)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  /// Asterisk looks at the socket, and then reads one line through stdio.
  private func poll(_ context: ChannelHandlerContext) {
    while !socket.isEmpty {
      if let playing {
        guard playing.isInterruptible else { return transcript.faults.append("an order while \(playing.kind) runs") }
        timer?.cancel()
        self.playing = nil
        if playing.isWaitingForKeys { transcript.warnings.append("The FD we were waiting for has something waiting.") }
        if let reply = playing.interruptionReply { answer(reply, context) }
      }
      if !stdio.contains(10) {
        stdio += socket
        socket = []
      }
      guard let line = takeLine() else { return }
      if !stdio.isEmpty { transcript.faults.append("two orders at once") }
      obey(line, context)
    }
  }

  private func takeLine() -> String? {
    guard let end = stdio.firstIndex(of: 10) else { return nil }
    defer { stdio.removeSubrange(...end) }
    if end > 8191 { transcript.faults.append("a line of \(end) bytes") }
    return String(decoding: stdio[..<end], as: UTF8.self)
  }

  // MARK: Orders

  private func obey(_ line: String, _ context: ChannelHandlerContext) {
    if let answered { transcript.turnarounds.append(.nanoseconds((NIODeadline.now() - answered).nanoseconds)) }
    answered = nil
    transcript.commands.append(line)
    let order = AsteriskLine(line)
    if let reply = order.answeredAlways(&transcript.variables, script) { return answer(reply, context) }
    if transcript.hungUp, order.arguments(of: "EXEC") != nil { return answer("200 result=0", context) }
    if transcript.hungUp { return answer("511 Command Not Permitted on a dead channel or intercept routine", context) }
    guard let next = order.plays(script) else { return answer(order.answeredAtOnce, context) }
    switch next {
    case .answer(let reply): answer(reply, context)
    case .play(let pieces, let length, let playing): play(pieces, length, playing, context)
    case .hangUp(let reply, let time):
      answer(reply, context)
      if time == .zero { hangUp(context) } else { after(time, context) { self.hangUp(context) } }
    }
  }

  private func play(_ pieces: [AsteriskPiece], _ length: Duration, _ next: AsteriskPlaying, _ context: ChannelHandlerContext) {
    playing = next
    playing?.length = length
    playNumber += 1
    playingSince = .now()
    let number = playNumber
    for piece in pieces {
      if piece.offset == .zero { begin(piece, context); continue }
      after(piece.offset, context) { if self.playNumber == number, self.playing?.isWaiting == false { self.begin(piece, context) } }
    }
    // Somebody who reacts to its beginning has not ended it: reactions take time.
    schedule(length, context) { self.soundEnded(context) }
  }

  private func begin(_ piece: AsteriskPiece, _ context: ChannelHandlerContext) {
    guard let name = piece.name else {
      if quiet == nil { quiet = .now() }
      orderedQuiet += piece.length
      transcript.orderedSilence = max(transcript.orderedSilence, orderedQuiet)
      return
    }
    endQuiet()
    transcript.heard.append(name)
    if transcript.firstSound == nil { transcript.firstSound = .nanoseconds((NIODeadline.now() - begun).nanoseconds) }
    react(to: name, context)
  }

  private func soundEnded(_ context: ChannelHandlerContext) {
    guard var now = playing else { return }
    now.isWaiting = true
    playing = now
    switch now.kind {
    case .streamFile: finish("200 result=0 endpos=\(now.length.samples)", context)
    case .controlStreamFile:
      leave(["CPLAYBACKSTATUS": "SUCCESS", "CPLAYBACKOFFSET": "\(now.length.milliseconds)"])
      finish("200 result=0 endpos=\(now.length.milliseconds)", context)
    case .say, .waitForDigit: finish("200 result=0", context)
    case .record: finish("200 result=0 (timeout) endpos=\(now.length.samples)", context)
    case .application(let variables):
      leave(variables)
      finish("200 result=0", context)
    case .getData(let wait, _): waitForKey(wait, context)
    case .read(_, _, let first, let between): waitForKey(now.digits.isEmpty ? first : between, context)
    case .getOption(let wait): schedule(wait, context) { self.finish("200 result=0 endpos=\(now.length.samples)", context) }
    }
  }

  private func waitForKey(_ wait: Duration, _ context: ChannelHandlerContext) {
    // Whoever is asked is not left alone.
    endQuiet()
    schedule(wait, context) {
      let digits = self.playing?.digits ?? ""
      if case .read(let variable, _, _, _)? = self.playing?.kind {
        self.leave([variable: digits, "READSTATUS": "TIMEOUT"])
        return self.finish("200 result=0", context)
      }
      self.finish("200 result=\(digits) (timeout)", context)
    }
  }

  private func leave(_ variables: [String: String]) { transcript.variables.merge(variables) { $1 } }

  private func finish(_ reply: String, _ context: ChannelHandlerContext) {
    timer?.cancel()
    playing = nil
    answer(reply, context)
    poll(context)
  }

  // MARK: The caller

  private func react(to what: String, _ context: ChannelHandlerContext) {
    guard let index = reactions.firstIndex(where: { what.hasSuffix($0.hearing) || what.hasPrefix($0.hearing) }),
      index == 0 || !reactions[index].isLast
    else { return }
    switch reactions.remove(at: index).deed {
    case .hangUp(let time): after(time, context) { self.hangUp(context) }
    case .press(let keys, let first, let every):
      for (place, key) in keys.enumerated() { after(first + every * place, context) { self.press(key, context) } }
    }
  }

  private func press(_ key: Character, _ context: ChannelHandlerContext) {
    guard !transcript.hungUp, !isClosed else { return }
    guard var now = playing else { return transcript.lostKeys.append(key) }
    switch now.kind {
    case .streamFile, .say:
      guard now.keys.contains(key) else { return }
      finish("200 result=\(key.asciiValue!)\(now.endPosition)", context)
    case .record:
      guard now.keys.contains(key) else { return }
      finish("200 result=\(key.asciiValue!) (dtmf) endpos=4000", context)
    case .application: transcript.lostKeys.append(key)
    case .controlStreamFile(let skip, let forward, let back, let pause):
      control(key, now, skip, forward, back, pause, context)
    case .waitForDigit: finish("200 result=\(key.asciiValue!)", context)
    case .getOption: finish("200 result=\(now.keys.contains(key) ? Int(key.asciiValue!) : 0) endpos=4000", context)
    case .getData(let wait, let max):
      if key == "#" { return finish("200 result=\(now.digits)", context) }
      now.digits.append(key)
      now.isWaiting = true
      playing = now
      if now.digits.count >= max { return finish("200 result=\(now.digits)", context) }
      waitForKey(wait, context)
    case .read(let variable, let max, _, let between):
      if key != "#" { now.digits.append(key) }
      now.isWaiting = true
      playing = now
      guard key == "#" || now.digits.count >= max else { return waitForKey(between, context) }
      leave([variable: now.digits, "READSTATUS": "OK"])
      finish("200 result=0", context)
    }
  }

  /// Forward, back, a pause that any of its keys ends, or the stop.
  private func control(
    _ key: Character, _ now: AsteriskPlaying, _ skip: Duration, _ forward: Character?, _ back: Character?, _ pause: Character?,
    _ context: ChannelHandlerContext
  ) {
    var now = now
    var position = min(now.length, Duration.nanoseconds((NIODeadline.now() - playingSince).nanoseconds) * script.speed)
    if now.keys.contains(key) {
      let milliseconds = position.milliseconds
      leave(["CPLAYBACKSTATUS": "USERSTOPPED", "CPLAYBACKOFFSET": "\(milliseconds)", "CPLAYBACKSTOPKEY": String(key)])
      return finish("200 result=\(key.asciiValue!) endpos=\(milliseconds)", context)
    }
    if key == forward {
      position = min(now.length, position + skip)
    } else if key == back {
      position = max(.zero, position - skip)
    } else if key == pause, !now.isPaused {
      now.isPaused = true
      playing = now
      timer?.cancel()
      return
    } else if key != pause {
      return
    }
    now.isPaused = false
    playing = now
    playingSince = .now() - real(position)
    schedule(now.length - position, context) { self.soundEnded(context) }
  }

  private func hangUp(_ context: ChannelHandlerContext) {
    guard !transcript.hungUp, !isClosed else { return }
    transcript.hungUp = true
    timer?.cancel()
    let reply = playing?.hangUpReply
    if let playing { leave(playing.hangUpVariables) }
    playing = nil
    if let reply { answer(reply, context) }
    if script.tellsHangUpLate { owesHangUpLine = true } else { write("HANGUP\n", context) }
    if script.exitsOnHangUp { after(.milliseconds(200), context) { context.close(promise: nil) } }
    poll(context)
  }

  // MARK: Time and bytes

  private func answer(_ reply: String, _ context: ChannelHandlerContext) {
    answered = .now()
    if quiet == nil { quiet = answered }
    if owesHangUpLine { write("HANGUP\n", context) }
    owesHangUpLine = false
    write(reply + "\n", context)
  }

  private func write(_ text: String, _ context: ChannelHandlerContext) {
    if !isClosed { context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(string: text)), promise: nil) }
  }

  private func schedule(_ time: Duration, _ context: ChannelHandlerContext, _ body: @escaping () -> Void) {
    timer?.cancel()
    timer = context.eventLoop.assumeIsolated().scheduleTask(in: real(time), body)
  }

  @discardableResult
  private func after(_ time: Duration, _ context: ChannelHandlerContext, _ body: @escaping () -> Void) -> Scheduled<Void> {
    context.eventLoop.assumeIsolated().scheduleTask(in: real(time), body)
  }

  private func real(_ time: Duration) -> TimeAmount {
    .nanoseconds(Int64(Double(time / .nanoseconds(1)) / script.speed))
  }

  private func endQuiet() {
    orderedQuiet = .zero
    guard let quiet else { return }
    let silence = Duration.nanoseconds((NIODeadline.now() - quiet).nanoseconds) * script.speed
    transcript.deadAir = max(transcript.deadAir, silence)
    self.quiet = nil
  }
}

extension AsteriskPlaying {
  fileprivate var endPosition: String {
    if case .streamFile = kind { " endpos=4000" } else { "" }
  }
}

extension Duration {
  /// Eight to a millisecond.
  fileprivate var samples: Int64 { components.seconds * 8000 + components.attoseconds / 125_000_000_000_000 }

  fileprivate var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
