import ClinicDomain
import ClinicStore
import KioskTestSupport
import Scheduling
import Testing

@Suite("Importing people")
struct ImportingTests {
  let folder = TemporaryFolder()

  static func counts(_ outcome: StoreOutcome) -> ImportCounts? {
    if case .granted(.imported(let counts), _) = outcome { counts } else { nil }
  }

  static func row(_ key: String, _ patient: Patient, given: Bool = false, seed: UInt64 = 1) -> PatientImport {
    PatientImport(identityKey: key, patient: patient, numberIsGiven: given, numberSeed: seed)
  }

  func apply(_ core: StoreCore, _ rows: [PatientImport]) throws -> ImportCounts? {
    Self.counts(
      try core.apply(
        StoreCommand(
          requestID: nil, digest: [], command: .importPatients(ImportPatients(rows: rows)), encodeReply: { _ in [] })))
  }

  @Test("Once adds, twice changes nothing, with another name updates; id and number stay")
  func rerun() throws {
    let core = try StoreCore.open(folder)
    defer { core.close() }
    let rows = [Self.row("a", .ana, seed: 1), Self.row("b", .beto, seed: 2)]
    #expect(try apply(core, rows) == ImportCounts(added: 2))
    let before = try core.allPatients()
    #expect(try apply(core, rows) == ImportCounts(unchanged: 2))
    var renamed = Patient.ana
    renamed.name.chosen = "Ñusta"
    #expect(try apply(core, [Self.row("a", renamed, seed: 9), rows[1]]) == ImportCounts(updated: 1, unchanged: 1))
    let after = try core.allPatients()
    #expect(after.map(\.id) == before.map(\.id) && after.map(\.number) == before.map(\.number))
    #expect(after[0].name.chosen == "Ñusta")
    #expect(core.check() == [])
  }

  @Test("Twins with the same NSS and birth date are two people, with numbers of their own even from one seed")
  func twins() throws {
    let core = try StoreCore.open(folder)
    defer { core.close() }
    #expect(try apply(core, [Self.row("t1", .carla, seed: 4), Self.row("t2", .carla, seed: 4)]) == ImportCounts(added: 2))
    #expect(Set(try core.allPatients().map(\.number)).count == 2)
  }

  @Test("Everything about a person comes back as it went in")
  func roundTrip() throws {
    let core = try StoreCore.open(folder)
    defer { core.close() }
    let whole = Patient(
      id: PatientID(rawValue: 1), nss: NSS("00809012347"), agregado: AgregadoMedico("2M1985OR"),
      curp: nil, number: PatientNumber(random: 77),
      name: PersonName(
        given: "María José", firstSurname: "Muñoz", secondSurname: "Ágüero", chosen: "Majo", pronoun: "ella"),
      birthDate: CivilDate(iso: "1985-04-30")!, phone: PhoneNumber("5512345678"), language: "nah",
      needs: ["lengua_de_senas", "sin_escaleras"], consultorio: .c(30), turno: .nocturno,
      rights: Rights(state: .baja, date: CivilDate(iso: "2026-10-01")))
    _ = try apply(core, [Self.row("w", whole, given: true)])
    #expect(try core.allPatients() == [whole])
  }

  @Test("A row whose given number somebody else has is left out and told; the others are taken")
  func takenNumber() throws {
    let core = try StoreCore.open(folder)
    defer { core.close() }
    _ = try apply(core, [Self.row("a", .ana, given: true)])
    var (other, second) = (Patient.dario, Patient.beto)
    other.number = Patient.ana.number
    second.id = PatientID(rawValue: 2)
    let rows = [Self.row("d", other, given: true), Self.row("b", second, given: true)]
    #expect(try apply(core, rows) == ImportCounts(added: 1, numberTaken: [0]))
    #expect(try core.allPatients() == [.ana, second])
  }
}
