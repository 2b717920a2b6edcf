package import CProtobufC

/// What generated code writes into C structs. Every function copies into the arena; none keeps a pointer to the value.
extension Arena {
  /// A C string. Always memory of its own, so that a chosen but empty string differs from none.
  package mutating func text(
    _ string: String, _ field: StaticString
  ) throws(EncodingFault) -> UnsafeMutablePointer<CChar> {
    var string = string
    let count = string.utf8.count
    guard let memory = allocate(count + 1) else { throw exhaustion.inside("\(field)") }
    let hasNUL = string.withUTF8 { bytes in
      if let start = bytes.baseAddress { memory.copyMemory(from: start, byteCount: count) }
      memory.storeBytes(of: 0, toByteOffset: count, as: UInt8.self)
      return ByteScan.hasNUL(UnsafeRawBufferPointer(bytes))
    }
    if hasNUL { throw EncodingFault(path: "\(field)", .embeddedNUL) }
    return memory.bindMemory(to: CChar.self, capacity: count + 1)
  }

  package mutating func texts(
    _ strings: [String], _ field: StaticString
  ) throws(EncodingFault) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? {
    let list = try list(of: UnsafeMutablePointer<CChar>?.self, strings.count)
    for (index, string) in strings.enumerated() {
      do {
        list[index] = try text(string, field)
      } catch {
        throw EncodingFault(path: "\(field)[\(index)]", error.reason)
      }
    }
    return list
  }

  package mutating func bytes(_ bytes: [UInt8]) throws(EncodingFault) -> ProtobufCBinaryData {
    ProtobufCBinaryData(len: bytes.count, data: try numbers(bytes))
  }

  package mutating func byteLists(
    _ lists: [[UInt8]]
  ) throws(EncodingFault) -> UnsafeMutablePointer<ProtobufCBinaryData> {
    let list = try list(of: ProtobufCBinaryData.self, lists.count)
    for (index, bytes) in lists.enumerated() { list[index] = try self.bytes(bytes) }
    return list
  }

  package mutating func numbers<Number: BitwiseCopyable>(
    _ numbers: [Number]
  ) throws(EncodingFault) -> UnsafeMutablePointer<Number> {
    let list = try list(of: Number.self, numbers.count)
    numbers.withUnsafeBufferPointer { source in
      if let start = source.baseAddress { list.update(from: start, count: source.count) }
    }
    return list
  }

  package mutating func flags(_ flags: [Bool]) throws(EncodingFault) -> UnsafeMutablePointer<protobuf_c_boolean> {
    try numbers(flags.map { $0 ? 1 : 0 })
  }

  /// protoc-c makes every enum as wide as an int.
  package mutating func enums<Value: WireEnum, CEnum: BitwiseCopyable>(
    _ values: [Value], as _: CEnum.Type
  ) throws(EncodingFault) -> UnsafeMutablePointer<CEnum> {
    UnsafeMutableRawPointer(try numbers(values.map(\.rawValue))).bindMemory(to: CEnum.self, capacity: values.count)
  }

  package mutating func message<Message: WireMessage>(
    _ value: Message, _ field: StaticString
  ) throws(EncodingFault) -> UnsafeMutablePointer<Message.CMessage> {
    do {
      return try build(value)
    } catch {
      throw error.inside("\(field)")
    }
  }

  package mutating func messages<Message: WireMessage>(
    _ values: [Message], _ field: StaticString
  ) throws(EncodingFault) -> UnsafeMutablePointer<UnsafeMutablePointer<Message.CMessage>?> {
    let list = try list(of: UnsafeMutablePointer<Message.CMessage>?.self, values.count)
    for (index, value) in values.enumerated() {
      do {
        list[index] = try build(value)
      } catch {
        throw error.inside("\(field)[\(index)]")
      }
    }
    return list
  }

  /// The C struct of `value`, initialised and filled.
  mutating func build<Message: WireMessage>(
    _ value: Message
  ) throws(EncodingFault) -> UnsafeMutablePointer<Message.CMessage> {
    let descriptor = Message.messageType.descriptor
    guard let memory = allocate(descriptor.pointee.sizeof_message) else { throw exhaustion }
    protobuf_c_message_init(descriptor, memory)
    let message = memory.assumingMemoryBound(to: Message.CMessage.self)
    try value.fill(message, in: &self)
    return message
  }

  private mutating func list<Element>(
    of _: Element.Type, _ count: Int
  ) throws(EncodingFault) -> UnsafeMutablePointer<Element> {
    guard let memory = allocate(count * MemoryLayout<Element>.stride) else { throw exhaustion }
    return memory.bindMemory(to: Element.self, capacity: count)
  }
}
