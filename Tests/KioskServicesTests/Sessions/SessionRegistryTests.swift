import ClinicDomain
import KioskServices
import KioskTestSupport
import TTRPCCore
import Testing

@Suite("Who is being served right now")
struct SessionRegistryTests {
  let registry = SessionRegistry()
  let start = MonotonicTime(nanoseconds: 1_000_000_000)

  func open(_ person: Patient) throws -> SessionToken {
    try #require(registry.open(for: person, channel: .kiosk, at: start))
  }

  @Test("Family that was read before a consent was taken back is not kept: it is read again")
  func revokedMeanwhile() throws {
    let token = try open(.ana)
    let before = registry.revocations
    registry.forget(Patient.beto.id, grantee: Patient.ana.id)
    #expect(registry.setOthers([.beto], of: token, readAt: before) == nil)
    #expect(registry.use(token, channel: .kiosk, at: start)?.person(1) == nil)
    #expect(registry.setOthers([.carla], of: token, readAt: registry.revocations)?.map(\.number) == [1])
  }

  @Test("A revocation for one grantee leaves the numbers of the others alone")
  func oneGrantee() throws {
    let (hers, his) = (try open(.ana), try open(.elias))
    for token in [hers, his] { _ = registry.setOthers([.beto], of: token, readAt: 0) }
    registry.forget(Patient.beto.id, grantee: Patient.ana.id)
    #expect(registry.use(hers, channel: .kiosk, at: start)?.person(1) == nil)
    #expect(registry.use(his, channel: .kiosk, at: start)?.person(1) == .beto)
    registry.forget(Patient.beto.id, grantee: nil)
    #expect(registry.use(his, channel: .kiosk, at: start)?.person(1) == nil)
  }

  @Test("Numbers that a session does not have are nobody", arguments: [-1, 1, 2, .max])
  func noSuchNumber(number: Int) throws {
    let token = try open(.ana)
    #expect(registry.use(token, channel: .kiosk, at: start)?.person(number) == nil)
  }

  @Test("A full registry turns people away until somebody's session has ended")
  func full() throws {
    for _ in 0..<SessionRegistry.maximumSessions { _ = try open(.ana) }
    #expect(registry.open(for: .beto, channel: .kiosk, at: start) == nil)
    let later = MonotonicTime(nanoseconds: start.nanoseconds + 60_000_000_001)
    #expect(registry.open(for: .beto, channel: .kiosk, at: later) != nil)
    #expect(registry.count == 1)
  }

  @Test("A token reads as it was written, and nothing else reads as a token")
  func tokens() throws {
    let token = try open(.ana)
    #expect(SessionToken(text: token.description) == token)
    #expect(SessionToken(text: token.description.uppercased()) == token)
    for text in ["", String(token.description.dropLast()), token.description + "0", String(repeating: "g", count: 32)] {
      #expect(SessionToken(text: text) == nil)
    }
  }

  @Test("Ten seconds after its connection a session has ended, unless it is used from another one; then it belongs to that", arguments: [
    (10_000, true), (10_001, false),
  ])
  func disconnected(milliseconds: UInt64, lives: Bool) throws {
    func at(_ milliseconds: UInt64) -> MonotonicTime { MonotonicTime(nanoseconds: start.nanoseconds + milliseconds * 1_000_000) }
    let token = try #require(registry.open(for: .ana, channel: .kiosk, connection: 7, at: start))
    let other = try #require(registry.open(for: .beto, channel: .kiosk, connection: 8, at: start))
    registry.connectionEnded(7, at: start)
    #expect((registry.use(token, channel: .kiosk, connection: 9, at: at(milliseconds)) != nil) == lives)
    // The end of the first connection, told again, and another's session are nothing to it.
    registry.connectionEnded(7, at: at(milliseconds))
    #expect((registry.use(token, channel: .kiosk, connection: 9, at: at(milliseconds + 20_000)) != nil) == lives)
    #expect(registry.use(other, channel: .kiosk, connection: 8, at: at(milliseconds + 20_000)) != nil)
    registry.connectionEnded(9, at: at(40_000))
    #expect(registry.use(token, channel: .kiosk, connection: 10, at: at(55_000)) == nil)
  }

  @Test("A sweep forgets the sessions of a connection that has gone")
  func sweepDisconnected() throws {
    _ = registry.open(for: .ana, channel: .kiosk, connection: 7, at: start)
    registry.connectionEnded(7, at: start)
    registry.sweep(at: MonotonicTime(nanoseconds: start.nanoseconds + 10_000_000_000))
    #expect(registry.count == 1)
    registry.sweep(at: MonotonicTime(nanoseconds: start.nanoseconds + 10_000_000_001))
    #expect(registry.count == 0)
  }

  @Test("The warning comes 20 seconds before the end, or at half of a session that is shorter", arguments: [(60, 20), (40, 20), (30, 15)])
  func warning(idle: Int, warning: Int) {
    let registry = SessionRegistry(idle: .seconds(idle))
    #expect(registry.idleSeconds == idle && registry.warningSeconds == warning)
  }
}
