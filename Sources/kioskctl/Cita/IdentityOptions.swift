internal import ArgumentParser
internal import ClinicDomain
internal import Foundation
internal import VentanillaMessages

/// Who says they are here, and for whom.
struct IdentityOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Número de Seguridad Social, 11 dígitos.", valueName: "nss"),
    transform: { text in try Self.checked { () throws(NSSFault) in try NSS(parsing: text) } })
  var nss: NSS?

  @Option(
    help: ArgumentHelp("Número de paciente de la clínica, 9 dígitos.", valueName: "número"),
    transform: { text in try Self.checked { () throws(PatientNumberFault) in try PatientNumber(parsing: text) } })
  var numero: PatientNumber?

  @Option(
    help: ArgumentHelp("CURP, 18 caracteres.", valueName: "curp"),
    transform: { text in try Self.checked { () throws(CURPFault) in try CURP(parsing: text) } })
  var curp: CURP?

  @Option(
    help: ArgumentHelp("Fecha de nacimiento de esa persona: 1985-04-30 o 30041985.", valueName: "fecha"),
    transform: { text in
      try Self.checked { () throws(BirthDateFault) in try BirthDate(parsing: text, today: .today) }
    })
  var nacimiento: BirthDate?

  @Option(
    help: ArgumentHelp("Su consultorio, 12 o C12; hace falta con --curp si no va --agregado.", valueName: "número"),
    transform: { text in
      guard let id = Int(text).flatMap({ ResourceID(.consultorio, $0) }) ?? ResourceID(text: text), id.kind == .consultorio else {
        throw ValidationError("Escriba el número del consultorio, por ejemplo 12.")
      }
      return id
    })
  var consultorio: ResourceID?

  @Option(
    help: ArgumentHelp("Su agregado médico, los 8 caracteres de la Cartilla.", valueName: "agregado"),
    transform: { text in try Self.checked { () throws(AgregadoMedicoFault) in try AgregadoMedico(parsing: text, today: .today) } })
  var agregado: AgregadoMedico?

  @Option(help: ArgumentHelp("Cuál, cuando varias personas tienen el mismo NSS y nacimiento: desde 1.", valueName: "n"))
  var ordinal: Int32 = 0

  @Option(help: ArgumentHelp("Para quién, por su número en `cita familia`; 0 es quien se identifica.", valueName: "n"))
  var persona: Int32 = 0

  func validate() throws {
    let identifiers = [nss != nil, numero != nil, curp != nil].count { $0 }
    guard identifiers <= 1 else { throw ValidationError("Diga quién es con uno solo: --nss, --numero o --curp.") }
    guard identifiers == 0 || nacimiento != nil else {
      throw ValidationError("Falta --nacimiento, la fecha de nacimiento de esa persona. Por ejemplo: --nacimiento 1985-04-30")
    }
    guard identifiers == 1 || nacimiento == nil else {
      throw ValidationError("Falta el número de quien nació ese día: --nss, --numero o --curp.")
    }
    guard curp == nil || consultorio != nil || agregado != nil else {
      throw ValidationError("Con --curp falta --consultorio o --agregado: la CURP ya dice la fecha de nacimiento.")
    }
    guard ordinal >= 0 else { throw ValidationError("--ordinal empieza en 1.") }
    guard persona >= 0 else { throw ValidationError("--persona: 0 es quien se identifica, y los demás siguen desde 1.") }
    guard identifiers == 1 || (persona == 0 && ordinal == 0) else { throw Self.missing }
  }

  /// `nil` when nobody was named.
  var request: Wire.IdentifyRequest? {
    guard let nacimiento else { return nil }
    var request = Wire.IdentifyRequest(birthDate: nacimiento.description, ordinal: ordinal)
    request.consultorio = consultorio?.description ?? ""
    request.agregado = agregado?.description ?? ""
    if let nss { request.identifier = .nss(nss.description) }
    if let numero { request.identifier = .patientNumber(numero.description) }
    if let curp { request.identifier = .curp(curp.description) }
    return request
  }

  /// For commands that need somebody.
  func required() throws -> Wire.IdentifyRequest {
    guard let request else { throw Self.missing }
    return request
  }

  /// For commands that have no place for another person: with `--persona` they would act for whoever is identified, without a word.
  func requiredForThemselves() throws -> Wire.IdentifyRequest {
    guard persona == 0 else {
      throw ValidationError(
        "Esto es de quien se identifica: quite --persona. Si es de otra persona, dé el número y el nacimiento de ella.")
    }
    return try required()
  }

  private static let missing = ValidationError(
    "Falta decir quién es: --nss, --numero o --curp, con --nacimiento. Por ejemplo: --numero 482011570 --nacimiento 1985-04-30")

  static func checked<Value, Fault: IdentifierFault>(_ parse: () throws(Fault) -> Value) throws -> Value {
    do { return try parse() } catch { throw ValidationError(error.mensaje) }
  }
}

extension CivilDate {
  /// The date in Greenwich, which Mexico never runs ahead of; the server judges by its own.
  static var today: CivilDate { epoch.advanced(by: Int(Date().timeIntervalSince1970 / 86_400)) }

  private static let epoch = CivilDate(year: 1970, month: 1, day: 1)!
}
