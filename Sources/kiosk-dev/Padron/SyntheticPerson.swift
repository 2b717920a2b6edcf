internal import ClinicDomain

/// A person of the made-up population, as the file says it.
struct SyntheticPerson {
  var nss: NSS
  var agregado: String
  var curp: CURP?
  var number: PatientNumber?
  var given: String
  var firstSurname: String
  var secondSurname: String?
  var chosenName: String?
  var pronoun: String?
  var birthDate: CivilDate
  var sex: SexCode
  var phone: String?
  var language: String
  var needs: [String]
  var consultorio: Int
  var turno: String
  var rightsState: String
  var rightsUntil: CivilDate?
  var ordinal: Int

  static let header =
    "nss,agregado,curp,numero_paciente,nombre,primer_apellido,segundo_apellido,nombre_social,pronombre,fecha_nacimiento,"
    + "sexo,telefono,idioma,necesidades,consultorio,turno,derechos_estado,derechos_hasta,ordinal\n"

  /// In the order of ``header``, with its line feed; no value needs quotes.
  var csvLine: String {
    let fields: [String] = [
      nss.description, agregado, curp?.description ?? "", number?.description ?? "", given, firstSurname, secondSurname ?? "",
      chosenName ?? "", pronoun ?? "", birthDate.description, sex.rawValue, phone ?? "", language, needs.joined(separator: ";"),
      String(consultorio), turno, rightsState, rightsUntil?.description ?? "", String(ordinal),
    ]
    return fields.joined(separator: ",") + "\n"
  }
}
