import TTRPCCore
import TTRPCNIO
import Testing

@testable import KioskClient

@Suite("What a status says in Spanish")
struct SpanishStatusTests {
  /// Words that no Spanish sentence has.
  static let english: Set<String> = [
    "the", "of", "is", "are", "not", "and", "this", "with", "call", "calls", "limit", "reached", "message", "messages", "connection",
    "connections", "refused", "certificate", "stream", "streams", "closed", "unknown", "method", "service", "role", "may", "server",
    "client", "has", "longer", "it", "its", "nothing", "will", "be", "to", "must", "exceeded", "canceled", "frame", "address", "system",
    "user", "handshake", "requested", "error", "denied", "library",
  ]

  static func isSpanish(_ text: String) -> Bool {
    // Names of files and programs are no words.
    let words = text.replacing("server.yaml", with: "").replacing("kiosk-server", with: "").lowercased().split { !$0.isLetter }.map(String.init)
    return english.isDisjoint(with: words)
  }

  /// Every status that our own two ends make, but for those that the clinic's services write for people.
  static let said: [RPCError] = refusals + certificates + unread + [
    .connectionClosed, .notSent, .notBegun, .streamsUsedUp, .serverSilent, .cancelled, .callIsOver, .sendingFinished, .deadlineExceeded,
    .messageTooLong(5_000_000, maximum: 4_194_304), .tooManyCallsASecond(CallRate(perSecond: 50, burst: 200), wait: 2_500_000_000),
    .undecodablePayload("string field name contains invalid UTF-8"),
    RPCError(.permissionDenied, "this caller's role may not call ventanilla.v1.Operations/GetStatus"),
    RPCError(.permissionDenied, ServerRefusal.handshake(.refusedByPeer(alert: "unknown_ca")).reason),
    RPCError(.unimplemented, "service X"), RPCError(.unimplemented, "method X"), RPCError(.notFound, "unknown service"),
    RPCError(request: .truncated), RPCError(request: .tooManyMetadataPairs(maximum: 128)), RPCError(.unknown, "status code 99: Out of cheese"),
  ]

  static let refusals: [RPCError] = ([
    .reservedByteSet(1), .frameTooLong(length: 5_000_000, maximum: 4_194_304), .streamNotOdd, .streamReused, .streamNotActive, .dataAfterClose,
    .tooManyConnections(maximum: 4096), .tooManyConnectionsFromAddress(maximum: 1024), .bodyTooSlow(bytesPerSecond: 4096),
    .tooMuchBuffered(maximum: 1), .tooMuchBufferedFromAddress(maximum: 1), .sentWithoutCredit, .creditOverflow, .extensionMisused(.ping),
    .clientWentAway, .tooMuchQueued(maximum: 1), .tooManyStreams(maximum: 256), .userNotListed(1003), .draining, .tooManyCalls(maximum: 1024),
  ] as [ConnectionRefusal]).map { RPCError($0) }

  static let certificateRefusals: [CertificateRefusal] = [
    .denied, .notYetValid, .expired, .noIdentity, .severalIdentities(2), .identity(.notSPIFFE), .identity(.foreignTrustDomain),
    .identity(.wrongPath), .identity(.malformedClinic), .identity(.unknownRole), .identity(.malformedDevice), .otherClinic("DFIMS000330"),
    .roleNotAdmitted("staff"),
  ]
  static let certificates = certificateRefusals.map { RPCError(ConnectionRefusal.certificateRefused($0)) }

  static let unread: [RPCError] = [
    RPCError(.internal, "ttrpc: error unmarshalling payload: request.slots[3].resource: not valid UTF-8"),
    RPCError(.internal, "ttrpc: error unmarshalling payload: request: ends too early"),
    RPCError(.invalidArgument, "request.folio: has a NUL inside"), RPCError(.internal, "unmarshal response error: unexpected end of message"),
  ]

  @Test("Whatever our ends say on the wire, the sentence is whole and Spanish, and another says what to do next", arguments: said)
  func ours(error: RPCError) throws {
    let spanish = error.spanish
    let next = try #require(spanish.next)
    for text in [spanish.sentence, next] {
      #expect(text.first?.isUppercase == true && text.last == "." && Self.isSpanish(text), "\(text)")
    }
    #expect(spanish.sentence != error.message)
  }

  @Test("A stranger's words are never shown: each code has a sentence of its own", arguments: StatusCode.allCases)
  func strangers(code: StatusCode) {
    let words = ["", "rpc error: the peer went away", "The peer went away", "no such thing", "limit fnord reached: 7 things"]
    #expect(Set(words.map { RPCError(code, $0).spanish }) == [code.spanish])
    #expect(Self.isSpanish(code.spanish.sentence) && Self.isSpanish(code.spanish.next ?? ""))
    #expect(code == .ok || code.spanish.next != nil)
  }

  @Test("Each limit is told with its name, its number and what to do", arguments: LimitName.allCases)
  func limits(name: LimitName) throws {
    let error = RPCError.limitReached(name, 17, "things")
    #expect(error.reachedLimit == ReachedLimit(name, maximum: 17))
    let spanish = error.spanish
    #expect(spanish.sentence.hasSuffix(" (\(name.rawValue), 17)."))
    #expect(Self.isSpanish(spanish.sentence.replacing(name.rawValue, with: "")), "\(spanish.sentence)")
    #expect(Self.isSpanish(try #require(spanish.next)))
  }

  @Test("No two limits that differ in what to do are told alike")
  func limitsDiffer() {
    let sentences = Set(LimitName.allCases.map { ReachedLimit($0, maximum: nil).spanish(wait: nil) })
    #expect(sentences.count == LimitName.allCases.count)
  }

  @Test("A limit is known by the status alone", arguments: [
    (RPCError.messageTooLong(9, maximum: 4), ReachedLimit(.maxFrameLength, maximum: 4)),
    (RPCError(.bodyTooSlow(bytesPerSecond: 4096)), ReachedLimit(.bodyDeadline, maximum: 4096)),
    (RPCError(.tooManyCalls(maximum: 3)), ReachedLimit(.maxCallsInFlight, maximum: 3)),
    (RPCError(.resourceExhausted, "limit maxCallsInFlight reached:"), nil), (RPCError(.internal, "limit maxCallsInFlight reached: 3 calls"), nil),
  ])
  func reachedLimit(error: RPCError, limit: ReachedLimit?) { #expect(error.reachedLimit == limit) }

  @Test("The server's own sentences and its advice on a field stay as they are", arguments: [
    RPCError(.unauthenticated, "Su sesión terminó. Identifíquese de nuevo, por favor."), RPCError(.unavailable, "¿No hay lugar?"),
    RPCError(.invalidArgument, "request-id: escriba 32 dígitos hexadecimales"),
    RPCError(.alreadyExists, "request-id: este identificador ya se usó para otra solicitud; use uno nuevo por cada intención"),
    RPCError(.invalidArgument, "slots[2].resource: escriba la letra y el número de la agenda, por ejemplo C12 o V2"),
  ])
  func forPeople(error: RPCError) { #expect(error.spanish == SpanishStatus(error.message, next: nil)) }

  @Test("How long to wait is rounded up to seconds", arguments: [
    (Duration?.none, "un momento"), (.milliseconds(1), "1 s"), (.milliseconds(1000), "1 s"), (.milliseconds(1001), "2 s"), (.seconds(12), "12 s"),
  ])
  func wait(wait: Duration?, text: String) {
    #expect(ReachedLimit(.callsPerSecond, maximum: 50).spanish(wait: wait).next?.contains("Espere \(text) y repita") == true)
  }

  @Test("Why there is no connection is Spanish too, and certificates are told apart")
  func connecting() {
    let address = TTRPCAddress.unix(path: "/s")
    let failures: [HandshakeFailure] = [
      .noCertificate, .expired, .untrusted, .oldProtocol, .notTLS, .refusedByPeer(alert: "bad_certificate"), .gone, .tooSlow, .other("words of a library"),
    ]
    var causes: [ConnectFault.Cause] = [.pathTooLong, .noAnswer(within: .seconds(5)), .unknownHost, .other("The words of a library")]
    causes += (1...133).map { .system($0) }
    causes += failures.map { .server(.handshake($0)) } + Self.certificateRefusals.map { .server(.certificate($0)) }
    causes += [.server(.notAServer(role: "kiosk")), .server(.otherClinic("DFIMS000330"))]
    for cause in causes {
      let motivo = ConnectFault(address: address, cause).motivo
      #expect(Self.isSpanish(motivo) && motivo.first?.isLowercase == true && motivo.last != ".", "\(motivo)")
    }
    let words = Self.certificateRefusals.map { CertificateWords.spanish($0.reason) }
    #expect(!words.contains(nil) && Set(words).count == words.count)
  }
}
