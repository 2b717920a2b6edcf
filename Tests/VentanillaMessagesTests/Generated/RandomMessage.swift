import CProtobufC
@testable import VentanillaMessages

/// A random message of any type, as JSON would write it: defaults left out, fields in order.
struct RandomMessage {
  private var random: SeededGenerator

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  mutating func message(_ type: MessageType, depth: Int = 0) -> JSONValue {
    var members: [JSONValue.Member] = []
    var chosen: [UInt32: UInt32] = [:]
    for field in type.descriptor.allFields where field.isChoice {
      let place = field.pointee.quantifier_offset
      if chosen[place] == nil || Bool.random(using: &random) { chosen[place] = field.pointee.id }
    }
    for field in type.descriptor.allFields {
      guard Int.random(in: 0..<4, using: &random) > 0 else { continue }
      if field.messageType != nil, depth == 4 { continue }
      if field.isChoice, chosen[field.pointee.quantifier_offset] != field.pointee.id { continue }
      if field.isRepeated {
        let values = (0..<Int.random(in: 1...4, using: &random)).map { _ in value(field, depth) }
        members.append(JSONValue.Member(field.jsonName, .array(values)))
      } else {
        let value = value(field, depth)
        if field.isChoice || field.messageType != nil || !Self.isDefault(value, field) {
          members.append(JSONValue.Member(field.jsonName, value))
        }
      }
    }
    return .object(members)
  }

  private mutating func value(_ field: UnsafePointer<ProtobufCFieldDescriptor>, _ depth: Int) -> JSONValue {
    switch field.pointee.type {
    case PROTOBUF_C_TYPE_INT32, PROTOBUF_C_TYPE_SINT32, PROTOBUF_C_TYPE_SFIXED32: .number("\(number(Int32.self))")
    case PROTOBUF_C_TYPE_UINT32, PROTOBUF_C_TYPE_FIXED32: .number("\(number(UInt32.self))")
    case PROTOBUF_C_TYPE_INT64, PROTOBUF_C_TYPE_SINT64, PROTOBUF_C_TYPE_SFIXED64: .string("\(number(Int64.self))")
    case PROTOBUF_C_TYPE_UINT64, PROTOBUF_C_TYPE_FIXED64: .string("\(number(UInt64.self))")
    case PROTOBUF_C_TYPE_FLOAT: .number("\(Float(Int.random(in: 1...999, using: &random)) / 8)")
    case PROTOBUF_C_TYPE_DOUBLE: .number("\(Double(number(Int32.self) | 1) / 1024)")
    case PROTOBUF_C_TYPE_BOOL: .bool(Bool.random(using: &random))
    case PROTOBUF_C_TYPE_ENUM: enumValue(field.enumType!)
    case PROTOBUF_C_TYPE_STRING: .string(text())
    case PROTOBUF_C_TYPE_BYTES: bytes()
    default: message(MessageType(field.messageType!), depth: depth + 1)
    }
  }

  /// Edges as often as anything between them.
  private mutating func number<Number: FixedWidthInteger>(_: Number.Type) -> Number {
    switch Int.random(in: 0..<4, using: &random) {
    case 0: [Number.min, Number.max, 1, 127, Number(truncatingIfNeeded: 128), Number(truncatingIfNeeded: -1)].randomElement(using: &random)!
    case 1: Number(truncatingIfNeeded: Int.random(in: 0...300, using: &random))
    default: Number.random(in: .min ... .max, using: &random)
    }
  }

  private mutating func text() -> String {
    let alphabet = Array("abc XYZ019.,\"\\\n\tñáÜ¿€日本😀\u{7F}\u{301}")
    let length = [0, 1, 7, 8, 15, 16, 17, 40].randomElement(using: &random)!
    return String((0..<length).map { _ in alphabet.randomElement(using: &random)! })
  }

  private mutating func bytes() -> JSONValue {
    let bytes = (0..<Int.random(in: 0...20, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
    return .string(bytes.withUnsafeBytes(Base64.encode))
  }

  private mutating func enumValue(_ type: UnsafePointer<ProtobufCEnumDescriptor>) -> JSONValue {
    if Int.random(in: 0..<5, using: &random) == 0 { return .number("90210") }
    return .string(type.names.randomElement(using: &random)!)
  }

  private static func isDefault(_ value: JSONValue, _ field: UnsafePointer<ProtobufCFieldDescriptor>) -> Bool {
    switch value {
    case .number("0"), .string(""), .bool(false): true
    case .string("0"): field.pointee.type != PROTOBUF_C_TYPE_STRING
    case .string(let name): field.enumType?.number(named: name) == 0
    default: false
    }
  }
}

extension UnsafePointer<ProtobufCFieldDescriptor> {
  var isChoice: Bool { pointee.flags & UInt32(PROTOBUF_C_FIELD_FLAG_ONEOF.rawValue) != 0 }
}

extension JSONValue {
  /// The message in protobuf's text format, which `protoc --encode` reads.
  func textFormat(_ type: MessageType) -> String {
    guard case .object(let members) = self else { return "" }
    return members.map { member in
      let field = type.descriptor.field(named: member.name)!
      let values: [JSONValue] = if case .array(let elements) = member.value { elements } else { [member.value] }
      return values.map { value in
        switch (value, field.pointee.type) {
        case (.object, _): "\(field.name) { \(value.textFormat(MessageType(field.messageType!))) }"
        case (.string(let text), PROTOBUF_C_TYPE_STRING): "\(field.name): \(Self.quoted(Array(text.utf8)))"
        case (.string(let text), PROTOBUF_C_TYPE_BYTES): "\(field.name): \(Self.quoted(Base64.decode(text)!))"
        case (.string(let word), _), (.number(let word), _): "\(field.name): \(word)"
        case (.bool(let flag), _): "\(field.name): \(flag)"
        default: ""
        }
      }.joined(separator: "\n")
    }.joined(separator: "\n")
  }

  private static func quoted(_ bytes: [UInt8]) -> String {
    "\"" + bytes.map { byte in "\\" + String(byte + 0, radix: 8).leftPadded(to: 3) }.joined() + "\""
  }

  /// Every value that is not a default with its place, enum values as numbers: `slot.startminute = 495`.
  func leaves(_ type: MessageType) -> [String] {
    guard case .object(let members) = self else { return [] }
    return members.flatMap { member -> [String] in
      let field = type.descriptor.field(named: member.name)!
      let isList = if case .array = member.value { true } else { false }
      let values: [JSONValue] = if case .array(let elements) = member.value { elements } else { [member.value] }
      return values.enumerated().flatMap { index, value -> [String] in
        let place = member.name.lowercased() + (isList ? "[\(index)]" : "")
        return switch value {
        case .object: value.leaves(MessageType(field.messageType!)).map { "\(place).\($0)" }
        case .string(let text): Leaf.text(place, field.enumType?.number(named: text).map { "\($0)" } ?? text)
        case .number(let digits): Leaf.text(place, digits)
        case .bool(let flag): Leaf.text(place, "\(flag)")
        default: []
        }
      }
    }
  }
}

enum Leaf {
  static func text(_ place: String, _ value: String) -> [String] {
    ["", "0", "0.0", "false"].contains(value) ? [] : ["\(place) = \(value)"]
  }

  /// The same of a generated value, by what reflection sees of it: its labels come from the generated code.
  static func reflected(_ value: Any, _ place: String = "") -> [String] {
    let mirror = Mirror(reflecting: value)
    // First of all, for a cast looks through it.
    if mirror.displayStyle == .optional { return mirror.children.flatMap { reflected($0.value, place) } }
    switch value {
    case let value as any WireEnum: return text(place, "\(value.rawValue)")
    case let bytes as [UInt8]: return text(place, bytes.withUnsafeBytes(Base64.encode))
    case is String, is any BinaryInteger, is any BinaryFloatingPoint, is Bool: return text(place, "\(value)")
    default: break
    }
    return mirror.children.enumerated().flatMap { index, child in
      switch mirror.displayStyle {
      case .collection: reflected(child.value, "\(place)[\(index)]")
      // A choice: its case has the field's name, and the choice itself has none on the wire.
      case .enum: reflected(child.value, sibling(of: place, child.label!))
      default: reflected(child.value, place.isEmpty ? child.label!.lowercased() : "\(place).\(child.label!.lowercased())")
      }
    }
  }

  private static func sibling(of place: String, _ label: String) -> String {
    (place.split(separator: ".").dropLast().map(String.init) + [label.lowercased()]).joined(separator: ".")
  }
}

extension String {
  fileprivate func leftPadded(to width: Int) -> String {
    String(repeating: "0", count: Swift.max(0, width - count)) + self
  }
}
