/// Chance that repeats: one seed, one sequence, on every machine and with every compiler.
///
/// SplitMix64: a counter that adds the golden ratio's fraction, and a mix of its bits. All 2⁶⁴ values come once per period. Not for
/// secrets. Source: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014; its published outputs are the test.
///
/// The standard library's `random(in:using:)` and `shuffled(using:)` may change between releases; what must repeat from a seed
/// uses ``below(_:)`` and its companions.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// `0 ..< bound`, each as likely as any other to within `bound` in 2⁶⁴.
  ///
  /// - Precondition: `bound` is positive.
  package mutating func below(_ bound: Int) -> Int {
    precondition(bound > 0, "a choice among nothing")
    return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  package mutating func within(_ range: ClosedRange<Int>) -> Int { range.lowerBound + below(range.count) }

  /// True in `numerator` of `denominator` cases.
  package mutating func chance(_ numerator: Int, in denominator: Int) -> Bool { below(denominator) < numerator }

  /// - Precondition: `elements` is not empty.
  package mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

  /// One of the values, each as likely as its weight says.
  ///
  /// - Precondition: weights are not negative and not all 0.
  package mutating func pick<Element>(weighted elements: [(Element, weight: Int)]) -> Element {
    var rest = below(elements.reduce(0) { $0 + $1.weight })
    for (element, weight) in elements {
      if rest < weight { return element }
      rest -= weight
    }
    preconditionFailure("weights add up to more than their sum")
  }

  /// A generator of its own for a part, so that what one part draws does not move the others.
  package mutating func split() -> SeededGenerator { SeededGenerator(seed: next()) }
}
