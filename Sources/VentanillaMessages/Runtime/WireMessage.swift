internal import CProtobufC
package import TTRPCCore

/// A message of the contract as a Swift value, and the way between it and bytes.
///
/// Generated types conform; protobuf-c does the coding, in memory that ends with the call.
package protocol WireMessage: Hashable, Sendable {
  /// protoc-c's struct for this message.
  associatedtype CMessage

  static var messageType: MessageType { get }

  /// Copies what an unpacked C message holds.
  init(copying message: UnsafePointer<CMessage>)

  /// Writes the value into an initialised C message, with memory of `arena`.
  func fill(_ message: UnsafeMutablePointer<CMessage>, in arena: inout Arena) throws(EncodingFault)
}

/// An enum of the contract: the words it has, and any other number as it came.
package protocol WireEnum: Hashable, Sendable, RawRepresentable where RawValue == Int32 {
  static var known: [Self] { get }
  init(rawValue: Int32)
}

extension WireMessage {
  /// `ventanilla.v1.BookRequest`.
  package static var fullName: String { messageType.fullName }

  // MARK: Decoding

  /// Reads a message; unknown fields are skipped.
  ///
  /// - Parameter limit: the most memory that unpacking may take.
  /// - Throws: ``DecodingFault`` with the field's path for bytes that are no such message, for text that is not UTF-8
  ///   or has a NUL inside, and for a message that nests or swells beyond the limits.
  package init(
    decoding bytes: UnsafeRawBufferPointer, limit: Int = Arena.defaultLimit
  ) throws(DecodingFault) {
    self = try Self.withBorrowed(bytes, limit: limit) { Self(copying: $0) }
  }

  package init(decoding bytes: [UInt8], limit: Int = Arena.defaultLimit) throws(DecodingFault) {
    self = try bytes.span.withUnsafeBytes { bytes throws(DecodingFault) in try Self(decoding: bytes, limit: limit) }
  }

  /// Lets `body` read the C message without a copy; the pointer is good until `body` returns.
  ///
  /// For a synchronous handler on the hot path: no allocation.
  package static func withBorrowed<Value>(
    _ bytes: UnsafeRawBufferPointer, limit: Int = Arena.defaultLimit,
    _ body: (UnsafePointer<CMessage>) -> Value
  ) throws(DecodingFault) -> Value {
    let type = messageType
    try WireScan.check(bytes, as: type)
    var arena = Arena(limit: limit)
    let message = try arena.unpack(type, bytes)
    return withExtendedLifetime(arena) {
      body(UnsafePointer(UnsafeMutableRawPointer(message).assumingMemoryBound(to: CMessage.self)))
    }
  }

  // MARK: Encoding

  /// How many bytes ``encoded()`` returns.
  package var encodedSize: Int {
    get throws(EncodingFault) { try withBuilt { Packing.size($0) } }
  }

  /// Appends the encoded message to `reply`, packed in place.
  package func encode(into reply: inout ReplyBuffer) throws(EncodingFault) {
    var arena = Arena()
    let message = try arena.build(self)
    withExtendedLifetime(arena) { Self.pack(UnsafePointer(message), into: &reply) }
  }

  package func encoded() throws(EncodingFault) -> [UInt8] {
    try withBuilt { message in
      let size = Packing.size(message)
      return [UInt8](unsafeUninitializedCapacity: size) { bytes, count in
        count = Packing.pack(message, UnsafeMutableRawBufferPointer(bytes))
      }
    }
  }

  /// Appends a C message that was borrowed or built elsewhere.
  package static func pack(_ message: UnsafePointer<CMessage>, into reply: inout ReplyBuffer) {
    let message = UnsafeRawPointer(message).assumingMemoryBound(to: ProtobufCMessage.self)
    reply.append(Packing.size(message)) { bytes in _ = Packing.pack(message, bytes) }
  }

  private func withBuilt<Value>(
    _ body: (UnsafePointer<ProtobufCMessage>) -> Value
  ) throws(EncodingFault) -> Value {
    var arena = Arena()
    let message = try arena.build(self)
    return withExtendedLifetime(arena) {
      body(UnsafeRawPointer(message).assumingMemoryBound(to: ProtobufCMessage.self))
    }
  }
}

private enum Packing {
  static func size(_ message: UnsafePointer<ProtobufCMessage>) -> Int {
    protobuf_c_message_get_packed_size(message)
  }

  static func pack(_ message: UnsafePointer<ProtobufCMessage>, _ bytes: UnsafeMutableRawBufferPointer) -> Int {
    guard let start = bytes.baseAddress else { return 0 }
    return protobuf_c_message_pack(message, start.assumingMemoryBound(to: UInt8.self))
  }
}
