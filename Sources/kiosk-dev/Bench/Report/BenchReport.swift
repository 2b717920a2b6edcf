internal import Foundation

/// What one bench found: a table of figures, and the promises held against them.
struct BenchReport: Encodable, Sendable {
  let bench: String
  let build = BenchReport.thisBuild
  let rounds: Int
  let machine: MachineLoad
  /// What the figures of a row mean, in the order of the table.
  let columns: [Column]
  var rows: [Row]
  var bounds: [Bound]
  /// What the reader must know besides: sentences.
  var notes: [String] = []

  var held: Bool { bounds.allSatisfy(\.held) }

  struct Column: Hashable, Sendable {
    let key: String
    let title: String
    /// Digits after the point.
    var digits = 1
  }

  struct Row: Encodable, Hashable, Sendable {
    let name: String
    /// By the column's key; a column without a figure is left out.
    let values: [String: Double]
  }

  /// A promise: a figure, and what it may be.
  struct Bound: Encodable, Hashable, Sendable {
    let name: String
    let value: Double
    var atMost: Double?
    var atLeast: Double?

    /// A figure that is no number holds nothing.
    var held: Bool { value.isFinite && value <= atMost ?? .infinity && value >= atLeast ?? -.infinity }

    enum CodingKeys: String, CodingKey { case name, value, atMost, atLeast, held }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(name, forKey: .name)
      try container.encode(value, forKey: .value)
      try container.encodeIfPresent(atMost, forKey: .atMost)
      try container.encodeIfPresent(atLeast, forKey: .atLeast)
      try container.encode(held, forKey: .held)
    }
  }

  enum CodingKeys: String, CodingKey { case bench, build, rounds, machine, rows, bounds, notes, held }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(bench, forKey: .bench)
    try container.encode(build, forKey: .build)
    try container.encode(rounds, forKey: .rounds)
    try container.encode(machine, forKey: .machine)
    try container.encode(rows, forKey: .rows)
    try container.encode(bounds, forKey: .bounds)
    try container.encode(notes, forKey: .notes)
    try container.encode(held, forKey: .held)
  }

  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }

  private static var thisBuild: String {
    #if DEBUG
      "debug"
    #else
      "release"
    #endif
  }
}

/// How busy the machine was with other things; what a figure's reader must know.
struct MachineLoad: Encodable, Hashable, Sendable {
  let cores: Int
  /// Averages of one minute; the bench's own work is in the second.
  let loadBefore: Double
  let loadAfter: Double

  /// - Parameter loadBefore: what ``load()`` said before the first round.
  init(loadBefore: Double) {
    cores = ProcessInfo.processInfo.activeProcessorCount
    self.loadBefore = loadBefore
    loadAfter = Self.load()
  }

  static func load() -> Double {
    let text = try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)
    return text?.split(separator: " ").first.flatMap { Double($0) } ?? .nan
  }
}
