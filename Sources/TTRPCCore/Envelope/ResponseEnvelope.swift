/// A `ttrpc.Response` as it lies in the read buffer.
///
/// ```
/// Response { google.rpc.Status status=1; bytes payload=2 }
/// Status   { int32 code=1; string message=2; repeated google.protobuf.Any details=3 }
/// Any      { string type_url=1; bytes value=2 }
/// ```
package struct ResponseEnvelope {
  /// `nil` for success, whether the status was left out (Go) or had code 0 (Rust).
  package private(set) var error: RPCError?
  package private(set) var payload = UnsafeRawBufferPointer(start: nil, count: 0)

  /// Reads an envelope by proto3's rules; of several statuses the fields are merged.
  package init(_ bytes: UnsafeRawBufferPointer) throws(EnvelopeFault) {
    var status = Status()
    var reader = ProtobufReader(bytes)
    while let field = try reader.nextField() {
      switch (field.number, field.wireType) {
      case (1, .lengthDelimited): try status.merge(try reader.lengthDelimited())
      case (2, .lengthDelimited): payload = try reader.lengthDelimited()
      default: try reader.skip(field)
      }
    }
    error = status.error
  }

  private struct Status {
    var code: Int32 = 0
    var message = ""
    var details: [StatusDetail] = []

    /// A code that is none of gRPC's becomes UNKNOWN; its number stays readable in the message.
    var error: RPCError? {
      switch StatusCode(rawValue: code) {
      case .ok: nil
      case .some(let known): RPCError(known, message, details: details)
      case nil: RPCError(.unknown, "status code \(code): \(message)", details: details)
      }
    }

    mutating func merge(_ bytes: UnsafeRawBufferPointer) throws(EnvelopeFault) {
      var reader = ProtobufReader(bytes)
      while let field = try reader.nextField() {
        switch (field.number, field.wireType) {
        case (1, .varint): code = Int32(truncatingIfNeeded: try reader.varint())
        case (2, .lengthDelimited): message = String(decoding: try reader.string("message"), as: UTF8.self)
        case (3, .lengthDelimited): details.append(try Self.detail(try reader.lengthDelimited()))
        default: try reader.skip(field)
        }
      }
    }

    private static func detail(_ bytes: UnsafeRawBufferPointer) throws(EnvelopeFault) -> StatusDetail {
      var detail = StatusDetail(typeURL: "", value: [])
      var reader = ProtobufReader(bytes)
      while let field = try reader.nextField() {
        switch (field.number, field.wireType) {
        case (1, .lengthDelimited): detail.typeURL = String(decoding: try reader.string("type_url"), as: UTF8.self)
        case (2, .lengthDelimited): detail.value = Array(try reader.lengthDelimited())
        default: try reader.skip(field)
        }
      }
      return detail
    }
  }
}

/// A response frame, ready to be written: header and envelope.
///
/// As in Go, an empty reply is a frame without data, and success has no status.
package enum ResponseFrame {
  /// Bytes of the envelope around a reply of so many bytes.
  @inline(__always)
  package static func length(ofReply count: Int) -> Int {
    count == 0 ? 0 : ProtobufWriter.sizeOfField(count)
  }

  /// Writes a success over the first `FrameHeader.size + length(ofReply:)` bytes.
  @inline(__always)
  package static func write(
    _ reply: UnsafeRawBufferPointer, stream: UInt32, to bytes: UnsafeMutableRawBufferPointer
  ) {
    FrameHeader(length: UInt32(length(ofReply: reply.count)), stream: stream, type: .response).write(to: bytes)
    guard reply.count > 0 else { return }
    var writer = ProtobufWriter(UnsafeMutableRawBufferPointer(rebasing: bytes[FrameHeader.size...]))
    writer.field(2, reply)
  }

  /// The whole frame of a call that failed.
  package static func bytes(_ error: RPCError, stream: UInt32) -> [UInt8] {
    var statusSize = 1 + ProtobufWriter.sizeOfVarint(codeBits(error))
    if !error.message.isEmpty { statusSize += ProtobufWriter.sizeOfField(error.message.utf8.count) }
    for detail in error.details { statusSize += ProtobufWriter.sizeOfField(size(of: detail)) }
    let length = ProtobufWriter.sizeOfField(statusSize)
    return [UInt8](unsafeUninitializedCapacity: FrameHeader.size + length) { buffer, count in
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      FrameHeader(length: UInt32(length), stream: stream, type: .response).write(to: bytes)
      var writer = ProtobufWriter(UnsafeMutableRawBufferPointer(rebasing: bytes[FrameHeader.size...]))
      writer.field(1, count: statusSize)
      writer.byte(1 << 3)
      writer.varint(codeBits(error))
      if !error.message.isEmpty { writer.field(2, error.message) }
      for detail in error.details { write(detail, with: &writer) }
      count = FrameHeader.size + length
    }
  }

  private static func codeBits(_ error: RPCError) -> UInt64 { UInt64(error.code.rawValue) }

  private static func size(of detail: StatusDetail) -> Int {
    (detail.typeURL.isEmpty ? 0 : ProtobufWriter.sizeOfField(detail.typeURL.utf8.count))
      + (detail.value.isEmpty ? 0 : ProtobufWriter.sizeOfField(detail.value.count))
  }

  private static func write(_ detail: StatusDetail, with writer: inout ProtobufWriter) {
    writer.field(3, count: size(of: detail))
    if !detail.typeURL.isEmpty { writer.field(1, detail.typeURL) }
    if !detail.value.isEmpty { detail.value.withUnsafeBytes { writer.field(2, $0) } }
  }
}
