internal import ClinicDomain
internal import Testing

@testable internal import KioskServices

@Suite("Reading a padrón")
struct PadronReaderTests {
  static let rules = PadronRules(
    today: CivilDate(iso: "2026-11-21")!, consultorios: (1...3).map { ResourceID(.consultorio, $0)! },
    turnos: [TurnoCode("matutino"), TurnoCode("vespertino")])

  static let columns =
    "nss,agregado,curp,numero_paciente,nombre,primer_apellido,segundo_apellido,nombre_social,pronombre,fecha_nacimiento,sexo,"
    + "telefono,idioma,necesidades,consultorio,turno,derechos_estado,derechos_hasta,ordinal"

  /// A row in which every column is filled and right, but for those named.
  static func row(_ changes: [PadronColumn: String] = [:]) -> String {
    let right: [PadronColumn: String] = [
      .nss: "00-75-56-0001-2", .agregado: "1M1956OR", .curp: "SABC560626MDFLRN01", .nombre: "Concepción",
      .primerApellido: "Salgado", .segundoApellido: "Briseño", .nombreSocial: "Concha", .pronombre: "ella",
      .fechaNacimiento: "1956-06-26", .sexo: "M", .telefono: "55 1234 5678", .idioma: "nah", .necesidades: "sin_escaleras; lectura;señas",
      .consultorio: "2", .turno: "Matutino", .derechosEstado: "VIGENTE", .derechosHasta: "2027-01-31", .ordinal: "1",
      .numeroPaciente: PatientNumber(random: 1 << 60).description,
    ]
    return PadronColumn.allCases.map { changes[$0] ?? right[$0] ?? "" }.joined(separator: ",")
  }

  static func events(_ text: String, rules: PadronRules = rules) -> [PadronReader.Event] {
    var (reader, events) = (PadronReader(rules: rules), [PadronReader.Event]())
    reader.read(text.utf8) { events.append($0) }
    reader.finish { events.append($0) }
    return events
  }

  static func person(_ changes: [PadronColumn: String] = [:]) -> PadronRow? {
    guard case .person(let row) = events("\(columns)\n\(row(changes))").first else { return nil }
    return row
  }

  static func problems(_ changes: [PadronColumn: String]) -> [String] {
    guard case .rejected(let problems) = events("\(columns)\n\(row(changes))").first else { return [] }
    return problems.map(\.description)
  }

  @Test("The test's own header names every column in order")
  func header() {
    #expect(Self.columns == PadronColumn.allCases.map(\.rawValue).joined(separator: ","))
  }

  @Test("A full row becomes a person of checked values")
  func fullRow() throws {
    #expect(Self.person() == PadronRow(
      line: 2, nss: try NSS(parsing: "00755600012"), agregado: try AgregadoMedico(parsing: "1M1956OR"),
      curp: try CURP(parsing: "SABC560626MDFLRN01"), number: PatientNumber(random: 1 << 60),
      name: PersonName(given: "Concepción", firstSurname: "Salgado", secondSurname: "Briseño", chosen: "Concha", pronoun: "ella"),
      birthDate: CivilDate(iso: "1956-06-26")!, sex: .mujer, phone: try PhoneNumber(parsing: "5512345678"), language: "nah",
      needs: ["lectura", "señas", "sin_escaleras"].sorted(), consultorio: ResourceID(.consultorio, 2), turno: TurnoCode("matutino"),
      rights: Rights(state: .vigente, date: CivilDate(iso: "2027-01-31")), ordinal: 1, doubts: []))
  }

  @Test("Four columns are enough, in any order and case")
  func shortest() throws {
    let text = "DERECHOS_ESTADO, Fecha_Nacimiento ,nombre,primer_apellido\r\nbaja,1990-02-05,Ana,Luna\r\nvigente,1990-02-05,Ana,Luna\r\n"
    let events = Self.events(text)
    // A baja without its date is not one.
    #expect(events.count == 2)
    guard case .person(let row) = events.last else { return #expect(Bool(false), "the second row is a person") }
    #expect(row.line == 3)
    #expect((row.nss, row.curp, row.sex, row.language, row.needs) == (nil, nil, nil, "es", []))
    #expect(row.rights == Rights(state: .vigente, date: nil))
  }

  @Test("Each column's own problem, by line and column, without what was written", arguments: [
    ([.nss: "00755600013"], ["línea 2, columna nss: \(NSSFault.badCheckDigit.mensaje)"]),
    ([.nss: "755600016"], [
      "línea 2, columna nss: \(NSSFault.wrongLength(9).mensaje) Las hojas de cálculo quitan los ceros del principio: dé a la columna formato de texto."
    ]),
    ([.nss: ""], ["línea 2, columna nss: Falta el Número de Seguridad Social que va con el agregado médico."]),
    ([.agregado: ""], ["línea 2, columna agregado: Falta el agregado médico: sin él no se distingue a la persona dentro de su familia."]),
    ([.agregado: "1M2027OR"], ["línea 2, columna agregado: \(AgregadoMedicoFault.inTheFuture.mensaje)"]),
    ([.curp: "SABC560626MDFLRN02"], ["línea 2, columna curp: \(CURPFault.badCheckDigit.mensaje)"]),
    ([.numeroPaciente: "123456789"], ["línea 2, columna numero_paciente: \(PatientNumberFault.badCheckDigit.mensaje)"]),
    ([.nombre: ""], ["línea 2, columna nombre: Falta el dato. Es obligatorio."]),
    ([.primerApellido: " "], ["línea 2, columna primer_apellido: Falta el dato. Es obligatorio."]),
    ([.segundoApellido: "--"], ["línea 2, columna segundo_apellido: No tiene ninguna letra. Escríbalo como en el acta."]),
    ([.nombre: String(repeating: "a", count: 51)], ["línea 2, columna nombre: Tiene 51 caracteres y caben 50. Escríbalo más corto."]),
    ([.nombre: "\"Ana\nLuz\""], ["línea 2, columna nombre: Tiene un salto de línea u otro carácter que no se ve. Escríbalo de nuevo."]),
    ([.fechaNacimiento: "26/06/1956"], [
      "línea 2, columna fecha_nacimiento: No es una fecha del calendario. Escríbala como AAAA-MM-DD, por ejemplo 1990-02-05."
    ]),
    ([.fechaNacimiento: "1956-06-16"], ["línea 2, columna fecha_nacimiento: La fecha no es la de la CURP. Corrija la que esté mal."]),
    ([.fechaNacimiento: "2026-11-22"], ["línea 2, columna fecha_nacimiento: \(BirthDateFault.inTheFuture.mensaje)"]),
    ([.sexo: "H"], ["línea 2, columna sexo: El sexo no es el de la CURP. Corrija el que esté mal."]),
    ([.sexo: "F"], ["línea 2, columna sexo: \(SexCodeFault.otherScheme.mensaje)"]),
    ([.telefono: "12345"], ["línea 2, columna telefono: \(PhoneNumberFault.wrongLength(5).mensaje)"]),
    ([.idioma: "Español"], ["línea 2, columna idioma: No es un código de idioma. Escriba, por ejemplo, es, nah, yua, tzh o tzo."]),
    ([.necesidades: "Sin escaleras"], [
      "línea 2, columna necesidades: Use palabras en minúsculas, sin espacios, separadas por punto y coma: sin_escaleras;lectura."
    ]),
    ([.consultorio: "4"], ["línea 2, columna consultorio: La clínica no tiene ese consultorio. Use uno de su configuración."]),
    ([.consultorio: "V2"], ["línea 2, columna consultorio: Debe ser el número de un consultorio, del 1 al 999."]),
    ([.turno: "nocturno"], ["línea 2, columna turno: La clínica no tiene ese turno. Use uno de estos: matutino, vespertino."]),
    ([.derechosEstado: "ACTIVO"], [
      "línea 2, columna derechos_estado: No es un estado de derechos. Use: VIGENTE, CONSERVACION_DERECHOS, BAJA, PENSION_TRAMITE, CON_DERECHO, FALLECIDO, VIGENTE_POR_PRORROGA."
    ]),
    ([.derechosEstado: "BAJA", .derechosHasta: ""], [
      "línea 2, columna derechos_hasta: Falta la fecha: con ella se cuentan los 56 días de conservación de derechos."
    ]),
    ([.derechosHasta: "9999-12-31"], ["línea 2, columna derechos_hasta: El año no es creíble. Revíselo."]),
    ([.ordinal: "0"], ["línea 2, columna ordinal: Debe ser un número del 1 al 99."]),
    ([.ordinal: "1,2"], ["línea 2: La fila tiene 20 campos y la primera fila 19. Revise las comas y las comillas."]),
  ] as [([PadronColumn: String], [String])])
  func problems(changes: [PadronColumn: String], problems: [String]) {
    #expect(Self.problems(changes) == problems)
  }

  @Test("A row's problems are told together, and later rows are read")
  func together() {
    let text = "\(Self.columns)\n\(Self.row([.nss: "1", .curp: "2", .ordinal: "x"]))\n\"\n\(Self.row())\n"
    let events = Self.events(text)
    #expect(events.count == 3)
    guard case .rejected(let problems) = events[0], case .rejected(let quote) = events[1], case .person(let row) = events[2]
    else { return #expect(Bool(false), "rejected, rejected, person") }
    #expect(problems.map(\.column) == [.nss, .curp, .ordinal])
    #expect(quote.map(\.line) == [3])
    #expect(row.line == 4)
  }

  @Test("What looks odd is a doubt, and the person comes in", arguments: [
    ([.agregado: "1H1956OR"], [PadronColumn.agregado]), ([.agregado: "2M1957OR"], [.agregado]),
    ([.agregado: "2M1957OR", .curp: ""], [.agregado]), ([.nss: "92919084431"], [.nss]), ([.nss: "92919084431", .agregado: "2M1956OR"], []),
  ] as [([PadronColumn: String], [PadronColumn])])
  func doubts(changes: [PadronColumn: String], columns: [PadronColumn]) {
    #expect(Self.person(changes)?.doubts.map(\.column) == columns)
  }

  @Test("A first row that is no header makes the file unusable, with every reason", arguments: [
    ("", ["línea 1: El archivo está vacío. Debe empezar con los nombres de las columnas."]),
    ("nombre;primer_apellido\nAna;Luna", [
      "línea 1: Las columnas no están separadas por comas. Guarde el archivo como «CSV UTF-8 (delimitado por comas)»."
    ]),
    ("nombre,nombre,primer_apellido\nAna,Ana,Luna", [
      "línea 1: La columna 2 de la primera fila repite «nombre». Deje una sola.",
      "línea 1: Falta la columna «fecha_nacimiento» en la primera fila.",
      "línea 1: Falta la columna «derechos_estado» en la primera fila.",
    ]),
    ("\"nombre\nAna", ["línea 1: Hay comillas que se abren y no se cierran. Ciérrelas o quítelas."]),
  ])
  func unusable(text: String, problems: [String]) {
    let events = Self.events(text)
    #expect(events.count == 1)
    guard case .unusable(let told) = events.first else { return #expect(Bool(false), "unusable") }
    #expect(told.map(\.description) == problems)
  }

  @Test("An unknown column is told without its name, for it may be somebody's data")
  func unknownColumn() {
    guard case .unusable(let problems) = Self.events("00755600012,\(Self.columns)").first
    else { return #expect(Bool(false), "unusable") }
    #expect(problems.count == 1)
    #expect(problems[0].mensaje.hasPrefix("La columna 1 de la primera fila tiene un nombre que no se conoce. Use: nss, agregado,"))
  }

  @Test("With a CURP a person stays the same under another spelling; without one names tell twins apart")
  func identity() throws {
    let key = try #require(Self.person()?.identityKey)
    #expect(key == "00755600012|1M1956OR|SABC560626MDFLRN01")
    #expect(Self.person([.nombre: "CONCEPCION", .telefono: ""])?.identityKey == key)
    #expect(Self.person([.agregado: "2M1956OR"])?.identityKey != key)
    let twin = try #require(Self.person([.curp: ""])?.identityKey)
    #expect(twin == "00755600012|1M1956OR|1956-06-26|CONCEPCION|SALGADO|BRISEÑO")
    #expect(Self.person([.curp: "", .nombre: " concepcio\u{301}n "])?.identityKey == twin)
    #expect(Self.person([.curp: "", .nombre: "Aurora"])?.identityKey != twin)
  }

  @Test("The help names every column and marks the four that must be there")
  func help() {
    for column in PadronColumn.allCases {
      #expect(PadronColumn.help.contains("\n  \(column.rawValue)\(column.isRequired ? " * " : "  ")"))
    }
  }
}
