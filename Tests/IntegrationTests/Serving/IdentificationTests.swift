internal import Foundation
internal import KioskClient
internal import KioskServer
internal import NIOPosix
internal import TTRPCCore
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("Identification, by a whole server")
struct IdentificationTests {
  private static func request(_ person: Int, _ born: String) -> Wire.IdentifyRequest {
    Wire.IdentifyRequest(identifier: .nss(CampaignPerson(number: person).nss), birthDate: born)
  }

  private func code(_ transport: any RPCTransport, _ request: Wire.IdentifyRequest) async -> StatusCode {
    do throws(RPCError) { _ = try await PatientsClient(transport).identify(request) } catch { return error.code }
    return .ok
  }

  @Test("Failures are counted still after kill -9, for a person and for a kiosk; the key is one file of mode 0600 and in no log")
  func killed() async throws {
    let folder = try CampaignFolder()
    try CampaignServer.prepare(CampaignClinic(), in: folder)
    var server = try await CampaignServer.start(in: folder, logLevel: "debug")
    try await server.importPeople(1...2)
    let kiosk = try await server.connect()
    for day in 1...5 { #expect(await code(kiosk, Self.request(1, "1985-05-0\(day)")) == .unauthenticated) }
    for number in 3...17 { #expect(await code(kiosk, Self.request(number, "1985-05-01")) == .unauthenticated) }
    await server.kill()
    let key = try Data(contentsOf: URL(filePath: folder.path("datos/identificacion.llave")))
    let mode = try FileManager.default.attributesOfItem(atPath: folder.path("datos/identificacion.llave"))[.posixPermissions] as? Int
    #expect(key.count == 32 && mode == 0o600)
    var said = server.said

    server = try await CampaignServer.start(in: folder, logLevel: "debug")
    // The twentieth failure has locked the kiosk, so the other door of kiosks tells of the person.
    #expect(await code(try await server.connect(), Self.request(2, CampaignPerson.birthDate)) == .failedPrecondition)
    let tcp = try await server.connect(server.tcp)
    #expect(await code(tcp, Self.request(1, CampaignPerson.birthDate)) == .failedPrecondition)
    #expect(await code(tcp, Self.request(2, CampaignPerson.birthDate)) == .ok)
    let staff = IdentificationClient(try await server.connect(server.staff))
    let locked = try await staff.getState(.init()).locked.map(\.device)
    #expect(locked == ["kiosk/uid:\(geteuid())"])
    for what in [.device(locked.first ?? ""), .nss(CampaignPerson(number: 1).nss)] as [Wire.UnlockIdentificationRequest.What] {
      _ = try await staff.unlock(
        Wire.UnlockIdentificationRequest(what: what, reason: .deviceChecked), options: .write(RequestIdentifier()))
    }
    #expect(await code(try await server.connect(), Self.request(1, CampaignPerson.birthDate)) == .ok)
    #expect(await server.stop() == 0)
    said += server.said
    #expect(try Data(contentsOf: URL(filePath: folder.path("datos/identificacion.llave"))) == key)
    #expect(said.contains("ya no identifica a nadie"))
    let hex = key.map { String($0, radix: 16).count == 1 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
    for secret in [hex, key.base64EncodedString(), CampaignPerson(number: 1).nss] { #expect(!said.contains(secret)) }
  }

  @Test("A key that others can read, or that is no key, keeps the server from starting and stays as it is", arguments: [
    (0o644, 32, "otros usuarios lo pueden leer"), (0o600, 31, "debe tener 32 bytes"),
  ])
  func wrongKey(mode: Int, length: Int, sentence: String) async throws {
    let folder = try CampaignFolder()
    try FileManager.default.createDirectory(atPath: folder.path("datos"), withIntermediateDirectories: true)
    let path = folder.path("datos/identificacion.llave")
    FileManager.default.createFile(atPath: path, contents: Data(repeating: 7, count: length), attributes: [.posixPermissions: mode])
    var said = ""
    do { try await LocalServer.with(in: folder) { _ in } } catch { said = "\(error)" }
    #expect(said.contains(sentence), "\(said)")
    #expect(try Data(contentsOf: URL(filePath: path)).count == length)
  }

  @Test("A session ends with its connection, and outlasts one that comes again within the time")
  func disconnect() async throws {
    try await LocalServer.with { server in
      let (first, gone) = (try await server.connect(), try await server.connect())
      let (kept, lost) = (try await first.identify(CampaignPerson(number: 1)), try await gone.identify(CampaignPerson(number: 2)))
      await first.close()
      await gone.close()
      let again = try await server.connect()
      _ = try await AppointmentsClient(again).list(Wire.ListRequest(sessionToken: kept))
      // Longer than the registry lets a connection come again.
      try await Task.sleep(for: .seconds(11))
      _ = try await AppointmentsClient(again).list(Wire.ListRequest(sessionToken: kept))
      let error = await refusal { () async throws(RPCError) in
        try await AppointmentsClient(again).list(Wire.ListRequest(sessionToken: lost))
      }
      #expect(error.code == .unauthenticated)
      await again.close()
    }
  }

  @Test("kioskctl shows what failed and unlocks, with what staff read")
  func kioskctl() async throws {
    try await withServer { server in
      let tcp = try await server.connect(server.tcp)
      for number in 3...22 { #expect(await code(tcp, Self.request(number, "1985-05-01")) == .unauthenticated) }
      let program = try BuiltPrograms.path("kioskctl")
      let socket = server.folder.path("p.sock")
      let state = try await ProgramRun.of(program, ["identificacion", "estado", "--servidor", socket])
      #expect(state.status == 0)
      #expect(state.lines.first == "Intentos fallidos en la última hora: 20 (alarma desde 100). Hoy: kioscos 20.")
      #expect(state.text.contains("kiosk/127.0.0.1 espera al personal desde "))
      let unlock = try await ProgramRun.of(
        program, ["identificacion", "desbloquear", "--equipo", "kiosk/127.0.0.1", "--motivo", "equipo-revisado", "--servidor", socket])
      #expect(unlock.status == 0 && unlock.lines == ["Desbloqueado."])
      #expect(await code(tcp, Self.request(1, CampaignPerson.birthDate)) == .ok)
      let after = try await ProgramRun.of(program, ["identificacion", "estado", "--json", "--servidor", socket])
      #expect(after.text.contains("\"locked\": []") && after.text.contains("\"unlock-device\""), "\(after.text)")
    }
  }
}
