internal import Foundation
internal import Synchronization
internal import TTRPCCore
internal import VentanillaMessages

/// A kiosk that sends calls over several connections as fast as they are taken, and waits for no answer.
final class FloodingKiosk: Sendable {
  struct Count: Sendable {
    var sent = 0
    var answered = 0
    /// By the limit's name.
    var refused = 0
    var other = 0
  }

  private struct State {
    var count = Count()
    var isTold = false
    var hasEnded = false
  }

  private let state = Mutex(State())

  init(connections: Int, port: Int) {
    let thread = Thread { [self] in flood(connections, port) }
    thread.name = "torrente"
    thread.start()
  }

  var count: Count { state.withLock(\.count) }
  func stop() { state.withLock { $0.isTold = true } }
  var hasEnded: Bool { state.withLock(\.hasEnded) }

  // MARK: The kiosk's thread

  private func flood(_ connections: Int, _ port: Int) {
    var hoses = (0..<connections).compactMap { _ in HostileSocket(port: port).map(Hose.init) }
    while !state.withLock(\.isTold) {
      var count = Count()
      for number in hoses.indices.reversed() where !hoses[number].push(&count) {
        hoses.remove(at: number)
        if let socket = HostileSocket(port: port) { hoses.append(Hose(socket)) }
      }
      state.withLock { state in
        state.count.sent += count.sent
        state.count.answered += count.answered
        state.count.refused += count.refused
        state.count.other += count.other
      }
      waitUntilMoving(hoses)
    }
    state.withLock { $0.hasEnded = true }
  }

  private func waitUntilMoving(_ hoses: [Hose]) {
    var waits = hoses.map { pollfd(fd: $0.socket.descriptor, events: Int16(POLLIN | POLLOUT), revents: 0) }
    poll(&waits, nfds_t(waits.count), 20)
  }
}

/// One connection of the flood: a burst of calls, sent again and again under new stream numbers.
private struct Hose {
  private static let burst = 256

  let socket: HostileSocket
  private var frames: [UInt8]
  private let size: Int
  private var offset = 0
  private var stream: UInt32 = 1
  private var heard: [UInt8] = []

  init(_ socket: HostileSocket) {
    self.socket = socket
    let payload = Encoded(Wire.FindRequest(service: CampaignClinic.service, limit: 12)).bytes
    let frame = RequestFrame(
      MethodTable.Appointments.find, payload: payload, timeoutNanoseconds: 0, metadata: Metadata())
    size = frame.size
    var one = [UInt8](repeating: 0, count: frame.size)
    one.withUnsafeMutableBytes { frame.write(stream: 1, to: $0) }
    frames = Array(repeatElement(one, count: Self.burst).joined())
    number()
  }

  /// Gives the burst its stream numbers.
  private mutating func number() {
    for frame in 0..<Self.burst {
      frames.withUnsafeMutableBytes { $0.storeBytes(of: stream.bigEndian, toByteOffset: frame * size + 4, as: UInt32.self) }
      stream &+= 2
    }
    offset = 0
  }

  /// Sends and reads what goes through now.
  ///
  /// - Returns: `false` when the server has closed the connection.
  mutating func push(_ count: inout FloodingKiosk.Count) -> Bool {
    guard listen(&count) else { return false }
    switch frames.withUnsafeBytes({ socket.send(UnsafeRawBufferPointer(rebasing: $0[offset...])) }) {
    case .closed: return false
    case .wouldBlock: return true
    case .bytes(let sent):
      count.sent += (offset + sent) / size - offset / size
      offset += sent
      if offset == frames.count { number() }
      return true
    }
  }

  private mutating func listen(_ count: inout FloodingKiosk.Count) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    reading: while true {
      switch buffer.withUnsafeMutableBytes({ socket.receive(into: $0) }) {
      case .closed: return false
      case .wouldBlock: break reading
      case .bytes(let read): heard += buffer[..<read]
      }
    }
    var start = 0
    while heard.count - start >= FrameHeader.size {
      let header = heard.withUnsafeBytes { FrameHeader(UnsafeRawBufferPointer(rebasing: $0[start...])) }
      let end = start + FrameHeader.size + Int(header.length)
      guard end <= heard.count else { break }
      heard.withUnsafeBytes { Self.judge(UnsafeRawBufferPointer(rebasing: $0[(start + FrameHeader.size)..<end]), &count) }
      start = end
    }
    heard.removeFirst(start)
    return true
  }

  private static func judge(_ body: UnsafeRawBufferPointer, _ count: inout FloodingKiosk.Count) {
    guard let reply = try? ResponseEnvelope(body) else { return count.other += 1 }
    switch reply.error {
    case nil: count.answered += 1
    case let error? where error.code == .resourceExhausted && error.message.contains(LimitName.callsPerSecond.rawValue) && error.retryDelay != nil:
      count.refused += 1
    default: count.other += 1
    }
  }
}
