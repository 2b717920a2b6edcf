/// What is known of each open stream of a connection, in the order of their numbers.
///
/// Streams are opened in increasing order, so adding is at the end, and the stream looked for is nearly always the first or the last.
package struct StreamTable<Value> {
  private var streams: [UInt32] = []
  /// Lowest number first.
  package private(set) var values: [Value] = []

  package init() {}

  package var count: Int { streams.count }
  package var isEmpty: Bool { streams.isEmpty }

  /// Adds a stream above every one that was ever added.
  @inline(__always)
  package mutating func append(_ value: Value, for stream: UInt32) {
    precondition(streams.last.map { $0 < stream } ?? true, "streams are opened in increasing order")
    streams.append(stream)
    values.append(value)
  }

  package func contains(_ stream: UInt32) -> Bool { index(of: stream) != nil }

  package func value(of stream: UInt32) -> Value? { index(of: stream).map { values[$0] } }

  /// The open streams with a higher number, lowest first. Complexity: O(n).
  package func streams(above stream: UInt32) -> [UInt32] { streams.filter { $0 > stream } }

  /// Puts another value in the place of a stream's; nothing happens when the stream is not there.
  package mutating func replace(_ stream: UInt32, with value: Value) {
    if let index = index(of: stream) { values[index] = value }
  }

  /// Changes a stream's value where it lies; returns `nil`, and changes nothing, when the stream is not there.
  package mutating func update<Result>(_ stream: UInt32, _ change: (inout Value) -> Result) -> Result? {
    guard let index = index(of: stream) else { return nil }
    return change(&values[index])
  }

  /// Takes a stream out. Complexity: O(log n) to find it, O(1) when it is the last, else O(n).
  @inline(__always)
  package mutating func remove(_ stream: UInt32) -> Value? {
    guard let index = index(of: stream) else { return nil }
    streams.remove(at: index)
    return values.remove(at: index)
  }

  /// Takes every stream out, lowest number first, and gives the memory back.
  package mutating func removeAll() -> [Value] {
    defer { self = StreamTable() }
    return values
  }

  /// The streams whose value is so, lowest first.
  package func streams(where isSo: (Value) -> Bool) -> [UInt32] { zip(streams, values).filter { isSo($1) }.map(\.0) }

  private func index(of stream: UInt32) -> Int? {
    guard let last = streams.last, stream <= last else { return nil }
    if stream == last { return streams.count - 1 }
    var low = 0
    var high = streams.count - 1
    while low < high {
      let middle = (low + high) / 2
      if streams[middle] < stream { low = middle + 1 } else { high = middle }
    }
    return streams[low] == stream ? low : nil
  }
}

extension StreamTable: Sendable where Value: Sendable {}
