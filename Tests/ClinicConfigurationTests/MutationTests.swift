internal import ClinicConfiguration
internal import ClinicDomain
internal import Testing

/// A file as a tired hand leaves it.
@Suite("Whatever happens to a line, the file is read or its problem is shown inside it")
struct MutationTests {
  enum Damage: String, CaseIterable {
    case deleted, duplicated, doubledIndent, noIndent, noColon, half, unclosedQuote, unclosedBracket, tab, control, anchor, value
    case bullet, swapped

    func apply(to lines: [String], at index: Int) -> [String] {
      var lines = lines
      let line = lines[index]
      switch self {
      case .deleted: lines.remove(at: index)
      case .duplicated: lines.insert(line, at: index)
      case .doubledIndent: lines[index] = String(line.prefix { $0 == " " }) + line
      case .noIndent: lines[index] = String(line.drop { $0 == " " })
      case .noColon: lines[index] = line.replacing(":", with: " ")
      case .half: lines[index] = String(line.prefix(line.count / 2))
      case .unclosedQuote: lines[index] = line.replacing(": ", with: ": \"")
      case .unclosedBracket: lines[index] = line.replacing(": ", with: ": [")
      case .tab: lines[index] = "\t" + line
      case .control: lines[index] = line + "\u{7}"
      case .anchor: lines[index] = line.replacing(": ", with: ": &ancla ")
      case .value: lines[index] = line.replacing(": ", with: ": ~ 1_000 ")
      case .bullet: lines[index] = line.replacing("- ", with: "")
      case .swapped: if index > 0 { lines.swapAt(index, index - 1) }
      }
      return lines
    }
  }

  @Test("Each line of the rural sample, damaged in each way", arguments: Damage.allCases)
  func damage(_ damage: Damage) throws { try damageEachLine(of: SampleClinicTests.rural, damage) }

  @Test("Each line of the large sample, deleted, duplicated or cut in half", arguments: [Damage.deleted, .duplicated, .half])
  func damageLarge(_ damage: Damage) throws { try damageEachLine(of: SampleClinicTests.large, damage) }

  private func damageEachLine(of path: String, _ damage: Damage) throws {
    let lines = try sample(path).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for index in lines.indices where !lines[index].isEmpty && !lines[index].hasPrefix("#") {
      let damaged = damage.apply(to: lines, at: index)
      check(damaged.joined(separator: "\n"), lineCount: damaged.count, "\(damage) \(path):\(index + 1)")
    }
  }

  @Test("Any beginning of a file, cut at any byte, also within a letter")
  func truncated() throws {
    let bytes = Array(try sample(SampleClinicTests.rural).utf8)
    for end in stride(from: 0, to: bytes.count, by: 11) {
      let part = Array(bytes[..<end])
      check(bytes: part, lineCount: part.count { $0 == UInt8(ascii: "\n") } + 1, "cut at \(end)")
    }
  }

  @Test("Any byte turned into another", arguments: UInt64(1)...10)
  func flippedBytes(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    let bytes = Array(try sample(SampleClinicTests.rural).utf8)
    for _ in 0..<15 {
      var broken = bytes
      for _ in 0...2 { broken[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next()) }
      check(bytes: broken, lineCount: .max, "seed \(seed)")
    }
  }

  private func check(_ text: String, lineCount: Int, _ comment: String) {
    check(bytes: Array(text.utf8), lineCount: lineCount, comment)
  }

  private func check(bytes: [UInt8], lineCount: Int, _ comment: String) {
    do throws(ConfigurationProblems) {
      let read = try ClinicConfiguration.read(bytes: bytes, file: "c.yaml")
      #expect(read.warnings.allSatisfy { $0.severity == .warning }, "\(comment)")
    } catch {
      #expect(error.problems.contains { $0.severity == .error }, "\(comment)")
      for problem in error.problems {
        #expect((1...lineCount).contains(problem.position.line), "\(comment): \(problem)")
        #expect(problem.position.column >= 1 && !problem.message.isEmpty && !problem.fix.isEmpty, "\(comment): \(problem)")
        #expect(!problem.description.contains("\n"), "\(comment): \(problem)")
      }
      #expect(error.problems.map(\.position) == error.problems.map(\.position).sorted(), "\(comment)")
    }
  }
}

/// Source: Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
