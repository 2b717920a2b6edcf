import TTRPCCore
import TerminalText
import Testing
import VentanillaMessages

@testable import kioskctl

@Suite("kioskctl speaks Spanish of every status")
struct SpanishFailureTests {
  private static let english: Set<String> = [
    "the", "of", "is", "are", "not", "and", "this", "call", "calls", "limit", "reached", "message", "connection", "things", "refused", "server",
    "stream", "closed", "unknown", "method", "context", "exceeded", "peer", "went", "away",
  ]

  /// What is printed for a person, without the code's own name and the limit's.
  private static func words(_ error: RPCError) -> Set<String> {
    var text = Failure(error, repeating: "la misma orden").lines(.plain).joined(separator: "\n")
    // Names of codes, limits, files and commands are no words.
    for name in ["(\(error.code.name))", error.reachedLimit?.name.rawValue ?? "-", "server.yaml", "kiosk-server", "kioskctl call"] {
      text = text.replacing(name, with: "")
    }
    return Set(text.lowercased().split { !$0.isLetter }.map(String.init))
  }

  @Test("Whatever the wire says, no word of it is printed, and there is a next step", arguments: StatusCode.allCases.filter { $0 != .ok })
  func statuses(code: StatusCode) {
    for message in ["", "the peer went away", "the server is closed. context deadline exceeded"] {
      let error = RPCError(code, message)
      #expect(Self.words(error).isDisjoint(with: Self.english))
      let lines = Failure(error).lines(.plain)
      #expect(lines.count == 2 && lines[0].hasSuffix(". (\(code.name))") && lines[1].hasSuffix(".") || lines[1].contains("kioskctl call"), "\(lines)")
    }
  }

  @Test("Each limit is printed with its name and a next step", arguments: LimitName.allCases)
  func limits(name: LimitName) {
    let error = RPCError.limitReached(name, 17, "things of this call")
    #expect(Self.words(error).isDisjoint(with: Self.english))
    let lines = Failure(error).lines(.plain)
    #expect(lines.count == 2 && lines[0].hasSuffix("(\(name.rawValue), 17). (RESOURCE_EXHAUSTED)"))
  }

  @Test("A program gets the sentence under message, and the protocol's words apart")
  func json() {
    let failure = Failure(RPCError(.tooManyCalls(maximum: 3)))
    #expect(
      failure.json.text(pretty: false)
        == #"{"code":"RESOURCE_EXHAUSTED","message":"Esta conexión ya tiene todas las llamadas sin contestar que el servidor admite (maxCallsInFlight, 3).","refusal":null,"wire":"limit maxCallsInFlight reached: 3 calls in flight on this connection"}"#)
  }
}
