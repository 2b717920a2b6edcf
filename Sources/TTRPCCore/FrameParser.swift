/// Finds frames in a run of bytes, and never asks for more memory than a header its owner has accepted.
///
/// The parser says "header"; its owner judges it and answers with ``collectBody()`` or ``skipBody()`` before it asks again.
/// A skipped body is thrown away as it comes, however long it is; a collected one is handed over whole.
package struct FrameParser: Sendable {
  package enum Step: Equatable, Sendable {
    /// The bytes end in the middle of a header or of a collected body.
    case needMore
    /// A header stands here, unjudged.
    case header(FrameHeader)
    /// A collected body is complete: `length` bytes from `start` on.
    case frame(FrameHeader, start: Int)
  }

  private enum State: Equatable, Sendable {
    /// Between frames. Can transition to `judging`.
    case header
    /// A header was reported. Can transition to `collecting` or `skipping`.
    case judging(FrameHeader)
    /// The owner wants the body. Can transition to `header`.
    case collecting(FrameHeader)
    /// The owner does not want the next so many bytes. Can transition to `header`.
    case skipping(UInt32)
  }

  private var state = State.header

  package init() {}

  /// Takes the next step from `offset`, and moves `offset` past what it has used.
  @inline(__always)
  package mutating func next(in bytes: UnsafeRawBufferPointer, at offset: inout Int) -> Step {
    while true {
      let available = bytes.count - offset
      switch state {
      case .header:
        guard available >= FrameHeader.size else { return .needMore }
        let header = FrameHeader(UnsafeRawBufferPointer(rebasing: bytes[offset...]))
        offset += FrameHeader.size
        state = .judging(header)
        framesBegun &+= 1
        return .header(header)
      case .judging:
        preconditionFailure("a header must be judged before the next step")
      case .collecting(let header):
        guard available >= Int(header.length) else { return .needMore }
        let start = offset
        offset += Int(header.length)
        state = .header
        return .frame(header, start: start)
      case .skipping(let length):
        let skipped = min(UInt32(truncatingIfNeeded: available), length)
        offset += Int(skipped)
        state = skipped == length ? .header : .skipping(length - skipped)
        if skipped < length { return .needMore }
      }
    }
  }

  /// Accepts the header just reported: its body will be a `frame`.
  @inline(__always)
  package mutating func collectBody() {
    guard case .judging(let header) = state else { preconditionFailure("only a reported header is accepted") }
    state = .collecting(header)
  }

  /// Throws away the body of the header just reported.
  @inline(__always)
  package mutating func skipBody() {
    guard case .judging(let header) = state else { preconditionFailure("only a reported header is skipped") }
    state = header.length == 0 ? .header : .skipping(header.length)
  }

  /// Frames whose header has been read so far; wraps around.
  package private(set) var framesBegun: UInt32 = 0

  /// The frame whose body has begun and not ended; `nil` between frames, and for one that is thrown away.
  package var collected: FrameHeader? {
    if case .collecting(let header) = state { header } else { nil }
  }

  /// Throws away the rest of the body that is being collected; its owner throws away the bytes of it that are `kept`.
  package mutating func giveUpBody(kept: Int) {
    guard case .collecting(let header) = state, kept < Int(header.length) else {
      preconditionFailure("only a body that is being collected is given up")
    }
    state = .skipping(header.length - UInt32(kept))
  }

  /// Bytes of the current frame's body that have not come, given how many of it are kept; `nil` between frames.
  package func bodyBytesMissing(kept: Int) -> Int? {
    switch state {
    case .header, .judging: nil
    case .collecting(let header): Int(header.length) - kept
    case .skipping(let length): Int(length)
    }
  }

  /// How many bytes the next step needs in all, counted from where `next` last stopped.
  package var bytesNeeded: Int {
    switch state {
    case .header, .judging: FrameHeader.size
    case .collecting(let header): Int(header.length)
    case .skipping: 1
    }
  }
}
