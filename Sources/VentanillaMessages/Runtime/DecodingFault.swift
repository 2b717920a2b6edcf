/// Why bytes are not a message of the type that was asked for.
package struct DecodingFault: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Reason: Error, Hashable, Sendable {
    /// The bytes end inside a field.
    case truncated
    /// A varint has more than ten bytes, or a tag or length more than five.
    case malformedNumber
    /// A field has number 0, or one beyond what protobuf allows.
    case fieldNumber
    /// A group: protobuf's oldest form of nesting, which proto3 has not.
    case group
    /// The field is known and is encoded as something else than its type.
    case wireType
    /// A packed list of fixed-size numbers has bytes left over.
    case packedLength
    case invalidUTF8
    /// A string has a NUL inside; protobuf-c would cut it there.
    case embeddedNUL
    /// Messages in messages, more than ``WireScan/maximumDepth`` of them.
    case nestedTooDeeply
    /// Unpacked it needs more memory than one call may take.
    case tooLarge(limit: Int)
    /// protobuf-c refused what our own check let through.
    case refused
  }

  /// The field from the outermost message inwards, `slots[3].resource`; empty for the message itself.
  package var path: String
  package var reason: Reason

  package init(path: String = "", _ reason: Reason) {
    self.path = path
    self.reason = reason
  }

  /// The same fault as the message sees it that has this one in `field`.
  func inside(_ field: String) -> DecodingFault {
    DecodingFault(path: path.isEmpty ? field : "\(field).\(path)", reason)
  }

  package var description: String { describe("message") }

  /// `request.slots[3].resource: not valid UTF-8`, with `root` for the outermost message.
  package func describe(_ root: String) -> String {
    (path.isEmpty ? root : "\(root).\(path)") + ": " + sentence
  }

  private var sentence: String {
    switch reason {
    case .truncated: "ends too early"
    case .malformedNumber: "a number has too many bytes"
    case .fieldNumber: "a field number is out of range"
    case .group: "groups are not supported"
    case .wireType: "encoded as another type"
    case .packedLength: "a packed list has bytes left over"
    case .invalidUTF8: "not valid UTF-8"
    case .embeddedNUL: "has a NUL inside"
    case .nestedTooDeeply: "more than \(WireScan.maximumDepth) messages inside each other"
    case .tooLarge(let limit): "needs more than \(limit) bytes unpacked"
    case .refused: "cannot be unpacked"
    }
  }
}

/// Why a value cannot be encoded.
///
/// A string may come from a file or another peer, so this is no bug of ours and no reason to stop: a server
/// answers ``RPCError`` internal, a client refuses its own call. Nothing is cut short silently.
package struct EncodingFault: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Reason: Hashable, Sendable {
    /// A string has a NUL inside, which a C string cannot carry.
    case embeddedNUL
    /// Its C structs need more memory than one call may take.
    case tooLarge(limit: Int)
  }

  /// As in ``DecodingFault``.
  package var path: String
  package var reason: Reason

  package init(path: String = "", _ reason: Reason) {
    self.path = path
    self.reason = reason
  }

  func inside(_ field: String) -> EncodingFault {
    EncodingFault(path: path.isEmpty ? field : "\(field).\(path)", reason)
  }

  package var description: String { describe("message") }

  package func describe(_ root: String) -> String {
    let sentence =
      switch reason {
      case .embeddedNUL: "has a NUL inside"
      case .tooLarge(let limit): "needs more than \(limit) bytes to encode"
      }
    return (path.isEmpty ? root : "\(root).\(path)") + ": " + sentence
  }
}
