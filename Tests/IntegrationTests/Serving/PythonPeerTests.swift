internal import Foundation
internal import TTRPCCore
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("A vendor's client in plain Python, and the page that it was written from")
struct PythonPeerTests {
  private static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Runs the client, which prints one line for each check.
  private func run(_ arguments: [String]) async throws {
    let client = Self.repository.appending(path: "Tests/Interop/python/cliente.py").path
    let run = try await ProgramRun.of("/usr/bin/env", ["python3", client] + arguments)
    #expect(run.status == 0, "\(run.text)")
    #expect(run.lines.last?.hasSuffix(" passed, 0 failed") == true, "\(run.text)")
  }

  @Test("It greets, books and cancels an appointment, and gets the right status for what it does wrong", arguments: [false, true])
  func visit(overTCP: Bool) async throws {
    try await withServer { server in
      let address = ["--addr", overTCP ? "tcp:\(server.tcp)" : "unix:\(server.folder.path("k.sock"))"]
      let person = CampaignPerson(number: 1)
      for command in ["salud", "hola", "errores"] { try await run([command] + address) }
      try await run(
        ["cita"] + address + [
          "--nss", person.nss, "--nacimiento", CampaignPerson.birthDate, "--servicio", CampaignClinic.service,
        ])
      let rows = try await StoreFileReader.rows("SELECT status FROM appointment", in: server.databasePath)
      #expect(rows == [["cancelled"]])
    }
  }

  @Test("The bytes that the page writes by hand are answered with the bytes that it says")
  func byHand() async throws {
    let examples = try Self.examples(in: "5. By hand")
    try #require(examples.count == 3, "a request, its answer, and the answer to the same with another method")
    let request = examples[0]
    // "Check" with its length becomes "Chek": one byte less, in the frame's length too.
    let check: [UInt8] = [0x12, 5] + Array("Check".utf8)
    let place = try #require(request.indices.first { request[$0...].starts(with: check) })
    var unknown = request
    unknown.replaceSubrange(place..<place + check.count, with: [0x12, 4] + Array("Chek".utf8))
    unknown[3] -= 1
    try await withServer { server in
      for (sent, answer) in [(request, examples[1]), (unknown, examples[2])] {
        let connection = try RawConnection(path: server.folder.path("k.sock"))
        try connection.send(sent)
        #expect(try connection.receive(answer.count) == answer)
      }
    }
  }

  @Test("So are those of the extensions, one after the other on one connection")
  func extensionsByHand() async throws {
    let examples = try Self.examples(in: "7. Extensions by hand")
    try #require(examples.count == 7, "Hello; a ping, its pong; a watch; credit, cancel, the last frame")
    try await withServer { server in
      let connection = try RawConnection(path: server.folder.path("k.sock"))
      try connection.send(examples[0])
      let hello = try connection.frame()
      let payload = try hello.data.withUnsafeBytes { try Array(ResponseEnvelope($0).payload) }
      #expect((hello.header.stream, hello.header.type) == (1, .response))
      #expect(try Wire.HelloResponse(decoding: payload).extensions == ["ping", "cancel", "credit"])
      try connection.send(examples[1])
      #expect(try connection.receive(examples[2].count) == examples[2])
      try connection.send(examples[3])
      let first = try connection.frame()
      #expect((first.header.stream, first.header.type, first.header.flags) == (3, .data, []))
      #expect(try Wire.WatchAvailabilityResponse(decoding: first.data).number > 0)
      try connection.send(examples[4] + examples[5])
      var last = try connection.frame()
      while last.header.type == .data { last = try connection.frame() }
      var header = [UInt8](repeating: 0, count: FrameHeader.size)
      header.withUnsafeMutableBytes { last.header.write(to: $0) }
      #expect(header + last.data == examples[6])
    }
  }

  /// The blocks of a section: in each line the words of hexadecimal digits before the explanation.
  private static func examples(in title: String) throws -> [[UInt8]] {
    let page = try String(contentsOf: repository.appending(path: "Protos/README.md"), encoding: .utf8)
    let section = try #require(page.components(separatedBy: "\n## ").first { $0.hasPrefix(title + "\n") })
    let blocks = section.components(separatedBy: "```").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
    return blocks.map { block in
      block.split(separator: "\n").flatMap { line in
        // Two spaces or more separate the bytes from what they mean.
        let digits = (line.firstRange(of: "  ").map { line[..<$0.lowerBound] } ?? line).filter(\.isHexDigit)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap { offset in
          UInt8(String(digits.dropFirst(offset).prefix(2)), radix: 16)
        }
      }
    }
  }
}
