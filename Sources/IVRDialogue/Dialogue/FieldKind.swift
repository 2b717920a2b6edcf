/// What a caller can type.
package enum FieldKind: String, Hashable, Sendable, CaseIterable {
  case nss
  case patientNumber = "paciente"
  /// DDMMAAAA.
  case birthDate = "nacimiento"
  /// Which of several people with one identifier and birth date.
  case ordinal = "persona"
  case folio
  /// The six digits that another channel gave.
  case code = "codigo"
  /// DDMM: the next day that is called so, today included.
  case date = "fecha"
  /// Ten digits.
  case phone = "telefono"

  package var digits: Int {
    switch self {
    case .nss: 11
    case .patientNumber: 9
    case .birthDate: 8
    case .ordinal: 1
    case .folio: 12
    case .code: 6
    case .date: 4
    case .phone: 10
    }
  }

  /// Whether it says who calls.
  package var isIdentity: Bool {
    switch self {
    case .nss, .patientNumber, .birthDate, .ordinal, .folio, .code: true
    case .date, .phone: false
    }
  }
}
