import ClinicConfiguration
import ClinicDomain
import Foundation
import Testing

@Suite("unidades_infarto in clinic.yaml")
struct UnitsTests {
  static let sample: String = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let file = root.appending(path: "kiosk-config/clinics/umf-rural-2/clinic.yaml")
    return (try? String(contentsOf: file, encoding: .utf8)) ?? ""
  }()

  static func read(_ old: String = "", _ new: String = "") throws(ConfigurationProblems) -> Configured<Clinic> {
    precondition(old.isEmpty || sample.contains(old), "not there: \(old)")
    return try ClinicConfiguration.read(bytes: Array((old.isEmpty ? sample : sample.replacing(old, with: new)).utf8), file: "clinic.yaml")
  }

  @Test("The nearest comes first, whatever the order of the file")
  func order() throws {
    let near = CapableUnit(
      name: "Hospital General de muestra", address: "calle Uno 10, colonia Centro", phone: PhoneNumber("5550109001")!, minutes: 12,
      doesHemodynamics: false)
    let far = CapableUnit(
      name: "Hospital de Cardiología de muestra", address: "avenida Dos 20, colonia Doctores", phone: PhoneNumber("5550109002")!,
      phoneExtension: "140", minutes: 25, doesHemodynamics: true)
    #expect(try Self.read().value.infarctionUnits == [near, far])
    let read = try Self.read("minutos: 25, hemodinamia", "minutos: 5, hemodinamia")
    #expect(read.value.infarctionUnits.map(\.minutes) == [5, 12])
  }

  @Test("Each wrong line is told with the fix", arguments: [
    ("\"5550109001\"", "\"555010900\"", "no es un teléfono de diez dígitos"),
    ("\"5550109001\"", "\"+13105550123\"", "no es un teléfono de diez dígitos"),
    ("extension: \"140\"", "extension: \"14a\"", "no es una extensión"),
    ("minutos: 12, hemodinamia", "minutos: 0, hemodinamia", "escriba un número de 1 a 600 minutos"),
    ("minutos: 12, hemodinamia: no", "minutos: 12", "falta \"hemodinamia\""),
    ("Hospital General de muestra", "Hospital de Cardiología de muestra", "deje una sola"),
    ("calle Uno 10, colonia Centro", "\(String(repeating: "calle ", count: 25))10", "y por teléfono caben 25; acórtelos"),
  ])
  func wrong(old: String, new: String, expected: String) {
    let error = #expect(throws: ConfigurationProblems.self) { try Self.read(old, new) }
    #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
  }

  @Test("An empty list is refused, and one in which nobody opens an artery is warned of")
  func empty() throws {
    let start = try #require(Self.sample.range(of: "unidades_infarto:")).lowerBound
    let text = Self.sample[..<start] + "unidades_infarto: []\n"
    let error = #expect(throws: ConfigurationProblems.self) { try ClinicConfiguration.read(bytes: Array(text.utf8), file: "clinic.yaml") }
    #expect(error?.description.contains("unidades_infarto está vacía: a quien le duele el pecho hay que decirle a dónde ir") == true)
    #expect(try Self.read("minutos: 25, hemodinamia: sí", "minutos: 25, hemodinamia: no").warnings.map(\.message).contains(
      "ninguna unidad de unidades_infarto hace hemodinamia"))
  }
}
