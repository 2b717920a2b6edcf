/// When a refused call may be made again, as `google.rpc.RetryInfo` among a status's details.
///
/// ```
/// RetryInfo { google.protobuf.Duration retry_delay = 1 }   Duration { int64 seconds = 1; int32 nanos = 2 }
/// ```
/// Source: googleapis, google/rpc/error_details.proto. gRPC's clients know it, and whoever does not may ignore it.
extension StatusDetail {
  private static let retryInfo = "type.googleapis.com/google.rpc.RetryInfo"

  /// - Parameter milliseconds: at least 0.
  static func retryInfo(milliseconds: UInt64) -> StatusDetail {
    let (seconds, nanos) = (milliseconds / 1000, milliseconds % 1000 * 1_000_000)
    var duration: [UInt8] = []
    if seconds > 0 { duration += [1 << 3] + varint(seconds) }
    if nanos > 0 { duration += [2 << 3] + varint(nanos) }
    return StatusDetail(typeURL: retryInfo, value: [1 << 3 | 2] + varint(UInt64(duration.count)) + duration)
  }

  /// The milliseconds that the detail says, rounded up; `nil` when it says none, or something else than a time ahead.
  fileprivate var retryMilliseconds: UInt64? {
    guard typeURL == Self.retryInfo else { return nil }
    return value.withUnsafeBytes { bytes in
      do throws(EnvelopeFault) {
        var (reader, delay) = (ProtobufReader(bytes), UInt64?.none)
        while let field = try reader.nextField() {
          if field.number == 1, field.wireType == .lengthDelimited {
            delay = try Self.milliseconds(ofDuration: try reader.lengthDelimited())
          } else {
            try reader.skip(field)
          }
        }
        return delay
      } catch { return nil }
    }
  }

  private static func milliseconds(ofDuration bytes: UnsafeRawBufferPointer) throws(EnvelopeFault) -> UInt64? {
    var (seconds, nanos) = (UInt64(0), UInt64(0))
    var reader = ProtobufReader(bytes)
    while let field = try reader.nextField() {
      switch (field.number, field.wireType) {
      case (1, .varint): seconds = try reader.varint()
      case (2, .varint): nanos = try reader.varint()
      default: try reader.skip(field)
      }
    }
    // Negative ones are huge here. A day and more is no advice to a caller.
    guard seconds < 86_400, nanos < 1_000_000_000 else { return nil }
    return seconds * 1000 + (nanos + 999_999) / 1_000_000
  }

  private static func varint(_ value: UInt64) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: ProtobufWriter.sizeOfVarint(value))
    bytes.withUnsafeMutableBytes { bytes in
      var writer = ProtobufWriter(bytes)
      writer.varint(value)
    }
    return bytes
  }
}

extension RPCError {
  /// How long the server asks a caller to wait before it calls again; `nil` when it does not say.
  package var retryDelay: Duration? {
    details.lazy.compactMap(\.retryMilliseconds).first.map { .milliseconds($0) }
  }

  /// A device has used up its ``TTRPCLimits/callRate``.
  ///
  /// - Parameter wait: nanoseconds until there is a call again.
  package static func tooManyCallsASecond(_ rate: CallRate, wait: UInt64) -> RPCError {
    let milliseconds = (wait + 999_999) / 1_000_000
    var error = limitReached(.callsPerSecond, rate.perSecond, "calls a second of one device; try again in \(milliseconds) ms")
    error.details = [.retryInfo(milliseconds: milliseconds)]
    return error
  }
}
