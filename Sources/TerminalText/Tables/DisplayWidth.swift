/// How many columns of a terminal a text takes.
extension StringProtocol {
  /// An accent takes none, whether it is part of its letter or follows it; East Asian letters and emoji take two.
  package var displayWidth: Int { reduce(0) { $0 + $1.displayWidth } }

  /// The text with spaces up to `width` columns, behind it or in front.
  package func padded(to width: Int, alignedRight: Bool = false) -> String {
    let spaces = String(repeating: " ", count: Swift.max(0, width - displayWidth))
    return alignedRight ? spaces + self : self + spaces
  }

  /// The beginning of the text that fits `width` columns.
  package func clipped(to width: Int) -> String {
    var room = width
    return String(prefix { character in
      room -= character.displayWidth
      return room >= 0
    })
  }

  /// The text on one line, without characters that would move a terminal's cursor or change its colours.
  package var printable: String {
    String(String.UnicodeScalarView(unicodeScalars.map { $0.isControl ? " " : $0 }))
  }
}

extension Character {
  fileprivate var displayWidth: Int {
    guard let first = unicodeScalars.first, !first.isControl else { return 0 }
    switch first.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    if first.properties.isEmojiPresentation || unicodeScalars.contains("\u{FE0F}") { return 2 }
    return Self.wide.contains { $0.contains(first.value) } ? 2 : 1
  }

  /// Source: Unicode 16, EastAsianWidth.txt, the classes W and F in blocks.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
    0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD,
  ]
}

extension Unicode.Scalar {
  /// C0, DEL and C1.
  fileprivate var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) }
}
