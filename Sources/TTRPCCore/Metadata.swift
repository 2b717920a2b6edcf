/// The key-value pairs of a request, in the order and with the repetitions of the wire.
///
/// Keys are compared as they are: ttrpc's Go client lower-cases what it sends, its server does not.
package struct Metadata: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  package struct Pair: Hashable, Sendable {
    package var key: String
    package var value: String

    package init(key: String, value: String) {
      self.key = key
      self.value = value
    }
  }

  package var pairs: [Pair]

  package init(_ pairs: [Pair] = []) { self.pairs = pairs }

  package init(dictionaryLiteral elements: (String, String)...) {
    pairs = elements.map { Pair(key: $0.0, value: $0.1) }
  }

  /// The first value under `key`, or `nil`.
  package func first(_ key: String) -> String? {
    pairs.first { $0.key == key }?.value
  }

  /// Every value under `key`, in order.
  package func all(_ key: String) -> [String] {
    pairs.compactMap { $0.key == key ? $0.value : nil }
  }

  package mutating func append(_ key: String, _ value: String) {
    pairs.append(Pair(key: key, value: value))
  }
}
