internal import NIOCore
internal import TTRPCCore

/// Calls that stream.
extension ClientConnectionHandler {
  // MARK: Out

  func open(_ call: ClientStreamCall, for waiter: ClientStreamCall.Waiter?) {
    call.opens(for: waiter)
    // Abandoned before it came here.
    if call.isOver { return call.finish(.failed(.cancelled)) }
    if let refusal = tooManyCalls() { return call.finish(.failed(refusal)) }
    if let deadline = call.deadline { streamDeadlines.insert(call, at: deadline) }
    if waitingOpenings.isEmpty, isWritable { writeRequest(of: call) } else { waitingOpenings.append(call) }
  }

  private func writeRequest(of call: ClientStreamCall) {
    guard let timeout = timeoutNanoseconds(until: call.deadline) else { return call.finish(.failed(.deadlineExceeded)) }
    let frame = RequestFrame(
      call.method, payload: call.request ?? [], timeoutNanoseconds: timeout, metadata: call.metadata)
    let stream: UInt32
    do throws(RPCError) {
      stream = try machine.openStream(length: frame.length, call.method.kind)
    } catch {
      return call.finish(.failed(error))
    }
    streams.append(call, for: stream)
    requestOpened()
    write(frame, stream: stream, flags: call.method.kind.clientStreams ? .remoteOpen : .remoteClosed)
    call.opened(on: stream)
  }

  func send(_ message: [UInt8], on call: ClientStreamCall, for waiter: ClientStreamCall.Waiter?) {
    guard !call.isOver, let stream = call.stream else { return waiter?.resume(returning: .failure(call.sendersFault)) ?? () }
    do throws(RPCError) {
      try machine.sending(length: message.count, on: stream)
      if call.isFinishing { throw .sendingFinished }
    } catch {
      return waiter?.resume(returning: .failure(error)) ?? ()
    }
    order(.init(message: message, waiter: waiter), on: call)
  }

  func finishSending(on call: ClientStreamCall, for waiter: ClientStreamCall.Waiter?) {
    guard !call.isOver, call.stream != nil else { return waiter?.resume(returning: call.finishOutcome) ?? () }
    order(.init(message: nil, waiter: waiter), on: call)
  }

  /// Never before a message that waits.
  private func order(_ next: ClientStreamCall.Write, on call: ClientStreamCall) {
    if call.writes.isEmpty, mayWrite(next, of: call) { return write(next, of: call) }
    call.append(next)
    waitForChannel(call)
  }

  /// Ten bytes that end a half are written to a channel that has enough, too, and cost no credit.
  private func mayWrite(_ next: ClientStreamCall.Write, of call: ClientStreamCall) -> Bool {
    next.message == nil || isWritable && (call.stream.map { machine.hasCredit(on: $0) } ?? true)
  }

  private func waitForChannel(_ call: ClientStreamCall) {
    guard !isWritable, !call.waitsForChannel else { return }
    call.waitsForChannel = true
    waitingWriters.append(call)
  }

  private func write(_ next: ClientStreamCall.Write, of call: ClientStreamCall) {
    guard let stream = call.stream else { preconditionFailure("a stream is opened before it is written to") }
    if let message = next.message {
      machine.sent(length: message.count, on: stream)
      write(FrameHeader(length: UInt32(message.count), stream: stream, type: .data))
      output.writeBytes(message)
    } else if machine.finishedSending(on: stream) {
      writeClose(of: stream)
    }
    next.waiter?.resume(returning: .success(()))
  }

  func writeClose(of stream: UInt32) {
    write(FrameHeader(length: 0, stream: stream, type: .data, flags: [.remoteClosed, .noData]))
  }

  func write(_ header: FrameHeader) { output.writeFrameHeader(header) }

  /// The server has read more.
  func writeWaitingStreams() {
    let (openings, writers) = (waitingOpenings, waitingWriters)
    (waitingOpenings, waitingWriters) = ([], [])
    for call in openings where !call.isOver { writeRequest(of: call) }
    for call in writers {
      call.waitsForChannel = false
      writeWaiting(of: call)
    }
  }

  /// Writes what there is room and credit for.
  func writeWaiting(of call: ClientStreamCall) {
    while !call.isOver, let next = call.writes.first {
      guard mayWrite(next, of: call) else { return waitForChannel(call) }
      _ = call.takeFirstWrite()
      write(next, of: call)
    }
  }

  // MARK: In

  func deliverMessage(_ body: UnsafeRawBufferPointer, _ header: FrameHeader) {
    let stream = header.stream
    let owesClose: Bool?
    switch machine.messageArrived(header) {
    case .skip: return closeIfUsedUp()
    case .ignore: return counters.ignoredFrames += 1
    case .deliver: owesClose = nil
    case .deliverAndEnd(let owes): owesClose = owes
    }
    let fits = streams.value(of: stream)?.inbox.deliver(Array(body)) == nil
    if let owesClose {
      if owesClose { writeClose(of: stream) }
      end(stream: stream, fits ? .well : .failed(inboxFull))
    } else if !fits {
      if let farewell = machine.abandoned(stream) { say(farewell, on: stream) }
      end(stream: stream, .failed(inboxFull))
    }
  }

  func deliverResponse(_ body: UnsafeRawBufferPointer, _ stream: UInt32, to call: ClientStreamCall) {
    do throws(EnvelopeFault) {
      let response = try ResponseEnvelope(body)
      let answer = machine.responseArrived(
        stream, succeeded: response.error == nil, payloadLength: response.payload.count)
      guard case .end(let delivers, let owesClose) = answer else { return counters.ignoredFrames += 1 }
      let fits = delivers ? call.inbox.deliver(Array(response.payload)) == nil : true
      let fault = response.error ?? (fits ? nil : inboxFull)
      if owesClose { writeClose(of: stream) }
      end(stream: stream, fault.map { .failed($0) } ?? .well)
    } catch {
      _ = machine.replyArrived(stream)
      end(stream: stream, .failed(RPCError(.internal, "unmarshal response error: \(error.reason)")))
    }
  }

  private var inboxFull: RPCError {
    .limitReached(
      .maxBytesQueuedPerStream, limits.maxBytesQueuedPerStream, "bytes of messages that nobody has read on this stream")
  }

  // MARK: Ends

  /// What the stream still owes the server is written before: a used-up connection closes here.
  func end(stream: UInt32, _ end: StreamInbox.End, dropsMessages: Bool = false) {
    guard let call = streams.remove(stream) else { return }
    call.finish(end, dropsMessages: dropsMessages)
    if !machine.takesCalls { flush() }
    closeIfUsedUp()
  }

  func abandon(_ call: ClientStreamCall, _ error: RPCError) {
    guard let stream = call.stream else {
      call.finish(.failed(error), dropsMessages: true)
      return waitingOpenings.removeAll { $0 === call }
    }
    if let farewell = machine.abandoned(stream) { say(farewell, on: stream) }
    end(stream: stream, .failed(error), dropsMessages: true)
  }

  func streamDeadlinesPassed(_ late: [ClientStreamCall]) {
    for call in late where !call.isOver { abandon(call, .deadlineExceeded) }
    flush()
  }
}
