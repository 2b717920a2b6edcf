internal import ClinicDomain
internal import Foundation
internal import TTRPCCore
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("Visits at home, by a whole server")
struct HomeVisitTests {
  /// The campaign's only service, as if it were visits; every day.
  static let clinic = {
    var clinic = CampaignClinic()
    clinic.sections = """
      visitas_domiciliarias:
        servicio: medicina_familiar
        zonas:
          - {codigo: norte, nombre: Zona norte, codigos_postales: [07300-07399], dias: todos, profesionales: [C1], visitas_por_dia: 2}

      """
    return clinic
  }()

  @Test("kioskctl searches, asks and prints the route; what it made outlives kill -9, and the log has no address")
  func kioskctl() async throws {
    let folder = try CampaignFolder()
    try CampaignServer.prepare(Self.clinic, in: folder)
    var server = try await CampaignServer.start(in: folder, logLevel: "debug")
    var said = ""
    do {
      try await server.importPeople(1...3)
      let program = try BuiltPrograms.path("kioskctl")
      let date = CivilDate.today(advancedBy: 2).description
      func visita(_ words: [String]) async throws -> ProgramRun {
        try await ProgramRun.of(program, ["visita"] + words + ["--servidor", folder.path("p.sock")])
      }
      func person(_ number: Int) -> [String] { CampaignPerson(number: number).words }
      let home = ["--colonia", "La Joya", "--cp", "07300", "--solicita", "Hija De Ejemplo", "--parentesco", "hija", "--telefono", "5512345678", "--adscripcion", "1", "--turno", "matutino"]
      let found = try await visita(["buscar", "--cp", "07300", "--fecha", date] + person(1))
      #expect(found.status == 0 && found.lines.first == "Zona norte" && found.lines.dropFirst().first?.hasPrefix("C1  ") == true, "\(found.text)")
      let nowhere = try await visita(["buscar", "--cp", "06000"] + person(1))
      #expect(nowhere.status == 1 && nowhere.text.contains("A ese código postal no llegan las visitas de esta clínica."), "\(nowhere.text)")
      let missing = try await visita(["pedir", "--agenda", "C1", "--fecha", date, "--hora", "09:00"] + home + person(1))
      #expect(missing.status != 0 && missing.text.contains("falta la calle y el número del domicilio"), "\(missing.text)")
      func ask(_ number: Int, _ hour: String, _ street: String) async throws -> ProgramRun {
        try await visita(["pedir", "--agenda", "C1", "--fecha", date, "--hora", hour, "--calle", street] + home + person(number))
      }
      let first = try await ask(1, "10:00", "Norte 72 4315")
      #expect(first.status == 0 && first.text.hasPrefix("Su visita quedó registrada con el folio "), "\(first.text)")
      #expect(try await ask(2, "09:00", "Norte 70 12").status == 0)
      let full = try await ask(3, "11:00", "Norte 74 8")
      #expect(full.status == 1 && full.text.contains("Ese día su zona ya tiene todas las visitas que se pueden hacer."), "\(full.text)")
      let route = try await visita(["ruta", "--dia", date])
      #expect(route.status == 0, "\(route.text)")
      let earlier = try #require(route.text.range(of: "Norte 70 12")), later = try #require(route.text.range(of: "Norte 72 4315"))
      #expect(earlier.lowerBound < later.lowerBound && route.text.contains("La Joya") && route.text.contains("Hija De Ejemplo (hija)"))
      said += server.said
      await server.kill()
      server = try await CampaignServer.start(in: folder, logLevel: "debug")
      #expect(try await visita(["ruta", "--dia", date]).text == route.text)
      #expect(try await visita(["ruta", "--dia", date, "--json"]).text.contains("Norte 72 4315"))
    } catch {
      await server.kill()
      throw error
    }
    #expect(await server.stop() == 0)
    said += server.said
    for secret in ["Norte 7", "La Joya", "5512345678", "Hija"] { #expect(!said.contains(secret)) }
  }
}
