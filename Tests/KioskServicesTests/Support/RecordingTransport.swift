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
      keep(reply)
      return reply
    } catch {
      keep(error)
      throw error
    }
  }

  func stream(_ method: MethodDescriptor, request: [UInt8]?, options: CallOptions) async throws(RPCError) -> any RPCClientStream {
    RecordingStream(inner: try await inner.stream(method, request: request, options: options), transport: self)
  }

  fileprivate func keep(_ reply: [UInt8]) { bytes.withLock { $0 += reply } }

  fileprivate func keep(_ error: RPCError) { bytes.withLock { $0 += error.message.utf8 + error.details.flatMap(\.value) } }

  /// All of it as text; what is no text is replaced.
  var said: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
}

private struct RecordingStream: RPCClientStream {
  let inner: any RPCClientStream
  let transport: RecordingTransport

  func send(_ message: [UInt8]) async throws(RPCError) { try await inner.send(message) }
  func finishSending() async throws(RPCError) { try await inner.finishSending() }
  func cancel() { inner.cancel() }

  func next() async throws(RPCError) -> [UInt8]? {
    do throws(RPCError) {
      let message = try await inner.next()
      if let message { transport.keep(message) }
      return message
    } catch {
      transport.keep(error)
      throw error
    }
  }
}
