import ClinicDomain
import Testing

@Suite("The data of a visit at home")
struct HomeVisitFormTests {
  @Test("The first datum that is missing or cannot be read is named", arguments: [
    ("", "La Joya", "07300", "", HomeVisitFormFault(.street, .missing), "falta la calle y el número del domicilio"),
    ("   ", "La Joya", "07300", "", HomeVisitFormFault(.street, .missing), "falta la calle y el número del domicilio"),
    ("Norte 72", "", "", "", HomeVisitFormFault(.neighbourhood, .missing), "falta la colonia del domicilio"),
    ("Norte 72", "La Joya", "", "", HomeVisitFormFault(.postalCode, .missing), "falta el código postal del domicilio"),
    ("Norte 72", "La Joya", "7300", "", HomeVisitFormFault(.postalCode, .notPostalCode), "el código postal tiene cinco dígitos, por ejemplo 07300"),
    ("Norte 72", "La Joya", "00999", "", HomeVisitFormFault(.postalCode, .notPostalCode), "el código postal tiene cinco dígitos, por ejemplo 07300"),
    ("Norte\n72", "La Joya", "07300", "", HomeVisitFormFault(.street, .notOneLine), "escriba la calle y el número del domicilio en un solo renglón"),
    ("Norte 72", "La Joya", "07300", String(repeating: "x", count: 201), HomeVisitFormFault(.references, .tooLong(200)), "escriba las señas para llegar en 200 bytes o menos"),
  ])
  func address(street: String, neighbourhood: String, code: String, references: String, fault: HomeVisitFormFault, text: String) {
    #expect(throws: fault) { try HomeAddress(street: street, neighbourhood: neighbourhood, postalCode: code, references: references) }
    #expect(fault.mensaje == text)
  }

  @Test("Who asks is named; spaces around what was typed are dropped")
  func applicant() throws {
    let address = try HomeAddress(street: "  Norte 72 4315 ", neighbourhood: "La Joya", postalCode: " 07300 ")
    #expect(address.street == "Norte 72 4315" && address.postalCode.description == "07300")
    #expect(throws: HomeVisitFormFault(.applicant, .missing)) { try HomeVisitForm(address: address, applicant: " ") }
  }

  @Test("A postal code has five digits, the first of them perhaps 0", arguments: [
    ("01000", true), ("99999", true), ("00999", false), ("1000", false), ("010000", false), ("0100a", false), ("", false),
  ])
  func postalCodes(text: String, isOne: Bool) { #expect((PostalCode(text)?.description == text) == isOne) }
}
