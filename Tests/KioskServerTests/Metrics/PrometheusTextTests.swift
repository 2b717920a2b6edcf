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

@Suite("What the page's address answers")
struct HTTPAnswerTests {
  @Test("A request is judged once its head is complete")
  func complete() {
    let request = Array("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
    for count in 0..<request.count { #expect(HTTPAnswer.to(request.prefix(count)) == nil) }
    #expect(HTTPAnswer.to(request) == .page)
    #expect(HTTPAnswer.to(Array("GET /metrics?x=1 HTTP/1.0\n\n".utf8)) == .page)
  }

  @Test("What is not asked as it should be is refused with its reason", arguments: [
    ("POST /metrics HTTP/1.1\r\n\r\n", "405"), ("HEAD /metrics HTTP/1.1\r\n\r\n", "405"), ("GET / HTTP/1.1\r\n\r\n", "404"),
    ("GET /metrics/../etc HTTP/1.1\r\n\r\n", "404"), ("GET /metrics\r\n\r\n", "400"), ("\r\n\r\n", "400"),
    ("GET /metrics HTTP/2\r\n\r\n", "400"), ("GET  /metrics HTTP/1.1\r\n\r\n", "400"),
    (String(repeating: "x", count: 8192), "431"), ("GET /metrics HTTP/1.1\r\n" + String(repeating: "a: b\r\n", count: 2000), "431"),
  ])
  func refused(request: String, status: String) {
    guard case .refusal(let text) = HTTPAnswer.to(Array(request.utf8)) else {
      Issue.record("\(request.prefix(60)) is not refused")
      return
    }
    #expect(text.hasPrefix("HTTP/1.1 \(status) "))
    #expect(text.contains("Connection: close\r\n"))
  }

  @Test("The page goes with its type and its length in bytes")
  func page() {
    #expect(
      HTTPAnswer.ok("año 1\n")
        == "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: 7\r\nConnection: close\r\n\r\naño 1\n")
  }
}
