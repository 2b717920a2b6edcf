import Testing

@testable import TTRPCCore

@Suite("Serials and the deny-list")
struct DenyListTests {
  @Test("A serial is the same however it is written", arguments: ["0a3f", "A3F", "0A:3F", "00:0a:3f", "0000000a3f"])
  func oneNumber(text: String) {
    #expect(CertificateSerial(hexadecimal: text) == CertificateSerial(bytes: [0x0a, 0x3f]))
    #expect(CertificateSerial(hexadecimal: text)?.description == "0a3f")
  }

  @Test("Zero, and the longest that there is")
  func ends() {
    #expect(CertificateSerial(hexadecimal: "0")?.description == "00")
    let longest = String(repeating: "f", count: 40)
    #expect(CertificateSerial(hexadecimal: longest)?.description == longest)
    #expect(CertificateSerial(hexadecimal: "1" + longest) == nil)
  }

  @Test("What is no serial", arguments: ["", ":", "0x12", "12 34", "1:2", "12:", "g1", "-1", "１"])
  func noSerial(text: String) { #expect(CertificateSerial(hexadecimal: text) == nil) }

  @Test("One serial a line, comments and empty lines between, line ends of any system")
  func list() throws {
    let list = try DenyList(text: "# robados\r\n0A3F # kiosco 7\n\n  12:34\t# kiosco 9, perdido\n#ff\n")
    #expect(list.serials == [CertificateSerial(bytes: [0x0a, 0x3f]), CertificateSerial(bytes: [0x12, 0x34])])
    #expect(try DenyList(text: "") == .empty)
  }

  @Test("A line that is no serial is named, and nothing of the list is taken")
  func wrongLine() {
    #expect(throws: DenyListFault(line: 3)) { try DenyList(text: "0a3f\n# bien\nkiosco-7\n12") }
    #expect(throws: DenyListFault(line: 1)) { try DenyList(text: "0a3f 1234") }
  }
}
