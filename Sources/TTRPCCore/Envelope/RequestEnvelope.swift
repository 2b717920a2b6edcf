/// A `ttrpc.Request` as it lies in the read buffer: slices, good as long as the buffer is.
///
/// ```
/// Request { string service=1; string method=2; bytes payload=3; int64 timeout_nano=4; repeated KeyValue metadata=5 }
/// ```
package struct RequestEnvelope {
  package private(set) var service = UnsafeRawBufferPointer(start: nil, count: 0)
  package private(set) var method = UnsafeRawBufferPointer(start: nil, count: 0)
  package private(set) var payload = UnsafeRawBufferPointer(start: nil, count: 0)
  /// How long the caller waits, counted from when the request is read. 0: for ever. Negative: its time was over before it asked.
  package private(set) var timeoutNanoseconds: Int64 = 0
  package private(set) var metadata = Metadata()

  /// Reads an envelope by proto3's rules: unknown fields are skipped, of a repeated single field the last wins.
  ///
  /// - Throws: the first fault met, in the order of the bytes.
  package init(
    _ bytes: UnsafeRawBufferPointer, maxMetadataPairs: Int = TTRPCLimits.standard.maxMetadataPairs
  ) throws(EnvelopeFault) {
    var reader = ProtobufReader(bytes)
    while let field = try reader.nextField() {
      switch (field.number, field.wireType) {
      case (1, .lengthDelimited): service = try reader.string("service")
      case (2, .lengthDelimited): method = try reader.string("method")
      case (3, .lengthDelimited): payload = try reader.lengthDelimited()
      case (4, .varint): timeoutNanoseconds = Int64(bitPattern: try reader.varint())
      case (5, .lengthDelimited):
        guard metadata.pairs.count < maxMetadataPairs else {
          throw .tooManyMetadataPairs(maximum: maxMetadataPairs)
        }
        metadata.pairs.append(try Self.pair(try reader.lengthDelimited()))
      default: try reader.skip(field)
      }
    }
  }

  /// `KeyValue { string key=1; string value=2 }`
  private static func pair(_ bytes: UnsafeRawBufferPointer) throws(EnvelopeFault) -> Metadata.Pair {
    var pair = Metadata.Pair(key: "", value: "")
    var reader = ProtobufReader(bytes)
    while let field = try reader.nextField() {
      switch (field.number, field.wireType) {
      case (1, .lengthDelimited): pair.key = String(decoding: try reader.string("key"), as: UTF8.self)
      case (2, .lengthDelimited): pair.value = String(decoding: try reader.string("value"), as: UTF8.self)
      default: try reader.skip(field)
      }
    }
    return pair
  }
}

/// A request frame, ready to be written: header and envelope.
package struct RequestFrame {
  private let method: MethodDescriptor
  private let payload: [UInt8]
  private let timeoutNanoseconds: Int64
  private let metadata: Metadata
  private let dataSize: Int

  /// - Parameter timeoutNanoseconds: 0 for a caller that waits for ever.
  package init(_ method: MethodDescriptor, payload: [UInt8], timeoutNanoseconds: Int64, metadata: Metadata) {
    self.method = method
    self.payload = payload
    self.timeoutNanoseconds = timeoutNanoseconds
    self.metadata = metadata
    var size = Self.size(of: method.service) + Self.size(of: method.method)
    if !payload.isEmpty { size += ProtobufWriter.sizeOfField(payload.count) }
    if timeoutNanoseconds != 0 {
      size += 1 + ProtobufWriter.sizeOfVarint(UInt64(bitPattern: timeoutNanoseconds))
    }
    for pair in metadata.pairs { size += ProtobufWriter.sizeOfField(Self.size(of: pair)) }
    dataSize = size
  }

  /// Bytes of the envelope; with the header, ``size``.
  package var length: Int { dataSize }
  package var size: Int { FrameHeader.size + dataSize }

  /// Writes the frame over the first ``size`` bytes.
  ///
  /// - Parameter flags: none for a unary call.
  package func write(stream: UInt32, flags: FrameFlags = [], to bytes: UnsafeMutableRawBufferPointer) {
    FrameHeader(length: UInt32(dataSize), stream: stream, type: .request, flags: flags).write(to: bytes)
    var writer = ProtobufWriter(UnsafeMutableRawBufferPointer(rebasing: bytes[FrameHeader.size...]))
    if !method.service.isEmpty { writer.field(1, method.service) }
    if !method.method.isEmpty { writer.field(2, method.method) }
    if !payload.isEmpty { payload.withUnsafeBytes { writer.field(3, $0) } }
    if timeoutNanoseconds != 0 {
      writer.byte(4 << 3)
      writer.varint(UInt64(bitPattern: timeoutNanoseconds))
    }
    for pair in metadata.pairs {
      writer.field(5, count: Self.size(of: pair))
      if !pair.key.isEmpty { writer.field(1, pair.key) }
      if !pair.value.isEmpty { writer.field(2, pair.value) }
    }
  }

  private static func size(of text: String) -> Int {
    text.isEmpty ? 0 : ProtobufWriter.sizeOfField(text.utf8.count)
  }

  private static func size(of pair: Metadata.Pair) -> Int { size(of: pair.key) + size(of: pair.value) }
}
