package import NIOCore
internal import NIOPosix

/// An Asterisk that dials in over a real socket, with a caller who follows a script.
package enum ScriptedAsterisk {
  /// Places a call, and returns when the bridge has closed its connection, or the caller's Asterisk has.
  package static func call(
    _ script: PhoneScript, port: Int, group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
  ) async throws -> PhoneTranscript {
    let done = group.next().makePromise(of: PhoneTranscript.self)
    do {
      _ = try await ClientBootstrap(group: group)
        .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(AsteriskCallHandler(script, done: done))
          }
        }
        .connect(host: "127.0.0.1", port: port).get()
    } catch {
      done.fail(error)
    }
    return try await done.futureResult.get()
  }
}
