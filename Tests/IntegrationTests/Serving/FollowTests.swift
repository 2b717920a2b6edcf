internal import Foundation
internal import KioskClient
internal import TTRPCCore
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("kioskctl that follows what is free, and kioskctl that shows its calls", .timeLimit(.minutes(3)))
struct FollowTests {
  /// What the command has written, its two outputs together.
  private struct Running {
    let child: ChildProcess
    let folder: CampaignFolder

    static func start(_ arguments: [String]) async throws -> Running {
      let folder = try CampaignFolder()
      try folder.write("", to: "out")
      let child = try await ChildProcess.start(try BuiltPrograms.path("kioskctl"), arguments, log: folder.path("out"))
      return Running(child: child, folder: folder)
    }

    var lines: [String] {
      ((try? String(contentsOfFile: folder.path("out"), encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
    }
    var states: [String] { lines.filter { $0.hasPrefix("{") } }
    var notices: [String] { lines.filter { !$0.hasPrefix("{") } }
  }

  /// What stands after a key in a line of JSON.
  private static func number(_ key: String, _ line: String) throws -> UInt64 {
    let digits = try #require(line.firstRange(of: "\"\(key)\":")).upperBound
    return try #require(UInt64(line[digits...].prefix { $0.isNumber }))
  }

  @Test("It shows each change, says that the server is away and back, goes on with the server that was started again, and ends by Ctrl-C")
  func follows() async throws {
    let folder = try CampaignFolder()
    try CampaignServer.prepare(CampaignClinic(), in: folder)
    let first = try await CampaignServer.start(in: folder)
    try await first.importPeople(1...1)
    let following = try await Running.start(["cita", "disponibilidad", "--seguir", "--json", "--servidor", folder.path("k.sock")])
    #expect(try await eventually { following.states.count == 1 }, "\(following.lines)")
    let free = try Self.number("free_in_all", following.states[0])

    let kiosk = try await first.connect()
    let token = try await kiosk.identify(CampaignPerson(number: 1))
    let slot = try #require(try await kiosk.freeSlots(token).first)
    _ = try await AppointmentsClient(kiosk).book(
      Wire.BookRequest(sessionToken: token, what: .slot(slot.choice)), options: .write(RequestIdentifier()))
    await kiosk.close()
    #expect(try await eventually { following.states.count == 2 }, "\(following.lines)")
    #expect(try Self.number("free_in_all", following.states[1]) == free - 1)
    #expect(try Self.number("number", following.states[1]) > (try Self.number("number", following.states[0])))
    #expect(following.notices == [])

    await first.kill()
    #expect(try await eventually { following.notices.count == 1 }, "\(following.lines)")
    #expect(following.notices[0].contains("Se intentará de nuevo"), "\(following.notices)")
    let second = try await CampaignServer.start(in: folder)
    #expect(try await eventually { following.states.count == 3 && following.notices.count == 2 }, "\(following.lines)")
    #expect(following.notices.last == "Conectado con el servidor en \(folder.path("k.sock")).")
    #expect(try Self.number("free_in_all", following.states[2]) == free - 1, "what was booked is still booked")
    #expect(try Self.number("epoch", following.states[2]) != (try Self.number("epoch", following.states[1])))
    #expect(!following.child.hasEnded)
    following.child.send(SIGINT)
    #expect(await following.child.exitStatus() == 130)
    #expect(await second.stop() == 0)
  }

  @Test("With --traza each call is a line among the errors, whatever it was answered")
  func traces() async throws {
    try await withServer { server in
      func call(_ method: String, _ json: String) async throws -> [String] {
        try await ProgramRun.of(
          try BuiltPrograms.path("kioskctl"), ["call", method, json, "--traza", "--servidor", server.folder.path("k.sock")]).lines
      }
      let good = try await call("Health/Check", "{}")
      #expect(good.contains { $0.wholeMatch(of: /traza [0-9a-f]{32}: ventanilla\.v1\.Health\/Check OK en [0-9]+\.[0-9] ms/) != nil }, "\(good)")
      let refused = try await call("Operations/GetStatus", "{}")
      #expect(refused.contains { $0.contains("Operations/GetStatus PERMISSION_DENIED en ") }, "\(refused)")
    }
  }
}
