import ClinicDomain
import ClinicStore
import Glibc
import CSQLite
import KioskTestSupport
import Scheduling

/// A folder of its own, gone with the last test that holds it.
final class TemporaryFolder {
  let path: String

  init() {
    do { path = try FreshFolder.make() } catch { fatalError(error.description) }
  }

  deinit {
    for name in names { unlink("\(path)/\(name)") }
    rmdir(path)
  }

  var file: String { "\(path)/clinic.sqlite" }

  /// What is in it, in order.
  var names: [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  func bytes(_ name: String) -> [UInt8] {
    guard let file = fopen("\(path)/\(name)", "rb") else { return [] }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 24)
    return Array(bytes[..<fread(&bytes, 1, bytes.count, file)])
  }

  func write(_ bytes: [UInt8], to name: String) {
    let file = fopen("\(path)/\(name)", "wb")!
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }
}

extension StoreOptions {
  /// A small reserve, small caches.
  static var small: StoreOptions {
    var options = StoreOptions()
    options.reserveBytes = 1 << 16
    options.writerCacheKiB = 512
    options.readerCacheKiB = 256
    options.idleCheckpointMilliseconds = 60_000
    return options
  }
}

extension StoreCore {
  static func open(
    _ folder: TemporaryFolder, rules: ClinicRules = .fixture(), options: StoreOptions = .small, at now: Instant = .fixture
  ) throws(OpeningFault) -> StoreCore {
    try .open(.file(folder.file), rules: rules, options: options, at: now)
  }

  /// A new store that knows these people, by the ids they have.
  static func fixture(_ folder: TemporaryFolder, people: [Patient] = [.ana, .beto, .carla, .dario]) throws -> StoreCore {
    let core = try open(folder)
    _ = try core.apply([.people(people)], at: .fixture)
    return core
  }

  /// One command alone.
  func apply(_ command: StoreCommand, at now: Instant = .fixture) throws -> StoreOutcome {
    try apply([command], at: now)[0]
  }
}

extension StoreCommand {
  /// A request whose id and digest follow from two numbers; the reply is the folio's digits.
  static func request(_ number: UInt8, content: UInt8 = 0, deadline: Instant? = nil, _ command: Command) -> StoreCommand {
    StoreCommand(
      requestID: RequestID(Array(repeating: number, count: 16)), digest: Array(repeating: content, count: 32),
      deadline: deadline, command: command,
      encodeReply: { outcome in
        guard case .appointment(let appointment) = outcome else { return Array("ok".utf8) }
        return Array(appointment.folio.description.utf8)
      })
  }

  static func people(_ people: [Patient]) -> StoreCommand {
    StoreCommand(
      requestID: nil, digest: [],
      command: .importPatients(
        ImportPatients(
          rows: people.map {
            PatientImport(
              identityKey: "\($0.id.rawValue)", patient: $0, numberIsGiven: true, numberSeed: UInt64($0.id.rawValue))
          })),
      encodeReply: { _ in [] })
  }
}

extension Folio {
  /// What a command with that `seed` gets; seeds that are close together get the same folio.
  static func seeded(_ seed: UInt64) -> Folio { Folio(random: seed << 40) }
}

extension Command {
  static func book(
    _ choice: String, for patient: Patient = .ana, service: ServiceCode = .familyMedicine, seed: UInt64 = 1
  ) -> Command {
    .book(
      BookAppointment(
        actor: .person(patient.id), patient: patient.id, what: .slot(service, SlotChoice(choice)), channel: .kiosk, folioSeed: seed << 40))
  }

  static func hold(_ choice: String, for patient: Patient = .ana, seed: UInt64 = 1) -> Command {
    .hold(
      HoldSlot(
        actor: .person(patient.id), patient: patient.id, service: .familyMedicine, choice: SlotChoice(choice), channel: .kiosk,
        folioSeed: seed << 40))
  }

  static func cancel(_ folio: Folio, by patient: Patient = .ana) -> Command {
    .cancel(CancelAppointment(actor: .person(patient.id), folio: folio, reason: .cannotCome, channel: .kiosk))
  }
}

extension StoreOutcome {
  /// The appointment that was granted.
  var appointment: Appointment? {
    if case .granted(.appointment(let appointment), _) = self { appointment } else { nil }
  }

  /// Why it was refused.
  var refusal: CommandRefusal? {
    if case .refused(let refusal, _) = self { refusal } else { nil }
  }
}

/// Another program's look at a file.
enum Shell {
  /// Runs statements; `nil` when SQLite is content, otherwise its words.
  @discardableResult
  static func run(_ sql: String, on path: String, pragmas: String = "") -> String? {
    var connection: OpaquePointer?
    defer { sqlite3_close(connection) }
    sqlite3_open(path, &connection)
    sqlite3_exec(connection, pragmas, nil, nil, nil)
    return sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK ? nil : String(cString: sqlite3_errmsg(connection))
  }
}
