internal import Foundation

/// A TCP connection of this machine that never blocks and promises nothing. One thread's own.
final class HostileSocket {
  /// Where the attackers come from: 127.0.0.66 is this machine too, and no address of an honest caller.
  static let source: UInt32 = 0x7f00_0042

  let descriptor: CInt
  /// What ``listen()`` has taken.
  var heard: [UInt8] = []

  enum Outcome {
    case bytes(Int)
    case wouldBlock
    case closed
  }

  /// Connects to a port of 127.0.0.1; `nil` when nobody takes it.
  init?(port: Int, from source: UInt32 = source) {
    descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    guard Self.with(source, port: 0, { bind(descriptor, $0, $1) }) == 0,
      Self.with(0x7f00_0001, port: port, { connect(descriptor, $0, $1) }) == 0,
      fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0
    else {
      close(descriptor)
      return nil
    }
  }

  deinit { close(descriptor) }

  func send(_ bytes: UnsafeRawBufferPointer) -> Outcome {
    outcome(Foundation.send(descriptor, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL)))
  }

  func receive(into bytes: UnsafeMutableRawBufferPointer) -> Outcome {
    outcome(recv(descriptor, bytes.baseAddress, bytes.count, 0))
  }

  private func outcome(_ count: Int) -> Outcome {
    if count > 0 { return .bytes(count) }
    return count < 0 && (errno == EAGAIN || errno == EINTR) ? .wouldBlock : .closed
  }

  /// The 16 bytes of a sockaddr_in: its fields belong to whichever C module the compiler met first.
  private static func with(_ address: UInt32, port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt) -> CInt {
    var name = (UInt16(AF_INET), UInt16(port).bigEndian, address.bigEndian, UInt64(0))
    return withUnsafePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(16)) }
    }
  }
}
