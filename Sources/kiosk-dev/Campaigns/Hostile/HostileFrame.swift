internal import TTRPCCore

/// Frames as an attacker writes them.
enum HostileFrame {
  static func header(_ type: FrameType, length: UInt32, stream: UInt32 = 1) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: FrameHeader.size)
    bytes.withUnsafeMutableBytes { FrameHeader(length: length, stream: stream, type: type).write(to: $0) }
    return bytes
  }

  static func request(
    _ method: MethodDescriptor, _ payload: [UInt8], _ metadata: Metadata = Metadata(), stream: UInt32 = 1, flags: FrameFlags = []
  ) -> [UInt8] {
    let frame = RequestFrame(method, payload: payload, timeoutNanoseconds: 0, metadata: metadata)
    var bytes = [UInt8](repeating: 0, count: frame.size)
    bytes.withUnsafeMutableBytes { frame.write(stream: stream, to: $0) }
    // The last byte of the header.
    bytes[FrameHeader.size - 1] = flags.rawValue
    return bytes
  }
}

extension HostileSocket {
  /// Sends all of it, and takes what comes meanwhile; stops when the server closes.
  func say(_ bytes: [UInt8]) async throws {
    var sent = 0
    while sent < bytes.count {
      switch bytes.withUnsafeBytes({ send(UnsafeRawBufferPointer(rebasing: $0[sent...])) }) {
      case .bytes(let count): sent += count
      case .wouldBlock:
        listen()
        try await Task.sleep(for: .milliseconds(5))
      case .closed: return
      }
    }
  }

  /// Sends one after the other, and reads nothing, until the server has taken nothing for a second, or has closed.
  ///
  /// - Parameter frame: the frame of that number, from 0.
  func sayUntilStuck(_ frame: (UInt32) -> [UInt8]) async throws {
    var (number, pending, waits) = (UInt32(0), [UInt8](), 0)
    while waits < 50 {
      if pending.isEmpty {
        pending = frame(number)
        number += 1
      }
      switch pending.withUnsafeBytes({ send($0) }) {
      case .bytes(let count): (pending, waits) = (Array(pending.dropFirst(count)), 0)
      case .wouldBlock:
        waits += 1
        try await Task.sleep(for: .milliseconds(20))
      case .closed: return
      }
    }
  }

  /// Keeps what has come.
  func listen() {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case .bytes(let count) = buffer.withUnsafeMutableBytes({ receive(into: $0) }) {
      heard += buffer[..<count]
      if count < buffer.count { return }
    }
  }
}
