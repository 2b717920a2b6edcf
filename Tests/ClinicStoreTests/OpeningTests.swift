import ClinicDomain
import ClinicStore
import Glibc
import KioskTestSupport
import Testing

@Suite("Opening a file")
struct OpeningTests {
  let folder = TemporaryFolder()

  @Test("A new file is made whole; nothing but it, its lock, its reserve and the history's head stays after closing")
  func newFile() throws {
    try StoreCore.open(folder).close()
    #expect(folder.names == ["clinic.sqlite", "clinic.sqlite.head", "clinic.sqlite.lock", "clinic.sqlite.reserve"])
    #expect(Array(folder.bytes("clinic.sqlite").prefix(15)) == Array("SQLite format 3".utf8))
    // Bytes 18 and 19 of the header say WAL; 60 and 68 are user_version and application_id.
    let header = folder.bytes("clinic.sqlite")
    #expect(header[18...19] == [2, 2] && header[60...63] == [0, 0, 0, 22] && header[68...71] == [0x56, 0x45, 0x4E, 0x54])
  }

  @Test("What a power cut left of a making is done again")
  func draft() throws {
    folder.write(Array("half a file".utf8), to: "clinic.sqlite.new")
    folder.write([], to: "clinic.sqlite")
    let core = try StoreCore.fixture(folder)
    defer { core.close() }
    #expect(core.check() == [])
  }

  /// Each kind of wrong file, and what is said of it.
  @Test("A file that is refused is told from the others, and stays byte for byte what it was", arguments: [
    ("text", "no es una base de datos SQLite"),
    ("someone else's", "application_id 0"),
    ("newer", "versión más nueva (99)"),
    ("other clinic", "es de otra clínica (DFIMS000011)"),
    ("damaged", "está dañada"),
    ("with a journal", "-journal"),
  ])
  func refused(kind: String, expected: String) throws {
    switch kind {
    case "text": folder.write(Array(repeating: UInt8(ascii: "x"), count: 5000), to: "clinic.sqlite")
    case "someone else's": Shell.run("CREATE TABLE t(a); INSERT INTO t VALUES (1)", on: folder.file)
    case "newer":
      try StoreCore.fixture(folder).close()
      Shell.run("PRAGMA user_version = 99", on: folder.file)
    case "other clinic":
      try StoreCore.open(folder, rules: .fixture { $0.identity.clues = CLUES("DFIMS000011")! }).close()
    case "damaged":
      try StoreCore.fixture(folder).close()
      var bytes = folder.bytes("clinic.sqlite")
      for index in 4096..<(bytes.count - 4096) { bytes[index] = 0xA5 }
      folder.write(bytes, to: "clinic.sqlite")
    default:
      try StoreCore.fixture(folder).close()
      folder.write(Array("a journal".utf8), to: "clinic.sqlite-journal")
    }
    let (names, bytes) = (Set(folder.names), folder.bytes("clinic.sqlite"))
    let fault = #expect(throws: OpeningFault.self) { try StoreCore.open(folder) }
    #expect(fault?.spanishText.contains(expected) == true, "\(fault?.spanishText ?? "")")
    #expect(folder.bytes("clinic.sqlite") == bytes)
    let ours: Set = ["clinic.sqlite.head", "clinic.sqlite.lock", "clinic.sqlite.reserve"]
    #expect(Set(folder.names).subtracting(ours) == names.subtracting(ours))
  }

  @Test("A log without its file is refused: the last commits are in it")
  func strayLog() throws {
    folder.write(Array(repeating: 1, count: 100), to: "clinic.sqlite-wal")
    let fault = #expect(throws: OpeningFault.self) { try StoreCore.open(folder) }
    #expect(fault?.spanishText.contains("registro -wal") == true)
    #expect(folder.bytes("clinic.sqlite-wal").count == 100)
  }

  @Test("A second server is told who has the file; a link to it is the same file")
  func locked() throws {
    let core = try StoreCore.fixture(folder)
    symlink(folder.file, "\(folder.path)/link.sqlite")
    for path in [folder.file, "\(folder.path)/link.sqlite"] {
      let fault = #expect(throws: OpeningFault.self) {
        try StoreCore.open(.file(path), rules: .fixture(), options: .small, at: .fixture)
      }
      #expect(fault == .inUse(path: folder.file, pid: Int(getpid())))
      #expect(fault?.spanishText.contains("PID \(getpid())") == true)
    }
    core.close()
    try StoreCore.open(folder).close()
  }

  @Test("A folder that is not there, and a folder in the file's place, are clear errors")
  func nowhere() {
    let missing = #expect(throws: OpeningFault.self) {
      try StoreCore.open(.file("\(folder.path)/no/clinic.sqlite"), rules: .fixture(), options: .small, at: .fixture)
    }
    #expect(missing?.spanishText.contains("la carpeta no existe") == true)
    let inPlace = #expect(throws: OpeningFault.self) {
      try StoreCore.open(.file(folder.path), rules: .fixture(), options: .small, at: .fixture)
    }
    #expect(inPlace?.spanishText.contains("no es un archivo") == true)
    unlink("\(folder.path).lock")
    unlink("\(folder.path).reserve")
    unlink("\(folder.path).head")
  }

  @Test("FULL is in force on the writer, and the log is folded at the end")
  func durability() throws {
    let core = try StoreCore.fixture(folder)
    #expect(try core.setting("synchronous") == "2")
    #expect(try core.setting("journal_mode") == "wal")
    #expect(try core.setting("foreign_keys") == "1")
    #expect(folder.bytes("clinic.sqlite-wal").count > 0)
    core.close()
    #expect(!folder.names.contains("clinic.sqlite-wal"))
  }

  @Test("What a killed server left in the log is part of the file")
  func leftLog() throws {
    let core = try StoreCore.fixture(folder)
    _ = try core.apply(.request(1, .book("C1 2026-11-23 08:15")))
    // A copy of file and log while the server runs: what a kill leaves.
    let copy = TemporaryFolder()
    copy.write(folder.bytes("clinic.sqlite"), to: "clinic.sqlite")
    copy.write(folder.bytes("clinic.sqlite-wal"), to: "clinic.sqlite-wal")
    core.close()
    let other = try StoreCore.open(copy)
    defer { other.close() }
    #expect(try other.allAppointments().count == 1)
    #expect(other.check() == [])
  }
}

/// File systems that are small, or cannot be written: mounted by the test, which only root may.
@Suite("On a full or read-only disk", .serialized, .enabled(if: MountedFolder.isPossible))
struct FullDiskTests {
  @Test("A full disk nacks, damages nothing, answers what was answered, and takes bookings again when there is room")
  func full() throws {
    let mount = MountedFolder(kibibytes: 1536)
    let file = StoreLocation.file("\(mount.path)/clinic.sqlite")
    var options = StoreOptions.small
    options.reserveBytes = 256 << 10
    let core = try StoreCore.open(file, rules: .fixture(), options: options, at: .fixture)
    _ = try core.apply([.people([.ana, .beto, .carla, .dario])], at: .fixture)
    _ = try core.apply(.request(1, .book("C1 2026-11-23 08:15")))
    mount.fill()
    var fault: StoreFault?
    var added = 0
    for number: Int64 in 0..<4000 where fault == nil {
      do throws(StoreFault) {
        _ = try core.apply([.people([.fixture(100 + number, nss: nil)])], at: .fixture)
        added += 1
      } catch { fault = error }
    }
    #expect(fault?.kind == .full)
    #expect(fault?.spanishHint.contains("Libere espacio") == true)
    #expect(core.standing == nil)
    #expect(try core.allPatients().count == 4 + added)
    #expect(core.check() == [])
    #expect(throws: StoreFault.self) { try core.apply(.request(2, .book("C1 2026-11-23 08:30", for: .dario, seed: 2))) }
    mount.empty()
    #expect(try core.apply(.request(2, .book("C1 2026-11-23 08:30", for: .dario, seed: 2))).appointment != nil)
    #expect(core.check() == [])
    core.close()
  }

  @Test("A disk without room for a new file, and one that cannot be written, are clear errors")
  func refused() throws {
    let mount = MountedFolder(kibibytes: 64)
    let file = StoreLocation.file("\(mount.path)/clinic.sqlite")
    mount.fill()
    let full = #expect(throws: OpeningFault.self) {
      try StoreCore.open(file, rules: .fixture(), options: .small, at: .fixture)
    }
    #expect(full?.spanishText.contains("No queda espacio") == true, "\(String(describing: full))")
    mount.empty()
    mount.makeReadOnly()
    let readOnly = #expect(throws: OpeningFault.self) {
      try StoreCore.open(file, rules: .fixture(), options: .small, at: .fixture)
    }
    #expect(readOnly?.spanishText.contains("solo lectura") == true, "\(String(describing: readOnly))")
  }
}

/// A small file system in memory.
final class MountedFolder {
  let path: String

  static let isPossible: Bool = {
    guard geteuid() == 0 else { return false }
    guard let path = try? FreshFolder.make() else { return false }
    defer { rmdir(path) }
    guard mount("tmpfs", path, "tmpfs", 0, "size=64k") == 0 else { return false }
    umount(path)
    return true
  }()

  init(kibibytes: Int) {
    do { path = try FreshFolder.make() } catch { fatalError(error.description) }
    precondition(mount("tmpfs", path, "tmpfs", 0, "size=\(kibibytes)k") == 0)
  }

  deinit {
    umount2(path, 2 /* MNT_DETACH */)
    rmdir(path)
  }

  /// Takes what room there is.
  func fill() {
    let file = open("\(path)/ballast", O_RDWR | O_CREAT, 0o600)
    let block = [UInt8](repeating: 1, count: 4096)
    while write(file, block, block.count) > 0 {}
    close(file)
  }

  func empty() { unlink("\(path)/ballast") }
  func makeReadOnly() { _ = mount("tmpfs", path, "tmpfs", 32 | 1 /* MS_REMOUNT, MS_RDONLY */, nil) }
}
