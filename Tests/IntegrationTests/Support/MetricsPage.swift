internal import Foundation

/// A page of metrics, read as strictly as the format is written: what is not legal is a fault.
struct MetricsPage {
  struct Fault: Error { var text: String }
  struct Series: Hashable {
    var name: String
    var labels: [String: String]
  }

  private(set) var values: [Series: Double] = [:]
  private(set) var kinds: [String: String] = [:]

  subscript(_ name: String, _ labels: [String: String] = [:]) -> Double? { values[Series(name: name, labels: labels)] }

  /// The values of one family's series whose labels include those.
  func all(_ name: String, _ labels: [String: String] = [:]) -> [Double] {
    values.filter { entry in entry.key.name == name && labels.allSatisfy { entry.key.labels[$0.key] == $0.value } }.map(\.value)
  }

  init(_ text: String) throws {
    guard text.hasSuffix("\n") else { throw Fault(text: "the last line does not end") }
    var (family, helped, order): (String?, Set<String>, [Series]) = (nil, [], [])
    for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("# HELP ") {
        let words = line.split(separator: " ", maxSplits: 3)
        guard words.count == 4, Self.isName(words[2]), helped.insert(String(words[2])).inserted else { throw Fault(text: "help: \(line)") }
        family = nil
      } else if line.hasPrefix("# TYPE ") {
        let words = line.split(separator: " ")
        guard words.count == 4, ["counter", "gauge", "histogram"].contains(words[3]), helped.contains(String(words[2])),
          kinds[String(words[2])] == nil
        else { throw Fault(text: "type: \(line)") }
        family = String(words[2])
        kinds[family!] = String(words[3])
      } else {
        let (series, value) = try Self.sample(line)
        guard let family, Self.belongs(series, to: family, kinds[family]!) else { throw Fault(text: "not in its family: \(line)") }
        guard values.updateValue(value, forKey: series) == nil else { throw Fault(text: "twice: \(line)") }
        if kinds[family] == "counter" {
          guard family.hasSuffix("_total"), value >= 0 else { throw Fault(text: "no counter: \(line)") }
        }
        order.append(series)
      }
    }
    try checkHistograms(order)
  }

  /// Buckets ascend, in order of their bounds, up to +Inf, which is the count; there is a sum.
  private func checkHistograms(_ order: [Series]) throws {
    for (name, kind) in kinds where kind == "histogram" {
      let buckets = order.filter { $0.name == name + "_bucket" }
      let groups = Dictionary(grouping: buckets) { $0.labels.filter { $0.key != "le" } }
      for (labels, group) in groups {
        let bounds = group.map { $0.labels["le"] == "+Inf" ? Double.infinity : Double($0.labels["le"] ?? "") ?? .nan }
        let counts = group.map { values[$0]! }
        guard bounds == bounds.sorted(), Set(bounds).count == bounds.count, bounds.last == .infinity, counts == counts.sorted(),
          counts.last == self[name + "_count", labels], self[name + "_sum", labels] != nil
        else { throw Fault(text: "\(name) \(labels): \(zip(bounds, counts).map { "\($0)" })") }
      }
      guard !groups.isEmpty else { throw Fault(text: "\(name) has no buckets") }
    }
  }

  private static func belongs(_ series: Series, to family: String, _ kind: String) -> Bool {
    guard kind == "histogram" else { return series.name == family && series.labels["le"] == nil }
    return series.name == family + "_bucket" ? series.labels["le"] != nil
      : [family + "_sum", family + "_count"].contains(series.name) && series.labels["le"] == nil
  }

  private static func isName(_ text: some StringProtocol, colon: Bool = true) -> Bool {
    guard let first = text.unicodeScalars.first, !("0"..."9").contains(first) else { return false }
    return text.unicodeScalars.allSatisfy { scalar in
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "_": true
      case ":": colon
      default: false
      }
    }
  }

  /// `name{label="value",…} number`, without a timestamp.
  private static func sample(_ line: Substring) throws -> (Series, Double) {
    var rest = line[...]
    let name = rest.prefix { $0 != "{" && $0 != " " }
    guard isName(name) else { throw Fault(text: "name: \(line)") }
    rest = rest.dropFirst(name.count)
    var labels: [String: String] = [:]
    if rest.first == "{" {
      rest = rest.dropFirst()
      while rest.first != "}" {
        let label = rest.prefix { $0 != "=" }
        guard isName(label, colon: false), rest.dropFirst(label.count).hasPrefix("=\"") else { throw Fault(text: "label: \(line)") }
        rest = rest.dropFirst(label.count + 2)
        let value = try quoted(&rest, line)
        guard labels.updateValue(value, forKey: String(label)) == nil else { throw Fault(text: "label twice: \(line)") }
        if rest.first == "," { rest = rest.dropFirst() } else if rest.first != "}" { throw Fault(text: "labels: \(line)") }
      }
      rest = rest.dropFirst()
    }
    guard rest.first == " ", let value = Double(rest.dropFirst()) else { throw Fault(text: "value: \(line)") }
    return (Series(name: String(name), labels: labels), value)
  }

  private static func quoted(_ rest: inout Substring, _ line: Substring) throws -> String {
    var value = ""
    while let character = rest.popFirst() {
      switch character {
      case "\"": return value
      case "\\":
        switch rest.popFirst() {
        case "\\": value += "\\"
        case "\"": value += "\""
        case "n": value += "\n"
        default: throw Fault(text: "escape: \(line)")
        }
      default: value.append(character)
      }
    }
    throw Fault(text: "a value without end: \(line)")
  }
}

/// What an address of this machine answers to a text, until it closes.
enum LocalHTTP {
  static func get(_ path: String = "/metrics", port: Int) async throws -> (head: String, body: String) {
    let answer = try await exchange("GET \(path) HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\n\r\n", port: port)
    guard let end = answer.firstRange(of: "\r\n\r\n") else { throw MetricsPage.Fault(text: "no head: \(answer)") }
    return (String(answer[..<end.lowerBound]), String(answer[end.upperBound...]))
  }

  /// Sends, and reads until the other end closes; "" when it closes without a word. Waits on a thread of its own: the server's page is
  /// made on those that tasks share.
  static func exchange(_ request: String, port: Int) async throws -> String {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result { () throws(any Error) in try blockingExchange(request, port: port) }) }
    }
  }

  private static func blockingExchange(_ request: String, port: Int) throws -> String {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
    }
    guard status == 0 else { throw MetricsPage.Fault(text: String(cString: strerror(errno))) }
    var patience = timeval(tv_sec: 30, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    let bytes = Array(request.utf8)
    _ = Foundation.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count < 0 && errno != ECONNRESET { throw MetricsPage.Fault(text: "no answer within the patience of the test") }
      if count <= 0 { return String(decoding: answer, as: UTF8.self) }
      answer += buffer[..<count]
    }
  }
}
