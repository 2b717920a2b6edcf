import Testing

@testable import TTRPCCore

@Suite("Deadlines in order")
struct DeadlineQueueTests {
  @Test("What is due comes out earliest first, and nothing before its time")
  func order() {
    var queue = DeadlineQueue<UInt64>()
    let times: [UInt64] = (0..<500).map { $0 * 7919 % 503 }
    for time in times { queue.insert(time, at: MonotonicTime(nanoseconds: time), stillMatters: { _ in true }) }
    var out: [UInt64] = []
    while let entry = queue.popDue(at: MonotonicTime(nanoseconds: 250)) { out.append(entry) }
    #expect(out == times.filter { $0 <= 250 }.sorted())
    #expect(queue.earliest == MonotonicTime(nanoseconds: 251))
  }

  @Test("Many short calls with long deadlines cost no memory to speak of")
  func compaction() {
    var queue = DeadlineQueue<Int>()
    for call in 0..<100_000 {
      queue.insert(call, at: MonotonicTime(nanoseconds: UInt64(call)), stillMatters: { $0 > call - 10 })
    }
    #expect(queue.count <= 64 + 10)
  }
}
