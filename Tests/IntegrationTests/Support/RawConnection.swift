internal import Glibc
internal import TTRPCCore

/// A socket whose bytes a test writes itself: what no client of ours would send.
final class RawConnection {
  struct Fault: Error { var text: String }

  private let descriptor: Int32

  /// Connects; a read that brings nothing for ten seconds fails.
  init(path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
    }
    guard status == 0 else { throw Fault(text: String(cString: strerror(errno))) }
    var patience = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(descriptor) }

  func send(_ bytes: [UInt8]) throws {
    let count = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    guard count == bytes.count else { throw Fault(text: "sent \(count) of \(bytes.count) bytes") }
  }

  /// Says that nothing more will be sent; what comes can still be received.
  func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Sends what the system takes without waiting.
  ///
  /// - Returns: how many bytes that were.
  func sendWithoutWaiting(_ bytes: [UInt8]) -> Int {
    max(0, Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT)))
  }

  /// The next response's stream, and its status; `nil` for success.
  func response() throws -> (stream: UInt32, error: RPCError?) {
    let header = try receive(FrameHeader.size).withUnsafeBytes { FrameHeader($0) }
    let data = try receive(Int(header.length))
    return (header.stream, try data.withUnsafeBytes { try ResponseEnvelope($0).error })
  }

  /// The next frame, whatever it is.
  func frame() throws -> (header: FrameHeader, data: [UInt8]) {
    let header = try receive(FrameHeader.size).withUnsafeBytes { FrameHeader($0) }
    return (header, try receive(Int(header.length)))
  }

  /// The next bytes, exactly so many.
  func receive(_ count: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var got = 0
    while got < count {
      let more = bytes.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress! + got, count - got, 0) }
      guard more > 0 else { throw Fault(text: more == 0 ? "the server closed" : String(cString: strerror(errno))) }
      got += more
    }
    return bytes
  }
}

extension RequestFrame {
  func bytes(stream: UInt32, flags: FrameFlags = []) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: size)
    bytes.withUnsafeMutableBytes { write(stream: stream, flags: flags, to: $0) }
    return bytes
  }
}
