/// The method table of a server: finds who answers a request, and whether this caller may ask.
///
/// Names are looked up as the bytes of the wire; no string is made unless the answer is a refusal.
package struct RPCRouter: Sendable {
  private let methods: [RoutedMethod]
  /// Open addressing: a method's index + 1 at its hash or after it, 0 where nothing is.
  private let slots: [UInt16]

  /// - Precondition: every method is named once.
  package init(_ methods: [RegisteredMethod]) {
    precondition(methods.count < 1 << 14, "a method table has fewer than 16,384 rows")
    var slots = [UInt16](repeating: 0, count: Self.slotCount(for: methods.count))
    for (index, registered) in methods.enumerated() {
      let name = registered.descriptor
      precondition(
        !methods[..<index].contains { $0.descriptor.service == name.service && $0.descriptor.method == name.method },
        "\(name.service)/\(name.method) is registered twice")
      var slot = Self.hash(name.service, name.method) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt16(index + 1)
    }
    self.methods = methods.enumerated().map { RoutedMethod($1, row: Int32($0)) }
    self.slots = slots
  }

  /// The rows of the table, in the order they were registered.
  package var descriptors: [MethodDescriptor] { methods.map(\.descriptor) }

  /// Finds the method and checks the caller's role.
  ///
  /// - Throws: in this order: UNIMPLEMENTED `service X`, UNIMPLEMENTED `method X` (Go's words), PERMISSION_DENIED when the
  ///   method's roles do not include the caller's; a method without roles is denied to everybody.
  @inline(__always)
  package func route(
    service: UnsafeRawBufferPointer, method: UnsafeRawBufferPointer, role: RoleSet
  ) throws(RPCError) -> RoutedMethod {
    guard let index = find(service, method) else { throw unknown(service, method) }
    let found = methods[index]
    guard !found.descriptor.roles.isDisjoint(with: role) else { throw denied(found.descriptor) }
    return found
  }

  @inline(__always)
  private func find(_ service: UnsafeRawBufferPointer, _ method: UnsafeRawBufferPointer) -> Int? {
    var slot = Self.hash(service, method) & (slots.count - 1)
    while slots[slot] != 0 {
      let index = Int(slots[slot]) - 1
      if Self.equal(methods[index].descriptor.method, method), Self.equal(methods[index].descriptor.service, service) {
        return index
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  private func unknown(_ service: UnsafeRawBufferPointer, _ method: UnsafeRawBufferPointer) -> RPCError {
    let known = methods.contains { Self.equal($0.descriptor.service, service) }
    return known
      ? RPCError(.unimplemented, "method \(String(decoding: method, as: UTF8.self))")
      : RPCError(.unimplemented, "service \(String(decoding: service, as: UTF8.self))")
  }

  private func denied(_ method: MethodDescriptor) -> RPCError {
    RPCError(.permissionDenied, "this caller's role may not call \(method.service)/\(method.method)")
  }

  // MARK: Hashing

  /// A power of two with at least half of the slots free.
  private static func slotCount(for methods: Int) -> Int {
    var count = 8
    while count < methods * 2 { count *= 2 }
    return count
  }

  private static func hash(_ service: String, _ method: String) -> Int {
    var (service, method) = (service, method)
    return service.withUTF8 { service in
      method.withUTF8 { hash(UnsafeRawBufferPointer(service), UnsafeRawBufferPointer($0)) }
    }
  }

  /// Lengths and the last eight bytes: names of one table differ there, and `equal` has the last word.
  @inline(__always)
  private static func hash(_ service: UnsafeRawBufferPointer, _ method: UnsafeRawBufferPointer) -> Int {
    var mixed = tail(service) &* 0x9e37_79b9_7f4a_7c15
    mixed = (mixed ^ (mixed >> 29)) &+ tail(method) &+ UInt64(service.count << 8 | method.count)
    mixed &*= 0xbf58_476d_1ce4_e5b9
    return Int(truncatingIfNeeded: mixed >> 33)
  }

  @inline(__always)
  private static func tail(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    if bytes.count >= 8 { return bytes.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self) }
    var value: UInt64 = 0
    for byte in bytes { value = value << 8 | UInt64(byte) }
    return value
  }

  @inline(__always)
  private static func equal(_ name: String, _ bytes: UnsafeRawBufferPointer) -> Bool {
    name.utf8.withContiguousStorageIfAvailable { text in
      text.count == bytes.count && zip(text, bytes).allSatisfy { $0 == $1 }
    } ?? name.utf8.elementsEqual(bytes)
  }
}
