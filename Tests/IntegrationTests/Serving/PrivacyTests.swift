internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("What never leaves the store")
struct PrivacyTests {
  /// A made-up person whose every word is found nowhere else.
  private static let nss = NSS(firstTenDigits: 77_712_345)!.description
  private static let curp = CURP(
    given: "Xiuhnel", firstSurname: "Quetzalzin", secondSurname: "Wuxchán", bornOn: CivilDate(iso: "1985-04-30")!, sex: .hombre,
    state: .oaxaca, homonym: 0)!.description
  private static let words = ["Xiuhnel", "Quetzalzin", "Wuxchán", "Ixpapalotl", "5512340099"]
  private static let header =
    "nss,agregado,curp,nombre,primer_apellido,segundo_apellido,nombre_social,telefono,fecha_nacimiento,sexo,derechos_estado"
  private static let row =
    "\(nss),1H1985OR,\(curp),Xiuhnel,Quetzalzin,Wuxchán,Ixpapalotl,5512340099,1985-04-30,H,VIGENTE\n"

  private static var canaries: [String] { [nss, curp] + words }

  @Test("A person's number, CURP, names, phone and session appear in no log at debug level, and in no error")
  func canaries() async throws {
    let folder = try CampaignFolder()
    try CampaignServer.prepare(CampaignClinic(), in: folder)
    let server = try await CampaignServer.start(in: folder, logLevel: "debug")
    let (kiosk, staff) = (try await server.connect(), try await server.connect(server.staff))
    var errors: [RPCError] = []
    func note(_ call: () async throws(RPCError) -> Void) async {
      errors.append(await refusal { () async throws(RPCError) in try await call() })
    }

    let operations = OperationsClient(staff)
    let imported = try await operations.importPatients(
      Wire.ImportPatientsRequest(header: Self.header, rows: Array(Self.row.utf8), firstLine: 2), options: .write(RequestIdentifier()))
    #expect(imported.added == 1)
    // The person is there, and every word of theirs can be found in the store: else the search below would prove nothing.
    let stored = try await StoreFileReader.rows("SELECT * FROM patient", in: server.databasePath).joined().joined(separator: " ")
    for canary in Self.canaries { #expect(stored.contains(canary), "\(canary)") }

    // Rows with one thing wrong each: the report names line and column.
    var problems: [Wire.RowProblem] = []
    for broken in ["1985-04-30", "VIGENTE", "H,", "1H1985OR", Self.curp, Self.nss, "5512340099"] {
      let row = Self.row.replacingOccurrence(of: broken, with: broken.dropLast() + "Ñ9")
      problems += try await operations.importPatients(
        Wire.ImportPatientsRequest(header: Self.header, rows: Array(row.utf8), firstLine: 2), options: .write(RequestIdentifier())
      ).problems
    }
    #expect(problems.count >= 7)

    let (patients, appointments) = (PatientsClient(kiosk), AppointmentsClient(kiosk))
    for identifier in [.nss(Self.nss), .curp(Self.curp), .nss(Self.nss + "1"), .patientNumber(Self.nss), .curp(Self.nss)]
      as [Wire.IdentifyRequest.Identifier]
    {
      await note { () async throws(RPCError) in
        _ = try await patients.identify(Wire.IdentifyRequest(identifier: identifier, birthDate: "1985-05-01", consultorio: "1"))
      }
    }
    let token = try await patients.identify(
      Wire.IdentifyRequest(identifier: .nss(Self.nss), birthDate: "1985-04-30")
    ).sessionToken
    for canary in Self.canaries {
      await note { () async throws(RPCError) in
        _ = try await patients.identify(Wire.IdentifyRequest(identifier: .curp(canary), birthDate: canary))
      }
      await note { () async throws(RPCError) in _ = try await appointments.find(Wire.FindRequest(service: canary)) }
      await note { () async throws(RPCError) in
        _ = try await appointments.find(Wire.FindRequest(service: CampaignClinic.service, date: canary))
      }
      await note { () async throws(RPCError) in
        _ = try await appointments.find(Wire.FindRequest(service: CampaignClinic.service, resource: canary))
      }
      await note { () async throws(RPCError) in _ = try await appointments.get(Wire.GetRequest(sessionToken: token, folio: canary)) }
      await note { () async throws(RPCError) in _ = try await appointments.list(Wire.ListRequest(sessionToken: canary)) }
      await note { () async throws(RPCError) in
        _ = try await appointments.hold(
          Wire.HoldRequest(sessionToken: token, slot: Wire.SlotChoice(service: canary, resource: canary, date: canary)),
          options: CallOptions(metadata: ["request-id": canary]))
      }
      await note { () async throws(RPCError) in
        _ = try await operations.importPatients(
          Wire.ImportPatientsRequest(header: canary, rows: Array(Self.row.utf8), firstLine: 2), options: .write(RequestIdentifier()))
      }
      await note { () async throws(RPCError) in _ = try await operations.backup(Wire.BackupRequest(fileName: "\(canary) .")) }
    }
    let slot = try #require(try await kiosk.freeSlots(token).first)
    _ = try await appointments.book(
      Wire.BookRequest(sessionToken: token, what: .slot(slot.choice)), options: .write(RequestIdentifier()))
    try await staff.importPeople(1...1)
    let other = try await kiosk.identify(CampaignPerson(number: 1))
    await note { () async throws(RPCError) in
      _ = try await appointments.book(
        Wire.BookRequest(sessionToken: other, what: .slot(slot.choice)), options: .write(RequestIdentifier()))
    }
    await kiosk.close()
    await staff.close()
    #expect(await server.stop() == 0)

    let told = errors.map { "\($0.message) \($0.details.map { String(decoding: $0.value, as: UTF8.self) })" } + problems.map(\.text)
    for canary in Self.canaries + [token] {
      #expect(!server.said.contains(canary), "\(canary) is in the log")
      #expect(!told.contains { $0.contains(canary) }, "\(canary) is in an error: \(told.first { $0.contains(canary) } ?? "")")
    }
    #expect(server.said.contains("escuchando"), "the log has what is told at its level")
  }
}

extension String {
  fileprivate func replacingOccurrence(of part: String, with other: String) -> String {
    guard let range = firstRange(of: part) else { return self }
    return self[..<range.lowerBound] + other + self[range.upperBound...]
  }
}
