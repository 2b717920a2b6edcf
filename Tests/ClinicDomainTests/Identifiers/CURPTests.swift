internal import ClinicDomain
internal import Testing

@Suite("CURP")
struct CURPTests {
  @Test("The keys printed in the domain notes are read, with their sums", arguments: [
    ("SABC560626MDFLRN01", 1979, "1956-06-26", SexCode.mujer, BirthState.ciudadDeMexico),
    ("HEGG560427MVZRRL04", 2246, "1956-04-27", .mujer, .veracruz),
    ("BEML920313HCMLNS09", 1961, "1992-03-13", .hombre, .colima),
    ("AAPR630321HDFLRC09", 1941, "1963-03-21", .hombre, .ciudadDeMexico),
    ("PEXJ000229HDFRXNA0", 2340, "2000-02-29", .hombre, .ciudadDeMexico),
    ("LOGA010101XJCPRNA0", 2050, "2001-01-01", .noBinario, .jalisco),
  ])
  func examples(text: String, sum: Int, born: String, sex: SexCode, state: BirthState) throws {
    let curp = try CURP(parsing: text)
    #expect(curp.description == text)
    #expect(curp.birthDate.description == born)
    #expect((curp.sex, curp.state) == (sex, state))
    #expect(CURPGrammar.weightedSum(of: text.utf8.dropLast()) == sum)
  }

  @Test("Each reason, in the order it is checked", arguments: [
    ("", CURPFault.empty), (" -- ", .empty), ("SABC560626MDFLRN0", .wrongLength(17)), ("SABC560626MDFLRN011", .wrongLength(19)),
    ("1ABC560626MDFLRN01", .unexpectedCharacter(position: 1)), ("SBBC560626MDFLRN01", .unexpectedCharacter(position: 2)),
    ("SAÑC560626MDFLRN01", .unexpectedCharacter(position: 3)), ("SAB5560626MDFLRN01", .unexpectedCharacter(position: 4)),
    ("SABCO60626MDFLRN01", .unexpectedCharacter(position: 5)), ("SABC56062AMDFLRN01", .unexpectedCharacter(position: 10)),
    ("SABC5606261DFLRN01", .unexpectedCharacter(position: 11)), ("SABC560626MDFARN01", .unexpectedCharacter(position: 14)),
    ("SABC560626MDFLRI01", .unexpectedCharacter(position: 16)), ("SABC560626MDFLRN-_1", .unexpectedCharacter(position: 17)),
    ("SABC560626MDFLRN0A", .unexpectedCharacter(position: 18)), ("SABC560626MDFLRN01\u{301}", .unexpectedCharacter(position: 18)),
    ("SABC560626FDFLRN01", .unknownSex), ("SABC560626MXXLRN01", .unknownState), ("BEML920313HMXLNS09", .unknownState),
    ("FETO930411HJCRMN01", .censoredWord), ("SABC560231MDFLRN01", .noSuchDay), ("SABC561326MDFLRN01", .noSuchDay),
    // 1900 was no leap year, 2000 was: position 17 tells them apart.
    ("PEXJ000229HDFRXN01", .noSuchDay),
    ("SABC560626MDFLRN02", .badCheckDigit), ("MARR890512HCSRYR09", .badCheckDigit),
  ])
  func reasons(text: String, fault: CURPFault) {
    #expect(throws: fault) { try CURP(parsing: text) }
    #expect(CURP(text) == nil)
  }

  @Test("The public test file's false example should end in 6")
  func falseExample() {
    #expect(CURPGrammar.weightedSum(of: "MARR890512HCSRYR0".utf8) == 2504)
    #expect(CURPGrammar.checkDigit(of: "MARR890512HCSRYR0".utf8) == UInt8(ascii: "6"))
  }

  @Test("Lower case, spaces and hyphens are read")
  func written() throws {
    #expect(try CURP(parsing: " sabc 560626 mdflrn-01 ").description == "SABC560626MDFLRN01")
  }

  @Test("Its forms for eyes and ears")
  func forms() throws {
    let curp = try CURP(parsing: "LOGA010101XJCPRNA0")
    #expect(curp.masked == String(repeating: "•", count: 14) + "RNA0")
    #expect(curp.spanishReadBack == "1 de enero de 2001, no binario, Jalisco")
    #expect(CURPFault.unexpectedCharacter(position: 2).mensaje
      == "El carácter 2 de la CURP debe ser una vocal o X. Revíselo; no confunda O con 0 ni I con 1.")
  }

  @Test("How many wrong characters pass the check digit, by position")
  func blindSpots() {
    let right = Array("HEGG560427MVZRRL04".utf8)
    let passing = (0..<18).map { position in
      let isLetter = right[position] >= UInt8(ascii: "A")
      let others = isLetter ? UInt8(ascii: "A")...UInt8(ascii: "Z") : UInt8(ascii: "0")...UInt8(ascii: "9")
      return others.filter { wrong in
        var key = right
        key[position] = wrong
        return wrong != right[position] && CURPGrammar.checkDigit(of: key.dropLast()) == key[17]
      }.count
    }
    // The domain notes: 9 of 9 in position 9, 12 of 25 in 4 and 14, 5 in 3 and 13, 4 in 1, 11 and 15, at most 2 elsewhere.
    #expect(passing[8] == 9)
    #expect([passing[3], passing[13]] == [12, 12])
    #expect([passing[2], passing[12]] == [5, 5])
    #expect([passing[0], passing[10], passing[14]] == [4, 4, 4])
    #expect([1, 4, 5, 6, 7, 9, 11, 15, 16, 17].allSatisfy { passing[$0] <= 2 })
  }

  @Test("There are 81 censored words, each refused as the beginning of a key")
  func censored() {
    #expect(CURPGrammar.censoredWords.count == 81)
    for word in CURPGrammar.censoredWords {
      #expect(throws: word.utf8.dropFirst().first.map { "AEIOUX".utf8.contains($0) } == true
        ? CURPFault.censoredWord : .unexpectedCharacter(position: 2)
      ) { try CURP(parsing: word + "930411HJCRMN01") }
    }
  }
}
