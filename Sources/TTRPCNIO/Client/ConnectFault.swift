internal import Glibc
internal import NIOCore
internal import NIOPosix
package import TTRPCCore

/// Why a client cannot connect.
package struct ConnectFault: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Cause: Hashable, Sendable {
    /// A socket's path has more than ``TTRPCAddress/maxPathLength`` bytes.
    case pathTooLong
    /// Nothing came back for so long.
    case noAnswer(within: Duration)
    /// The name of the host has no address.
    case unknownHost
    /// The system's errno.
    case system(CInt)
    /// This client does not speak to the server that answers.
    case server(ServerRefusal)
    /// In the library's words.
    case other(String)
  }

  package let address: TTRPCAddress
  package let cause: Cause

  package init(address: TTRPCAddress, _ cause: Cause) {
    self.address = address
    self.cause = cause
  }

  package var server: ServerRefusal? {
    if case .server(let refusal) = cause { refusal } else { nil }
  }

  /// Whether another try would end the same way.
  package var isFinal: Bool {
    switch server {
    case nil, .handshake(.gone), .handshake(.tooSlow), .handshake(.notTLS): false
    default: true
    }
  }

  package var reason: String {
    switch cause {
    case .pathTooLong: "the socket path is longer than \(TTRPCAddress.maxPathLength) bytes"
    case .noAnswer(let time): "no answer within \(time)"
    case .unknownHost: "the name of the host has no address"
    case .system(let number): String(cString: strerror(number))
    case .server(let refusal): refusal.reason
    case .other(let words): words
    }
  }

  package var description: String { "cannot connect to \(address): \(reason)" }
}

extension ConnectFault.Cause {
  /// - Parameter time: how long was waited for an answer.
  init(_ error: any Error, after time: Duration) {
    switch error {
    case let refusal as ServerRefusal: self = .server(refusal)
    case let error as IOError: self = .system(error.errnoCode)
    case ChannelError.connectTimeout: self = .noAnswer(within: time)
    case let error as NIOConnectionError:
      // One error for each address that the host's name has; the last says most.
      self = error.connectionErrors.last.map { Self($0.error, after: time) } ?? .unknownHost
    default: self = .other("\(error)")
    }
  }
}
