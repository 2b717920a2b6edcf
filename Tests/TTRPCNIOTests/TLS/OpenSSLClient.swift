import Foundation
import Testing

/// openssl's own client, which talks to anybody.
enum OpenSSLClient {
  struct Output: Sendable {
    /// What the server has sent inside TLS.
    let data: [UInt8]
    /// What openssl has to say.
    let messages: String
  }

  /// Connects, sends, and reads until the server ends the connection or has sent so many replies.
  ///
  /// Nothing here blocks a thread: handlers of the same test may need it.
  static func run(
    port: Int, in folder: String, _ arguments: [String], input bytes: [UInt8], replies: Int = .max
  ) async throws -> Output {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["timeout", "60", "openssl", "s_client", "-connect", "127.0.0.1:\(port)", "-CAfile", "ca.pem", "-quiet"] + arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    let input = Pipe()
    let (output, errors) = (folder + "/s_client.out", folder + "/s_client.err")
    process.standardInput = input
    process.standardOutput = try file(output)
    process.standardError = try file(errors)
    // It may end before it has read its input.
    signal(SIGPIPE, SIG_IGN)
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: bytes)
    var data: [UInt8] = []
    repeat {
      try await Task.sleep(for: .milliseconds(5))
      let isOver = !process.isRunning
      data = [UInt8](try Data(contentsOf: URL(fileURLWithPath: output)))
      var copy = data
      if isOver || Reply.readAll(&copy).count >= replies { break }
    } while true
    process.terminate()
    return Output(data: data, messages: try String(contentsOfFile: errors, encoding: .utf8))
  }

  private static func file(_ path: String) throws -> FileHandle {
    try Data().write(to: URL(fileURLWithPath: path))
    return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
  }

  /// Sends requests with a certificate and returns the replies.
  static func send(
    _ frames: [WireFrame], port: Int, in folder: String, certificate: String, _ more: [String] = []
  ) async throws -> [Reply] {
    let output = try await run(
      port: port, in: folder, ["-cert", "\(certificate).pem", "-key", "\(certificate).key"] + more,
      input: frames.flatMap(\.bytes), replies: frames.count)
    return Reply.all(in: output.data)
  }
}

extension Reply {
  /// Every reply in these bytes; a rest that is none is recorded as an issue.
  static func all(in bytes: [UInt8]) -> [Reply] {
    var bytes = bytes
    let replies = readAll(&bytes)
    if !bytes.isEmpty { Issue.record("\(bytes.count) bytes that are no reply") }
    return replies
  }
}
