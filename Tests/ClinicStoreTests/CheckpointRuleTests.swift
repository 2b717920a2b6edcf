import Glibc
import Testing

@Suite("Who may checkpoint")
struct CheckpointRuleTests {
  /// Every Swift and C file under a folder of the repository.
  static func sources(under folder: String) -> [String] {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    var found: [String] = []
    var folders = ["/\(root)/\(folder)"]
    while let path = folders.popLast() {
      guard let directory = opendir(path) else { continue }
      defer { closedir(directory) }
      while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name.hasPrefix(".") { continue }
        if name.hasSuffix(".swift") || name.hasSuffix(".c") || name.hasSuffix(".h") {
          found.append("\(path)/\(name)")
        } else if !name.contains(".") {
          folders.append("\(path)/\(name)")
        }
      }
    }
    return found.sorted()
  }

  static func text(_ path: String) -> String {
    guard let file = fopen(path, "rb") else { return "" }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    return String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
  }

  @Test("Checkpoints are asked for in one file of the whole program, and it is the writer's")
  func oneFile() {
    let sources = Self.sources(under: "Sources")
    #expect(sources.count > 30)
    let asking = sources.filter { Self.text($0).contains("wal_checkpoint") }
    #expect(asking.map { $0.split(separator: "/").suffix(3).joined(separator: "/") } == ["ClinicStore/Core/Checkpoint.swift"])
  }

  @Test("No file but those of the store opens SQLite")
  func oneRoom() {
    let opening = Self.sources(under: "Sources").filter { Self.text($0).contains("sqlite3_open") }
    let rooms = Set(opening.map { $0.split(separator: "/").drop { $0 != "Sources" }.dropFirst().first.map(String.init) })
    #expect(rooms.isSubset(of: ["ClinicStore", "KioskTestSupport", "kiosk-dev"]))
  }
}
