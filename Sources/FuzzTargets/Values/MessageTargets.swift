internal import TTRPCCore
internal import VentanillaMessages

extension FuzzTarget {
  /// Every message of the contract, by the first byte or two: what is decoded is encoded and decoded again as the same.
  package static let message = FuzzTarget(
    name: "message", summary: "each message of the contract, decoded, encoded and decoded again", maxLength: 512,
    seeds: MethodTable.messages.indices.map(choosing)
  ) { bytes throws(FuzzFinding) in
    var input = InputReader(bytes)
    try roundTrip(type(&input), input.rest())
  }

  /// The JSON that a technician types for a message: what is read is written as JSON and read again as the same.
  package static let json = FuzzTarget(
    name: "json", summary: "JSON for each message, read, written and read again", maxLength: 256,
    seeds: MethodTable.messages.indices.map { choosing($0) + Array("{}".utf8) }
  ) { bytes throws(FuzzFinding) in
    var input = InputReader(bytes)
    try jsonRoundTrip(type(&input), input.rest())
  }

  /// The first byte, and after 255 the sum with the second: the contract has more messages than a byte has values.
  private static func type(_ input: inout InputReader) -> any WireMessage.Type {
    let first = Int(input.byte())
    return MethodTable.messages[(first == 255 ? first + Int(input.byte()) : first) % MethodTable.messages.count]
  }

  /// The bytes that choose a message, 0 ... 510.
  private static func choosing(_ index: Int) -> [UInt8] { index < 255 ? [UInt8(index)] : [255, UInt8(index - 255)] }

  private static func roundTrip<Message: WireMessage>(_: Message.Type, _ bytes: UnsafeRawBufferPointer) throws(FuzzFinding) {
    let first: Message
    do throws(DecodingFault) { first = try Message(decoding: bytes) } catch {
      return try require(error.reason != .refused, "protobuf-c refuses what our scan let through")
    }
    let encoded = try bytesOf(first)
    guard let again = try? Message(decoding: encoded) else { throw FuzzFinding("our own \(Message.fullName) is refused") }
    try require(again == first, "our own \(Message.fullName) reads as another")
    try require(try bytesOf(again) == encoded, "one \(Message.fullName) is encoded in two ways")
  }

  private static func jsonRoundTrip<Message: WireMessage>(_: Message.Type, _ bytes: UnsafeRawBufferPointer) throws(FuzzFinding) {
    let encoded: [UInt8]
    do throws(JSONFault) { encoded = try Message.messageType.encoded(json: String(decoding: bytes, as: UTF8.self)) } catch {
      return try require(!error.description.isEmpty, "a fault without words")
    }
    guard let message = try? Message(decoding: encoded) else { throw FuzzFinding("JSON made a \(Message.fullName) that is refused") }
    try require(try bytesOf(message) == encoded, "JSON and values are encoded in two ways as \(Message.fullName)")
    guard let text = try? Message.messageType.json(encoded).text(pretty: false),
      let again = try? Message.messageType.encoded(json: text)
    else { throw FuzzFinding("our own JSON of \(Message.fullName) is refused") }
    try require(again == encoded, "our own JSON of \(Message.fullName) reads as another: \(text)")
  }

  private static func bytesOf(_ message: some WireMessage) throws(FuzzFinding) -> [UInt8] {
    do throws(EncodingFault) { return try message.encoded() } catch { throw FuzzFinding("what was decoded cannot be encoded: \(error)") }
  }
}
