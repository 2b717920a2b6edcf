internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// One picture of a running server for a terminal: what it did in the last interval, and how it is.
struct TopFrame {
  let change: MetricsChange
  /// Where the server is.
  let place: String

  /// The picture, no line wider than `width` and no more of them than `height`.
  func lines(width: Int, height: Int, _ style: TerminalStyle) -> [String] {
    let heads = ([head, calls, connections, traffic, commits, disk, process] + limits).map { Self.whole($0, width) }
    let shown = heads.enumerated().map { $0 == 0 ? style.bold($1) : $1 }
    let room = max(0, height - shown.count - 2)
    return Array((shown + [""] + methodLines(width, room, style)).prefix(height))
  }

  /// The same on one line, for what is no terminal.
  var line: String {
    let times = allTimes
    return [
      "\(Self.rate(change.rate(Self.calls))) llamadas/s", "p50 \(Self.time(times.quantile(0.5)))", "p99 \(Self.time(times.quantile(0.99)))",
      "\(Self.rate(change.rate(Self.errors))) errores/s", "\(later.connections?.open ?? 0) conexiones",
      "\(later.connections?.streamsOpen ?? 0) flujos", "memoria \(Self.bytes(later.process?.residentBytes))",
      "WAL \(Self.bytes(later.store?.walBytes))", "cola \(later.store?.queuedCommands ?? 0)",
      "\(Self.rate(change.rate { $0.store?.commits })) confirmaciones/s",
    ].joined(separator: "  ")
  }

  private var later: Wire.MetricsSample { change.later }

  private var head: String {
    "Ventanilla \(later.version.printable)   en marcha \(Self.age(later.uptimeUs / 1_000_000))   \(place.printable)"
  }

  private var calls: String {
    let times = allTimes
    return "Llamadas    \(Self.rate(change.rate(Self.calls)))/s   p50 \(Self.time(times.quantile(0.5)))   "
      + "p99 \(Self.time(times.quantile(0.99)))   errores \(Self.rate(change.rate(Self.errors)))/s   "
      + "en curso \(later.connections?.callsRunning ?? 0)"
  }

  private var connections: String {
    "Conexiones  \(later.connections?.open ?? 0)   nuevas \(Self.rate(change.rate { $0.connections?.accepted }))/s   "
      + "rechazadas \(later.connections?.turnedAway ?? 0)   flujos \(later.connections?.streamsOpen ?? 0)"
  }

  private var traffic: String {
    "Red         entran \(Self.bytes(change.rate { $0.connections?.bytesIn }))/s   salen \(Self.bytes(change.rate { $0.connections?.bytesOut }))/s"
  }

  private var commits: String {
    let (commits, commands) = (change.rate { $0.store?.commits }, change.rate { $0.store?.commands })
    let each = commits > 0 ? " de \(Self.rate(commands / commits))" : ""
    return "Base        \(Self.rate(commits)) confirmaciones/s\(each)   p50 \(Self.time(change.commits.quantile(0.5)))   "
      + "p99 \(Self.time(change.commits.quantile(0.99)))"
  }

  private var disk: String {
    "Disco       WAL \(Self.bytes(later.store?.walBytes))   cola \(later.store?.queuedCommands ?? 0)   fallas \(later.store?.faults ?? 0)"
  }

  private var process: String {
    "Proceso     memoria \(Self.bytes(later.process?.residentBytes))   CPU \(Int((change.cpu * 100).rounded())) %   "
      + "descriptores \(later.process?.openDescriptors ?? 0) de \((later.process?.maxDescriptors ?? 0).grouped)"
  }

  private var limits: [String] {
    if later.limits.isEmpty { return [] }
    return ["Límites     " + later.limits.map { "\($0.name.printable) \($0.refusals.grouped)" }.joined(separator: "   ")]
  }

  /// The line without the fields at its end that find no room: a number that is cut is another number.
  private static func whole(_ line: String, _ width: Int) -> String {
    var line = line
    // What stands first is the line's name.
    while line.displayWidth > width, let gap = line.dropFirst(12).ranges(of: "   ").last { line = String(line[..<gap.lowerBound]) }
    return line.clipped(to: width)
  }

  // MARK: Methods

  private func methodLines(_ width: Int, _ room: Int, _ style: TerminalStyle) -> [String] {
    let methods = change.methods
    guard !methods.isEmpty, room > 1 else { return [] }
    // What is left out is said, in the line that the last would take.
    let shown = methods.count <= room - 1 ? methods : Array(methods.prefix(room - 2))
    let right = { TextTable.Column($0, alignedRight: true) }
    let table = TextTable(
      [.init("Método"), right("/s"), right("p50"), right("p99"), right("llamadas"), .init("errores desde el inicio")],
      rows: shown.map { method in
        [
          method.name, Self.rate(Double(method.calls) / change.seconds), Self.time(method.times.quantile(0.5)),
          Self.time(method.times.quantile(0.99)), method.total.grouped,
          method.codes.map { "\($0.code) \($0.count.grouped)" }.joined(separator: ", "),
        ]
      })
    var lines = table.lines().map { $0.clipped(to: width) }
    lines[0] = style.bold(lines[0])
    for (index, method) in shown.enumerated() where method.errors > 0 { lines[index + 1] = style.red(lines[index + 1]) }
    if shown.count < methods.count { lines.append("… y \(methods.count - shown.count) métodos más") }
    return lines
  }

  private var allTimes: LatencyHistogram { change.methods.map(\.times).reduce(LatencyHistogram(), +) }

  private static func calls(_ sample: Wire.MetricsSample) -> UInt64 { sample.methods.flatMap(\.byCode).reduce(0, &+) }
  private static func errors(_ sample: Wire.MetricsSample) -> UInt64 {
    sample.methods.flatMap { $0.byCode.dropFirst() }.reduce(0, &+)
  }
}

/// How numbers are written: short, and with the unit that fits.
extension TopFrame {
  /// "0", "0.4", "7.5", "1,234".
  static func rate(_ value: Double) -> String {
    if value == 0 || value >= 9.95 { return Int(value.rounded()).grouped }
    return tenths(value)
  }

  /// "180 µs", "4.2 ms", "1.3 s"; "–" for none.
  static func time(_ nanoseconds: UInt64?) -> String {
    guard let nanoseconds else { return "–" }
    let microseconds = Double(nanoseconds) / 1000
    switch microseconds {
    case ..<9.95: return "\(tenths(microseconds)) µs"
    case ..<999.5: return "\(Int(microseconds.rounded())) µs"
    case ..<9950: return "\(tenths(microseconds / 1000)) ms"
    case ..<999_500: return "\(Int((microseconds / 1000).rounded())) ms"
    default: return "\(tenths(microseconds / 1e6)) s"
    }
  }

  /// "812 B", "4.1 MB": 1 MB = 1,000,000 bytes.
  static func bytes(_ count: some BinaryInteger) -> String { bytes(Double(count)) }
  static func bytes(_ count: UInt64?) -> String { bytes(Double(count ?? 0)) }

  static func bytes(_ count: Double) -> String {
    for (unit, size) in [("GB", 1e9), ("MB", 1e6), ("kB", 1e3)] where count >= size * 0.9995 { return "\(tenths(count / size)) \(unit)" }
    return "\(Int(count.rounded())) B"
  }

  /// "42 s", "3 min 07 s", "2 h 14 min", "5 d 03 h".
  static func age(_ seconds: UInt64) -> String {
    func two(_ value: UInt64) -> String { value < 10 ? "0\(value)" : "\(value)" }
    switch seconds {
    case ..<60: return "\(seconds) s"
    case ..<3600: return "\(seconds / 60) min \(two(seconds % 60)) s"
    case ..<86_400: return "\(seconds / 3600) h \(two(seconds / 60 % 60)) min"
    default: return "\(seconds / 86_400) d \(two(seconds / 3600 % 24)) h"
    }
  }

  private static func tenths(_ value: Double) -> String {
    let whole = Int((value * 10).rounded())
    return "\((whole / 10).grouped).\(whole % 10)"
  }
}
