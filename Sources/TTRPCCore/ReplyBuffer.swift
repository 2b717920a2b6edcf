/// Memory that replies are written into, in place; its owner keeps it from call to call.
///
/// Shape: `count` bytes written from the start, then room that grows by doubling.
package struct ReplyBuffer: ~Copyable {
  private var storage: UnsafeMutableRawBufferPointer
  package private(set) var count = 0

  package init(capacity: Int = 4096) {
    storage = .allocate(byteCount: max(capacity, 64), alignment: 16)
  }

  deinit { storage.deallocate() }

  /// Forgets what was written and keeps the memory.
  package mutating func removeAll() { count = 0 }

  /// Forgets what was written from `newCount` on.
  package mutating func truncate(to newCount: Int) {
    precondition(newCount <= count, "a reply buffer only shrinks by truncation")
    count = newCount
  }

  /// Appends `size` bytes that `fill` writes; all of them must be written.
  package mutating func append(_ size: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Void) {
    if count + size > storage.count { grow(to: count + size) }
    fill(UnsafeMutableRawBufferPointer(rebasing: storage[count..<count + size]))
    count += size
  }

  /// The bytes written so far; good until the next change.
  package borrowing func withBytes<Value>(_ body: (UnsafeRawBufferPointer) -> Value) -> Value {
    body(UnsafeRawBufferPointer(rebasing: storage[..<count]))
  }

  /// Lets `body` overwrite bytes already written, such as a length known only afterwards.
  package mutating func withMutableBytes(_ body: (UnsafeMutableRawBufferPointer) -> Void) {
    body(UnsafeMutableRawBufferPointer(rebasing: storage[..<count]))
  }

  private mutating func grow(to needed: Int) {
    let larger = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(needed, storage.count * 2), alignment: 16)
    larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: storage[..<count]))
    storage.deallocate()
    storage = larger
  }
}
