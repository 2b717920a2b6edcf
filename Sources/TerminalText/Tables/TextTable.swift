/// Rows of text in columns, aligned by what a terminal shows.
package struct TextTable: Equatable, Sendable {
  package struct Column: Equatable, Sendable {
    package var title: String
    package var alignedRight: Bool

    package init(_ title: String, alignedRight: Bool = false) {
      self.title = title
      self.alignedRight = alignedRight
    }
  }

  package let columns: [Column]
  package let rows: [[String]]

  /// - Precondition: every row has a cell for every column.
  package init(_ columns: [Column], rows: [[String]]) {
    precondition(rows.allSatisfy { $0.count == columns.count }, "a table's row has as many cells as the table has columns")
    self.columns = columns
    self.rows = rows.map { $0.map(\.printable) }
  }

  /// The titles, then the rows, two spaces between columns and none at a line's end.
  package func lines(_ style: TerminalStyle = .plain, indent: Int = 0) -> [String] {
    let widths = columns.indices.map { index in
      max(columns[index].title.displayWidth, rows.map { $0[index].displayWidth }.max() ?? 0)
    }
    let margin = String(repeating: " ", count: indent)
    let title = style.bold(line(columns.map(\.title), widths))
    return [margin + title] + rows.map { margin + line($0, widths) }
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    let padded = cells.indices.map { cells[$0].padded(to: widths[$0], alignedRight: columns[$0].alignedRight) }
    var line = padded.joined(separator: "  ")
    while line.last == " " { line.removeLast() }
    return line
  }
}
