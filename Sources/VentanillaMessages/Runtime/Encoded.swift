/// A reply that is bytes already: what was stored with its effect, and goes byte for byte to every repeat.
package struct Encoded<Message: WireMessage>: Hashable, Sendable {
  package let bytes: [UInt8]

  package init(bytes: [UInt8]) { self.bytes = bytes }

  /// Encodes a message of ours.
  ///
  /// Only a text with a NUL inside cannot be encoded, and none gets here: the wire and the padrón refuse it at the door.
  package init(_ message: Message) {
    do throws(EncodingFault) { bytes = try message.encoded() } catch {
      preconditionFailure("a reply holds text that every way in refuses: \(error)")
    }
  }
}
