internal import ClinicDomain
internal import Testing

@Suite("Agregado médico")
struct AgregadoMedicoTests {
  typealias Relation = AgregadoMedico.Relation
  static let today = CivilDate(iso: "2026-11-21")!
  static let woman = CURP("SABC560626MDFLRN01")!
  static let man = CURP("AAPR630321HDFLRC09")!
  static let nonBinary = CURP("LOGA010101XJCPRNA0")!

  @Test("The examples of the domain notes, in both schemes", arguments: [
    ("1H1985OR", Relation.titular, SexCode.hombre, 1985, AgregadoMedico.Regimen.ordinario),
    ("1M1985OR", .titular, nil, 1985, .ordinario), ("1F1985OR", .titular, .mujer, 1985, .ordinario),
    ("2M1987OR", .conyuge, nil, 1987, .ordinario), ("2F1987OR", .conyuge, .mujer, 1987, .ordinario),
    ("3H2015OR", .hijo, .hombre, 2015, .ordinario), ("3M2015OR", .hijo, nil, 2015, .ordinario),
    ("4M1950OR", .progenitor, nil, 1950, .ordinario), ("4F1950OR", .progenitor, .mujer, 1950, .ordinario),
    ("5M1952PE", .titularPensionado, nil, 1952, .pensionado), ("5F1952PE", .titularPensionado, .mujer, 1952, .pensionado),
    ("6H1950PE", .beneficiarioDePensionado, .hombre, 1950, .pensionado),
    ("6M1950PE", .beneficiarioDePensionado, nil, 1950, .pensionado),
    ("1M2004ES", .titular, nil, 2004, .estudiantes), ("1F2004ES", .titular, .mujer, 2004, .estudiantes),
    ("1X1999SF", .titular, .noBinario, 1999, .seguroDeSalud), ("1H1985ND", .titular, .hombre, 1985, .noDerechohabiente),
    ("1H1985ZZ", .titular, .hombre, 1985, .other("ZZ")), ("1H1985ME", .titular, .hombre, 1985, .mexicanosEnElExtranjero),
    ("1H1985SA", .titular, .hombre, 1985, .empleadoresCFE),
  ] as [(String, Relation, SexCode?, Int, AgregadoMedico.Regimen)])
  func examples(text: String, relation: Relation, sex: SexCode?, year: Int, regimen: AgregadoMedico.Regimen) throws {
    let agregado = try AgregadoMedico(parsing: text, today: Self.today)
    #expect(agregado.description == text)
    #expect((agregado.relation, agregado.birthYear, agregado.regimen) == (relation, year, regimen))
    #expect(agregado.sex(resolvedBy: nil) == sex)
  }

  @Test("A lone M is a woman or a man only by the CURP, and the text stays as printed")
  func ambiguous() throws {
    let agregado = try AgregadoMedico(parsing: "1m1985or")
    #expect(agregado.scheme(resolvedBy: nil) == nil)
    #expect(agregado.scheme(resolvedBy: Self.woman) == .hmx)
    #expect(agregado.scheme(resolvedBy: Self.man) == .mf)
    #expect(agregado.scheme(resolvedBy: Self.nonBinary) == nil)
    #expect(agregado.sex(resolvedBy: Self.woman) == .mujer)
    #expect(agregado.sex(resolvedBy: Self.man) == .hombre)
    #expect(agregado.sex(resolvedBy: Self.nonBinary) == .noBinario)
    #expect(agregado.description == "1M1985OR")
  }

  @Test("The other letters tell their scheme alone", arguments: [
    ("1H1985OR", AgregadoMedico.SexScheme.hmx), ("1X1985OR", .hmx), ("1F1985OR", .mf),
  ])
  func schemes(text: String, scheme: AgregadoMedico.SexScheme) throws {
    #expect(try AgregadoMedico(parsing: text).scheme(resolvedBy: nil) == scheme)
  }

  @Test("Each reason, in the order it is checked", arguments: [
    ("", AgregadoMedicoFault.empty), ("1H85OR", .wrongLength(6)), ("1H1985ORD", .wrongLength(9)), ("ND", .wrongLength(2)),
    ("7H1985OR", .unknownRelation), ("0H1985OR", .unknownRelation), ("HH1985OR", .unknownRelation),
    ("1N1985OR", .unknownSexLetter), ("1H19O5OR", .notAYear), ("1H1885OR", .notAYear), ("1H2185OR", .notAYear),
    ("1H1985O1", .notARegimen), ("1H1985ÑR", .notARegimen), ("1H2027OR", .inTheFuture), ("1H1905OR", .tooLongAgo),
  ])
  func reasons(text: String, fault: AgregadoMedicoFault) {
    #expect(throws: fault) { try AgregadoMedico(parsing: text, today: Self.today) }
  }

  @Test("The oldest and the youngest year are read", arguments: ["1H1906OR", "3M2026OR"])
  func bounds(text: String) throws {
    #expect(try AgregadoMedico(parsing: text, today: Self.today).description == text)
  }

  @Test("What is stored is read without a date")
  func stored() {
    #expect(AgregadoMedico("1H1905OR")?.birthYear == 1905)
  }

  @Test("Twins have one and the same agregado")
  func twins() throws {
    #expect(try AgregadoMedico(parsing: "3H2015OR") == AgregadoMedico(parsing: "3h 2015-or"))
  }

  @Test("What differs from the CURP is a doubt", arguments: [
    ("1H1963OR", man, []), ("1M1963OR", man, []), ("1F1963OR", man, [AgregadoMedicoWarning.sexDiffers]),
    ("1H1964OR", man, [.birthYearDiffers]), ("1H1964OR", woman, [.birthYearDiffers, .sexDiffers]),
    ("1M2001OR", nonBinary, [.sexDiffers]), ("1X2001OR", nonBinary, []), ("1F1956OR", woman, []), ("1M1956OR", woman, []),
  ] as [(String, CURP, [AgregadoMedicoWarning])])
  func doubts(text: String, curp: CURP, warnings: [AgregadoMedicoWarning]) throws {
    #expect(try AgregadoMedico(parsing: text).warnings(comparedWith: curp) == warnings)
  }

  @Test("Its forms for eyes and ears, and who is a titular")
  func forms() throws {
    let agregado = try AgregadoMedico(parsing: "1M1985OR")
    #expect(agregado.spoken == "1 M 1985 OR")
    #expect(agregado.masked == "••••••OR")
    #expect(Relation.allCases.filter(\.isTitular) == [.titular, .titularPensionado])
  }
}
