internal import CProtobufC
internal import Glibc

/// Memory of one call: C messages are built or unpacked in it and vanish together.
///
/// Shape: it hands out pieces one behind the other, first from a block that the thread keeps from call to call,
/// then from larger ones that end with the arena. Nothing is given back before. An arena inside an arena's life (a
/// reply encoded while a request is still borrowed) takes a block of its own.
package struct Arena: ~Copyable {
  /// The most that one arena hands out, unless its maker says otherwise.
  ///
  /// A frame is at most 4 MiB. One large `bytes` field costs about its own size, and small fields cost five times
  /// theirs (measured), so 8 MiB takes every full frame of bytes and every 1.5 MiB of small fields; the largest
  /// message of the contract has a tenth of that. A message made to swell (two bytes on the wire become
  /// a struct and a Swift value of a hundred) is stopped here, with a few tens of MiB for the process at worst.
  package static let defaultLimit = 8 << 20

  /// Size of the block that a thread keeps: an ordinary message needs 3 KiB. Memory is per thread, not per connection.
  static let blockSize = 16 << 10

  private let core: UnsafeMutablePointer<Core>

  package init(limit: Int = Arena.defaultLimit) {
    let block = ThreadBlock.take() ?? UnsafeMutableRawPointer.allocate(byteCount: Self.blockSize, alignment: 16)
    core = block.bindMemory(to: Core.self, capacity: 1)
    core.initialize(to: Core(block: block, limit: limit))
    core.pointee.allocator.allocator_data = UnsafeMutableRawPointer(core)
  }

  deinit {
    core.pointee.freeLargerBlocks()
    ThreadBlock.giveBack(UnsafeMutableRawPointer(core))
  }

  /// Bytes handed out, alignment included.
  package var used: Int { core.pointee.used }

  /// Uninitialised memory, aligned for anything; `nil` beyond the limit.
  package mutating func allocate(_ size: Int) -> UnsafeMutableRawPointer? {
    core.pointee.allocate(size)
  }

  /// Unpacks `bytes`, which must have passed ``WireScan``; the pointer is good as long as the arena.
  mutating func unpack(
    _ type: MessageType, _ bytes: UnsafeRawBufferPointer
  ) throws(DecodingFault) -> UnsafeMutablePointer<ProtobufCMessage> {
    core.pointee.allocator.alloc = { data, size in
      data?.assumingMemoryBound(to: Core.self).pointee.allocate(size)
    }
    core.pointee.allocator.free = { _, _ in }
    let message = withUnsafeMutablePointer(to: &core.pointee.allocator) { allocator in
      protobuf_c_message_unpack(
        type.descriptor, allocator, bytes.count,
        bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
    }
    guard let message else {
      throw DecodingFault(core.pointee.isExhausted ? .tooLarge(limit: core.pointee.limit) : .refused)
    }
    return message
  }

  /// What is thrown when `allocate` has returned `nil` during encoding.
  var exhaustion: EncodingFault { EncodingFault(.tooLarge(limit: core.pointee.limit)) }
}

/// The arena's books, at the start of its first block, where C can find them by address.
private struct Core {
  var allocator = ProtobufCAllocator()
  var next: UnsafeMutableRawPointer
  var end: UnsafeMutableRawPointer
  /// The last of the larger blocks; each begins with the address of the one before.
  var larger: UnsafeMutableRawPointer?
  var nextBlockSize = 2 * Arena.blockSize
  var used = 0
  var isExhausted = false
  let limit: Int

  init(block: UnsafeMutableRawPointer, limit: Int) {
    next = block + (MemoryLayout<Core>.size + 15) & ~15
    end = block + Arena.blockSize
    self.limit = limit
  }

  mutating func allocate(_ size: Int) -> UnsafeMutableRawPointer? {
    // A size beyond the limit is refused before it is rounded up, so the sum cannot overflow.
    guard size >= 0, size <= limit - used else { isExhausted = true; return nil }
    let rounded = (size + 15) & ~15
    if rounded > end - next { startLargerBlock(for: rounded) }
    defer { next += rounded }
    used += rounded
    return next
  }

  private mutating func startLargerBlock(for size: Int) {
    let count = max(size + 16, nextBlockSize)
    nextBlockSize = min(2 * nextBlockSize, 1 << 20)
    let block = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 16)
    block.storeBytes(of: larger, as: UnsafeMutableRawPointer?.self)
    larger = block
    next = block + 16
    end = block + count
  }

  mutating func freeLargerBlocks() {
    while let block = larger {
      larger = block.load(as: UnsafeMutableRawPointer?.self)
      block.deallocate()
    }
  }
}

/// One block per thread, kept while no arena has it; freed when the thread ends.
private enum ThreadBlock {
  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    let failure = pthread_key_create(&key) { $0?.deallocate() }
    precondition(failure == 0, "a process has room for one more thread-specific key")
    return key
  }()

  static func take() -> UnsafeMutableRawPointer? {
    guard let block = pthread_getspecific(key) else { return nil }
    pthread_setspecific(key, nil)
    return block
  }

  static func giveBack(_ block: UnsafeMutableRawPointer) {
    if pthread_getspecific(key) == nil, pthread_setspecific(key, block) == 0 { return }
    block.deallocate()
  }
}
