internal import ClinicDomain
internal import Testing

@Suite("The CURP that names give")
struct CURPFromNamesTests {
  @Test("The specimens of the notes come out of their names", arguments: [
    ("Concepción", "Salgado", "Briseño", "1956-06-26", SexCode.mujer, BirthState.ciudadDeMexico, "SABC560626MDFLRN01"),
    ("Gloria", "Hernández", "García", "1956-04-27", .mujer, .veracruz, "HEGG560427MVZRRL04"),
    ("Ricardo", "Alamán", "Pérez", "1963-03-21", .hombre, .ciudadDeMexico, "AAPR630321HDFLRC09"),
    ("Juan", "Pérez", nil, "2000-02-29", .hombre, .ciudadDeMexico, "PEXJ000229HDFRXNA0"),
  ] as [(String, String, String?, String, SexCode, BirthState, String)])
  func specimens(
    given: String, first: String, second: String?, born: String, sex: SexCode, state: BirthState, key: String
  ) throws {
    let curp = CURP(
      given: given, firstSurname: first, secondSurname: second, bornOn: try #require(CivilDate(iso: born)), sex: sex, state: state)
    #expect(curp?.description == key)
  }

  @Test("The rules for names, by the first four letters and the inner consonants", arguments: [
    // Examples of the Instructivo Normativo.
    ("Alberto", "Ñando", "Rodríguez", "XARA", "NDL"), ("María Luisa", "Pérez", "Hernández", "PEHL", "RRS"),
    ("Luis Enrique", "Romero", "Palazuelos", "ROPL", "MLS"), ("Juan José", "D/Amico", "Álvarez", "DXAJ", "XLN"),
    ("Rocío", "Riva Palacio", "Cruz", "RICR", "VRC"), ("Carlos", "Mc Gregor", "López", "GELC", "RPR"),
    // Particles, also behind María and José, shortened or not.
    ("María de los Ángeles", "de la Cruz", "del Río", "CURA", "RXN"), ("Ma. del Carmen", "López", "Y López", "LOLC", "PPR"),
    ("José", "Ruiz", "Paz", "RUPJ", "ZZS"), ("J. Jesús", "Ruiz", "Paz", "RUPJ", "ZZS"), ("María", "Luna", "Sol", "LUSM", "NLR"),
    ("José María", "Luna", "Sol", "LUSM", "NLR"), ("María José", "Luna", "Sol", "LUSJ", "NLS"), ("María del", "Luna", "Sol", "LUSM", "NLR"),
    // Inner Ñ, no inner vowel or consonant, no second surname, diaeresis, decomposed accents.
    ("Begoña", "Muñoz", "Peña", "MUPB", "XXG"), ("Ío", "Ik", "Oe", "IXOI", "KXX"), ("Ana", "Bo", "", "BOXA", "XXN"),
    ("Ana", "Argüelles", "Güemes", "AUGA", "RMN"), ("Jose\u{301}", "Pe\u{301}rez", "Nun\u{303}ez", "PENJ", "RXS"),
    // Censored words get an X: VAGA, FETO, PEDO.
    ("Andrés", "Vargas", "Guzmán", "VXGA", "RZN"), ("Óscar", "Feria", "Torres", "FXTO", "RRS"),
    ("Omar", "Pérez", "Díaz", "PXDO", "RZM"),
  ])
  func rules(given: String, first: String, second: String, letters: String, consonants: String) throws {
    let curp = try #require(CURP(
      given: given, firstSurname: first, secondSurname: second, bornOn: CivilDate(iso: "1985-11-21")!, sex: .mujer, state: .jalisco))
    #expect(curp.description.prefix(16) == letters + "851121MJC" + consonants)
  }

  @Test("Homonyms differ in position 17: a digit up to 1999, a letter from 2000")
  func homonyms() throws {
    func seventeenth(_ born: String, _ homonym: Int) -> Character? {
      CURP(given: "Ana", firstSurname: "Luna", secondSurname: "Sol", bornOn: CivilDate(iso: born)!, sex: .mujer, state: .puebla,
        homonym: homonym)?.description.dropLast().last
    }
    #expect(seventeenth("1999-12-31", 0) == "0")
    #expect(seventeenth("1999-12-31", 9) == "9")
    #expect(seventeenth("1999-12-31", 10) == nil)
    #expect(seventeenth("2000-01-01", 0) == "A")
    #expect(seventeenth("2000-01-01", 25) == "Z")
    #expect(seventeenth("2000-01-01", 26) == nil)
    #expect(seventeenth("2000-01-01", -1) == nil)
    #expect(seventeenth("1899-12-31", 0) == nil)
  }

  @Test("Names without letters give none", arguments: [("", "Luna"), ("Ana", " "), ("Ana", "-"), ("'", "Luna")])
  func nameless(given: String, first: String) {
    #expect(CURP(given: given, firstSurname: first, secondSurname: nil, bornOn: CivilDate(iso: "1985-11-21")!, sex: .mujer,
      state: .puebla) == nil)
  }
}
