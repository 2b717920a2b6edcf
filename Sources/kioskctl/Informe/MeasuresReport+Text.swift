internal import ClinicDomain
internal import TerminalText
internal import VentanillaMessages

/// The report as tables, as CSV and as JSON.
extension Wire.MeasuresReport {
  func lines(_ style: TerminalStyle) -> [String] {
    let groups = rows.filter { $0.kind != .clinic && $0.kind != .resource }
    let agendas = rows.filter { $0.kind == .resource } + rows.filter { $0.kind == .clinic }
    return ["Informe del \(firstDate) al \(lastDate)", ""]
      + TextTable(agendas: agendas).lines(style) + ["", "Equidad", ""] + TextTable(groups: groups).lines(style)
      + (survey.isEmpty ? [] : ["", "¿Le resolvimos?", ""] + TextTable(survey: survey).lines(style))
      + [
        "",
        "3.er libre: días hasta el tercer lugar libre, mediana y lo peor de estos días («–»: no hubo tres en el horizonte).",
        "En 5 días: citas pedidas para los cinco días siguientes. Reusados: lugares que alguien dejó a tiempo y otra persona ocupó.",
        "Espera: días entre pedir la cita y la fecha, mediana y 9 de cada 10; (95 %) es el intervalo de la mediana.",
        "No cuentan en 5 días, espera ni canal: citas de otro sistema, de una serie o de hojas de papel. «·»: no se dice, son pocas personas.",
      ]
  }

  /// One measure a line: kind, subject, measure, day, how many, of how many, value, and its interval. A cell that is not told is empty.
  var csvLines: [String] {
    ["tipo,de,medida,fecha,cuantos,total,valor,desde,hasta"] + rows.flatMap { row -> [String] in
      let head = "\(row.kindText),\(row.subject)"
      var lines: [String] = []
      func share(_ name: String, _ share: Wire.MeasuredShare?) {
        guard let share else { return lines.append("\(head),\(name),,,,,,") }
        lines.append("\(head),\(name),,\(share.count),\(share.total),\(share.decimal),\(Decimals.millionths(share.lowPpm)),\(Decimals.millionths(share.highPpm))")
      }
      share("en_cinco_dias", row.withinFiveDays)
      share("faltas", row.noShows)
      if row.kind == .clinic || row.kind == .resource { share("reusados", row.freedAndReused) }
      if let waits = row.waits {
        lines.append("\(head),espera_media,,\(waits.days),\(waits.count),\(waits.meanDecimal),,")
        lines.append(
          "\(head),espera_mediana,,,\(waits.count),\(waits.medianDays),\(waits.medianInterval.map { "\($0.lowDays),\($0.highDays)" } ?? ",")")
        lines.append("\(head),espera_p90,,,\(waits.count),\(waits.p90Days),,")
      } else {
        lines += ["espera_media", "espera_mediana", "espera_p90"].map { "\(head),\($0),,,,,," }
      }
      for (date, days) in zip(dates, row.thirdNextDays) { lines.append("\(head),tercer_libre,\(date),,,\(days < 0 ? "" : "\(days)"),,") }
      return lines
    }
      + survey.map { row in
        guard let share = row.resolved else { return "encuesta,\(row.channel) \(row.dialogue),resueltas,,,,,," }
        return "encuesta,\(row.channel) \(row.dialogue),resueltas,,\(share.count),\(share.total),\(share.decimal),\(Decimals.millionths(share.lowPpm)),\(Decimals.millionths(share.highPpm))"
      }
  }

  /// Each day of it, in its order.
  var dates: [String] {
    guard let first = CivilDate(iso: firstDate), let last = CivilDate(iso: lastDate), first <= last else { return [] }
    return (first...last).map(\.description)
  }

  var json: JSONValue {
    .object([
      .init("first_date", .string(firstDate)), .init("last_date", .string(lastDate)),
      .init("rows", .array(rows.map { row in
        .object([
          .init("kind", .string(row.kindText)), .init("subject", .string(row.subject)), .init("within_five_days", row.withinFiveDays.json),
          .init("no_shows", row.noShows.json), .init("waits", row.waits?.json ?? .null), .init("freed_and_reused", row.freedAndReused.json),
          .init("third_next_days", .array(row.thirdNextDays.map { .number("\($0)") })),
        ])
      })),
      .init("survey", .array(survey.map { row in
        .object([.init("channel", .string(row.channel)), .init("dialogue", .string(row.dialogue)), .init("resolved", row.resolved.json)])
      })),
    ])
  }
}

extension Wire.SurveyRow {
  fileprivate var title: String { "\(["kiosk": "Kiosco", "phone": "Teléfono"][channel] ?? channel), \(dialogue)" }
}

extension Wire.MeasureRow {
  var kindText: String {
    switch kind {
    case .clinic: "clinica"
    case .resource: "agenda"
    case .channel: "canal"
    case .age: "edad"
    case .language: "lengua"
    default: "otro"
    }
  }

  /// As people read it.
  var title: String {
    switch kind {
    case .clinic: "Toda la clínica"
    case .channel: ["kiosk": "Kiosco", "phone": "Teléfono", "desk": "Ventanilla"][subject] ?? subject
    case .age: subject == "60+" ? "60 años y más" : "\(subject) años"
    case .language: "Lengua \(Self.languages[subject] ?? subject)"
    default: subject
    }
  }

  /// The ten languages of most people, and Spanish; another one keeps its code.
  private static let languages = [
    "es": "español", "nah": "náhuatl", "yua": "maya", "tzh": "tseltal", "tzo": "tsotsil", "mix": "mixteco", "zap": "zapoteco", "oto": "otomí",
    "top": "totonaco", "ctu": "chol", "mau": "mazateco",
  ]

  /// The middle one and the worst of its days to the third free slot; days without three are worse than any.
  var thirdNextText: String {
    guard !thirdNextDays.isEmpty else { return "" }
    let sorted = thirdNextDays.sorted { ($0 < 0 ? Int32.max : $0) < ($1 < 0 ? Int32.max : $1) }
    func text(_ days: Int32) -> String { days < 0 ? "–" : "\(days)" }
    return "\(text(sorted[(sorted.count - 1) / 2])) / \(text(sorted.last ?? -1))"
  }
}

extension TextTable {
  fileprivate init(agendas rows: [Wire.MeasureRow]) {
    self.init(
      [
        Column("Agenda"), Column("3.er libre", alignedRight: true), Column("En 5 días", alignedRight: true),
        Column("Reusados", alignedRight: true), Column("Faltas", alignedRight: true), Column("Espera", alignedRight: true),
      ],
      rows: rows.map { row in
        [
          row.title, row.thirdNextText, row.withinFiveDays.text, row.freedAndReused.textOfCount, row.noShows.text, row.waits?.text ?? "·",
        ]
      })
  }

  fileprivate init(survey rows: [Wire.SurveyRow]) {
    self.init(
      [Column("Dónde"), Column("Sí", alignedRight: true), Column("De cuántas", alignedRight: true), Column("(95 %)")],
      rows: rows.map { row in
        [row.title, row.resolved.text, row.resolved.map { "\($0.total)" } ?? "·", row.resolved?.interval ?? ""]
      })
  }

  fileprivate init(groups rows: [Wire.MeasureRow]) {
    self.init(
      [
        Column("Grupo"), Column("Citas", alignedRight: true), Column("En 5 días", alignedRight: true), Column("(95 %)"),
        Column("Faltas", alignedRight: true), Column("(95 %)"), Column("Espera", alignedRight: true), Column("(95 %)"),
      ],
      rows: rows.map { row in
        [
          row.title, row.waits.map { "\($0.count)" } ?? "·", row.withinFiveDays.text, row.withinFiveDays?.interval ?? "", row.noShows.text,
          row.noShows?.interval ?? "", row.waits?.text ?? "·", row.waits?.interval ?? "",
        ]
      })
  }
}

extension Optional<Wire.MeasuredShare> {
  fileprivate var text: String {
    guard let self else { return "·" }
    return self.total == 0 ? "–" : "\(Decimals.tenths(of: self.count * 100, by: self.total)) %"
  }

  fileprivate var textOfCount: String {
    guard let self, self.total > 0 else { return "–" }
    return "\(self.count) de \(self.total)"
  }

  fileprivate var json: JSONValue {
    guard let self else { return .null }
    return .object([
      .init("count", .number("\(self.count)")), .init("total", .number("\(self.total)")), .init("low_ppm", .number("\(self.lowPpm)")),
      .init("high_ppm", .number("\(self.highPpm)")),
    ])
  }
}

extension Wire.MeasuredShare {
  fileprivate var interval: String {
    total == 0 ? "" : "\(Decimals.tenths(of: Int64(lowPpm), by: 10_000)) a \(Decimals.tenths(of: Int64(highPpm), by: 10_000))"
  }

  /// "0.123456"; empty of nothing.
  fileprivate var decimal: String {
    total == 0 ? "" : Decimals.millionths(Int32((Double(count) / Double(total) * 1_000_000).rounded()))
  }
}

extension Wire.MeasuredWaits {
  fileprivate var text: String { count == 0 ? "–" : "\(medianDays) / \(p90Days)" }
  /// Of the median: "2 a 4"; empty of too few.
  fileprivate var interval: String { medianInterval.map { "\($0.lowDays) a \($0.highDays)" } ?? "" }
  fileprivate var meanDecimal: String { count == 0 ? "" : Decimals.tenths(of: days, by: count) }
  fileprivate var json: JSONValue {
    .object([
      .init("count", .number("\(count)")), .init("days", .number("\(days)")), .init("median_days", .number("\(medianDays)")),
      .init("p90_days", .number("\(p90Days)")),
      .init(
        "median_interval",
        medianInterval.map { .object([.init("low_days", .number("\($0.lowDays)")), .init("high_days", .number("\($0.highDays)"))]) } ?? .null),
    ])
  }
}

/// Numbers as text, rounded to the nearest; never negative.
enum Decimals {
  /// "12.3".
  static func tenths(of value: Int64, by divisor: Int64) -> String {
    let tenths = (value * 20 + divisor) / (divisor * 2)
    return "\(tenths / 10).\(tenths % 10)"
  }

  /// "0.123456".
  static func millionths(_ value: Int32) -> String {
    let rest = "\(value % 1_000_000)"
    return "\(value / 1_000_000)." + String(repeating: "0", count: 6 - rest.count) + rest
  }
}
