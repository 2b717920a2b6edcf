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
    counters.calls += 1
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

  /// Ten bytes that end a half are written to a channel that has enough, too; never before a message that waits.
  private func order(_ next: ClientStreamCall.Write, on call: ClientStreamCall) {
    if call.writes.isEmpty, next.message == nil || isWritable { return write(next, of: call) }
    if call.writes.isEmpty { waitingWriters.append(call) }
    call.append(next)
  }

  private func write(_ next: ClientStreamCall.Write, of call: ClientStreamCall) {
    guard let stream = call.stream else { preconditionFailure("a stream is opened before it is written to") }
    if let message = next.message {
      FrameHeader(length: UInt32(message.count), stream: stream, type: .data).write(to: &output)
      output.writeBytes(message)
    } else if machine.finishedSending(on: stream) {
      writeClose(of: stream)
    }
    next.waiter?.resume(returning: .success(()))
  }

  private func writeClose(of stream: UInt32) {
    FrameHeader(length: 0, stream: stream, type: .data, flags: [.remoteClosed, .noData]).write(to: &output)
  }

  /// The server has read more.
  func writeWaitingStreams() {
    let (openings, writers) = (waitingOpenings, waitingWriters)
    (waitingOpenings, waitingWriters) = ([], [])
    for call in openings where !call.isOver { writeRequest(of: call) }
    for call in writers where !call.isOver {
      for next in call.takeWrites() { write(next, of: call) }
    }
  }

  // MARK: In

  func deliver(_ body: UnsafeRawBufferPointer, _ header: FrameHeader, to call: ClientStreamCall) {
    header.type == .response ? deliverResponse(body, header.stream, to: call) : deliverMessage(body, header, to: call)
  }

  private func deliverMessage(_ body: UnsafeRawBufferPointer, _ header: FrameHeader, to call: ClientStreamCall) {
    let answer = machine.messageArrived(header)
    if answer == .ignore { return counters.ignoredFrames += 1 }
    guard call.inbox.deliver(Array(body)) else {
      let owesClose = if case .deliverAndEnd(let owes) = answer { owes } else { machine.streamAbandoned(header.stream) }
      return end(stream: header.stream, .failed(inboxFull), owesClose: owesClose)
    }
    if case .deliverAndEnd(let owesClose) = answer { end(stream: header.stream, .well, owesClose: owesClose) }
  }

  private func deliverResponse(_ body: UnsafeRawBufferPointer, _ stream: UInt32, to call: ClientStreamCall) {
    do throws(EnvelopeFault) {
      let response = try ResponseEnvelope(body)
      let answer = machine.responseArrived(
        stream, succeeded: response.error == nil, payloadLength: response.payload.count)
      guard case .end(let delivers, let owesClose) = answer else { return counters.ignoredFrames += 1 }
      let fits = delivers ? call.inbox.deliver(Array(response.payload)) : true
      let fault = response.error ?? (fits ? nil : inboxFull)
      end(stream: stream, fault.map { .failed($0) } ?? .well, owesClose: owesClose)
    } catch {
      _ = machine.abandoned(stream)
      end(stream: stream, .failed(RPCError(.internal, "unmarshal response error: \(error.reason)")), owesClose: false)
    }
  }

  private var inboxFull: RPCError {
    .limitReached(
      .maxBytesQueuedPerStream, limits.maxBytesQueuedPerStream, "bytes of messages that nobody has read on this stream")
  }

  // MARK: Ends

  func end(stream: UInt32, _ end: StreamInbox.End, owesClose: Bool, dropsMessages: Bool = false) {
    guard let call = streams.remove(stream) else { return }
    if owesClose { writeClose(of: stream) }
    call.finish(end, dropsMessages: dropsMessages)
    if !machine.takesCalls { flush() }
    closeIfUsedUp()
  }

  func abandon(_ call: ClientStreamCall, _ error: RPCError) {
    guard let stream = call.stream else {
      call.finish(.failed(error), dropsMessages: true)
      return waitingOpenings.removeAll { $0 === call }
    }
    let owesClose = machine.streamAbandoned(stream)
    end(stream: stream, .failed(error), owesClose: owesClose, dropsMessages: true)
  }

  func streamDeadlinesPassed(_ late: [ClientStreamCall]) {
    for call in late where !call.isOver { abandon(call, .deadlineExceeded) }
    flush()
  }

  /// Nothing more comes on any stream.
  func streamsEnded(_ error: RPCError) {
    let ended = streams.removeAll() + waitingOpenings
    (waitingOpenings, waitingWriters) = ([], [])
    for call in ended { call.finish(.failed(error)) }
  }
}

extension FrameHeader {
  fileprivate func write(to output: inout ByteBuffer) {
    output.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.size) { room in
      write(to: UnsafeMutableRawBufferPointer(rebasing: room[..<Self.size]))
      return Self.size
    }
  }
}
