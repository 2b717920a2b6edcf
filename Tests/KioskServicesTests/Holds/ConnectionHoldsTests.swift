import ClinicDomain
import KioskServices
import KioskTestSupport
import Testing

@Suite("Which holds end with which connection")
struct ConnectionHoldsTests {
  let holds = ConnectionHolds()
  static let session = SessionToken(text: String(repeating: "1", count: 32))!

  func hold(_ number: UInt64, session: SessionToken = session, until seconds: Int = 120) -> ConnectionHolds.Hold {
    ConnectionHolds.Hold(folio: .fixture(number), session: session, until: Instant.fixture.adding(seconds: seconds))
  }

  @Test("Those made on a connection that was granted it, until they are booked or given back")
  func ofOne() {
    holds.granted(to: 1)
    for number: UInt64 in 1...3 { #expect(holds.remember(hold(number), of: 1, at: .fixture)) }
    holds.forget(.fixture(2))
    #expect(Set(holds.takeAll(of: 1)) == [.fixture(1), .fixture(3)])
    #expect(holds.takeAll(of: 1) == [])
    #expect(holds.count == 0)
  }

  @Test("One that is asked for again, on another connection, is that one's from then on")
  func moved() {
    for connection: UInt64 in [1, 2] {
      holds.granted(to: connection)
      #expect(holds.remember(hold(1), of: connection, at: .fixture))
    }
    #expect(holds.takeAll(of: 1) == [])
    #expect(holds.takeAll(of: 2) == [.fixture(1)])
  }

  @Test("A second grant takes nothing away")
  func grantedTwice() {
    holds.granted(to: 1)
    #expect(holds.remember(hold(1), of: 1, at: .fixture))
    holds.granted(to: 1)
    #expect(holds.takeAll(of: 1) == [.fixture(1)])
  }

  @Test("One that becomes durable after its connection's end is released, unless it is somebody else's by then")
  func tooLate() {
    holds.granted(to: 1)
    #expect(holds.isGranted(to: 1))
    _ = holds.takeAll(of: 1)
    #expect(!holds.isGranted(to: 1))
    #expect(!holds.remember(hold(1), of: 1, at: .fixture))
    holds.granted(to: 2)
    #expect(holds.remember(hold(1), of: 2, at: .fixture))
    #expect(holds.remember(hold(1), of: 1, at: .fixture))
    #expect(holds.takeAll(of: 2) == [.fixture(1)])
  }

  @Test("One that nobody waits for any more is released, unless it was there before")
  func givenUp() {
    holds.granted(to: 1)
    #expect(!holds.remember(hold(1), of: 1, isWaitedFor: false, at: .fixture))
    #expect(holds.count == 0)
    #expect(holds.remember(hold(1), of: 1, at: .fixture))
    #expect(holds.remember(hold(1), of: 1, isWaitedFor: false, at: .fixture))
    #expect(holds.takeAll(of: 1) == [.fixture(1)])
  }

  @Test("The end of a session takes its own, and of this connection only")
  func sessions() {
    let other = SessionToken(text: String(repeating: "2", count: 32))!
    for connection: UInt64 in [1, 2] { holds.granted(to: connection) }
    for (number, session, connection) in [(1, Self.session, 1), (2, other, 1), (3, Self.session, 2), (4, Self.session, 1)] {
      #expect(holds.remember(hold(UInt64(number), session: session), of: UInt64(connection), at: .fixture))
    }
    #expect(Set(holds.take(of: Self.session, on: 1)) == [.fixture(1), .fixture(4)])
    #expect(holds.takeAll(of: 1) == [.fixture(2)])
    #expect(holds.takeAll(of: 2) == [.fixture(3)])
  }

  @Test("Beyond the bound one is left to its own clock; those whose time is over make room")
  func full() {
    holds.granted(to: 1)
    let bound = UInt64(ConnectionHolds.maximumPerConnection)
    for number in 1...bound { #expect(holds.remember(hold(number, until: number == 7 ? 10 : 120), of: 1, at: .fixture)) }
    #expect(holds.remember(hold(bound + 1), of: 1, at: .fixture))
    #expect(holds.count == Int(bound))
    #expect(holds.remember(hold(bound + 2), of: 1, at: Instant.fixture.adding(seconds: 10)))
    let taken = Set(holds.takeAll(of: 1))
    #expect(taken.count == Int(bound))
    #expect(!taken.contains(.fixture(bound + 1)) && taken.contains(.fixture(bound + 2)) && !taken.contains(.fixture(7)))
  }

  @Test("A server that stops releases none: whoever held comes back and books")
  func stopping() {
    holds.granted(to: 1)
    #expect(holds.remember(hold(1), of: 1, at: .fixture))
    holds.keepAll()
    #expect(holds.takeAll(of: 1) == [])
    #expect(holds.remember(hold(2), of: 1, at: .fixture))
  }
}
