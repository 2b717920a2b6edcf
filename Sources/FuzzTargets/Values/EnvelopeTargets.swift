internal import TTRPCCore

extension FuzzTarget {
  /// A request's envelope: what is read is written and read again as the same.
  package static let request = FuzzTarget(
    name: "request", summary: "RequestEnvelope, read, written and read again", maxLength: 512, seeds: WireSeeds.requests,
    ofFrames: { Array($0.dropFirst(FrameHeader.size)) }
  ) { bytes throws(FuzzFinding) in
    let first: RequestEnvelope
    do throws(EnvelopeFault) { first = try RequestEnvelope(bytes) } catch {
      return try require(!RPCError(request: error).message.isEmpty, "a fault without words")
    }
    for slice in [first.service, first.method, first.payload] {
      try require(bytes.contains(all: slice), "a slice reaches out of the envelope")
    }
    let method = MethodDescriptor(
      service: String(decoding: first.service, as: UTF8.self), method: String(decoding: first.method, as: UTF8.self), kind: .unary,
      roles: [], writes: false)
    let frame = RequestFrame(
      method, payload: Array(first.payload), timeoutNanoseconds: first.timeoutNanoseconds, metadata: first.metadata)
    var written = [UInt8](repeating: 0, count: frame.size)
    written.withUnsafeMutableBytes { frame.write(stream: 1, to: $0) }
    try written.span.withUnsafeBytes { written throws(FuzzFinding) in
      try require(Int(FrameHeader(written).length) == written.count - FrameHeader.size, "the header says another length")
      let body = UnsafeRawBufferPointer(rebasing: written[FrameHeader.size...])
      guard let again = try? RequestEnvelope(body) else { throw FuzzFinding("our own envelope is refused") }
      try require(
        again.service.elementsEqual(first.service) && again.method.elementsEqual(first.method)
          && again.payload.elementsEqual(first.payload) && again.timeoutNanoseconds == first.timeoutNanoseconds
          && again.metadata == first.metadata, "our own envelope reads as another")
    }
  }

  /// A response's envelope, likewise.
  package static let response = FuzzTarget(
    name: "response", summary: "ResponseEnvelope, read, written and read again", maxLength: 512, seeds: WireSeeds.responses,
    ofFrames: { Array($0.dropFirst(FrameHeader.size)) }
  ) { bytes throws(FuzzFinding) in
    let first: ResponseEnvelope
    do throws(EnvelopeFault) { first = try ResponseEnvelope(bytes) } catch {
      return try require(!error.reason.isEmpty, "a fault without words")
    }
    try require(bytes.contains(all: first.payload), "the payload reaches out of the envelope")
    var written: [UInt8]
    if let error = first.error {
      try require(error.code != .ok, "an error whose code is ok")
      written = ResponseFrame.bytes(error, stream: 1)
    } else {
      written = [UInt8](repeating: 0, count: FrameHeader.size + ResponseFrame.length(ofReply: first.payload.count))
      written.withUnsafeMutableBytes { ResponseFrame.write(first.payload, stream: 1, to: $0) }
    }
    try written.span.withUnsafeBytes { written throws(FuzzFinding) in
      try require(Int(FrameHeader(written).length) == written.count - FrameHeader.size, "the header says another length")
      let body = UnsafeRawBufferPointer(rebasing: written[FrameHeader.size...])
      guard let again = try? ResponseEnvelope(body) else { throw FuzzFinding("our own envelope is refused") }
      try require(again.error == first.error, "our own status reads as another")
      // A status takes the place of a payload.
      try require(first.error != nil || again.payload.elementsEqual(first.payload), "our own payload reads as another")
    }
  }
}

extension UnsafeRawBufferPointer {
  /// Whether a slice lies within these bytes; an empty one lies anywhere.
  fileprivate func contains(all slice: UnsafeRawBufferPointer) -> Bool {
    guard slice.count > 0, let start = slice.baseAddress, let base = baseAddress else { return slice.count == 0 }
    return start >= base && start + slice.count <= base + count
  }
}
