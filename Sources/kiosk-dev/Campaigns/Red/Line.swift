internal import Foundation
internal import KioskTestSupport
internal import Synchronization

/// A line between two network devices, carried packet by packet by a thread of this program.
final class Line: Sendable {
  /// One end's device, made by the kernel for a descriptor that reads what leaves it and writes what arrives.
  private struct End: Sendable {
    let descriptor: Int32

    init(_ name: String) throws(CampaignFault) {
      descriptor = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC)
      guard descriptor >= 0 else { throw CampaignFault("/dev/net/tun: \(String(cString: strerror(errno)))") }
      // struct ifreq: sixteen bytes of name, then the flags IFF_TUN and IFF_NO_PI.
      var request = Array(name.utf8.prefix(15))
      request += [UInt8](repeating: 0, count: 40 - request.count)
      (request[16], request[17]) = (0x01, 0x10)
      let setInterface: UInt = 0x4004_54CA
      let outcome = request.withUnsafeMutableBytes { ioctl(descriptor, setInterface, $0.baseAddress!) }
      guard outcome >= 0 else { throw CampaignFault("no network device \(name): \(String(cString: strerror(errno)))") }
    }
  }

  private struct Packet {
    let due: UInt64
    let bytes: [UInt8]
  }

  /// Packets so far, both ways.
  struct Count: Sendable {
    var sent = 0
    var lost = 0
  }

  private struct State {
    var conditions = LineConditions()
    var count = Count()
    var isOver = false
  }

  /// What a modem keeps for a line that is slower than what is sent: so many nanoseconds' worth.
  private static let longestQueue: UInt64 = 800_000_000

  private let ends: [End]
  private let state = Mutex(State())

  /// Makes the devices, in this program's namespace; they may be moved to others.
  init(_ first: String, _ second: String, seed: UInt64) throws(CampaignFault) {
    ends = [try End(first), try End(second)]
    let thread = Thread { [self] in carry(SeededGenerator(seed: seed)) }
    thread.name = "linea"
    thread.start()
  }

  func set(_ conditions: LineConditions) { state.withLock { $0.conditions = conditions } }
  var count: Count { state.withLock(\.count) }
  func close() { state.withLock { $0.isOver = true } }

  // MARK: The line's thread

  private func carry(_ chance: SeededGenerator) {
    var chance = chance
    // By the end that it goes to; the earliest last.
    var onTheWay: [[Packet]] = [[], []]
    var freeAt: [UInt64] = [0, 0]
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let (conditions, isOver) = state.withLock { ($0.conditions, $0.isOver) }
      if isOver { break }
      wait(onTheWay)
      for from in 0...1 {
        while case let count = read(ends[from].descriptor, &buffer, buffer.count), count > 0 {
          let due = arrival(count, conditions, &freeAt[1 - from], &chance)
          state.withLock { state in
            state.count.sent += 1
            if due == nil { state.count.lost += 1 }
          }
          guard let due else { continue }
          let packet = Packet(due: due, bytes: Array(buffer[..<count]))
          let place = onTheWay[1 - from].lastIndex { $0.due > due }.map { $0 + 1 } ?? 0
          onTheWay[1 - from].insert(packet, at: place)
        }
      }
      let now = Self.now
      for to in 0...1 {
        while let packet = onTheWay[to].last, packet.due <= now {
          onTheWay[to].removeLast()
          // A cut takes what is on the way, too.
          if !conditions.isCut { _ = write(ends[to].descriptor, packet.bytes, packet.bytes.count) }
        }
      }
    }
    for end in ends { Foundation.close(end.descriptor) }
  }

  private func wait(_ onTheWay: [[Packet]]) {
    let next = onTheWay.compactMap(\.last?.due).min() ?? .max
    let now = Self.now
    let milliseconds = next <= now ? 0 : min((next - now) / 1_000_000 + 1, 20)
    var descriptors = ends.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
    poll(&descriptors, 2, Int32(milliseconds))
  }

  /// When a packet that is sent now comes out at the other end; `nil` when it does not.
  private func arrival(
    _ count: Int, _ conditions: LineConditions, _ freeAt: inout UInt64, _ chance: inout SeededGenerator
  ) -> UInt64? {
    let now = Self.now
    if conditions.isCut || chance.chance(conditions.lost, in: 100) { return nil }
    var due = now
    if let rate = conditions.bitsPerSecond {
      let start = max(now, freeAt)
      if start - now > Self.longestQueue { return nil }
      freeAt = start + UInt64(count) * 8_000_000_000 / UInt64(rate)
      due = freeAt
    }
    let (delay, jitter) = (Int(conditions.delay.milliseconds) * 1000, conditions.jitter.milliseconds * 1000)
    return due + UInt64(max(0, delay + chance.within(-jitter...jitter))) * 1000
  }

  private static var now: UInt64 { DispatchTime.now().uptimeNanoseconds }
}
