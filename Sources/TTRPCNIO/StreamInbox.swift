internal import NIOCore
internal import Synchronization
internal import TTRPCCore

/// What has come for the reader of one stream, and how the stream ended.
///
/// The connection's event loop fills it and the reader's task empties it; the first end counts.
final class StreamInbox: Sendable {
  enum End: Sendable {
    /// The peer has sent its last message.
    case well
    case failed(RPCError)
  }

  /// A message; `nil` after the last.
  typealias Outcome = Result<[UInt8]?, RPCError>

  private struct State {
    var messages = CircularBuffer<[UInt8]>()
    var bytes = 0
    var end: End?
    var reader: UnsafeContinuation<Outcome, Never>?
    var consumed = ConsumedCredit()
    /// Whether the first message cost its sender nothing, and is still here.
    var isFirstFree = false
    /// What the server has counted of the messages; nothing at a client.
    var charge = QueueCharge()

    /// The reader takes a message. Returns what is to be given back for it, and for others before it, now.
    mutating func consume(_ message: [UInt8]) -> UInt32? {
      if isFirstFree {
        isFirstFree = false
        return nil
      }
      return consumed.consumed(length: message.count)
    }
  }

  private let state = Mutex(State())
  private let maxBytes: Int
  private let room: StreamRoom?
  private let giveBack: (@Sendable (UInt32) -> Void)?

  /// - Parameters:
  ///   - room: where a server counts what waits; call ``open()`` then. `nil` at a client.
  ///   - giveBack: called, on either side's thread, with the credit that the reader has consumed; `nil` without credit.
  init(maxBytes: Int, room: StreamRoom? = nil, giveBack: (@Sendable (UInt32) -> Void)? = nil) {
    self.maxBytes = maxBytes
    self.room = room
    self.giveBack = giveBack
  }

  var end: End? { state.withLock(\.end) }

  /// Takes the room that an empty inbox has, or says why there is none.
  func open() -> ConnectionRefusal? { state.withLock { room?.grow(&$0.charge, to: 0) } }

  /// Adds a message. Adds nothing, and says why, when that would be more than may wait. After the end nothing is added.
  ///
  /// - Parameter isFree: it came with the opening request, and took no credit; only the first can.
  func deliver(_ message: [UInt8], isFree: Bool = false) -> ConnectionRefusal? {
    var reader: UnsafeContinuation<Outcome, Never>?
    var credit: UInt32?
    let refusal = state.withLock { state -> ConnectionRefusal? in
      guard state.end == nil else { return nil }
      state.isFirstFree = state.isFirstFree || isFree
      reader = state.reader.take()
      if reader != nil {
        credit = state.consume(message)
        return nil
      }
      let bytes = state.bytes + WireExtensions.cost(ofMessage: message.count)
      guard bytes <= maxBytes else { return .tooMuchQueued(maximum: maxBytes) }
      if let refusal = room?.grow(&state.charge, to: bytes) { return refusal }
      state.messages.append(message)
      state.bytes = bytes
      return nil
    }
    reader?.resume(returning: .success(message))
    if let credit { giveBack?(credit) }
    return refusal
  }

  /// Ends the stream for its reader: after the messages that wait, or at once.
  func finish(_ end: End, dropsMessages: Bool = false) {
    let reader = state.withLock { state -> UnsafeContinuation<Outcome, Never>? in
      guard state.end == nil else { return nil }
      state.end = end
      if dropsMessages {
        (state.messages, state.bytes) = (CircularBuffer(), 0)
        room?.shrink(&state.charge, to: 0)
      }
      return state.reader.take()
    }
    reader?.resume(returning: Self.outcome(end))
  }

  /// Ends the stream at once, also for a reader whose peer had already said its last word and that has not come to it.
  func abort(_ error: RPCError) {
    let reader = state.withLock { state -> UnsafeContinuation<Outcome, Never>? in
      (state.messages, state.bytes) = (CircularBuffer(), 0)
      room?.release(&state.charge)
      state.end = .failed(error)
      return state.reader.take()
    }
    reader?.resume(returning: .failure(error))
  }

  /// The next message, as soon as there is one or an end.
  func next() async -> Outcome {
    var credit: UInt32?
    let outcome = await withUnsafeContinuation { continuation in
      let outcome = state.withLock { state -> Outcome? in
        if let message = state.messages.popFirst() {
          state.bytes -= WireExtensions.cost(ofMessage: message.count)
          room?.shrink(&state.charge, to: state.bytes)
          credit = state.consume(message)
          return .success(message)
        }
        if let end = state.end { return Self.outcome(end) }
        precondition(state.reader == nil, "one task reads a stream")
        state.reader = continuation
        return nil
      }
      if let outcome { continuation.resume(returning: outcome) }
    }
    if let credit { giveBack?(credit) }
    return outcome
  }

  private static func outcome(_ end: End) -> Outcome {
    switch end {
    case .well: .success(nil)
    case .failed(let error): .failure(error)
    }
  }
}
