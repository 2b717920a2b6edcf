/// A line as Asterisk takes it apart; shares nothing with what writes it.
struct AsteriskLine {
  let words: [String]

  init(_ line: String) {
    var words: [String] = []
    var word: String?
    var (isQuoted, isEscaped) = (false, false)
    for letter in line.unicodeScalars {
      if isEscaped {
        word = (word ?? "") + String(letter)
        isEscaped = false
      } else if letter == "\\" {
        isEscaped = true
      } else if letter == "\"" {
        isQuoted.toggle()
        word = word ?? ""
      } else if (letter == " " || letter == "\t") && !isQuoted {
        if let done = word { words.append(done) }
        word = nil
      } else {
        word = (word ?? "") + String(letter)
      }
    }
    if let word { words.append(word) }
    self.words = words
  }

  /// Words after a command's name, when the line begins with it in any case.
  func arguments(of name: String) -> [String]? {
    let parts = name.split(separator: " ").map(String.init)
    guard words.count >= parts.count, zip(words, parts).allSatisfy({ $0.uppercased() == $1 }) else { return nil }
    return Array(words.dropFirst(parts.count))
  }
}
