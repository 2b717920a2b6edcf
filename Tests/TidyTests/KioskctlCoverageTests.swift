import Foundation
import Testing

@Suite("What the contract has, a terminal can ask for")
struct KioskctlCoverageTests {
  /// What no command of kioskctl asks for, and why; `kioskctl call` sends any of it.
  static let reasons: [String: String] = [
    "Health/Check": "a question of supervisors, not of people",
    "Session/Hello": "every connection's first word; the client says it",
    "Operations/GetStatus": "`kioskctl top` shows all of it and more",
    "Outbound/TakeCalls": "the telephone bridge's own",
    "Outbound/NoteCall": "the telephone bridge's own",
    "Outbound/ReadNotice": "the telephone bridge's own",
    "Outbound/AnswerNotice": "the answer of whoever was called",
    "Patients/ContinueSession": "a command's session lasts as long as the command",
    "Survey/AnswerSurvey": "who was served answers, at a kiosk or by telephone",
    "Telephone/RaiseAlarm": "a kiosk or the telephone hears the sign",
    "Telephone/AwaitAlarm": "who told the sign waits where they told it",
    "Telephone/KeepGuidance": "a kiosk or the telephone that gave it keeps it",
    "Telephone/Resume": "who has a code goes on by telephone",
  ]

  @Test("Every method of the contract is called by some command, or is one of the few that say why not")
  func called() throws {
    let commands = try Project.swiftFiles(in: "Sources/kioskctl").map { try Project.text(of: $0) }
    var uncalled: Set<String> = []
    var methods = 0
    for file in try Project.files(in: "Protos/ventanilla/v1", ending: ".proto") {
      var service = ""
      for line in try Project.lines(of: file) {
        if let found = line.prefixMatch(of: /service (\w+)/) { service = String(found.1) }
        guard let found = line.prefixMatch(of: /\ +rpc (\w+)\(/) else { continue }
        methods += 1
        let call = ".\(found.1.prefix(1).lowercased())\(found.1.dropFirst())("
        let isCalled = commands.contains { $0.contains(call) && ($0.contains("\(service)Client") || call.hasPrefix(".watch")) }
        if !isCalled { uncalled.insert("\(service)/\(found.1)") }
      }
    }
    #expect(methods > 100)
    #expect(uncalled == Set(Self.reasons.keys))
  }
}
