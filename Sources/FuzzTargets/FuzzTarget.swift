/// Something that takes bytes from strangers, as a function of those bytes: what libFuzzer and the tests run.
///
/// The same input always does the same: no clock, no chance, nothing kept from run to run.
package struct FuzzTarget: Sendable {
  /// The name on the command line and of its folder in Tests/FuzzCorpus.
  package let name: String
  /// What is fuzzed, for a table's column.
  package let summary: String
  /// Bytes of an input, at most: enough for several messages, and short enough that a run stays a matter of microseconds.
  package let maxLength: Int
  /// Inputs that reach what chance would look for long.
  package let seeds: [[UInt8]]
  /// An input made of frames as they stand on the wire; `nil` when the target takes no frames.
  package let ofFrames: @Sendable ([UInt8]) -> [UInt8]?
  /// One run.
  ///
  /// - Throws: what the code under test did that it must never do.
  package let run: @Sendable (UnsafeRawBufferPointer) throws(FuzzFinding) -> Void

  init(
    name: String, summary: String, maxLength: Int, seeds: [[UInt8]], ofFrames: @escaping @Sendable ([UInt8]) -> [UInt8]? = { _ in nil },
    run: @escaping @Sendable (UnsafeRawBufferPointer) throws(FuzzFinding) -> Void
  ) {
    (self.name, self.summary, self.maxLength, self.seeds, self.ofFrames, self.run) = (name, summary, maxLength, seeds, ofFrames, run)
  }

  package func run(_ bytes: [UInt8]) throws(FuzzFinding) {
    try bytes.span.withUnsafeBytes { bytes throws(FuzzFinding) in try run(bytes) }
  }
}

/// A sentence about what must never happen, and did.
package struct FuzzFinding: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}

extension FuzzTarget {
  /// Every target that must hold, from bytes to whole connections.
  package static let all = [frame, request, response, message, json, serverMachine, clientMachine, serverConnection, clientConnection, agi, agiCommand]

  package static func named(_ name: String) -> FuzzTarget? { (all + [canary]).first { $0.name == name } }
}

/// Stops the run unless `holds`.
@inline(__always)
func require(_ holds: Bool, _ otherwise: @autoclosure () -> String) throws(FuzzFinding) {
  if !holds { throw FuzzFinding(otherwise()) }
}
