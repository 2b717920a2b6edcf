internal import ClinicDomain

/// The word that somebody probably meant.
enum Suggestion {
  /// The nearest of the legal words, or `nil` when none is near; of equally near ones the first.
  ///
  /// Near is at most one edit in three letters, and always one. Case, accents, and `-` or a space for `_`, cost nothing. The only
  /// legal word that begins with what was written is near too.
  static func nearest(to word: String, among legal: [String]) -> String? {
    let asked = fold(word)
    let begun = legal.filter { asked.count >= 3 && fold($0).starts(with: asked) }
    if begun.count == 1 { return begun[0] }
    let bound = max(1, asked.count / 3)
    var best: (word: String, distance: Int)?
    for candidate in legal {
      let distance = editDistance(asked, fold(candidate))
      if distance <= bound, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.word
  }

  /// The fix for a word that is not one of the legal ones: the nearest, or all of them.
  static func fix(for word: String, among legal: [String]) -> String {
    if let nearest = nearest(to: word, among: legal) { return "¿quiso decir \"\(nearest)\"?" }
    guard let only = legal.first else { return "no hay ninguno definido" }
    return legal.count == 1 ? "solo se admite \"\(only)\"" : "se admiten: \(legal.joined(separator: ", "))"
  }

  /// Insertions, deletions, substitutions and swaps of neighbours that make one text of the other.
  ///
  /// Optimal string alignment: no stretch is edited twice. Words over 100 characters count as far from everything.
  static func editDistance(_ left: [Character], _ right: [Character]) -> Int {
    guard left.count <= 100, right.count <= 100 else { return .max }
    var rows = [Array(0...right.count)]
    for i in left.indices {
      var row = [i + 1]
      for j in right.indices {
        let same = left[i] == right[j]
        var cost = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (same ? 0 : 1))
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { cost = min(cost, rows[i - 1][j - 1] + 1) }
        row.append(cost)
      }
      rows.append(row)
    }
    return rows[left.count][right.count]
  }

  private static func fold(_ word: String) -> [Character] {
    word.foldedSpanish.map { $0 == "-" || $0 == " " ? "_" : $0 }
  }
}
