import TTRPCCore
import TerminalText
import Testing
import VentanillaMessages

@testable import kioskctl

@Suite("The picture of kioskctl top")
struct TopFrameTests {
  private static func latency(_ times: [UInt64: UInt64]) -> Wire.LatencyFigures {
    var histogram = LatencyHistogram()
    for (nanoseconds, count) in times { histogram.record(nanoseconds: nanoseconds, times: count) }
    return Wire.LatencyFigures(counts: histogram.counts, sumNs: histogram.sum)
  }

  private static func method(_ name: String, _ byCode: [UInt64], _ times: [UInt64: UInt64]) -> Wire.MethodFigures {
    let words = name.split(separator: "/").map(String.init)
    return Wire.MethodFigures(service: "ventanilla.v1.\(words[0])", method: words[1], byCode: byCode, latency: latency(times))
  }

  private static let earlier = Wire.MetricsSample(
    number: 1, uptimeUs: 60_000_000, version: "0.3",
    connections: Wire.ConnectionFigures(open: 30, accepted: 30, bytesIn: 1000, bytesOut: 5000),
    methods: [method("Health/Check", [10], [2000: 10]), method("Appointments/Book", [1, 0, 0, 0, 0, 0, 0, 0, 0, 2], [3_000_000: 3])],
    store: Wire.StoreFigures(commits: 5, commands: 9), process: Wire.ProcessFigures(cpuUs: 1_000_000))

  private static let later = Wire.MetricsSample(
    number: 2, uptimeUs: 62_000_000, version: "0.3",
    connections: Wire.ConnectionFigures(open: 38, accepted: 39, turnedAway: 2, callsRunning: 4, bytesIn: 2_401_000, bytesOut: 5000),
    methods: [
      method("Health/Check", [2010], [2000: 2010]), method("Appointments/Book", [3, 0, 0, 0, 0, 0, 0, 0, 0, 3], [3_000_000: 6]),
      method("Patients/Identify", [0, 0, 0, 5], [70_000: 5]), Wire.MethodFigures(byCode: [0, 0, 0, 0, 0, 0, 0, 1], latency: latency([:])),
    ],
    store: Wire.StoreFigures(
      queuedCommands: 3, commits: 25, commands: 69, walBytes: 4_100_000, commit: latency([900_000: 20])),
    process: Wire.ProcessFigures(residentBytes: 45_200_000, openDescriptors: 52, maxDescriptors: 1_048_576, cpuUs: 1_250_000),
    limits: [Wire.LimitFigures(name: "callsPerSecond", refusals: 12)])

  private static var frame: TopFrame { TopFrame(change: MetricsChange(from: earlier, to: later)!, place: ".ventanilla/personal.sock") }

  @Test("Rates and percentiles are of the interval, the rest since the start; what was called most stands first")
  func picture() {
    #expect(Self.frame.lines(width: 100, height: 24, .plain) == [
      "Ventanilla 0.3   en marcha 1 min 02 s   .ventanilla/personal.sock",
      "Llamadas    1,005/s   p50 1.9 µs   p99 2.0 µs   errores 3.5/s   en curso 4",
      "Conexiones  38   nuevas 4.5/s   rechazadas 2   flujos 0",
      "Red         entran 1.2 MB/s   salen 0 B/s",
      "Base        10 confirmaciones/s de 3.0   p50 852 µs   p99 918 µs",
      "Disco       WAL 4.1 MB   cola 3   fallas 0",
      "Proceso     memoria 45.2 MB   CPU 13 %   descriptores 52 de 1,048,576",
      "Límites     callsPerSecond 12",
      "",
      "Método                /s     p50     p99  llamadas  errores desde el inicio",
      "Health/Check       1,000  1.9 µs  2.0 µs     2,010",
      "Patients/Identify    2.5   75 µs   82 µs         5  INVALID_ARGUMENT 5",
      "Appointments/Book    1.5  3.0 ms  3.1 ms         6  FAILED_PRECONDITION 3",
      "(ningún método)      0.5       –       –         1  PERMISSION_DENIED 1",
    ])
  }

  @Test("However small the terminal, no line is wider and no picture higher", arguments: [(80, 24), (40, 10), (20, 3), (1, 1), (132, 50)])
  func fits(width: Int, height: Int) {
    let lines = Self.frame.lines(width: width, height: height, .plain)
    #expect(lines.count <= height)
    #expect(lines.allSatisfy { $0.displayWidth <= width })
  }

  @Test("A number that finds no room is left out, not cut")
  func whole() {
    let lines = Self.frame.lines(width: 40, height: 24, .plain)
    #expect(lines[1...3] == ["Llamadas    1,005/s   p50 1.9 µs", "Conexiones  38   nuevas 4.5/s", "Red         entran 1.2 MB/s"])
  }

  @Test("Methods that find no room are counted")
  func more() {
    let lines = Self.frame.lines(width: 80, height: 13, .plain)
    #expect(lines.last == "… y 3 métodos más")
    #expect(lines.contains { $0.hasPrefix("Health/Check") })
  }

  @Test("Where there is no terminal a sample is a line")
  func line() {
    #expect(
      Self.frame.line
        == "1,005 llamadas/s  p50 1.9 µs  p99 2.0 µs  3.5 errores/s  38 conexiones  0 flujos  memoria 45.2 MB  WAL 4.1 MB  "
        + "cola 3  10 confirmaciones/s")
  }

  @Test("A server that started anew is not compared with the one before")
  func restarted() {
    #expect(MetricsChange(from: Self.later, to: Self.earlier) == nil)
    #expect(MetricsChange(from: Self.earlier, to: Self.earlier) == nil)
  }

  @Test("Numbers are short and have the unit that fits")
  func numbers() {
    #expect([0, 0.04, 0.44, 9.94, 9.95, 1234.5].map(TopFrame.rate) == ["0", "0.0", "0.4", "9.9", "10", "1,235"])
    #expect(
      [nil, 500, 9949, 9950, 180_400, 999_600, 4_200_000, 86_000_000, 1_300_000_000].map(TopFrame.time)
        == ["–", "0.5 µs", "9.9 µs", "10 µs", "180 µs", "1.0 ms", "4.2 ms", "86 ms", "1.3 s"])
    #expect([0.0, 812, 999.6, 4_100_000, 1_500_000_000].map { TopFrame.bytes($0) } == ["0 B", "812 B", "1.0 kB", "4.1 MB", "1.5 GB"])
    #expect([0, 59, 187, 8040, 442_800].map(TopFrame.age) == ["0 s", "59 s", "3 min 07 s", "2 h 14 min", "5 d 03 h"])
  }
}
