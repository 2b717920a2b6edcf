internal import NIOCore
internal import TTRPCCore

/// A handler that uses up bytes as frames: what both ends of a connection do with a read.
///
/// Whole frames are used where they lie in the read buffer. Only the beginning of a frame whose end has not come is copied, into a
/// buffer that exists as long as there is such a beginning.
protocol FrameConsumer: AnyObject {
  var parser: FrameParser { get set }
  /// Bytes that came and could not be used yet.
  var partial: ByteBuffer { get set }
  /// Whether what has come must wait: the peer does not read, or has sent more than it may.
  var letsBytesWait: Bool { get }
  /// Uses bytes from the start and returns how many; fewer than all only when a frame is incomplete or the consumer pauses.
  func consume(_ bytes: UnsafeRawBufferPointer) -> Int
}

extension FrameConsumer {
  /// Uses what it can of the bytes that waited and of the fresh ones, in order.
  @inline(__always)
  func receive(_ fresh: inout ByteBuffer) {
    if partial.readableBytes == 0, !letsBytesWait {
      use(&fresh)
      if fresh.readableBytes > 0 { partial = Self.copy(&fresh) }
    } else {
      receiveAfterPartial(&fresh)
    }
  }

  private func receiveAfterPartial(_ fresh: inout ByteBuffer) {
    var kept = takePartial()
    while kept.readableBytes > 0, fresh.readableBytes > 0, !letsBytesWait {
      let missing = max(0, parser.bytesNeeded - kept.readableBytes)
      if var piece = fresh.readSlice(length: min(missing, fresh.readableBytes)) { kept.writeBuffer(&piece) }
      use(&kept)
    }
    if kept.readableBytes == 0, !letsBytesWait { use(&fresh) }
    if kept.readableBytes == 0, fresh.readableBytes > 0 {
      kept = Self.copy(&fresh)
    } else {
      kept.writeBuffer(&fresh)
    }
    if kept.readableBytes > 0 { partial = kept }
  }

  /// Uses what it can of the bytes that waited.
  func receiveWaiting() {
    var kept = takePartial()
    use(&kept)
    if kept.readableBytes > 0 { partial = kept }
  }

  /// The partial buffer leaves its property while it is read: whatever a frame sets off may then touch the property.
  private func takePartial() -> ByteBuffer {
    let kept = partial
    partial = ByteBuffer()
    return kept
  }

  @inline(__always)
  private func use(_ buffer: inout ByteBuffer) {
    let used = buffer.withUnsafeReadableBytes { consume($0) }
    buffer.moveReaderIndex(forwardBy: used)
  }

  private static func copy(_ bytes: inout ByteBuffer) -> ByteBuffer {
    var copy = ByteBufferAllocator().buffer(capacity: bytes.readableBytes)
    copy.writeBuffer(&bytes)
    return copy
  }
}
