import CCrashVFS
import ClinicDomain
import ClinicStore
import KioskTestSupport
import Scheduling
import Synchronization

/// A disk that can lose its power, under a name of its own.
final class CrashDisk {
  let handle: OpaquePointer
  private let name: String
  private static let count = Mutex(0)

  init(seed: UInt64, directory: crash_directory = CRASH_ORDERED_METADATA) {
    let number = Self.count.withLock { count in
      count += 1
      return count
    }
    name = "crash-\(number)"
    handle = crash_vfs_create(name, seed, directory)!
  }

  deinit { crash_vfs_destroy(handle) }

  /// Opens the store on this disk.
  func open() throws(OpeningFault) -> StoreCore {
    try StoreCore.open(
      .vfs(name: name, path: "clinic.sqlite"), rules: StoreSimulation.rules, options: SimulatedFile.options, at: .fixture)
  }
}

/// One cycle: bookings until the power goes, then what a client who was told something is entitled to.
struct CrashCycle {
  var disk: CrashDisk
  var chance: SeededGenerator
  /// How many commands at most.
  var length = 24
  /// The requests whose reply was given, in the order in which it was.
  private(set) var told: [(command: StoreCommand, reply: [UInt8])] = []
  private(set) var unanswered: [StoreCommand] = []
  private var number = 0

  init(disk: CrashDisk, seed: UInt64) {
    self.disk = disk
    chance = SeededGenerator(seed: seed)
  }

  /// Books and cancels until the disk fails; `nil` when it never did.
  mutating func work(on core: StoreCore) -> StoreFault? {
    while number < length {
      var batch: [StoreCommand] = []
      for _ in 0..<chance.within(1...3) { batch.append(next()) }
      do throws(StoreFault) {
        for (command, outcome) in zip(batch, try core.apply(batch, at: .fixture)) {
          if case .granted(_, let reply) = outcome { told.append((command, reply)) }
        }
      } catch {
        unanswered = batch
        return error
      }
    }
    return nil
  }

  private mutating func next() -> StoreCommand {
    number += 1
    let people = StoreSimulation.people
    let patient = people[number % people.count].id
    let command: Command
    if number.isMultiple(of: 4), let folio = told.lazy.compactMap({ Folio(String(decoding: $0.reply, as: UTF8.self)) }).last {
      command = .cancel(CancelAppointment(actor: .person(patient), folio: folio, reason: .cannotCome, channel: .kiosk))
    } else {
      let minute = AgendaMinute(minutes: 480 + 15 * chance.below(12))!
      let date = CivilDate.fixture.advanced(by: chance.below(3))
      let choice = SlotChoice(resource: number % 2 == 0 ? .c(1) : .c(2), date: date, start: minute)
      command = .hold(
        HoldSlot(
          actor: .person(patient), patient: patient, service: .familyMedicine, choice: choice, channel: .kiosk, folioSeed: chance.next()))
    }
    let id = (0..<16).map { _ in UInt8(truncatingIfNeeded: chance.next()) }
    return StoreCommand(
      requestID: RequestID(id), digest: id + id, command: command,
      encodeReply: { outcome in
        guard case .appointment(let appointment) = outcome else { return [] }
        return Array(appointment.folio.description.utf8)
      })
  }

  /// What is broken of what was told; nothing when all is well.
  func audit() -> [String] {
    do {
      let core = try disk.open()
      defer { core.close() }
      var broken = core.check().map(\.text)
      let outcomes = try core.apply(told.map(\.command), at: .fixture)
      for (promise, outcome) in zip(told, outcomes) where outcome != .repeated(reply: promise.reply) {
        broken.append("an acknowledged request is answered otherwise: \(outcome)")
      }
      // Nobody knows what became of these; asking again is always allowed, and has one answer.
      let first = try core.apply(unanswered, at: .fixture)
      for (one, other) in zip(first, try core.apply(unanswered, at: .fixture)) {
        switch (one, other) {
        case (.granted(_, let reply), .repeated(let again)) where reply == again: break
        case (.repeated(let reply), .repeated(let again)) where reply == again: break
        case (.refused, .refused): break
        default: broken.append("a repeated request has two answers: \(one), \(other)")
        }
      }
      return broken + core.check().map(\.text)
    } catch {
      return ["the store does not open: \(error)"]
    }
  }
}
