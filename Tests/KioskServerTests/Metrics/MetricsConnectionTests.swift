import NIOCore
import NIOEmbedded
import Testing

@testable import KioskServer

/// Bytes through the handlers of a real connection, without a socket.
@Suite("What the page's address answers")
struct MetricsConnectionTests {
  /// What comes back for pieces that come one after the other.
  private static func answer(_ pieces: [String], page: String = "año 1\n") async throws -> String {
    let channel = NIOAsyncTestingChannel()
    try await channel.testingEventLoop.submit {
      try MetricsConnectionHandler.addHandlers(to: channel, open: MetricsEndpoint.OpenConnections()) { page }
    }.get()
    try await channel.connect(to: SocketAddress(unixDomainSocketPath: "/nowhere"))
    for piece in pieces where channel.isActive { try await channel.writeInbound(ByteBuffer(string: piece)) }
    // The page is made on another thread; whoever is not answered is closed when its time is over.
    for _ in 0..<200 where channel.isActive { try await Task.sleep(for: .milliseconds(5)) }
    if channel.isActive { await channel.testingEventLoop.advanceTime(by: MetricsEndpoint.connectionTime) }
    #expect(!channel.isActive, "every connection ends")
    var text = ""
    while let buffer = try await channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: buffer) }
    return text
  }

  private static let page =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: 7\r\nConnection: close\r\n\r\naño 1\n"

  @Test("The page goes with its type and its length in bytes, once, however its request comes", arguments: [
    ["GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"], ["GET /metrics?x=1 HTTP/1.0\r\n\r\n"],
    "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".map { "\($0)" },
    ["GET /metrics HTTP/1.1\r\nHost: x\r\n\r\nGET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"],
  ])
  func page(pieces: [String]) async throws { #expect(try await Self.answer(pieces) == Self.page) }

  @Test("What is not asked as it should be is refused with its reason", arguments: [
    ("POST /metrics HTTP/1.1\r\nHost: x\r\n\r\n", "405"), ("HEAD /metrics HTTP/1.1\r\nHost: x\r\n\r\n", "405"),
    ("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "404"), ("GET /metrics/../etc HTTP/1.1\r\nHost: x\r\n\r\n", "404"),
    ("GET /metrics HTTP/2\r\n\r\n", "400"), ("hola\r\n\r\n", "400"), ("\u{16}\u{3}\u{1}", "400"),
    ("POST /metrics HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", "400"),
    (String(repeating: "x", count: 100), "400"), ("GET /metrics HTTP/1.1\r\n" + String(repeating: "a: b\r\n", count: 2000), "431"),
  ])
  func refused(request: String, status: String) async throws {
    let text = try await Self.answer([request])
    #expect(text.hasPrefix("HTTP/1.1 \(status) "), "\(text)")
    #expect(text.contains("Connection: close\r\n"))
    #expect(text.contains("Allow: GET\r\n") == (status == "405"))
  }

  @Test("Who does not finish a request is not answered", arguments: ["", "\r\n\r\n", "GET /metrics HTTP/1.1\r\nHost: x\r\n"])
  func unfinished(request: String) async throws { #expect(try await Self.answer([request]) == "") }
}
