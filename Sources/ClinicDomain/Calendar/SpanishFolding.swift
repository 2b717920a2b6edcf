extension StringProtocol {
  /// Whether there is nothing in it but letters from a to z, digits and `_`: what codes are made of.
  package var isOfCodeLetters: Bool {
    utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "_") }
  }

  /// The text in upper case without accents and diaereses; Ñ stays Ñ, for it is a letter of its own.
  ///
  /// Composed and decomposed spellings give the same result. Other characters are left as they are.
  package var foldedSpanish: String {
    let upper = uppercased()
    guard upper.utf8.contains(where: { $0 >= 0x80 }) else { return upper }
    return String(upper.map { character in
      switch character {
      case "Á", "À", "Â", "Ä": "A"
      case "É", "È", "Ê", "Ë": "E"
      case "Í", "Ì", "Î", "Ï": "I"
      case "Ó", "Ò", "Ô", "Ö": "O"
      case "Ú", "Ù", "Û", "Ü": "U"
      case "Ñ": "Ñ"
      case "Ç": "C"
      default: character
      }
    })
  }
}

extension StringProtocol where UTF8View: BidirectionalCollection {
  /// Without white space around it.
  package var trimmed: String {
    guard let first = utf8.first, let last = utf8.last else { return "" }
    // White space is below "!" or not ASCII.
    if (UInt8(ascii: "!")..<0x80).contains(first), (UInt8(ascii: "!")..<0x80).contains(last) { return String(self) }
    var text = self[...]
    while let first = text.first, first.isWhitespace { text = text.dropFirst() }
    while let last = text.last, last.isWhitespace { text = text.dropLast() }
    return String(text)
  }
}
