import ClinicConfiguration
import ClinicDomain
import Testing

@Suite("importacion/NOMBRE.yaml")
struct BookingMapTests {
  static let whole = """
    origen: simf
    archivo: {decodificacion: latin-1, separador: tabulador}
    columnas:
      identificador: ID
      consultorio: CONSULTORIO
      fecha: FECHA
      hora: HORA
      estado: ESTADO
      nss: NSS
      nacimiento: NACIMIENTO
    formatos: {fecha: dd/mm/aaaa, hora: "hh:mm am"}
    consultorios:
      CONS 01: C1
      "2": C2
    servicios: {MF: medicina_familiar}
    estados: {vigente: ACTIVA, cancelada: [BAJA, CANCELADA]}
    ausentes: cancelar
    """

  @Test("A map says what each column is, in which form, and what the other system's words mean")
  func whole() throws {
    let read = try BookingMapConfiguration.read(bytes: Array(Self.whole.utf8), file: "k/simf.yaml")
    #expect(read.warnings.isEmpty)
    #expect(
      read.value
        == BookingMap(
          source: "simf", text: SeparatedText(decoding: .latin1, separator: 9),
          columns: [
            .init(.reference, "ID", line: 4), .init(.resource, "CONSULTORIO", line: 5), .init(.date, "FECHA", line: 6), .init(.start, "HORA", line: 7),
            .init(.status, "ESTADO", line: 8), .init(.nss, "NSS", line: 9), .init(.birthDate, "NACIMIENTO", line: 10),
          ],
          dates: .dayFirst, hours: .halves,
          resources: [.init("CONS 01", ResourceID(.consultorio, 1)!), .init("2", ResourceID(.consultorio, 2)!)],
          services: [.init("MF", ServiceCode("medicina_familiar"))], cancelled: ["BAJA", "CANCELADA"], standing: "ACTIVA", missing: .cancel))
  }

  @Test("Each wrong line is told with its place and the fix", arguments: [
    ("identificador: ID", "identifcador: ID", "4:3: la clave \"identifcador\" no existe en columnas; ¿quiso decir \"identificador\"?"),
    ("  hora: HORA\n", "", "4:3: falta \"hora\" en columnas; agregue, por ejemplo, hora: HORA"),
    ("origen: simf", "origen: SIMF Norte", "1:9: origen: \"SIMF Norte\" no sirve como código"),
    ("latin-1", "latin1", "2:27: decodificacion: \"latin1\" no existe; ¿quiso decir \"latin-1\"?"),
    ("tabulador", "\",,\"", "2:47: separador: \",,\" no existe"),
    ("dd/mm/aaaa", "dd/mm/aa", "11:19: fecha: \"dd/mm/aa\" no existe; ¿quiso decir \"dd/mm/aaaa\"?"),
    ("CONS 01: C1", "CONS 01: 1", "13:12: consultorios, \"CONS 01\": \"1\" no es una agenda; escriba la letra y el número, como C12 o V2"),
    ("consultorio: CONSULTORIO", "consultorio: FECHA", "6:10: la columna \"FECHA\" ya está en la línea 5; cada clave nombra una columna distinta del archivo"),
    ("  nacimiento: NACIMIENTO\n", "", "4:3: nss y nacimiento van juntas"),
    ("estados: {vigente: ACTIVA, cancelada: [BAJA, CANCELADA]}\n", "", "4:3: hay columna estado y no se dice cuáles son los estados"),
    ("ausentes: cancelar", "ausentes: borrar", "17:11: ausentes: \"borrar\" no existe"),
  ])
  func wrong(line: String, wrong: String, expected: String) {
    let text = Self.whole.replacing(line, with: wrong)
    #expect(text != Self.whole)
    let error = #expect(throws: ConfigurationProblems.self) {
      try BookingMapConfiguration.read(bytes: Array(text.utf8), file: "simf.yaml")
    }
    #expect(error?.description.contains("simf.yaml:\(expected)") == true, "\(error?.description ?? "")")
  }

  @Test("A map that names nobody is warned of: everything becomes busy time")
  func nobody() throws {
    let text = Self.whole.replacing("  nss: NSS\n  nacimiento: NACIMIENTO\n", with: "")
    let read = try BookingMapConfiguration.read(bytes: Array(text.utf8), file: "simf.yaml")
    #expect(read.warnings.map(\.message) == ["ninguna columna dice de quién es la cita: todas se toman como horas ocupadas"])
  }

  @Test("The shipped sample is right")
  func shipped() throws {
    let folder = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let read = try BookingMapConfiguration.load(path: "/\(folder)/kiosk-config/importacion/muestra.yaml")
    #expect(read.warnings.isEmpty && read.value.source == "otro_sistema" && read.value.missing == .tell)
  }
}
