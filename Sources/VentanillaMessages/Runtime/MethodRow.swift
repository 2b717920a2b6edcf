package import TTRPCCore

/// A row of the method table with the types of the method's messages.
package struct MethodRow: Hashable, Sendable {
  package let descriptor: MethodDescriptor
  package let input: MessageType
  package let output: MessageType

  package init(_ descriptor: MethodDescriptor, input: MessageType, output: MessageType) {
    self.descriptor = descriptor
    self.input = input
    self.output = output
  }

  /// `ventanilla.v1.Appointments/Book`.
  package var name: String { "\(descriptor.service)/\(descriptor.method)" }
}

extension [MethodRow] {
  /// Finds a method by `ventanilla.v1.Appointments/Book`, or by `Appointments/Book` when no other package has the same.
  package func named(_ name: String) -> MethodRow? {
    let matches = filter { $0.name == name || $0.name.hasSuffix("." + name) }
    return matches.count == 1 ? matches[0] : nil
  }

  /// The method whose name is nearest to `name`, for "did you mean".
  package func nearest(to name: String) -> MethodRow? {
    guard let nearest = Nearest.word(to: name, in: flatMap { [$0.name, $0.shortName] }) else { return nil }
    return first { $0.name == nearest || $0.shortName == nearest }
  }
}

extension MethodRow {
  /// `Appointments/Book`.
  package var shortName: String {
    "\(descriptor.service.split(separator: ".").last ?? "")/\(descriptor.method)"
  }
}

/// The nearest of a few words, for error messages.
package enum Nearest {
  /// The first word with the fewest changed, added or missing letters, if they are at most a third of its own.
  package static func word(to word: String, in words: [String]) -> String? {
    let ranked = words.map { (word: $0, distance: distance(Array($0.lowercased()), Array(word.lowercased()))) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= Swift.max(1, best.word.count / 3) ? best.word : nil
  }

  /// Levenshtein's distance.
  private static func distance(_ left: [Character], _ right: [Character]) -> Int {
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, b) in right.enumerated() {
        let above = row[j + 1]
        row[j + 1] = Swift.min(above + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
        diagonal = above
      }
    }
    return row[right.count]
  }
}
