internal import NIOHTTP1

/// A whole response to a request for the page; every one ends its connection.
struct HTTPAnswer: Equatable {
  let head: HTTPResponseHead
  let body: String

  /// Refuses another path with 404, and then another method with 405; `nil` for a request that gets the page.
  static func refusal(of request: HTTPRequestHead) -> HTTPAnswer? {
    guard request.uri.prefix(while: { $0 != "?" }) == "/metrics" else { return HTTPAnswer(.notFound, "there is only /metrics\n") }
    return request.method == .GET ? nil : HTTPAnswer(.methodNotAllowed, "only GET\n", more: [("Allow", "GET")])
  }

  static func ok(_ page: String) -> HTTPAnswer { HTTPAnswer(.ok, page, type: PrometheusText.contentType) }
  static let notHTTP = HTTPAnswer(.badRequest, "this is not HTTP/1\n")
  static let tooLong = HTTPAnswer(
    .requestHeaderFieldsTooLarge, "the request is longer than \(MetricsEndpoint.maxRequestBytes) bytes\n")

  private init(
    _ status: HTTPResponseStatus, _ body: String, type: String = "text/plain; charset=utf-8", more: [(String, String)] = []
  ) {
    let headers = [("Content-Type", type), ("Content-Length", "\(body.utf8.count)")] + more + [("Connection", "close")]
    head = HTTPResponseHead(version: .http1_1, status: status, headers: HTTPHeaders(headers))
    self.body = body
  }
}
