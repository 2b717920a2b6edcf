import ClinicDomain
import ClinicStore
import KioskTestSupport
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("Importing a piece of a padrón")
struct ImportPatientsMethodTests {
  static let header = "nss,agregado,curp,nombre,primer_apellido,fecha_nacimiento,derechos_estado,consultorio"

  static func row(_ nombre: String, curp: String = "", consultorio: String = "1") -> String {
    "00755000015,1H2000OR,\(curp),\(nombre),De Ejemplo,2000-02-29,VIGENTE,\(consultorio)\n"
  }

  func send(
    _ clinic: TestClinic, _ rows: String, header: String = header, firstLine: Int32 = 2, id: String? = nil
  ) async throws(RPCError) -> Wire.ImportPatientsResponse {
    try await clinic.operations().importPatients(
      Wire.ImportPatientsRequest(header: header, rows: Array(rows.utf8), firstLine: firstLine), options: .write(id))
  }

  @Test("Once adds, again changes nothing, a changed row updates its person alone", arguments: Depth.allCases)
  func again(depth: Depth) async throws {
    try await withClinic(depth, people: []) { clinic in
      let rows = Self.row("Joaquín") + Self.row("Íñigo")
      #expect(try await send(clinic, rows) == Wire.ImportPatientsResponse(added: 2))
      #expect(try await send(clinic, rows) == Wire.ImportPatientsResponse(unchanged: 2))
      let number = try await clinic.people().map(\.number)
      let changed = Self.row("JOAQUIN", consultorio: "2") + Self.row("Íñigo")
      #expect(try await send(clinic, changed) == Wire.ImportPatientsResponse(updated: 1, unchanged: 1))
      #expect(try await clinic.people().map(\.number) == number)
      #expect(try await clinic.people().map(\.consultorio) == [.c(2), .c(1)])
    }
  }

  @Test("A row that cannot be taken is told by line and column, never quoted; the others are taken", arguments: Depth.allCases)
  func badRows(depth: Depth) async throws {
    try await withClinic(depth, people: []) { clinic in
      let rows =
        Self.row("Joaquín") + Self.row("Secreta", consultorio: "77")
        + "00755000016,1H2000OR,,Secreta,De Ejemplo,31/12/2000,VIGENTE,1\n" + "solo,tres,Secreta\n" + Self.row("Íñigo")
      let reply = try await send(clinic, rows, firstLine: 500)
      #expect(reply.added == 2 && reply.updated == 0 && reply.unchanged == 0)
      #expect(reply.problems.map { "\($0.line) \($0.column)" } == ["501 consultorio", "502 nss", "502 fecha_nacimiento", "503 "])
      #expect(
        reply.problems.map(\.text) == [
          "La clínica no tiene ese consultorio. Use uno de su configuración.",
          "El Número de Seguridad Social no es correcto: algún dígito está cambiado. Revíselo dígito por dígito en su Cartilla.",
          "No es una fecha del calendario. Escríbala como AAAA-MM-DD, por ejemplo 1990-02-05.",
          "La fila tiene 3 campos y la primera fila 8. Revise las comas y las comillas.",
        ])
      #expect(!reply.problems.contains { $0.text.contains("Secreta") })
    }
  }

  @Test("Without a header that can be read no row is taken", arguments: [
    ("", "header: El archivo está vacío. Debe empezar con los nombres de las columnas."),
    (
      "nombre;primer_apellido",
      "header: Las columnas no están separadas por comas. Guarde el archivo como «CSV UTF-8 (delimitado por comas)»."
    ),
    (
      "nombre,primer_apellido,fecha_nacimiento",
      "header: Falta la columna «derechos_estado» en la primera fila."
    ),
    (header + "\n" + row("Joaquín"), "header: mande solo la primera fila del archivo, sin salto de línea"),
  ])
  func headers(header: String, message: String) async throws {
    try await withClinic(people: []) { clinic in
      // A missing header leaves nothing to read, also when rows are missing.
      let rows = header.isEmpty ? "" : Self.row("Joaquín")
      let error = try await status { () throws(RPCError) in try await send(clinic, rows, header: header) }
      #expect(error == RPCError(.invalidArgument, message))
      #expect(try await clinic.store.counts().patients == 0)
    }
  }

  @Test("At most 256 rows at once, good and bad ones alike", arguments: [
    (String(repeating: "x\n", count: 256), nil), (String(repeating: "x\n", count: 257), 257),
    ((0..<257).map { row("Joaquín \($0)") }.joined(), 257),
    // Each line leaves a quote open up to the end: to look for every one's would take hours.
    (String(repeating: "\"x\",\"\n", count: 600_000), 600_000),
  ] as [(String, Int?)])
  func tooMany(rows: String, count: Int?) async throws {
    try await withClinic(people: []) { clinic in
      if count == nil {
        #expect(try await send(clinic, rows).problems.count == 256)
      } else {
        let error = try await status { () throws(RPCError) in try await send(clinic, rows) }
        #expect(error == RPCError(.invalidArgument, "rows: mande a lo más 256 filas en cada parte"))
        #expect(try await clinic.store.counts().patients == 0)
      }
    }
  }

  @Test("The number of the first line begins with 1, and the last line there is does not end the server")
  func firstLine() async throws {
    try await withClinic(people: []) { clinic in
      for line in [Int32(0), -1, .min] {
        let error = try await status { () throws(RPCError) in try await send(clinic, Self.row("x"), firstLine: line) }
        #expect(error == RPCError(.invalidArgument, "first_line: el número de la primera línea, desde 1"))
      }
      let reply = try await send(clinic, "x\nx\nx\n", firstLine: .max)
      #expect(reply.problems.map(\.line) == [.max, .max, .max])
    }
  }

  @Test("Who gets a CURP later is the same person, keeps number and appointments, and is found by it from then on")
  func laterCURP() async throws {
    try await withClinic(people: []) { clinic in
      _ = try await send(clinic, Self.row("Joaquín"))
      let before = try await clinic.people()[0]
      try await clinic.book("C1 2026-11-24 08:15", try await clinic.session(before))
      let withCURP = Self.row("Joaquín", curp: "PEXJ000229HDFRXNA0")
      #expect(try await send(clinic, withCURP) == Wire.ImportPatientsResponse(updated: 1))
      #expect(try await send(clinic, withCURP) == Wire.ImportPatientsResponse(unchanged: 1))
      let after = try await clinic.people()
      #expect(after.map(\.number) == [before.number] && after.map(\.id) == [before.id])
      let found = try await clinic.patients().identify(
        Wire.IdentifyRequest(
          identifier: .curp("PEXJ000229HDFRXNA0"), birthDate: "29022000", agregado: after[0].agregado?.description ?? ""))
      let list = try await clinic.appointments().list(Wire.ListRequest(sessionToken: found.sessionToken))
      #expect(list.appointments.count == 1)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("A number that is another person's is told by its line, and the other rows are taken")
  func takenNumber() async throws {
    try await withClinic(people: []) { clinic in
      let number = PatientNumber(random: 99).description
      func row(_ nombre: String, _ number: String) -> String { String(Self.row(nombre).dropLast()) + ",\(number)\n" }
      let rows = row("Joaquín", number) + row("Íñigo", number) + "x\n" + row("Ramón", "")
      let reply = try await send(clinic, rows, header: Self.header + ",numero_paciente", firstLine: 10)
      #expect(reply.added == 2)
      #expect(reply.problems.map { "\($0.line) \($0.column)" } == ["11 numero_paciente", "12 "])
      #expect(try await clinic.people().map(\.name.given) == ["Joaquín", "Ramón"])
    }
  }

  @Test("A repeat gets the counts of the first time; the same id for other rows is refused")
  func repeated() async throws {
    try await withClinic(people: []) { clinic in
      let first = try await send(clinic, Self.row("Joaquín"), id: someID)
      #expect(try await send(clinic, Self.row("Joaquín"), id: someID) == first)
      let error = try await status { () throws(RPCError) in try await send(clinic, Self.row("Íñigo"), id: someID) }
      #expect(error.code == .alreadyExists)
    }
  }
}

extension TestClinic {
  /// The family of the test's rows, in the order they came.
  func people() async throws -> [Patient] { try await store.family(of: NSS("00755000015")!).sorted { $0.id < $1.id } }
}
