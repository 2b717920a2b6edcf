internal import Foundation
internal import Synchronization
internal import TTRPCCore

/// Connections that send a byte now and then and never finish what they began: half of them a frame's header, half its body.
///
/// Whoever is closed comes back, until the crowd is told to give up; then it drips on until the server has closed every one.
final class DripCrowd: Sendable {
  struct Count: Sendable {
    var opened = 0
    var open = 0
    var closedByServer = 0
    /// Those that were told the limit's name before the end.
    var toldLimit = 0
  }

  private struct State {
    var count = Count()
    var comesBack = true
    var hasEnded = false
  }

  private let state = Mutex(State())

  private let dripsBodies: Bool

  /// - Parameter bodies: whether every other connection drips a body; else all of them a header.
  init(_ size: Int, bodies: Bool, port: Int) {
    dripsBodies = bodies
    let thread = Thread { [self] in drip(size, port) }
    thread.name = "gotas"
    thread.start()
  }

  var count: Count { state.withLock(\.count) }

  /// Nobody comes back from now on.
  func giveUp() { state.withLock { $0.comesBack = false } }

  /// Whether the last connection has been closed after the crowd gave up.
  var hasEnded: Bool { state.withLock(\.hasEnded) }

  // MARK: The crowd's thread

  private func drip(_ size: Int, _ port: Int) {
    var drops: [Drop?] = (0..<size).map { drop($0, port) }
    note { $0.opened = drops.count { $0 != nil } }
    while true {
      for number in drops.indices where drops[number]?.drip() != true {
        if let ended = drops[number] { noteEnd(ended) }
        drops[number] = state.withLock(\.comesBack) ? drop(number, port) : nil
        if drops[number] != nil { note { $0.opened += 1 } }
      }
      let open = drops.count { $0 != nil }
      note { $0.open = open }
      if open == 0, !state.withLock(\.comesBack) { return state.withLock { $0.hasEnded = true } }
      usleep(1_000_000)
    }
  }

  private func note(_ change: (inout Count) -> Void) { state.withLock { change(&$0.count) } }

  private func noteEnd(_ drop: Drop) {
    let text = String(decoding: drop.heard, as: UTF8.self)
    note { count in
      count.closedByServer += 1
      if text.contains("limit \(LimitName.bodyDeadline.rawValue) reached") { count.toldLimit += 1 }
    }
  }

  private func drop(_ number: Int, _ port: Int) -> Drop? {
    HostileSocket(port: port).map { Drop(socket: $0, dripsBody: dripsBodies && number.isMultiple(of: 2)) }
  }}

/// One connection of the crowd.
private struct Drop {
  let socket: HostileSocket
  let dripsBody: Bool
  private(set) var heard: [UInt8] = []
  private var ticks = 0

  init(socket: HostileSocket, dripsBody: Bool) {
    self.socket = socket
    self.dripsBody = dripsBody
  }

  /// A second has passed.
  ///
  /// - Returns: `false` when the server has closed the connection.
  mutating func drip() -> Bool {
    defer { ticks += 1 }
    guard listen() else { return false }
    if case .closed = next.withUnsafeBytes({ $0.isEmpty ? .wouldBlock : socket.send($0) }) { return false }
    return true
  }

  /// A header comes at a byte every other second, ten bytes in twenty seconds; that of a body comes whole, and then a byte each second.
  private var next: [UInt8] {
    guard dripsBody else { return ticks.isMultiple(of: 2) ? [0] : [] }
    guard ticks == 0 else { return [0] }
    var header = [UInt8](repeating: 0, count: FrameHeader.size)
    header.withUnsafeMutableBytes { FrameHeader(length: 1_000_000, stream: 1, type: .request).write(to: $0) }
    return header
  }

  private mutating func listen() -> Bool {
    var buffer = [UInt8](repeating: 0, count: 512)
    while true {
      switch buffer.withUnsafeMutableBytes({ socket.receive(into: $0) }) {
      case .bytes(let count): heard += buffer[..<count]
      case .wouldBlock: return true
      case .closed: return false
      }
    }
  }
}
