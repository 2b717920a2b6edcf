import ClinicConfiguration
import ClinicDomain
import ClinicStore
import Foundation
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("Where people of any institution are cared for, over the contract")
struct DirectoryTests {
  /// The sample that ships with the project.
  static func rules() throws -> ClinicRules {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let sample = try ClinicConfiguration.load(path: root.appending(path: "kiosk-config/clinics/umf-muestra-30/clinic.yaml").path).value
    return .fixture { clinic in
      clinic.directory = sample.directory
      clinic.freeCare = sample.freeCare
    }
  }

  @Test("P09: a query by postal code returns at least one unit of the proper institution, from the clinic's own file", arguments: Depth.allCases)
  func byPostalCode(depth: Depth) async throws {
    try await withClinic(depth, rules: try Self.rules()) { clinic in
      for institution in [Wire.Institution.imss, .imssBienestar, .issste, .pemex, .sedena, .semar, .none] {
        for postalCode in ["07300", "06000", "55010", "83000", "97000"] {
          let found = try await clinic.directory().findUnits(.init(postalCode: postalCode, institution: institution)).units
          let proper: Wire.Institution = institution == .none ? .imssBienestar : institution
          #expect(!found.isEmpty && found.allSatisfy { $0.institution == proper }, "\(institution) \(postalCode)")
        }
      }
      let near = try await clinic.directory().findUnits(.init(postalCode: "55010", institution: .none, limit: 1)).units
      #expect(near.map(\.clues) == ["MCSSA999015"])
      #expect(near.first?.text == "Centro de Salud de Ecatepec de muestra (IMSS-Bienestar), Calle Inventada 80, col. Centro, C.P. 55000, lunes a sábado de 8:00 a 16:00.")
      let births = try await clinic.directory(.ivr).findUnits(.init(state: "DF", care: [.urgencias, .childbirth], limit: 50)).units
      #expect(births.count == 4 && births.allSatisfy { $0.care.contains(.childbirth) && $0.state == "DF" })
      #expect(try await clinic.directory().findUnits(.init(clues: "dfist999022")).units.map(\.institution) == [.issste])
    }
  }

  @Test("P08: who is of no known institution gets orientation and urgent routing, without saying who they are", arguments: [
    Wire.Institution.unspecified, .none, .issste, .sedena, .imss,
  ])
  func unknown(institution: Wire.Institution) async throws {
    try await withClinic(rules: try Self.rules()) { clinic in
      for role in [RoleSet.kiosk, .ivr, .staff] {
        let reply = try await clinic.directory(role).orient(.init(institution: institution, postalCode: "06000"))
        #expect(reply.steps.first?.code == "urgencias" && reply.steps.first?.text.contains("le reciben con o sin seguro") == true)
        #expect(reply.urgencias?.clues == "DFSSA004053" && reply.urgencias?.care.contains(.urgencias) == true)
        #expect(!reply.units.isEmpty)
        let isUninsured = institution == .unspecified || institution == .none
        #expect(reply.units.allSatisfy { $0.institution == (isUninsured ? .imssBienestar : institution) })
        #expect(reply.steps.contains { $0.code == "credencial_1" } == isUninsured)
      }
    }
  }

  @Test("P08: what a person says of their institution is kept; a credential's text is taken as it is and not kept; both lead to the proper units")
  func affiliation() async throws {
    try await withClinic(rules: try Self.rules()) { clinic in
      let token = try await clinic.session(.ana)
      let ask = Wire.OrientRequest(postalCode: "06000", sessionToken: token)
      #expect(try await clinic.directory().orient(ask).institution == .imss)
      _ = try await clinic.care().setInstitution(.init(sessionToken: token, institution: .issste), options: .write(someID))
      _ = try await clinic.care().setInstitution(.init(sessionToken: token, institution: .issste), options: .write(someID))
      let after = try await clinic.directory().orient(ask)
      #expect(after.institution == .issste && after.units.map(\.clues) == ["DFIST999022"])
      let shown = try await clinic.directory().orient(.init(postalCode: "06000", credential: "https://sus.example/c/8f3a"))
      #expect(shown.institution == .imssBienestar && !shown.steps.contains { $0.code.hasPrefix("credencial") })
      #expect(try await clinic.store.check() == [])
      let none = try await status { () throws(RPCError) in
        try await clinic.care().setInstitution(.init(sessionToken: token), options: .write())
      }
      #expect(none.code == .invalidArgument && none.message.hasPrefix("institution: "))
    }
  }

  @Test("P07: who lost their rights is sent to units of the directory")
  func referral() async throws {
    let gone = Patient.fixture(60, nss: "00997000070", rights: Rights(state: .baja, date: CivilDate.fixture.advanced(by: -57)))
    try await withClinic(people: [gone], rules: try Self.rules()) { clinic in
      let token = try await clinic.session(gone)
      let found = try await clinic.appointments().find(.init(sessionToken: token, service: "medicina_familiar"))
      let texts = found.steps.map(\.text).filter { $0.hasPrefix("Le atienden sin costo en ") }
      #expect(texts.count == 3 && texts[0].contains("Centro de Salud Muestra Norte, Av. Inventada 100"))
    }
  }

  @Test("Without a directory nobody is left without an answer: Urgencias, and what the clinic says to who has no rights")
  func empty() async throws {
    try await withClinic { clinic in
      let reply = try await clinic.directory().orient(.init())
      #expect(reply.steps.map(\.code) == ["urgencias", "imss_bienestar"] && reply.units.isEmpty)
      let none = try await status { () throws(RPCError) in try await clinic.directory().findUnits(.init(postalCode: "07300")) }
      #expect(none.code == .notFound && none.message.hasPrefix("Esta unidad no tiene directorio."))
    }
  }

  @Test("What cannot be read is named", arguments: [
    (Wire.FindUnitsRequest(clues: "DF"), "clues"), (.init(postalCode: "7300"), "postal_code"), (.init(state: "XX"), "state"),
    (.init(care: [.unspecified]), "care"), (.init(limit: 51), "limit"),
  ])
  func wrong(request: Wire.FindUnitsRequest, field: String) async throws {
    try await withClinic(rules: try Self.rules()) { clinic in
      let error = try await status { () throws(RPCError) in try await clinic.directory().findUnits(request) }
      #expect(error.code == .invalidArgument && error.message.hasPrefix("\(field): "))
      let credential = try await status { () throws(RPCError) in try await clinic.directory().orient(.init(credential: " ")) }
      #expect(credential.message.hasPrefix("credential: "))
    }
  }
}
