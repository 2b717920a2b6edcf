import Foundation
import Testing

/// The map of rooms in the README, as a test: every `import` in Sources is held against this table.
@Suite("The house")
struct ImportTableTests {
  /// Modules of the toolchain that any pure room may use.
  static let everywhere: Set<String> = ["Synchronization"]
  /// What adapters and all rooms below them may use besides their row.
  static let fromAdaptersUp: Set<String> = ["Foundation", "Logging", "Metrics", "Tracing", "Glibc"]

  struct Room: Sendable {
    var name: String
    /// `nil` lets it import anything but what `never` names.
    var imports: Set<String>?
    var never: Set<String> = []
    var pure = false
  }

  static let rooms: [Room] = [
    Room(name: "ClinicDomain", imports: [], pure: true),
    Room(name: "Scheduling", imports: ["ClinicDomain"], pure: true),
    Room(name: "Guidance", imports: ["ClinicDomain"], pure: true),
    Room(name: "IVRDialogue", imports: ["ClinicDomain", "Guidance"], pure: true),
    Room(name: "TTRPCCore", imports: [], pure: true),
    Room(name: "FastAGI", imports: [], pure: true),
    Room(name: "ClinicConfiguration", imports: ["ClinicDomain", "Guidance", "IVRDialogue", "Yams"]),
    Room(name: "VentanillaMessages",
      imports: ["CVentanillaProtos", "CProtobufC", "TTRPCCore", "ClinicDomain", "Scheduling"],
      never: ["Foundation"]),
    Room(name: "TTRPCNIO",
      imports: ["TTRPCCore", "CTTRPCProtos", "CProtobufC", "NIOCore", "NIOPosix", "NIOSSL", "NIOTLS", "NIOConcurrencyHelpers", "Atomics"],
      never: ["Foundation"]),
    Room(name: "ClinicStore", imports: ["ClinicDomain", "Scheduling", "CSQLite", "Crypto"]),
    Room(name: "KioskServices",
      imports: ["ClinicDomain", "Scheduling", "Guidance", "VentanillaMessages", "ClinicStore", "TTRPCCore", "Crypto"]),
    Room(name: "KioskServer", imports: nil, never: ["IVRDialogue"]),
    Room(name: "KioskClient",
      imports: ["TTRPCNIO", "TTRPCCore", "VentanillaMessages", "ClinicDomain", "NIOCore", "NIOPosix"]),
    Room(name: "IVRBridge",
      imports: [
        "FastAGI", "IVRDialogue", "Guidance", "KioskClient", "VentanillaMessages", "TTRPCNIO", "TTRPCCore", "ClinicConfiguration",
        "ClinicDomain", "TerminalText", "NIOCore", "NIOPosix", "Crypto", "ServiceLifecycle", "UnixSignals",
      ],
      never: ["KioskServer", "ClinicStore"]),
    Room(name: "TerminalText", imports: ["VentanillaMessages", "TTRPCCore", "ClinicDomain"]),
    Room(name: "ivr-bridge", imports: nil),
    Room(name: "kiosk-server", imports: nil),
    Room(name: "kioskctl", imports: nil),
    Room(name: "kiosk-dev", imports: nil),
    Room(name: "KioskTestSupport", imports: nil),
    Room(name: "FuzzTargets", imports: ["FastAGI", "TTRPCCore", "TTRPCNIO", "VentanillaMessages", "NIOCore", "NIOEmbedded"], never: ["Foundation"]),
    Room(name: "kiosk-fuzz", imports: ["FuzzTargets"]),
  ]

  /// C targets and the plugin's own package: no Swift imports of ours to judge.
  static let notJudged: Set<String> = [
    "CProtobufC", "CSQLite", "CTTRPCProtos", "CVentanillaProtos", "CBenchProtos", "CBenchLoad", "protoc-gen-ventanilla",
  ]

  @Test("Every folder of Sources is a room of the table, and every room is a folder")
  func everyFolderIsARoom() throws {
    let folders = try Set(Project.folders(in: "Sources")).subtracting(Self.notJudged)
    #expect(folders == Set(Self.rooms.map(\.name)))
  }

  @Test("A room imports only what stands in its row", arguments: rooms.map(\.name))
  func importsStandInTheRow(name: String) throws {
    let room = Self.rooms.first { $0.name == name }!
    let files = try Project.swiftFiles(in: "Sources/\(name)")
    #expect(!files.isEmpty)
    for file in files {
      for module in try Project.imports(of: file) {
        var allowed = Self.everywhere.contains(module)
        if let row = room.imports {
          allowed = allowed || row.contains(module)
          if !room.pure { allowed = allowed || Self.fromAdaptersUp.contains(module) }
        } else {
          allowed = true
        }
        if room.never.contains(module) { allowed = false }
        #expect(allowed, "\(file) imports \(module), which is not in the row of \(name)")
      }
    }
  }

  @Test("The table sees an import that is not allowed")
  func theReaderSeesImports() {
    let text = """
      // import Commented
      package import ClinicDomain
      @testable import GRDB
      import struct Foundation.Date
      internal import  NIOCore
      let importer = 1
      """
    #expect(Project.imports(ofText: text) == ["ClinicDomain", "GRDB", "Foundation", "NIOCore"])
  }

  @Test("Each import in Sources states its access")
  func importsStateTheirAccess() throws {
    for file in try Project.swiftFiles(in: "Sources") where !file.contains("protoc-gen-ventanilla") {
      for line in try Project.lines(of: file) where line.hasPrefix("import ") {
        Issue.record("\(file): \(line)")
      }
    }
  }
}
