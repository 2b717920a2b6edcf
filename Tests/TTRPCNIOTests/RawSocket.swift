import Glibc
import TTRPCCore
import Testing

@testable import TTRPCNIO

/// A client with no manners: a socket that sends any bytes and reads replies.
///
/// It never blocks a thread, for handlers of the same test may need it. Reading gives up after 20 s, so that a reply that never comes
/// fails the test instead of hanging it.
final class RawSocket {
  private let descriptor: CInt
  private var isClosed = false
  private var received: [UInt8] = []
  private var waiting: [Reply] = []

  init(_ address: TTRPCAddress) throws {
    let connected: CInt
    switch address {
    case .unix(let path):
      descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
      var name = sockaddr_un()
      name.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: path.utf8) }
      connected = Self.connect(descriptor, &name)
    case .tcp(_, let port):
      descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
      // The 16 bytes of a sockaddr_in on 127.0.0.1: its fields belong to whichever C module the compiler met first.
      var name = (UInt16(AF_INET), UInt16(port).bigEndian, UInt32(0x7f00_0001).bigEndian, UInt64(0))
      connected = Self.connect(descriptor, &name)
    }
    guard connected == 0 else {
      let reason = String(cString: strerror(errno))
      close()
      throw SocketFault(reason: reason)
    }
  }

  deinit { close() }

  private static func connect<Name>(_ descriptor: CInt, _ name: inout Name) -> CInt {
    withUnsafePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<Name>.size))
      }
    }
  }

  func send(_ bytes: [UInt8]) async throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Self.flags) }
      if count < 0, errno != EAGAIN { return }
      rest = rest.dropFirst(max(count, 0))
      if count < 0 { try await Task.sleep(for: .milliseconds(1)) }
    }
  }

  func send(_ frames: WireFrame...) async throws { try await send(frames.flatMap(\.bytes)) }

  /// The next replies, as many as asked for; fewer when the server ends the connection first.
  func replies(_ count: Int) async throws -> [Reply] {
    while waiting.count < count, try await readMore() {}
    defer { waiting.removeFirst(min(count, waiting.count)) }
    return Array(waiting.prefix(count))
  }

  /// Reads to the end and returns the replies that came before it.
  func repliesToEnd() async throws -> [Reply] {
    while try await readMore() {}
    defer { waiting = [] }
    return waiting
  }

  /// Whether bytes came, as against the end.
  private func readMore() async throws -> Bool {
    for _ in 0..<20_000 {
      var buffer = [UInt8](repeating: 0, count: 65_536)
      let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress!, $0.count, Self.flags) }
      if count == 0 { return false }
      if count > 0 {
        received += buffer[..<count]
        waiting += Reply.readAll(&received)
        return true
      }
      guard errno == EAGAIN else { throw SocketFault(reason: String(cString: strerror(errno))) }
      try await Task.sleep(for: .milliseconds(1))
    }
    throw SocketFault(reason: "neither a reply nor the end came within 20 s")
  }

  private static let flags = CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT)

  /// Says that nothing more will be sent.
  func shutdownOutput() { shutdown(descriptor, CInt(SHUT_WR)) }

  /// Goes away; with `reset`, as a process does that dies with unread replies.
  func close(reset: Bool = false) {
    guard !isClosed else { return }
    isClosed = true
    if reset {
      var option = linger(l_onoff: 1, l_linger: 0)
      setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }
    Glibc.close(descriptor)
  }
}

struct SocketFault: Error { let reason: String }
