import TTRPCCore
import Testing

@testable import KioskServer

@Suite("The text that Prometheus reads")
struct PrometheusTextTests {
  @Test("A family is its help, its kind and its samples; one without samples is not written")
  func families() {
    var page = PrometheusText()
    page.family("a_total", .counter, "Line one\nand \\ two", [.init(labels: [("x", "1"), ("y", "\"\\\n")], value: 3)])
    page.family("nothing", .gauge, "None", [])
    page.single("b", .gauge, "B", 7)
    page.family("c", .gauge, "C", [.init(value: 0.25)])
    #expect(page.text == #"""
      # HELP a_total Line one\nand \\ two
      # TYPE a_total counter
      a_total{x="1",y="\"\\\n"} 3
      # HELP b B
      # TYPE b gauge
      b 7
      # HELP c C
      # TYPE c gauge
      c 0.25

      """#)
  }

  @Test("A histogram's buckets are cumulative, one for each doubling, and the last has everything")
  func histogram() {
    var times = LatencyHistogram()
    for nanoseconds in [500, 1024, 3_000_000, 3_000_000, 100_000_000_000] as [UInt64] { times.record(nanoseconds: nanoseconds) }
    var page = PrometheusText()
    page.histograms("t_seconds", "Times", [([("m", "A")], times)])
    let lines = page.text.split(separator: "\n")
    #expect(lines.count == 2 + 27 + 3)
    #expect(lines[2] == #"t_seconds_bucket{m="A",le="1.024e-06"} 1"#)
    #expect(lines[3] == #"t_seconds_bucket{m="A",le="2.048e-06"} 2"#)
    #expect(lines.contains(#"t_seconds_bucket{m="A",le="0.002097152"} 2"#))
    #expect(lines.contains(#"t_seconds_bucket{m="A",le="0.004194304"} 4"#))
    #expect(lines[28] == #"t_seconds_bucket{m="A",le="68.719476736"} 4"#)
    #expect(lines[29...] == [
      #"t_seconds_bucket{m="A",le="+Inf"} 5"#, #"t_seconds_sum{m="A"} 100.006001524"#, #"t_seconds_count{m="A"} 5"#,
    ])
  }

  @Test("Names from elsewhere become names that the format takes", arguments: [
    ("nio.reads-total", "nio_reads_total"), ("9lives", "_9lives"), ("año", "a_o"), ("", "_"), ("ok_1", "ok_1"),
  ])
  func names(given: String, written: String) { #expect(PrometheusText.name(given) == written) }
}
