internal import ClinicDomain
internal import TerminalText
internal import VentanillaMessages

/// The report as a picture: above, how far away the third free slot was day by day; below, each group's shares and waits with
/// their intervals.
///
/// Plain SVG 1.1 without scripts or fonts of its own: any browser shows it, and it can be printed. Colours are told apart by dark and light
/// too (Okabe and Ito's palette, for who sees few colours).
struct ReportPlot {
  private let report: Wire.MeasuresReport

  init(_ report: Wire.MeasuresReport) { self.report = report }

  private static let width = 900
  private static let margin = 70
  /// Of the upper picture.
  private static let top = 90
  private static let height = 240
  private static let blue = "#0072B2"
  private static let orange = "#D55E00"
  private static let green = "#009E73"

  private var groups: [Wire.MeasureRow] { report.rows.filter { $0.kind != .clinic && $0.kind != .resource } }

  var svg: String {
    let groupsTop = Self.top + Self.height + 110
    let total = groupsTop + groups.count * 22 + 70
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(Self.width)" height="\(total)" viewBox="0 0 \(Self.width) \(total)" \
      font-family="DejaVu Sans, Arial, sans-serif" font-size="12" fill="#222">
      <rect width="100%" height="100%" fill="white"/>
      \(Self.text("Informe del \(report.firstDate) al \(report.lastDate)", x: Self.margin, y: 32, size: 18))
      \((thirdNext + equity(from: groupsTop)).joined(separator: "\n"))
      </svg>

      """
  }
}

// MARK: - The third free slot

extension ReportPlot {
  private var thirdNext: [String] {
    let agendas = report.rows.filter { $0.kind == .resource }.map(\.thirdNextDays)
    let days = report.rows.first { $0.kind == .clinic }?.thirdNextDays ?? []
    let most = max(agendas.joined().max() ?? 0, 4)
    let step = max(1, (Int(most) + 5) / 6)
    // One row above the greatest is for «no hubo tres».
    let rows = (Int(most) / step + 2) * step
    func y(_ value: Int32) -> Double {
      Double(Self.top + Self.height) - Double(value < 0 ? Int32(rows) : value) / Double(rows) * Double(Self.height)
    }
    func x(_ day: Int) -> Double {
      Double(Self.margin) + (days.count < 2 ? 0.5 : Double(day) / Double(days.count - 1)) * Double(Self.width - 2 * Self.margin)
    }
    var lines = [Self.text("Días hasta el tercer lugar libre", x: Self.margin, y: Self.top - 30, size: 14)]
    for value in stride(from: 0, through: rows - step, by: step) {
      lines.append(Self.line(Double(Self.margin), y(Int32(value)), Double(Self.width - Self.margin), y(Int32(value)), "#ddd"))
      lines.append(Self.text("\(value)", x: Self.margin - 8, y: Int(y(Int32(value))) + 4, anchor: "end"))
    }
    lines.append(Self.text("ninguno", x: Self.margin - 8, y: Int(y(-1)) + 4, anchor: "end"))
    guard !days.isEmpty else { return lines }
    // From the best to the worst agenda of each day; none is worse than any.
    let spans = days.indices.map { day in
      let all = agendas.compactMap { $0.indices.contains(day) ? $0[day] : nil }.sorted { y($0) > y($1) }
      return (best: all.first ?? days[day], worst: all.last ?? days[day])
    }
    let band = days.indices.map { "\(Self.number(x($0))),\(Self.number(y(spans[$0].worst)))" }
      + days.indices.reversed().map { "\(Self.number(x($0))),\(Self.number(y(spans[$0].best)))" }
    lines.append("<polygon points=\"\(band.joined(separator: " "))\" fill=\"\(Self.blue)\" fill-opacity=\"0.18\"/>")
    let middle = days.indices.map { "\(Self.number(x($0))),\(Self.number(y(days[$0])))" }
    lines.append("<polyline points=\"\(middle.joined(separator: " "))\" fill=\"none\" stroke=\"\(Self.blue)\" stroke-width=\"1.5\"/>")
    for day in stride(from: 0, to: days.count, by: max(1, (days.count + 5) / 6)) where report.dates.indices.contains(day) {
      lines.append(Self.text(report.dates[day], x: Int(x(day)), y: Self.top + Self.height + 20, anchor: "middle"))
    }
    lines.append(
      Self.text(
        "Línea: la agenda de en medio cada día, a medianoche. Franja: de la mejor a la peor.", x: Self.margin, y: Self.top + Self.height + 44,
        size: 11))
    return lines
  }
}

// MARK: - Groups

extension ReportPlot {
  /// What one group has in a column; `nil` where it may not be told.
  private typealias Mark = (dot: Double, span: ClosedRange<Double>?)

  private static let columnWidth = 185

  /// Two columns of shares and one of days, a dot and its interval for each group.
  private func equity(from top: Int) -> [String] {
    let mostDays = groups.compactMap { group in group.waits.map { max($0.medianInterval?.highDays ?? 0, $0.medianDays) } }.max() ?? 0
    let step = max(1, (Int(mostDays) + 3) / 4)
    return [Self.text("Equidad: por canal, edad y lengua", x: Self.margin, y: top - 30, size: 14)]
      + column("Citas en cinco días", left: 240, from: top, Self.blue, scale: Self.percents) { Self.mark($0.withinFiveDays) }
      + column("Faltas", left: 465, from: top, Self.orange, scale: Self.percents) { Self.mark($0.noShows) }
      + column(
        "Espera: mediana, días", left: 690, from: top, Self.green, scale: (0...4).map { (Double($0) / 4, "\($0 * step)") }
      ) { Self.mark($0.waits, of: Double(4 * step)) }
      + groups.enumerated().map { number, group in Self.text(group.title, x: 225, y: top + number * 22 + 15, anchor: "end") }
      + [
        Self.text("Punto: lo observado. Barra: entre qué valores está con 95 % de confianza.", x: Self.margin, y: top + groups.count * 22 + 44, size: 11)
      ]
  }

  private static let percents = stride(from: 0, through: 100, by: 25).map { (Double($0) / 100, "\($0) %") }

  private static func mark(_ share: Wire.MeasuredShare?) -> Mark?? {
    guard let share else { return .some(nil) }
    guard share.total > 0 else { return nil }
    return (Double(share.count) / Double(share.total), Double(share.lowPpm) / 1e6...Double(share.highPpm) / 1e6)
  }

  private static func mark(_ waits: Wire.MeasuredWaits?, of most: Double) -> Mark?? {
    guard let waits else { return .some(nil) }
    guard waits.count > 0 else { return nil }
    let span = waits.medianInterval.map { Double($0.lowDays) / most...Double(max($0.lowDays, $0.highDays)) / most }
    return (Double(waits.medianDays) / most, span)
  }

  /// - Parameter mark: `nil` for a group of nobody, `.some(nil)` for one that may not be told.
  private func column(
    _ title: String, left: Int, from top: Int, _ colour: String, scale: [(part: Double, text: String)], _ mark: (Wire.MeasureRow) -> Mark??
  ) -> [String] {
    func x(_ part: Double) -> Double { Double(left) + part * Double(Self.columnWidth) }
    var lines = [Self.text(title, x: left, y: top - 8)]
    for (part, text) in scale {
      lines.append(Self.line(x(part), Double(top), x(part), Double(top + groups.count * 22), "#ddd"))
      lines.append(Self.text(text, x: Int(x(part)), y: top + groups.count * 22 + 16, size: 10, anchor: "middle"))
    }
    for (number, group) in groups.enumerated() {
      let y = top + number * 22 + 11
      guard let told = mark(group) else { continue }
      guard let told else {
        lines.append(Self.text("no se dice: pocas personas", x: left + 4, y: y + 4, size: 10))
        continue
      }
      if let span = told.span { lines.append(Self.line(x(span.lowerBound), Double(y), x(span.upperBound), Double(y), colour, width: 3)) }
      lines.append("<circle cx=\"\(Self.number(x(told.dot)))\" cy=\"\(y)\" r=\"5\" fill=\"\(colour)\"/>")
    }
    return lines
  }
}

// MARK: - Marks

extension ReportPlot {
  private static func text(_ text: String, x: Int, y: Int, size: Int = 12, anchor: String = "start") -> String {
    "<text x=\"\(x)\" y=\"\(y)\" font-size=\"\(size)\" text-anchor=\"\(anchor)\">\(escaped(text))</text>"
  }

  private static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ colour: String, width: Int = 1) -> String {
    "<line x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" y2=\"\(number(y2))\" stroke=\"\(colour)\" stroke-width=\"\(width)\"/>"
  }

  /// With one digit after the point.
  private static func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(abs(tenths % 10))"
  }

  private static func escaped(_ text: String) -> String {
    text.printable.reduce(into: "") { result, character in
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
  }
}
