internal import ClinicDomain
internal import Testing

@Suite("CLUES")
struct CLUESTests {
  @Test("The IMSS codes printed in the domain notes are read, and their last digit is the expected one", arguments: [
    "DFIMS000266", "DFIMS000085", "DFIMS000650", "DFIMS000254", "DFIMS000341", "DFIMS000271", "DFIMS000295", "DFIMS000230",
    "DFIMS000580", "NLIMS000303", "JCIMS000313", "VZIMS001112", "YNIMS000071",
  ])
  func examples(text: String) throws {
    let clues = try CLUES(parsing: text)
    #expect(clues.description == text)
    #expect(clues.isIMSS)
    #expect(clues.warning == nil)
    #expect(clues.state.rawValue == text.prefix(2))
  }

  @Test("Two real codes break the check digit's rule: they are read, with a warning", arguments: ["CSSSA017213", "CSSSA017324"])
  func exceptions(text: String) throws {
    let clues = try CLUES(parsing: text)
    #expect(clues.warning == .unusualCheckDigit)
    #expect(clues.institution == "SSA")
    #expect(!clues.isIMSS)
  }

  @Test("A wrong digit is a warning, never a refusal")
  func typo() throws {
    #expect(try CLUES(parsing: "DFIMS000267").warning == .unusualCheckDigit)
    #expect(try CLUES(parsing: " dfims-000266 ").description == "DFIMS000266")
  }

  @Test("Each reason, in the order it is checked", arguments: [
    ("", CLUESFault.empty), ("DFIMS00026", .wrongLength(10)), ("DFIMS0002666", .wrongLength(12)),
    ("D1IMS000266", .unexpectedCharacter(position: 2)), ("DFIM5000266", .unexpectedCharacter(position: 5)),
    ("DFIMSO00266", .unexpectedCharacter(position: 6)), ("DFIMS00026X", .unexpectedCharacter(position: 11)),
    ("ÑFIMS000266", .unexpectedCharacter(position: 1)), ("XXIMS000266", .unknownState), ("NEIMS000266", .unknownState),
  ])
  func reasons(text: String, fault: CLUESFault) {
    #expect(throws: fault) { try CLUES(parsing: text) }
  }
}
