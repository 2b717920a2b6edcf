import ClinicDomain
import ClinicStore
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("A place that staff gave up, taken back or not")
struct UndoThroughWaitlistTests {
  static func cancel(_ folio: String, _ clinic: TestClinic) async throws {
    let done = try await clinic.appointments(.staff).cancel(.init(folio: folio, staffReason: .askedByPhone), options: .write())
    #expect(done.appointment?.status == .cancelled)
  }

  static func undo(_ folio: String, _ clinic: TestClinic) async throws(RPCError) -> Wire.UndoResponse {
    try await clinic.agenda().undo(.init(folio: folio, reason: .correction), options: .write())
  }

  @Test("Cancelled by staff: until somebody accepts it the undo withdraws every offer; after that it says so, and what else can be done", arguments: Depth.allCases)
  func cancelled(depth: Depth) async throws {
    try await withClinic(depth, people: Patient.household + strangers(1), rules: .waiting()) { clinic in
      let folio = try await clinic.book("C1 2026-11-24 09:00", try await clinic.session(.ana)).folio
      let waiting = try await clinic.session(strangers(1)[0])
      try await clinic.join(waiting)
      try await Self.cancel(folio, clinic)
      try await clinic.settle()
      #expect(try await clinic.offers(waiting).count == 1)
      #expect(try await Self.undo(folio, clinic).appointment?.status == .booked)
      #expect(try await clinic.offers(waiting).isEmpty)
      #expect(try await clinic.entries(waiting).map(\.position) == [1])

      let second = try await clinic.book("C1 2026-11-24 09:15", try await clinic.session(.dario)).folio
      try await Self.cancel(second, clinic)
      try await clinic.settle()
      let offer = try #require(try await clinic.offers(waiting).first)
      _ = try await clinic.answer(offer.id, true, waiting)
      let refused = try await status { () throws(RPCError) in try await Self.undo(second, clinic) }
      #expect(refused.refusal?.reason == .slotTaken)
      #expect(refused.message == "Ese lugar ya se dio a otra persona: no se puede devolver. Ofrezca otro lugar, o un espacio en la fila de hoy.")
      #expect(refused.refusal?.alternatives.isEmpty == false && refused.refusal?.steps.isEmpty == false)
      // Whoever waited keeps it.
      #expect(try await clinic.appointments().list(.init(sessionToken: waiting)).appointments.map { $0.slot?.place } == ["C1 2026-11-24 555"])
      let acts = try await clinic.agenda().history(.init(folio: second)).changes
      #expect(acts.last.map { [$0.act, $0.reason] } == ["cancel", "asked-by-phone"] && acts.last?.actor.hasPrefix("staff:") == true)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("Who does not come: only the desk frees the place, after the tolerance; it is for today's walk-ins, and taken by one the undo says so", arguments: Depth.allCases)
  func missed(depth: Depth) async throws {
    try await withClinic(depth, people: Patient.household + strangers(1), rules: .waiting()) { clinic in
      let folio = try await clinic.book("C1 2026-11-23 08:15", try await clinic.session(.ana)).folio
      try await clinic.join(try await clinic.session(strangers(1)[0]))
      clinic.clock.advance(.seconds(84 * 60))
      let early = try await status { () throws(RPCError) in try await clinic.agenda().free(.init(folio: folio, reason: .routine), options: .write()) }
      #expect(early.refusal?.reason == .tooEarly)
      // Past the tolerance nothing happens of itself.
      clinic.clock.advance(.seconds(2 * 60))
      #expect(try await clinic.settle() == 0)
      #expect(try await clinic.day().places.isEmpty)
      _ = try await clinic.agenda().free(.init(folio: folio, reason: .routine), options: .write())
      let place = try #require(try await clinic.day().places.first)
      #expect(place.state == .walkIns && place.asked == 0 && place.text == "Para quien llegue hoy sin cita.")
      #expect(try await Self.undo(folio, clinic).appointment?.status == .booked)
      #expect(try await clinic.day().places.map(\.state) == [.released])

      _ = try await clinic.agenda().free(.init(folio: folio, reason: .routine), options: .write())
      let again = try #require(try await clinic.day().places.first)
      #expect(again.state == .walkIns)
      _ = try await clinic.waitlist().takeWalkInPlace(.init(sessionToken: try await clinic.session(.dario), place: again.id), options: .write())
      let refused = try await status { () throws(RPCError) in try await Self.undo(folio, clinic) }
      #expect(refused.refusal?.reason == .slotTaken && refused.message.contains("o un espacio en la fila de hoy"))
      #expect(refused.refusal?.alternatives.isEmpty == false && refused.refusal?.steps.isEmpty == false)
      #expect(try await clinic.store.check() == [])
    }
  }
}
