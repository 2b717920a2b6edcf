internal import TTRPCCore

/// A page of metrics in Prometheus' text format 0.0.4, written family by family.
///
/// Source: prometheus.io/docs/instrumenting/exposition_formats, "Text-based format".
struct PrometheusText {
  enum Kind: String { case counter, gauge, histogram }

  /// Names of labels and their values, in the order in which they are written.
  typealias Labels = [(name: String, value: String)]

  struct Sample {
    var labels: Labels = []
    var value: Double
  }

  static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  /// Bounds of a histogram's buckets on the page: every doubling, as the histogram has it exactly.
  private static let bounds: [(bucket: Int, seconds: String)] = (0..<LatencyHistogram.bucketCount).compactMap { bucket in
    guard let end = LatencyHistogram.end(ofBucket: bucket), end.nonzeroBitCount == 1 else { return nil }
    return (bucket, text(Double(end) / 1e9))
  }

  private(set) var text = ""

  /// One number without labels.
  mutating func single(_ name: String, _ kind: Kind, _ help: String, _ value: some BinaryInteger) {
    family(name, kind, help, [Sample(value: Double(value))])
  }

  /// A family of counters or gauges; left out when it has no samples.
  mutating func family(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
    if samples.isEmpty { return }
    head(name, kind, help)
    for sample in samples { line(name, sample.labels, Self.text(sample.value)) }
  }

  /// A family of times in seconds; left out when it has none.
  mutating func histograms(_ name: String, _ help: String, _ histograms: [(labels: Labels, times: LatencyHistogram)]) {
    if histograms.isEmpty { return }
    head(name, .histogram, help)
    for (labels, times) in histograms {
      var (sum, next): (UInt64, Int) = (0, 0)
      for bound in Self.bounds {
        while next <= bound.bucket {
          sum += times.counts[next]
          next += 1
        }
        line(name + "_bucket", labels + [("le", bound.seconds)], "\(sum)")
      }
      line(name + "_bucket", labels + [("le", "+Inf")], "\(times.total)")
      line(name + "_sum", labels, Self.text(Double(times.sum) / 1e9))
      line(name + "_count", labels, "\(times.total)")
    }
  }

  private mutating func head(_ name: String, _ kind: Kind, _ help: String) {
    text += "# HELP \(name) \(help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n"))\n"
    text += "# TYPE \(name) \(kind.rawValue)\n"
  }

  private mutating func line(_ name: String, _ labels: Labels, _ value: String) {
    text += name
    if !labels.isEmpty {
      text += "{" + labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",") + "}"
    }
    text += " \(value)\n"
  }

  /// As a label's value must be written.
  private static func escaped(_ value: String) -> String {
    value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }

  /// Whole numbers without a point, as far as they are exact.
  private static func text(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 0x1p53 ? "\(Int64(value))" : "\(value)"
  }

  /// A name that the format takes: other characters become `_`.
  static func name(_ text: String) -> String {
    let allowed = text.unicodeScalars.map { scalar -> Character in
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "_": Character(scalar)
      default: "_"
      }
    }
    return (allowed.first?.isNumber ?? true ? "_" : "") + String(allowed)
  }
}
