import Foundation
import Testing

@Suite("Rules that a reader would hold us to")
struct TextRulesTests {
  /// Where the world's clock may be read: the composition root, the tools and the sockets' monotonic clock.
  static let clockReaders: Set<String> = ["KioskServer", "IVRBridge", "kioskctl", "kiosk-dev", "kiosk-server", "TTRPCNIO", "KioskTestSupport"]

  /// Waits on the monotonic clock until the writer has been idle; decides nothing.
  static let timedWait = "Sources/ClinicStore/Front/WorkQueue.swift"

  @Test("No room reads a clock but the roots and the shells")
  func noStrayClocks() throws {
    let marks = ["Date()", "Date.now", ".now()", "clock_gettime", "gettimeofday", "ContinuousClock()", "SuspendingClock()", "time(nil)"]
    for file in try Project.swiftFiles(in: "Sources") where !file.contains("protoc-gen-ventanilla") {
      let room = String(file.split(separator: "/")[1])
      if Self.clockReaders.contains(room) || room == "KioskClient" || file == Self.timedWait { continue }
      for line in try Project.lines(of: file) {
        let code = line.drop { $0 == " " }
        if code.hasPrefix("//") { continue }
        for mark in marks where code.contains(mark) { Issue.record("\(file): \(code)") }
      }
    }
  }

  @Test("Nothing is left for later in the code")
  func nothingLeftForLater() throws {
    // In capitals and at the start of a comment or before a colon; «TODOS» is a Spanish word.
    let marks = ["// TO" + "DO", "TO" + "DO:", "FIX" + "ME", "XX" + "X:", "not implemented"]
    for folder in ["Sources", "Tests", "Protos"] {
      for ending in [".swift", ".proto", ".c", ".h", ".go"] {
        for file in try Project.files(in: folder, ending: ending) where !file.contains("pb-c") && !file.contains("TextRulesTests") {
          let text = try Project.text(of: file)
          for mark in marks where text.contains(mark) { Issue.record("\(file) says \(mark)") }
        }
      }
    }
  }

  @Test("A hand-written Swift file stays under 400 lines")
  func filesStayShort() throws {
    let files = try Project.swiftFiles(in: "Sources") + Project.swiftFiles(in: "Tests")
    for file in files where !file.contains("/Generated/") {
      let count = try Project.lines(of: file).count
      #expect(count <= 400, "\(file) has \(count) lines")
    }
  }

  @Test("Nothing is public: this is an application")
  func nothingIsPublic() throws {
    for file in try Project.swiftFiles(in: "Sources") where !file.contains("protoc-gen-ventanilla") {
      for line in try Project.lines(of: file) where line.drop(while: { $0 == " " }).hasPrefix("public ") {
        Issue.record("\(file): \(line)")
      }
    }
  }

  /// What the services say in the protocol's own words, which are Go's.
  static let protocolWords: Set<String> = ["context deadline exceeded", "unknown service"]

  @Test("What the services say to people is a whole sentence: by that kioskctl tells it from the protocol's words, which it translates")
  func statusesAreSentences() throws {
    for file in try Project.swiftFiles(in: "Sources/KioskServices") {
      for match in try Project.text(of: file).matches(of: /RPCError\(\s*\.\w+,\s*"([^"]*)"/) where !Self.protocolWords.contains(String(match.1)) {
        // A field's name, and what to write in it.
        if match.1.prefixMatch(of: /[a-z][a-z0-9_\-]*: \S/) != nil { continue }
        let isWhole = match.1.first.map { $0.isUppercase || "¿¡«".contains($0) } == true && match.1.last.map { ".?!»".contains($0) } == true
        #expect(isWhole, "\(file): \(match.1)")
      }
    }
  }

  @Test("Only the store's writer checkpoints the write-ahead log")
  func onlyTheWriterCheckpoints() throws {
    let files = try Project.swiftFiles(in: "Sources").filter { file in
      try Project.text(of: file).lowercased().contains("wal_checkpoint")
    }
    #expect(files.count == 1 && files.first?.hasPrefix("Sources/ClinicStore/") == true, "\(files)")
  }
}
