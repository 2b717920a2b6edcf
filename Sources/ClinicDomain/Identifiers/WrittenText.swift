extension StringProtocol {
  /// The text without what people put between groups: spaces of any width, hyphens and dashes.
  var withoutGrouping: String {
    // Most identifiers come without: the long way took a third of the time of reading a padrón.
    let isPlain = utf8.allSatisfy { $0 < 0x80 && $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") && $0 != UInt8(ascii: "-") }
    if isPlain { return String(self) }
    return String(String.UnicodeScalarView(unicodeScalars.filter { scalar in
      switch scalar {
      case " ", "\t", "\u{A0}", "\u{2007}", "\u{2009}", "\u{202F}": false
      case "-", "\u{2010}", "\u{2011}", "\u{2012}", "\u{2013}", "\u{2014}", "\u{2212}": false
      default: true
      }
    }))
  }

  /// ASCII digits and nothing else; true of an empty text.
  var isAllDigits: Bool { utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } }

  /// All but the last `count` characters covered: what a screen in a corridor may show.
  func masked(showing count: Int = 4) -> String {
    String(repeating: "•", count: Swift.max(0, self.count - count)) + suffix(count)
  }

  /// Cut into groups of these lengths, joined by spaces: how digits are read aloud.
  ///
  /// - Precondition: the lengths add up to the text's.
  func grouped(_ lengths: [Int]) -> String {
    precondition(lengths.reduce(0, +) == count, "groups that do not cover the text")
    var rest = self[...]
    return lengths.map { length in
      defer { rest = rest.dropFirst(length) }
      return String(rest.prefix(length))
    }.joined(separator: " ")
  }
}

extension UInt64 {
  /// In decimal, with zeros in front up to `width` digits.
  func padded(_ width: Int) -> String { Int(self).padded(width) }
}
