package import CProtobufC

/// What protobuf-c knows of one message type: its name, its fields, their places in the C struct.
///
/// The descriptor is constant data of the program, so it may be shared and outlives every call.
package struct MessageType: Hashable, @unchecked Sendable {
  package let descriptor: UnsafePointer<ProtobufCMessageDescriptor>

  package init(_ descriptor: UnsafePointer<ProtobufCMessageDescriptor>) {
    self.descriptor = descriptor
  }

  /// Takes the descriptor from a message that `initialize` has set up.
  ///
  /// Swift sees the constant itself only as a copy, whose address protobuf-c would not recognise.
  package init<Message>(_ initialize: (UnsafeMutablePointer<Message>?) -> Void) {
    descriptor = withUnsafeTemporaryAllocation(of: Message.self, capacity: 1) { message in
      initialize(message.baseAddress)
      return UnsafeRawPointer(message.baseAddress!).load(as: ProtobufCMessage.self).descriptor
    }
  }

  /// The full proto name, `ventanilla.v1.BookRequest`.
  package var fullName: String { String(cString: descriptor.pointee.name) }
}
