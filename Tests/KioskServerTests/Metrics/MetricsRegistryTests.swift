import Metrics
import TTRPCCore
import Testing

@testable import KioskServer

@Suite("What is recorded through swift-metrics")
struct MetricsRegistryTests {
  private let registry = MetricsRegistry()

  private var page: String {
    var page = PrometheusText()
    registry.write(to: &page)
    return page.text
  }

  @Test("Counters, gauges and times stand on the page under their names, by name and labels")
  func recorded() {
    let rows = ["new", "known"].map { Counter(label: "padron.rows", dimensions: [("result", $0)], factory: registry) }
    rows[0].increment(by: 5)
    rows[1].increment()
    // The same name and labels are the same series.
    Counter(label: "padron.rows", dimensions: [("result", "new")], factory: registry).increment()
    let gauge = Meter(label: "level", factory: registry)
    gauge.set(4)
    gauge.increment(by: 0.5)
    Recorder(label: "last", factory: registry).record(9)
    let timer = Timer(label: "commit", factory: registry)
    timer.recordNanoseconds(2000)
    timer.recordMilliseconds(3)
    let lines = page.split(separator: "\n")
    #expect(lines.filter { !$0.hasPrefix("# HELP") && !$0.contains("_bucket") } == [
      "# TYPE commit_seconds histogram", "commit_seconds_sum 0.003002", "commit_seconds_count 2", "# TYPE last gauge", "last 9",
      "# TYPE level gauge", "level 4.5", "# TYPE padron_rows_total counter", #"padron_rows_total{result="known"} 1"#,
      #"padron_rows_total{result="new"} 6"#,
    ])
    #expect(registry.times("commit").total == 2)
  }

  @Test("A name has one kind, a series that is destroyed is gone, and there is a last series")
  func bounds() {
    let gauge = Meter(label: "x", factory: registry)
    gauge.set(1)
    Recorder(label: "x", dimensions: [("a", "b")], factory: registry).record(2)
    Timer(label: "y", factory: registry).recordNanoseconds(1)
    Counter(label: "y_seconds", factory: registry).increment()
    #expect(page.contains("x 1\n") && page.contains(#"x{a="b"} 2"#))
    #expect(page.contains("# TYPE y_seconds histogram") && page.contains("# TYPE y_seconds_total counter"))
    gauge.destroy()
    #expect(!page.contains("x 1\n"))

    for number in 0...MetricsRegistry.maxSeries {
      Counter(label: "many", dimensions: [("n", "\(number)")], factory: registry).increment()
    }
    #expect(page.split(separator: "\n").count { $0.hasPrefix("many_total{") } == MetricsRegistry.maxSeries - 3)
  }
}
