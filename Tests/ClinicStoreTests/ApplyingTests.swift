import ClinicDomain
import ClinicStore
import KioskTestSupport
import Scheduling
import Testing

@Suite("Applying a batch")
struct ApplyingTests {
  let folder = TemporaryFolder()

  @Test("A booking is granted, kept, and in the index")
  func granted() throws {
    let core = try StoreCore.fixture(folder)
    defer { core.close() }
    let outcome = try core.apply(.request(1, .book("C1 2026-11-23 08:15")))
    let expected = Appointment.fixture(Slot("C1 2026-11-23 08:15"), folio: 1).with(.seeded(1))
    #expect(outcome == .granted(.appointment(expected), reply: Array(expected.folio.description.utf8)))
    #expect(try core.allAppointments() == [expected])
    #expect(core.check() == [])
  }

  @Test("A repeat gets the bytes of the first time, even after a cancellation and a restart")
  func repeated() throws {
    let first = try StoreCore.fixture(folder)
    let booked = try first.apply(.request(1, .book("C1 2026-11-23 08:15")))
    let folio = try #require(booked.appointment?.folio)
    let reply = Array(folio.description.utf8)
    #expect(try first.apply(.request(1, .book("C1 2026-11-23 08:15"))) == .repeated(reply: reply))
    #expect(try first.apply(.request(2, .cancel(folio))).appointment?.status == .cancelled)
    first.close()
    let second = try StoreCore.open(folder)
    defer { second.close() }
    #expect(try second.apply(.request(1, .book("C1 2026-11-23 08:15"))) == .repeated(reply: reply))
    #expect(try second.allAppointments().map(\.status) == [.cancelled])
  }

  @Test("A request id with other content is a conflict, and changes nothing")
  func conflictingRepeat() throws {
    let core = try StoreCore.fixture(folder)
    defer { core.close() }
    _ = try core.apply(.request(1, .book("C1 2026-11-23 08:15")))
    let before = try core.dumpSHA256()
    #expect(try core.apply(.request(1, content: 9, .book("C1 2026-11-23 09:15", for: .dario))) == .conflictingRepeat)
    #expect(try core.dumpSHA256() == before)
  }

  @Test("A refused request leaves nothing, and is judged anew")
  func refused() throws {
    let core = try StoreCore.fixture(folder)
    defer { core.close() }
    let folio = try #require(try core.apply(.request(1, .book("C1 2026-11-23 08:15"))).appointment?.folio)
    let before = try core.dumpSHA256()
    #expect(try core.apply(.request(2, .book("C1 2026-11-23 08:15", for: .dario))).refusal == .slotTaken(by: folio))
    #expect(try core.dumpSHA256() == before)
    _ = try core.apply(.request(3, .cancel(folio)))
    #expect(try core.apply(.request(2, .book("C1 2026-11-23 08:15", for: .dario, seed: 2))).appointment != nil)
  }

  @Test("A command whose deadline has passed does nothing; one that was granted before is answered all the same")
  func late() throws {
    let core = try StoreCore.fixture(folder)
    defer { core.close() }
    let past = Instant.fixture.adding(seconds: -1)
    #expect(try core.apply(.request(1, deadline: past, .book("C1 2026-11-23 08:15"))) == .late)
    #expect(try core.allAppointments() == [])
    _ = try core.apply(.request(1, deadline: .fixture, .book("C1 2026-11-23 08:15")))
    let again = try core.apply(.request(1, deadline: past, .book("C1 2026-11-23 08:15")))
    #expect(again == .repeated(reply: Array(Folio.seeded(1).description.utf8)))
  }

  @Test("Two commands of one batch that want one slot: the first gets it")
  func withinOneBatch() throws {
    let core = try StoreCore.fixture(folder)
    defer { core.close() }
    let outcomes = try core.apply(
      [.request(1, .book("C1 2026-11-23 08:15")), .request(2, .book("C1 2026-11-23 08:15", for: .dario, seed: 2)),
       .request(1, .book("C1 2026-11-23 08:15"))], at: .fixture)
    let folio = Folio.seeded(1)
    #expect(outcomes[0].appointment?.folio == folio)
    #expect(outcomes[1].refusal == .slotTaken(by: folio))
    #expect(outcomes[2] == .repeated(reply: Array(folio.description.utf8)))
  }

  @Test("A folio that is taken gives way to the seed's next one, always the same")
  func folioClash() throws {
    let core = try StoreCore.fixture(folder)
    defer { core.close() }
    let first = try core.apply(.request(1, .book("C1 2026-11-23 08:15", seed: 5))).appointment
    let second = try core.apply(.request(2, .book("C1 2026-11-23 08:30", for: .dario, seed: 5))).appointment
    #expect(first?.folio == .seeded(5))
    #expect(second != nil && second?.folio != first?.folio)
    let elsewhere = TemporaryFolder()
    let other = try StoreCore.fixture(elsewhere)
    defer { other.close() }
    _ = try other.apply(.request(1, .book("C1 2026-11-23 08:15", seed: 5)))
    #expect(try other.apply(.request(2, .book("C1 2026-11-23 08:30", for: .dario, seed: 5))).appointment == second)
    #expect(try other.dumpSHA256() == core.dumpSHA256())
  }

  @Test("A hold that has run out is ended by whoever takes its slot, in the same commit")
  func staleHold() throws {
    let core = try StoreCore.fixture(folder)
    defer { core.close() }
    let held = try #require(try core.apply(.request(1, .hold("C1 2026-11-23 08:15"))).appointment)
    let taken = try core.apply(.request(2, .book("C1 2026-11-23 08:15", for: .dario, seed: 2)), at: .fixture.adding(seconds: 120))
    #expect(taken.appointment?.status == .booked)
    let rows = try core.allAppointments()
    #expect(rows.first { $0.folio == held.folio }?.cancellation == .holdExpired)
    #expect(core.check() == [])
  }

  @Test("Time never goes back, also across a restart")
  func monotone() throws {
    let later = Instant.fixture.adding(seconds: 600)
    let first = try StoreCore.fixture(folder)
    #expect(try first.apply(.request(1, .book("C1 2026-11-23 08:15")), at: later).appointment?.createdAt == later)
    #expect(try first.apply(.request(2, .book("C1 2026-11-23 08:30", for: .dario, seed: 2))).appointment?.createdAt == later)
    first.close()
    let second = try StoreCore.open(folder)
    defer { second.close() }
    #expect(second.lastInstant == later)
  }

  @Test("Consent is given once, read by the next command, and taken back")
  func consent() throws {
    let core = try StoreCore.fixture(folder)
    defer { core.close() }
    let forAna = Command.book(
      BookAppointment(
        actor: .person(Patient.beto.id), patient: Patient.ana.id, what: .slot(.familyMedicine, SlotChoice("C1 2026-11-23 08:15")),
        channel: .kiosk, folioSeed: 3))
    let grant = Command.grantConsent(GrantConsent(grantor: Patient.ana.id, grantee: Patient.beto.id))
    let revoke = Command.revokeConsent(RevokeConsent(grantor: Patient.ana.id, grantee: nil))
    #expect(try core.apply(.request(1, forAna)).refusal == .notAllowed)
    _ = try core.apply(.request(2, grant))
    _ = try core.apply(.request(3, grant), at: .fixture.adding(seconds: 60))
    let folio = try #require(try core.apply(.request(4, forAna)).appointment?.folio)
    _ = try core.apply(.request(5, revoke))
    let cancel = Command.cancel(
      CancelAppointment(actor: .person(Patient.beto.id), folio: folio, reason: .cannotCome, channel: .kiosk))
    #expect(try core.apply(.request(6, cancel)).refusal == .appointmentNotFound)
    #expect(core.check() == [])
  }
}

extension Appointment {
  /// Under another folio.
  func with(_ folio: Folio) -> Appointment {
    var appointment = self
    appointment.folio = folio
    return appointment
  }
}
