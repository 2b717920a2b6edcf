package import CProtobufC

/// What generated code reads out of C structs. Every function copies; nothing keeps the pointer it was given.
///
/// Strings have passed ``WireScan``: they are UTF-8 and end at their first NUL.
extension String {
  package init(copying text: UnsafeMutablePointer<CChar>?) {
    self = text.map { String(cString: $0) } ?? ""
  }
}

extension [UInt8] {
  package init(copying data: ProtobufCBinaryData) {
    self = data.data.map { Array(UnsafeBufferPointer(start: $0, count: data.len)) } ?? []
  }
}

extension [String] {
  package init(copying list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, _ count: Int) {
    self = UnsafeBufferPointer(start: list, count: list == nil ? 0 : count).map { String(copying: $0) }
  }
}

extension [[UInt8]] {
  package init(copying list: UnsafeMutablePointer<ProtobufCBinaryData>?, _ count: Int) {
    self = UnsafeBufferPointer(start: list, count: list == nil ? 0 : count).map { [UInt8](copying: $0) }
  }
}

extension [Bool] {
  package init(copying list: UnsafeMutablePointer<protobuf_c_boolean>?, _ count: Int) {
    self = UnsafeBufferPointer(start: list, count: list == nil ? 0 : count).map { $0 != 0 }
  }
}

extension Array where Element: BitwiseCopyable {
  package init(copying list: UnsafeMutablePointer<Element>?, _ count: Int) {
    self = Array(UnsafeBufferPointer(start: list, count: list == nil ? 0 : count))
  }
}

extension WireMessage {
  /// The message in a field, or `nil` when the field is absent.
  package init?(ifPresent message: UnsafeMutablePointer<CMessage>?) {
    guard let message else { return nil }
    self.init(copying: UnsafePointer(message))
  }

  package init(copying message: UnsafeMutablePointer<CMessage>) {
    self.init(copying: UnsafePointer(message))
  }

  package static func copies(
    _ list: UnsafeMutablePointer<UnsafeMutablePointer<CMessage>?>?, _ count: Int
  ) -> [Self] {
    UnsafeBufferPointer(start: list, count: list == nil ? 0 : count).map { Self(copying: $0!) }
  }
}

extension WireEnum {
  /// protoc-c makes every enum as wide as an int.
  package static func copies<CEnum>(_ list: UnsafeMutablePointer<CEnum>?, _ count: Int) -> [Self] {
    let numbers = UnsafeMutableRawPointer(list)?.assumingMemoryBound(to: Int32.self)
    return UnsafeBufferPointer(start: numbers, count: numbers == nil ? 0 : count).map { Self(rawValue: $0) }
  }
}
