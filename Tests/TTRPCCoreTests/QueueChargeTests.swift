import TTRPCCore
import Testing

@Suite("What a queue of a stream counts for")
struct QueueChargeTests {
  @Test("Never less than what waits, never more than the slack above it, and in the end nothing")
  func bounds() {
    var charge = QueueCharge()
    charge.grew(by: charge.growth(to: 0))
    #expect(charge.counted == QueueCharge.least)
    var (sum, bytes, seed) = (charge.counted, 0, UInt64(7))
    for _ in 0..<10_000 {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let amount = Int(seed >> 40) % 3000
      if seed >> 63 == 0 {
        bytes += amount
        let more = charge.growth(to: bytes)
        charge.grew(by: more)
        sum += more
      } else {
        bytes = max(0, bytes - amount)
        sum -= charge.shrank(to: bytes)
      }
      #expect(sum == charge.counted)
      #expect((max(bytes, QueueCharge.least)...max(bytes + QueueCharge.slack, QueueCharge.least)).contains(sum))
    }
    #expect(sum == charge.ended())
    #expect(charge == QueueCharge())
  }

  @Test("Small messages that come and are read change nothing")
  func small() {
    var charge = QueueCharge()
    charge.grew(by: charge.growth(to: 0))
    for bytes in [100, 1024, 0, 500] {
      #expect(charge.growth(to: bytes) == 0)
      #expect(charge.shrank(to: bytes) == 0)
    }
    #expect(charge.growth(to: 1025) == QueueCharge.step)
  }
}
