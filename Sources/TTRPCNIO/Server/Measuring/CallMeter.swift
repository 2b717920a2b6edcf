internal import TTRPCCore

/// Counts the calls of one event loop: by method and status, and how long each kept its caller waiting.
///
/// A call lasts from the read that brought it to the write that takes its answer away, because that is what its caller sees of this
/// server. So a burst needs two readings of the clock, however many calls it brings: those that are answered within it are set
/// apart, one number for each method, until its one flush tells how long they took. The block is allocated once; nothing here
/// allocates, locks or is shared with another thread.
final class CallMeter {
  /// What is remembered of a call until it ends.
  struct Mark {
    /// The method's row in the router; one more than the last for a request that reached none.
    var row: Int32
    let began: MonotonicTime
    /// The request's, kept where a call may wait and somebody is told of its end.
    var metadata: Metadata?
  }

  private static let codes = StatusCode.allCases.count
  private static let sumAt = codes + LatencyHistogram.bucketCount
  private static let waitingAt = sumAt + 1
  /// Words of a row: calls by status, buckets, nanoseconds in all, calls that wait for their flush.
  private static let stride = waitingAt + 1

  /// The call that is being started or ended.
  @exclusivity(unchecked) var current: Mark
  /// When the read or the delivery that goes on began.
  @exclusivity(unchecked) private(set) var tick = MonotonicTime(nanoseconds: 0)
  private let words: UnsafeMutableBufferPointer<UInt64>
  /// Rows with calls that wait for their flush.
  private let waiting: UnsafeMutableBufferPointer<Int32>
  @exclusivity(unchecked) private var waitingCount = 0
  @exclusivity(unchecked) private var waitingSince = MonotonicTime(nanoseconds: 0)

  /// - Parameter methods: how many the router has.
  init(methods: Int) {
    words = .allocate(capacity: (methods + 1) * Self.stride)
    words.initialize(repeating: 0)
    waiting = .allocate(capacity: methods + 1)
    waiting.initialize(repeating: 0)
    current = Mark(row: Int32(methods), began: tick)
  }

  deinit {
    words.deallocate()
    waiting.deallocate()
  }

  private var unrouted: Int32 { Int32(waiting.count - 1) }

  /// Something is about to be done on the loop: bytes are read, or ends of calls delivered.
  @inline(__always)
  func began(at time: MonotonicTime) { tick = time }

  /// A request has come, whose method is not known yet.
  @inline(__always)
  func arrived() { current = Mark(row: unrouted, began: tick) }

  /// How long the current call has lasted, up to the read or the delivery that ends it.
  var currentAge: Duration { .nanoseconds(Int64(clamping: tick.nanoseconds &- current.began.nanoseconds)) }

  /// Counts the answer to the current call.
  @inline(__always)
  func answered(_ code: StatusCode) {
    let row = words.baseAddress! + Int(current.row) * Self.stride
    row[Int(code.rawValue)] &+= 1
    guard current.began == tick else { return record(row, tick.nanoseconds &- current.began.nanoseconds) }
    if row[Self.waitingAt] == 0 { wait(current.row) }
    row[Self.waitingAt] &+= 1
  }

  private func wait(_ row: Int32) {
    if waitingCount == 0 { waitingSince = tick }
    waiting[waitingCount] = row
    waitingCount += 1
  }

  /// Counts a call that ends without an answer, because nobody is left to read it.
  func lost(_ mark: Mark) { words[Int(mark.row) * Self.stride + Int(StatusCode.cancelled.rawValue)] &+= 1 }

  /// What was answered is on its way: the calls that waited for that have lasted until now.
  @inline(__always)
  func flushed(_ now: () -> MonotonicTime) {
    if waitingCount > 0 { settle(at: now()) }
  }

  private func settle(at time: MonotonicTime) {
    let nanoseconds = time.nanoseconds &- waitingSince.nanoseconds
    for index in 0..<waitingCount {
      let row = words.baseAddress! + Int(waiting[index]) * Self.stride
      record(row, nanoseconds, times: row[Self.waitingAt])
      row[Self.waitingAt] = 0
    }
    waitingCount = 0
  }

  private func record(_ row: UnsafeMutablePointer<UInt64>, _ nanoseconds: UInt64, times count: UInt64 = 1) {
    row[Self.codes + LatencyHistogram.bucket(ofNanoseconds: nanoseconds)] &+= count
    row[Self.sumAt] &+= nanoseconds &* count
  }

  // MARK: Gathering

  /// Every row, that of no method last. Read on the loop.
  var rows: [CallFigures] {
    (0..<waiting.count).map { row in
      let row = words[(row * Self.stride)..<((row + 1) * Self.stride)]
      let buckets = row[(row.startIndex + Self.codes)..<(row.startIndex + Self.sumAt)]
      return CallFigures(
        byCode: Array(row.prefix(Self.codes)), latency: LatencyHistogram(counts: buckets, sum: row[row.startIndex + Self.sumAt]))
    }
  }
}
