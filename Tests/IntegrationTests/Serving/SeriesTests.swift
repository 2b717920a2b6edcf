internal import ClinicDomain
internal import Foundation
internal import TTRPCCore
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("Series of care, by a whole server")
struct SeriesTests {
  static let clinic = {
    var clinic = CampaignClinic(appointmentsPerPerson: 2)
    clinic.sections = """
      series:
        programas:
          - {codigo: prenatal, servicio: medicina_familiar, margen_dias: 5, semanas: [1, 8, 12]}
          - codigo: cronicos
            servicio: medicina_familiar
            margen_dias: 7
            cada_meses: 3
            recetas: {cuantas: 3, cada_dias: 30, dias_habiles: 5, se_pierden: sí}
        revision: {servicio: medicina_familiar, cada_meses: 12}
        vacunas:
          servicio: medicina_familiar
          dosis:
            - {codigo: srp_1, nombre: Sarampión primera dosis, desde_meses: 0, hasta_meses: 1200}

      """
    return clinic
  }()

  /// A day of the last week whose five business days have not passed, whatever today is.
  static func daysAgo(_ days: Int) -> String { CivilDate.today(advancedBy: -days).description }

  @Test("kioskctl does all of a series: it begins, has its places, is renewed and collected, ends; and it outlives kill -9")
  func kioskctl() async throws {
    let folder = try CampaignFolder()
    try CampaignServer.prepare(Self.clinic, in: folder)
    var server = try await CampaignServer.start(in: folder, logLevel: "notice")
    do {
      try await server.importPeople(1...2)
      let program = try BuiltPrograms.path("kioskctl")
      func serie(_ words: String...) async throws -> ProgramRun {
        try await ProgramRun.of(program, ["serie"] + words + ["--servidor", folder.path("p.sock")])
      }
      let person = CampaignPerson(number: 1).words
      func ofPerson(_ words: String...) async throws -> ProgramRun {
        try await ProgramRun.of(program, ["serie"] + words + person + ["--servidor", folder.path("p.sock")])
      }
      let begun = try await ofPerson("empezar", "prenatal", "--fecha", Self.daysAgo(2))
      #expect(begun.status == 0 && begun.lines.count == 4, "\(begun.text)")
      #expect(begun.lines.first?.hasPrefix("Serie 1, prenatal: Lo que sigue: ") == true)
      // The first visit is within the agenda: the server gives it a place of itself.
      #expect(try await eventually { try await ofPerson("ver").lines.count { $0.contains("  folio ") } == 1 })
      let second = try await ofPerson("empezar", "prenatal", "--fecha", Self.daysAgo(3))
      #expect(second.status == 1)
      #expect(second.text.contains("La persona ya tiene esa serie: es la número 1."), "\(second.text)")
      #expect(try await ofPerson("empezar", "cronicos", "--fecha", Self.daysAgo(3)).status == 0)
      #expect(try await serie("recoger", "2", "1").lines == ["Ya se recogió."])
      #expect(try await serie("renovar", "2", "--fecha", Self.daysAgo(2)).lines.first?.hasPrefix("Serie 2, cronicos:") == true)
      let late = try await serie("recoger", "2", "2")
      #expect(late.status == 1 && late.text.contains("Ya no hay nada que hacer con eso."), "\(late.text)")
      let view = try await ofPerson("ver")
      await server.kill()
      server = try await CampaignServer.start(in: folder, logLevel: "notice")
      #expect(try await ofPerson("ver").text == view.text)
      #expect(try await serie("terminar", "1", "terminada").lines == ["Esta serie ya terminó. Sus lugares quedaron libres para otras personas."])
      #expect(try await ofPerson("ver").lines.count { $0.contains("  folio ") } == 0)
      #expect(try await serie("avisos").lines == ["No hay avisos: todo lo que toca tiene lugar."])
      let nobody = try await serie("atender", "1", "1")
      #expect(nobody.status == 1 && nobody.text.contains("Ya no hay nada que hacer con eso."))
      #expect(try await ofPerson("revision").text.contains("Hace un año o más que no se hace su revisión de PrevenIMSS."))
      #expect(try await serie("dosis", "2025-05-23").text.contains("Por su edad le tocan: Sarampión primera dosis."))
      #expect(try await serie("dosis", "2025-05-23", "--json").text.contains("\"srp_1\""))
    } catch {
      await server.kill()
      throw error
    }
    #expect(await server.stop() == 0)
  }
}
