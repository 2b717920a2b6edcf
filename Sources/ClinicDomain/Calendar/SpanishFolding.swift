extension StringProtocol {
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
