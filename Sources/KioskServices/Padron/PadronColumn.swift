/// The columns of a padrón file, by their names in its first row. Their order in the file is free.
package enum PadronColumn: String, Hashable, Sendable, CaseIterable {
  case nss
  case agregado
  case curp
  case numeroPaciente = "numero_paciente"
  case nombre
  case primerApellido = "primer_apellido"
  case segundoApellido = "segundo_apellido"
  case nombreSocial = "nombre_social"
  case pronombre
  case fechaNacimiento = "fecha_nacimiento"
  case sexo
  case telefono
  case idioma
  case necesidades
  case consultorio
  case turno
  case derechosEstado = "derechos_estado"
  case derechosHasta = "derechos_hasta"
  case ordinal

  /// Whether the column must be there, and every row must fill it.
  package var isRequired: Bool {
    switch self {
    case .nombre, .primerApellido, .fechaNacimiento, .derechosEstado: true
    default: false
    }
  }

  /// What to write in it, for the technician.
  package var explanation: String {
    switch self {
    case .nss: "Número de Seguridad Social, 11 dígitos; toda la familia lleva el del titular"
    case .agregado: "agregado médico de la Cartilla, como 1H1985OR; obligatorio si hay nss"
    case .curp: "CURP, 18 caracteres"
    case .numeroPaciente: "número de paciente de la clínica, 9 dígitos; vacío: se asigna uno"
    case .nombre: "nombre o nombres, como en el acta"
    case .primerApellido: "primer apellido"
    case .segundoApellido: "segundo apellido"
    case .nombreSocial: "nombre con el que se llama a la persona"
    case .pronombre: "pronombre de la persona"
    case .fechaNacimiento: "AAAA-MM-DD"
    case .sexo: "H, M o X, como en la CURP"
    case .telefono: "10 dígitos, o + y clave de país"
    case .idioma: "código del idioma: es, nah, yua, tzh…; vacío: es"
    case .necesidades: "separadas por punto y coma: sin_escaleras;lectura;señas;sordera (a quien tiene señas o sordera nunca se le llama)"
    case .consultorio: "número del consultorio asignado"
    case .turno: "turno asignado: matutino, vespertino…"
    case .derechosEstado: "VIGENTE, CONSERVACION_DERECHOS, BAJA, PENSION_TRAMITE, CON_DERECHO, FALLECIDO o VIGENTE_POR_PRORROGA"
    case .derechosHasta: "último día del estado, AAAA-MM-DD; en BAJA, el día de la baja; vacío: sin fecha conocida"
    case .ordinal: "lugar de la persona en su familia, desde 1"
    }
  }

  /// What `kioskctl padron import --help` says about the file.
  package static let help = """
    El archivo es un CSV en UTF-8, separado por comas, con los nombres de las columnas en su primera fila, en cualquier \
    orden. Las marcadas con * son obligatorias.

    \(allCases.map(\.helpLine).joined(separator: "\n"))

    Una fila con problemas no se importa: queda en el informe, con su línea, su columna y qué corregir. Importar otra vez \
    el mismo archivo no duplica a nadie: una persona es la misma si coinciden nss, agregado y CURP; si no tiene CURP, nss, \
    agregado, fecha de nacimiento y nombres. Quien recibe después su CURP sigue siendo la misma persona.
    """

  private var helpLine: String {
    let name = rawValue + (isRequired ? " *" : "")
    return "  " + name + String(repeating: " ", count: 20 - name.count) + explanation
  }
}
