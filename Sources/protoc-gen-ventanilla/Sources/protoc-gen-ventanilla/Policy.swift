internal import Foundation
internal import SwiftProtobuf
internal import SwiftProtobufPluginLibrary

/// A method's `option (ventanilla.v1.policy)`.
///
/// swift-protobuf keeps an extension that it was not told of as unknown bytes; five fields are not worth generated code.
struct Policy {
  private static let extensionNumber: UInt64 = 50001

  /// Numbers of `ventanilla.v1.Role`, as written.
  var roles: [Int32] = []
  var writes = false
  var immediate = false
  /// What options.proto says that 0, and a method without a policy, stand for.
  var maxRequestBytes: UInt32 = 65_536
  var negotiates = false

  init(of method: MethodDescriptor) throws {
    let fault = ContractFault("\(method.fullName): its policy option cannot be read")
    var options = OptionBytes(Array(method.options.unknownFields.data))
    while let field = options.next() {
      guard field.number == Self.extensionNumber else { continue }
      guard let body = field.bytes else { throw fault }
      var policy = OptionBytes(body)
      while let field = policy.next() {
        switch (field.number, field.varint, field.bytes) {
        case (1, let role?, _): roles.append(Int32(truncatingIfNeeded: role))
        case (1, _, let packed?):
          var values = OptionBytes(packed)
          while let role = values.varint() { roles.append(Int32(truncatingIfNeeded: role)) }
        case (2, let flag?, _): writes = flag != 0
        case (3, let flag?, _): immediate = flag != 0
        case (4, let bytes?, _): if bytes > 0 { maxRequestBytes = UInt32(truncatingIfNeeded: bytes) }
        case (5, let flag?, _): negotiates = flag != 0
        default: throw fault
        }
      }
      guard policy.isAtEnd else { throw fault }
    }
    guard options.isAtEnd else { throw fault }
  }
}

/// A reader of protobuf's wire format, as far as options need it.
private struct OptionBytes {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func varint() -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard let byte = rest.popFirst() else { return nil }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }

  mutating func next() -> (number: UInt64, varint: UInt64?, bytes: [UInt8]?)? {
    guard !rest.isEmpty, let tag = varint() else { return nil }
    switch tag & 7 {
    case 0:
      return varint().map { (tag >> 3, $0, nil) }
    case 2:
      guard let length = varint(), length <= rest.count else { return nil }
      defer { rest.removeFirst(Int(length)) }
      return (tag >> 3, nil, Array(rest.prefix(Int(length))))
    default:
      return nil
    }
  }
}
