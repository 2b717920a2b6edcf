import ArgumentParser
import Foundation
import Testing

@testable import kiosk_dev

@Suite("What a bench prints")
struct BenchReportTests {
  static let columns = [
    BenchReport.Column(key: "cpuMicroseconds", title: "CPU µs", digits: 2), BenchReport.Column(key: "mallocs", title: "mallocs"),
  ]

  static func report(_ bounds: [BenchReport.Bound]) -> BenchReport {
    BenchReport(
      bench: "rpc", rounds: 3, machine: MachineLoad(loadBefore: 1.5), columns: columns,
      rows: [
        .init(name: "limit 1 × 64", values: ["cpuMicroseconds": 0.812, "mallocs": 0]),
        .init(name: "go 1 × 64", values: ["cpuMicroseconds": 15.39]),
      ], bounds: bounds)
  }

  static let kept = BenchReport.Bound(name: "sync", value: 1.6, atMost: 4)
  static let broken = BenchReport.Bound(name: "door", value: 0.49, atLeast: 0.5)

  @Test("The object has the keys that the help states, and no others")
  func jsonKeys() throws {
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(try Self.report([Self.kept, Self.broken]).json().utf8)) as? [String: Any])
    #expect(Set(object.keys) == ["bench", "build", "rounds", "machine", "rows", "bounds", "notes", "held"])
    let machine = try #require(object["machine"] as? [String: Any])
    #expect(Set(machine.keys) == ["cores", "loadBefore", "loadAfter"])
    let rows = try #require(object["rows"] as? [[String: Any]])
    #expect(rows.map { Set($0.keys) } == [["name", "values"], ["name", "values"]])
    let bounds = try #require(object["bounds"] as? [[String: Any]])
    #expect(bounds.map { Set($0.keys) } == [["name", "value", "atMost", "held"], ["name", "value", "atLeast", "held"]])
    #expect(bounds.map { $0["held"] as? Bool } == [true, false])
    #expect(object["held"] as? Bool == false)
  }

  @Test("The help of every bench states the keys of its object", arguments: ["rpc", "booking", "search", "memory"])
  func helpStatesKeys(bench: String) {
    let help = KioskDev.helpMessage(for: command(named: bench)).replacing("\n", with: " ")
    for key in ["bench", "build", "rounds", "machine", "loadBefore", "rows", "values", "bounds", "atMost", "atLeast", "notes", "held"] {
      #expect(help.contains(key), "\(key) is not in the help of bench \(bench)")
    }
  }

  private func command(named name: String) -> any ParsableCommand.Type {
    Bench.configuration.subcommands.first { $0.configuration.commandName == name } ?? KioskDev.self
  }

  @Test("A figure that was not measured is a dash, and thousands stand apart")
  func table() {
    let lines = Self.report([Self.kept]).text().split(separator: "\n").map(String.init)
    #expect(lines.contains { $0.hasPrefix("limit 1 × 64") && $0.contains("0.81") })
    #expect(lines.contains { $0.hasPrefix("go 1 × 64") && $0.hasSuffix("–") })
    #expect(1_234_567.891.text(1) == "1,234,567.9")
    #expect((-1234.0).text(0) == "-1,234")
    #expect(Double.nan.text(2) == "–")
  }

  @Test("The last line sums up, and a missed bound is named")
  func lastLine() {
    #expect(Self.report([Self.kept]).text().hasSuffix("all 1 bounds held"))
    let text = Self.report([Self.kept, Self.broken]).text()
    #expect(text.hasSuffix("1 of 2 bounds missed"))
    #expect(text.contains("MISSED door: 0.49 (at least 0.5)"))
  }

  @Test("A bound holds at its very figure, and a figure that is no number holds nothing")
  func bounds() {
    #expect(BenchReport.Bound(name: "", value: 4, atMost: 4).held)
    #expect(!BenchReport.Bound(name: "", value: 4.01, atMost: 4).held)
    #expect(BenchReport.Bound(name: "", value: 0.5, atLeast: 0.5).held)
    #expect(!BenchReport.Bound(name: "", value: .nan, atMost: 4).held)
    #expect(!BenchReport.Bound(name: "", value: .infinity, atLeast: 4).held)
  }

  @Test("The median is the middle one, or the mean of the two in the middle", arguments: [
    ([3, 1, 2], 2), ([4, 1, 2, 3], 2.5), ([7], 7),
  ] as [([Double], Double)])
  func median(values: [Double], median: Double) {
    #expect(values.median == median)
    #expect([Double]().median.isNaN)
  }
}
