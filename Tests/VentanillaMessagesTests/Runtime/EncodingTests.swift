import TTRPCCore
import Testing
import VentanillaMessages

@Suite("Values become bytes")
struct EncodingTests {
  @Test("A booking request has the bytes that protoc gives it")
  func golden() throws {
    let request = Wire.BookRequest(
      sessionToken: "f00d", person: 1,
      what: .slot(Wire.SlotChoice(service: "medicina_familiar", resource: "C12", date: "2026-11-24", startMinute: 495)))
    // protoc --encode=ventanilla.v1.BookRequest, 3.21.12
    let bytes: [UInt8] =
      [0x0A, 0x04, 0x66, 0x30, 0x30, 0x64, 0x10, 0x01, 0x22, 0x27, 0x0A, 0x11]
      + Array("medicina_familiar".utf8) + [0x12, 0x03] + Array("C12".utf8) + [0x1A, 0x0A] + Array("2026-11-24".utf8)
      + [0x20, 0xEF, 0x03]
    #expect(try request.encoded() == bytes)
    #expect(try request.encodedSize == bytes.count)
    #expect(try Wire.BookRequest(decoding: bytes) == request)
  }

  @Test("An empty message has no bytes, and no bytes are an empty message")
  func empty() throws {
    #expect(try Wire.GetStatusRequest().encoded() == [])
    #expect(try Wire.HelloResponse().encoded() == [])
    #expect(try Wire.HelloResponse(decoding: []) == Wire.HelloResponse())
  }

  @Test("Text with a NUL inside is refused with its path, never cut", arguments: [
    (Wire.Outer(default: "a\0b"), "default"),
    (Wire.Outer(init: "\0"), "init"),
  ])
  func embeddedNUL(value: Wire.Outer, path: String) {
    #expect(throws: EncodingFault(path: path, .embeddedNUL)) { try value.encoded() }
  }

  @Test("The path of a refused text leads through messages and lists")
  func embeddedNULInside() {
    let reply = Wire.FindResponse(slots: [Wire.Slot(), Wire.Slot(resource: "C\0")])
    #expect(throws: EncodingFault(path: "slots[1].resource", .embeddedNUL)) { try reply.encoded() }
    #expect(throws: EncodingFault(path: "problems[2]", .embeddedNUL)) {
      try Wire.CheckStoreResponse(problems: ["", "ok", "\0"]).encoded()
    }
    #expect(throws: EncodingFault(path: "appointment.slot.turno", .embeddedNUL)) {
      try Wire.BookResponse(appointment: Wire.Appointment(slot: Wire.Slot(turno: "a\0"))).encoded()
    }
  }

  @Test("A value that needs more memory than a call may take is refused")
  func tooLarge() {
    let value = Wire.ImportPatientsRequest(rows: [UInt8](repeating: 1, count: Arena.defaultLimit + 1))
    #expect(throws: EncodingFault(.tooLarge(limit: Arena.defaultLimit))) { try value.encoded() }
  }

  @Test("A refused reply leaves the buffer as it was; a good one stands behind what was there")
  func inPlace() throws {
    var reply = ReplyBuffer(capacity: 64)
    reply.append(2) { $0.copyBytes(from: [0xAB, 0xCD]) }
    #expect(throws: EncodingFault.self) { try Wire.Outer(default: "\0").encode(into: &reply) }
    #expect(reply.count == 2)
    try Wire.Outer(default: "x").encode(into: &reply)
    #expect(reply.withBytes { Array($0) } == [0xAB, 0xCD, 0x1A, 1, 0x78])
  }

  @Test("Set but default, a choice keeps its case; unset, it has no bytes", arguments: [
    (Wire.Choices(kind: .number(0)), [0x08, 0x00]),
    (Wire.Choices(kind: .text("")), [0x12, 0x00]),
    (Wire.Choices(kind: .raw([])), [0x1A, 0x00]),
    (Wire.Choices(kind: .flag(false)), [0x20, 0x00]),
    (Wire.Choices(kind: .colour(.unspecified)), [0x28, 0x00]),
    (Wire.Choices(kind: .scalars(Wire.Scalars())), [0x32, 0x00]),
    (Wire.Choices(count: 0), [0x40, 0x00]),
    (Wire.Choices(note: ""), [0x4A, 0x00]),
    (Wire.Choices(), []),
  ] as [(Wire.Choices, [UInt8])])
  func presence(value: Wire.Choices, bytes: [UInt8]) throws {
    #expect(try value.encoded() == bytes)
    #expect(try Wire.Choices(decoding: bytes) == value)
  }

  @Test("The last case of a choice counts")
  func lastCase() throws {
    let bytes = Bytes.field(2, "text") + Bytes.field(6, Bytes.field(14, "s")) + Bytes.number(4, 1)
    #expect(try Wire.Choices(decoding: bytes) == Wire.Choices(kind: .flag(true)))
  }

  @Test("An enum number without a word is kept and sent on")
  func openEnum() throws {
    let bytes = Bytes.number(16, 12_345)
    let value = try Wire.Scalars(decoding: bytes)
    #expect(value.colour == .unrecognized(12_345))
    #expect(try value.encoded() == bytes)
    #expect(Wire.Colour(rawValue: 70_000) == .deepBlue)
  }
}
