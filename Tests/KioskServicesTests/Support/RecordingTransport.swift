import Synchronization
import TTRPCCore

/// Keeps every byte that came back, of replies and of statuses.
final class RecordingTransport: RPCTransport {
  private let inner: any RPCTransport
  private let bytes = Mutex<[UInt8]>([])

  init(_ inner: any RPCTransport) { self.inner = inner }

  func unary(_ method: MethodDescriptor, payload: [UInt8], options: CallOptions) async throws(RPCError) -> [UInt8] {
    do throws(RPCError) {
      let reply = try await inner.unary(method, payload: payload, options: options)
      bytes.withLock { $0 += reply }
      return reply
    } catch {
      bytes.withLock { $0 += error.message.utf8 + error.details.flatMap(\.value) }
      throw error
    }
  }

  /// All of it as text; what is no text is replaced.
  var said: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
}
