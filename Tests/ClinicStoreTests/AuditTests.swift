import ClinicDomain
import ClinicStore
import Glibc
import KioskTestSupport
import Scheduling
import Testing

@Suite("The history of every change")
struct AuditTests {
  let folder = TemporaryFolder()

  @Test("Each change has one row: who, through which channel and door, what, why, and how the appointment stood before and after")
  func rows() throws {
    let core = try StoreCore.fixture(folder)
    defer { core.close() }
    let before = core.head.seq
    _ = try core.apply(.request(1, .hold("C1 2026-11-23 08:15")))
    var book = StoreCommand.request(
      2,
      .book(
        BookAppointment(
          actor: .person(Patient.ana.id), patient: Patient.ana.id, what: .hold(.seeded(1)), channel: .kiosk, folioSeed: 0)))
    book.door.identity = "spiffe://imss/umf/DFIMS000011/kiosk/k7"
    _ = try core.apply(book)
    _ = try core.apply(
      .request(
        3,
        .cancel(
          CancelAppointment(
            actor: .staff(StaffName("uid:1000")!, .staffAbsent), folio: .seeded(1), reason: .cannotCome, channel: .desk))))
    _ = try core.apply(.request(4, .grantConsent(GrantConsent(grantor: Patient.ana.id, grantee: Patient.beto.id))))
    _ = try core.apply(.request(5, .grantConsent(GrantConsent(grantor: Patient.ana.id, grantee: Patient.beto.id))))
    _ = try core.apply(.request(6, .revokeConsent(RevokeConsent(grantor: Patient.ana.id, grantee: nil))))
    let ana = "person:\(Patient.ana.id.rawValue)"
    let appointment = "appointment:\(Folio.seeded(1).number)"
    let consent = "consent:\(Patient.ana.id.rawValue):\(Patient.beto.id.rawValue)"
    let rows = try core.history(after: before)
    #expect(rows.map(\.seq) == Array(before + 1...before + 5))
    #expect(rows.map { [$0.actor, $0.door, $0.channel?.rawValue, $0.act.rawValue, $0.reason, $0.object] } == [
      [ana, "", "kiosk", "hold", "person", appointment],
      [ana, "spiffe://imss/umf/DFIMS000011/kiosk/k7", "kiosk", "book", "person", appointment],
      ["staff:uid:1000", "", "desk", "cancel", "staff-absent", appointment],
      [ana, "", nil, "grant-consent", "person", consent],
      [ana, "", nil, "revoke-consent", "person", consent],
    ])
    #expect(rows.map { [$0.before, $0.after] } == [[nil, .pending], [.pending, .booked], [.booked, .cancelled], [nil, nil], [nil, nil]])
    #expect(rows.allSatisfy { $0.at == .fixture })
  }

  @Test("A hold that ran out is ended by the clock, not by who took the place next")
  func expiry() throws {
    let core = try StoreCore.fixture(folder)
    defer { core.close() }
    _ = try core.apply(.request(1, .hold("C1 2026-11-23 08:15")))
    let before = core.head.seq
    let later = Instant.fixture.adding(seconds: 3600)
    #expect(try core.apply(.request(2, .book("C1 2026-11-23 08:15", for: .dario, seed: 2)), at: later).appointment != nil)
    #expect(try core.history(after: before).map { [$0.actor, $0.act.rawValue, $0.object] } == [
      ["system", "expire-hold", "appointment:\(Folio.seeded(1).number)"],
      ["person:\(Patient.dario.id.rawValue)", "book", "appointment:\(Folio.seeded(2).number)"],
    ])
  }

  @Test("Nothing in the history names a person")
  func noNames() throws {
    let core = try StoreCore.fixture(folder)
    _ = try core.apply(.request(1, .book("C1 2026-11-23 08:15")))
    let said = try core.history().map { "\($0)" }.joined()
    core.close()
    #expect(!said.isEmpty)
    for person in [Patient.ana, .beto, .carla, .dario] {
      for word in [person.name.given, person.name.firstSurname, person.nss?.description, person.curp?.description, person.phone?.description] {
        if let word { #expect(!said.contains(word), "\(word)") }
      }
    }
  }

  @Test("A refusal, a repeat and a folio that was taken leave no row")
  func refusals() throws {
    let core = try StoreCore.fixture(folder)
    defer { core.close() }
    _ = try core.apply(.request(1, .book("C1 2026-11-23 08:15")))
    let before = core.head
    #expect(try core.apply(.request(2, .book("C1 2026-11-23 08:15", for: .dario, seed: 2))).refusal != nil)
    _ = try core.apply(.request(1, .book("C1 2026-11-23 08:15")))
    #expect(core.head == before)
    // The seed's first folio is taken: the row that was begun for it is undone with it.
    #expect(try core.apply(.request(3, .book("C1 2026-11-23 08:30", for: .dario, seed: 1))).appointment != nil)
    #expect(core.head.seq == before.seq + 1)
    #expect(core.check() == [])
  }

  @Test("As many rows as changes, whatever is done, with restarts in between", arguments: 1...4 as ClosedRange<UInt64>)
  func counts(seed: UInt64) throws {
    let file = SimulatedFile()
    var simulation = StoreSimulation(seed: seed, store: CountingStore(try file.open())) {
      CountingStore(try file.open(at: .fixture))
    }
    defer { simulation.stop() }
    try simulation.run()
    #expect(simulation.report.granted > 20)
  }
}

/// A store whose every command is held against the rows that it changed: so many rows of the history, of just those objects.
final class CountingStore: SimulatedStore {
  private let core: StoreCore
  init(_ core: StoreCore) { self.core = core }

  var rules: ClinicRules { core.rules }
  var index: AgendaIndex { core.index }
  var lastInstant: Instant { core.lastInstant }
  func rebuiltIndex() throws(StoreFault) -> AgendaIndex { try core.rebuiltIndex() }
  func allAppointments() throws(StoreFault) -> [Appointment] { try core.allAppointments() }
  func check() -> [CheckFinding] { core.check() }
  func close() { core.close() }

  func apply(_ batch: [StoreCommand], at instant: Instant) throws(StoreFault) -> [StoreOutcome] {
    var outcomes: [StoreOutcome] = []
    for command in batch {
      let before = try core.allAppointments()
      let head = core.head.seq
      outcomes += try core.apply([command], at: instant)
      let known = Dictionary(uniqueKeysWithValues: before.map { ($0.folio, $0) })
      let changed = try core.allAppointments().filter { known[$0.folio] != $0 }.map { "appointment:\($0.folio.number)" }
      let written = try core.history(after: head).map(\.object).filter { $0.hasPrefix("appointment:") }
      #expect(changed.sorted() == written.sorted())
    }
    return outcomes
  }
}

@Suite("A store that somebody changed behind the server's back")
struct TamperingTests {
  let folder = TemporaryFolder()

  /// Forty people's bookings, some cancelled, some held; closed.
  func filled() throws {
    let core = try StoreCore.fixture(folder, people: (1...42).map { .fixture($0, nss: nil, born: "1985-04-30") })
    for number: UInt8 in 1...40 {
      let person = Patient.fixture(Int64(number), nss: nil, born: "1985-04-30")
      let minute = 480 + 15 * (Int(number) % 11)
      let choice = "C\(number % 2 + 1) 2026-11-2\(number % 4 + 3) \(minute / 60 < 10 ? "0" : "")\(minute / 60):\(minute % 60 < 10 ? "0" : "")\(minute % 60)"
      let command = number % 5 == 0 ? Command.hold(choice, for: person, seed: UInt64(number)) : .book(choice, for: person, seed: UInt64(number))
      #expect(try core.apply(.request(number, command)).appointment != nil, "\(choice)")
      if number % 7 == 0 { _ = try core.apply(.request(100 + number, .cancel(.seeded(UInt64(number)), by: person))) }
    }
    core.close()
  }

  @Test("P37: of a thousand edits, deletions, swaps and truncations in bookings and history each is named, the row with it")
  func thousand() throws {
    try filled()
    let whole = folder.bytes("clinic.sqlite")
    #expect(try StoreVerification(path: folder.file).findings == [])
    var forger = StoreForger(seed: 7)
    var done = 0
    for round in 0..<1100 where done < 1000 {
      folder.write(whole, to: "clinic.sqlite")
      let kind = StoreForger.Kind.allCases[round % StoreForger.Kind.allCases.count]
      guard let deed = forger.forge(kind, in: folder.file) else { continue }
      done += 1
      let findings = try StoreVerification(path: folder.file, thorough: false).findings
      #expect(
        deed.isNamed(in: findings.map(\.text)),
        "\(kind): \(deed): \(findings.map(\.text))")
    }
    #expect(done == 1000)
  }

  @Test("P37: a place given without a row of the history makes the nightly check fail, whoever it was given to")
  func givenPlace() throws {
    try filled()
    var forger = StoreForger(seed: 1)
    let forged = forger.forge(.insertAppointment, in: folder.file)
    let deed = try #require(forged)
    let core = try StoreCore.open(folder)
    defer { core.close() }
    #expect(core.check().map(\.text) == ["La cita \(deed.names[0]) está en la base sin que la bitácora diga quién la puso."])
  }

  @Test("An older copy in the store's place is told from the head that is kept beside it, also after the server has worked on")
  func olderCopy() throws {
    try filled()
    let old = folder.bytes("clinic.sqlite")
    let core = try StoreCore.open(folder)
    let oldHead = core.head
    #expect(try core.apply(.request(200, .book("C1 2026-11-27 08:15", for: .fixture(41, nss: nil), seed: 200))).appointment != nil)
    let head = core.head
    core.close()
    folder.write(old, to: "clinic.sqlite")
    #expect(try StoreVerification(path: folder.file).findings.map(\.check) == [.history])
    let again = try StoreCore.open(folder)
    #expect(again.check().contains { $0.check == .history && $0.text.contains("hubo un renglón \(head.seq)") })
    _ = try again.apply(.request(201, .book("C1 2026-11-27 08:30", for: .fixture(42, nss: nil), seed: 201)))
    #expect(again.check().contains { $0.check == .history && $0.text.contains("renglón \(head.seq)") })
    again.close()
    unlink("\(folder.path)/clinic.sqlite.head-lost")
    #expect(try StoreVerification(path: folder.file).findings == [])
    // Whoever noted a head down on paper has the same means.
    #expect(try StoreVerification(path: folder.file, noted: [oldHead]).findings == [])
    #expect(try StoreVerification(path: folder.file, noted: [head]).findings.map(\.check) == [.history])
    #expect(AuditHead(text: "\(head)") == head)
  }

  @Test("C.5: a history written anew to its end, with the head beside it, is told from a signed head that was kept elsewhere, and from nothing else")
  func writtenAnew() throws {
    try filled()
    let key = HeadKey()
    let clues = ClinicRules.fixture().clinic.identity.clues
    let signed = SignedHead(try StoreVerification(path: folder.file).head, of: clues, at: .fixture, by: key)
    let line = "\(signed)"
    let kept = try #require(SignedHead(line: line))
    #expect(kept == signed)
    #expect(try StoreVerification(path: folder.file, signed: ([kept], key.publicKey)).findings == [])
    var forger = StoreForger(seed: 7)
    let forged = forger.rewriteToTheEnd(folder.file)
    let deed = try #require(forged)
    #expect(try StoreVerification(path: folder.file).findings == [], "\(deed)")
    #expect(try StoreVerification(path: folder.file, signed: ([kept], key.publicKey)).findings.map(\.text) == [
      "El renglón \(kept.head.seq) de la bitácora no es el que se anotó aparte."
    ])
    // A head of the forger's own is signed by another key; a changed one by none; and none at all proves nothing.
    let own = SignedHead(try StoreVerification(path: folder.file).head, of: clues, at: .fixture, by: HeadKey())
    var moved = kept
    moved.at = moved.at.adding(seconds: 60)
    for strange in [own, moved] {
      let findings = try StoreVerification(path: folder.file, signed: ([strange], key.publicKey)).findings.map(\.text)
      #expect(findings.count == 1 && findings[0].contains("no lleva la firma de esta clínica"), "\(findings)")
    }
    #expect(try StoreVerification(path: folder.file, signed: ([], key.publicKey)).findings.count == 1)
    #expect(HeadPublicKey(text: "\(key.publicKey)").map { kept.isSigned(for: clues, by: $0) } == true)
    #expect(HeadKey(key.bytes).map { "\($0.publicKey)" } == "\(key.publicKey)" && HeadKey([1]) == nil)
    for wrong in ["", String(line.dropLast()), line + " ", line.replacing(" ", with: "  ")] { #expect(SignedHead(line: wrong) == nil) }
  }

  @Test("Looking leaves the file and everything beside it as it was")
  func readOnly() throws {
    try filled()
    let before = folder.names.map { folder.bytes($0) }
    let names = folder.names
    let verification = try StoreVerification(path: folder.file)
    #expect(verification.appointments == 40)
    #expect(verification.historyRows == Int(verification.head.seq))
    #expect(folder.names == names)
    #expect(folder.names.map { folder.bytes($0) } == before)
  }
}
