internal import SwiftProtobuf
internal import SwiftProtobufPluginLibrary

/// Why nothing is generated; protoc prints the sentence.
struct ContractFault: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// What our contract may use of protobuf: what protoc-c, the Swift values and the role check can all carry.
enum Contract {
  static func check(_ file: FileDescriptor) throws {
    guard file.edition == .proto3 else { throw ContractFault("\(file.name): write `syntax = \"proto3\";`") }
    try file.messages.forEach(check)
    try file.enums.forEach(check)
    for service in file.services {
      for method in service.methods { try check(method) }
    }
  }

  private static func check(_ message: Descriptor) throws {
    try message.messages.forEach(check)
    try message.enums.forEach(check)
    for field in message.fields {
      let name = field.fullName
      if field.containingOneof != nil, field.realContainingOneof == nil {
        throw ContractFault(
          "\(name): Debian's protoc-c refuses proto3 `optional`; write `oneof \(field.name)_opt { … \(field.name) = \(field.number); }`, the same bytes"
        )
      }
      if ["self", "messageType"].contains(Naming.lowerCamel(field.name)) {
        throw ContractFault("\(name): a Swift value has no room for a field of this name; choose another")
      }
      if field.isMap {
        throw ContractFault("\(name): maps are not generated; write a repeated message with a key and a value")
      }
      if field.type == .group { throw ContractFault("\(name): groups are not generated; write a message") }
      if field.type == .message {
        if field.messageType.file.package != message.file.package {
          throw ContractFault("\(name): \(field.messageType.fullName) is of another package; declare a message in \(message.file.package)")
        }
        if !field.isRepeated, holds(field.messageType, message) {
          throw ContractFault("\(name): a Swift value cannot hold itself; make the field repeated")
        }
      }
    }
  }

  /// Whether a value of `outer` has a value of `inner` inside it, at any depth, other than in an array.
  private static func holds(_ outer: Descriptor, _ inner: Descriptor, seen: Set<String> = []) -> Bool {
    if outer === inner { return true }
    if seen.contains(outer.fullName) { return false }
    return outer.fields.contains { field in
      field.type == .message && !field.isRepeated
        && holds(field.messageType, inner, seen: seen.union([outer.fullName]))
    }
  }

  private static func check(_ type: EnumDescriptor) throws {
    var numbers: Set<Int32> = []
    for value in type.values {
      if value.number < 0 { throw ContractFault("\(value.fullName): numbers below 0 are not generated") }
      guard numbers.insert(value.number).inserted else {
        throw ContractFault("\(value.fullName): two names for one number are not generated")
      }
    }
  }

  private static func check(_ method: MethodDescriptor) throws {
    let policy = try Policy(of: method)
    if policy.immediate && policy.writes {
      throw ContractFault("\(method.fullName): a method that writes waits for the disk; it cannot be `immediate` too")
    }
    if policy.immediate && (method.clientStreaming || method.serverStreaming) {
      throw ContractFault("\(method.fullName): a stream is never answered at once; drop `immediate`")
    }
    if policy.maxRequestBytes > 4_194_304 {
      throw ContractFault("\(method.fullName): max_request_bytes is above 4194304, which is all that a frame holds")
    }
    if policy.negotiates && !policy.immediate {
      throw ContractFault("\(method.fullName): what it grants is in force from the next frame on; a method that `negotiates` is `immediate` too")
    }
  }
}
