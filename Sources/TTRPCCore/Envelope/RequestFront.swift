/// What the front of a `ttrpc.Request` says of it before its end has come: whom it is for, and how long its message will be.
///
/// Every client that is known writes the names first and the message after them; of another order nothing is known until the end.
package struct RequestFront {
  package let service: UnsafeRawBufferPointer
  package let method: UnsafeRawBufferPointer
  package let payloadLength: UInt64

  /// Returns `nil` when the front is not whole yet, is in another order, or has no message.
  package init?(_ bytes: UnsafeRawBufferPointer) {
    var reader = ProtobufReader(bytes)
    do throws(EnvelopeFault) {
      guard try reader.nextField() == .init(number: 1, wireType: .lengthDelimited) else { return nil }
      service = try reader.string("service")
      guard try reader.nextField() == .init(number: 2, wireType: .lengthDelimited) else { return nil }
      method = try reader.string("method")
      guard try reader.nextField() == .init(number: 3, wireType: .lengthDelimited) else { return nil }
      payloadLength = try reader.varint()
    } catch { return nil }
  }
}
