import ClinicConfiguration
import Foundation
import IVRBridge
import Testing

@Suite("Asterisk's spool of calls to make")
struct CallSpoolTests {
  static let outbound = BridgeConfiguration.Outbound(spoolFolder: "", channel: "PJSIP/{numero}@troncal", callerID: "5550100000", atOnce: 2)
  static let token = String(repeating: "0a", count: 16)

  /// A folder of its own, with what Asterisk has made.
  func withSpool(_ body: (CallSpool) throws -> Void) throws {
    let root = NSTemporaryDirectory() + "ventanilla-spool-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: root) }
    try FileManager.default.createDirectory(atPath: "\(root)/outgoing", withIntermediateDirectories: true)
    try body(CallSpool(folder: "\(root)/outgoing"))
  }

  @Test("A call file dials once, for half a minute, and hands the dialplan a name without meaning")
  func text() throws {
    let file = try #require(CallFile(token: Self.token, number: "5512345678"))
    #expect(file.name == "ventanilla-\(Self.token).call")
    #expect(file.text(Self.outbound) == """
      Channel: PJSIP/5512345678@troncal
      CallerID: <5550100000>
      MaxRetries: 0
      WaitTime: 30
      Context: ventanilla-saliente
      Extension: aviso
      Priority: 1
      Setvar: VENTANILLA_AVISO=\(Self.token)
      Archive: yes

      """)
  }

  @Test("What could say something else to Asterisk than itself is no token and no number", arguments: [
    ("", "5512345678"), (String(repeating: "g", count: 32), "5512345678"), (String(repeating: "A", count: 32), "5512345678"),
    (token, "551234567"), (token, "+525512345678"), (token, "55123456\n8"), (token, "551234567x"),
  ])
  func illegal(token: String, number: String) { #expect(CallFile(token: token, number: number) == nil) }

  @Test("A call is written beside, comes whole by a rename, for the group and nobody else, and never a second time")
  func once() throws {
    try withSpool { spool in
      let file = try #require(CallFile(token: Self.token, number: "5512345678"))
      let text = file.text(Self.outbound)
      #expect(try spool.place(file.name, text))
      #expect(try spool.waiting() == 1)
      #expect(try String(contentsOfFile: "\(spool.folder)/\(file.name)", encoding: .utf8) == text)
      #expect(try FileManager.default.contentsOfDirectory(atPath: spool.writingFolder).isEmpty)
      let mode = try FileManager.default.attributesOfItem(atPath: "\(spool.folder)/\(file.name)")[.posixPermissions] as? Int
      #expect((mode ?? 0o777) & 0o007 == 0)
      #expect(try !spool.place(file.name, text))
      // Asterisk has made it.
      try FileManager.default.createDirectory(atPath: spool.doneFolder, withIntermediateDirectories: true)
      try FileManager.default.moveItem(atPath: "\(spool.folder)/\(file.name)", toPath: "\(spool.doneFolder)/\(file.name)")
      #expect(try !spool.place(file.name, text))
      #expect(try spool.waiting() == 0)
    }
  }

  @Test("A call is of the spool's group: of another, Asterisk could not open it and would take it for one that failed", .enabled(if: geteuid() == 0))
  func group() throws {
    try withSpool { spool in
      try FileManager.default.setAttributes([.groupOwnerAccountID: 60], ofItemAtPath: spool.folder)
      let file = try #require(CallFile(token: Self.token, number: "5512345678"))
      try spool.place(file.name, file.text(Self.outbound))
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(spool.folder)/\(file.name)")
      #expect(attributes[.groupOwnerAccountID] as? Int == 60 && attributes[.posixPermissions] as? Int == 0o660)
    }
  }

  @Test("What was half written when the bridge was killed is written anew")
  func draft() throws {
    try withSpool { spool in
      let file = try #require(CallFile(token: Self.token, number: "5512345678"))
      try FileManager.default.createDirectory(atPath: spool.writingFolder, withIntermediateDirectories: true)
      try "Channel: PJ".write(toFile: "\(spool.writingFolder)/\(file.name)", atomically: false, encoding: .utf8)
      #expect(try spool.place(file.name, file.text(Self.outbound)))
      #expect(try String(contentsOfFile: "\(spool.folder)/\(file.name)", encoding: .utf8) == file.text(Self.outbound))
    }
  }

  @Test("What became of a call is read from Asterisk's last word, and other people's files are left alone", arguments: [
    // As Asterisk 22.10.1 left one that was busy.
    ("\nStartRetry: 2544 1 (1795763781)\nStatus: Expired\n", CallSpool.Done(token: token, news: .noAnswer)),
    ("Status: Completed\n", CallSpool.Done(token: token, news: .answered)), ("Status: Expired\n", .init(token: token, news: .noAnswer)),
    ("Status: Failed\n", .init(token: token, news: .failed)), ("", .init(token: token, news: .failed)),
    ("Status: Completed\nStatus: Expired\n", .init(token: token, news: .noAnswer)),
  ])
  func done(status: String, expected: CallSpool.Done) throws {
    try withSpool { spool in
      #expect(try spool.done() == [])
      try FileManager.default.createDirectory(atPath: spool.doneFolder, withIntermediateDirectories: true)
      try "Channel: x\nArchive: yes\n\(status)".write(
        toFile: "\(spool.doneFolder)/ventanilla-\(Self.token).call", atomically: true, encoding: .utf8)
      try "Status: Completed\n".write(toFile: "\(spool.doneFolder)/otra.call", atomically: true, encoding: .utf8)
      #expect(try spool.done() == [expected])
      try spool.forget(Self.token)
      #expect(try spool.done() == [])
      #expect(try FileManager.default.contentsOfDirectory(atPath: spool.doneFolder) == ["otra.call"])
    }
  }
}
