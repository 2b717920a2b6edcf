internal import NIOCore
internal import TTRPCCore

extension ByteBuffer {
  /// Writes the ten bytes before a frame's data.
  @inline(__always)
  mutating func writeFrameHeader(_ header: FrameHeader) {
    writeWithUnsafeMutableBytes(minimumWritableBytes: FrameHeader.size) { room in
      header.write(to: UnsafeMutableRawBufferPointer(rebasing: room[..<FrameHeader.size]))
      return FrameHeader.size
    }
  }
}
