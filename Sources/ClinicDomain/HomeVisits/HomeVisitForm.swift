/// What trámite IMSS-03-019 (Atención Médica Domiciliaria) asks for besides who the person is: their consultorio and turno, an address, a
/// telephone and who asks. What is `nil` is taken from the person's record.
///
/// Source: domain, trámite 18 (IMSS-03-019: name, NSS, consultorio and turno, address, telephone, applicant).
package struct HomeVisitForm: Hashable, Sendable {
  package var address: HomeAddress
  package var applicant: String
  /// What the applicant is to the person: "hija"; empty for the person themselves.
  package var kinship: String
  package var phone: PhoneNumber?
  package var consultorio: ResourceID?
  package var turno: TurnoCode?

  /// - Throws: for an applicant that is missing or no line of text.
  package init(
    address: HomeAddress, applicant: String, kinship: String = "", phone: PhoneNumber? = nil, consultorio: ResourceID? = nil,
    turno: TurnoCode? = nil
  ) throws(HomeVisitFormFault) {
    self.address = address
    self.applicant = try HomeVisitField.applicant.line(applicant, atMost: 100)
    self.kinship = try HomeVisitField.kinship.line(kinship, atMost: 40, mayBeEmpty: true)
    self.phone = phone
    self.consultorio = consultorio
    self.turno = turno
  }
}

/// Where the clinic goes. Nothing that is shown, said, logged or counted has any of it but a day's route.
package struct HomeAddress: Hashable, Sendable {
  /// Street and number.
  package var street: String
  /// The colonia.
  package var neighbourhood: String
  package var postalCode: PostalCode
  /// How the door is found; may be empty.
  package var references: String

  /// - Throws: for the first field that is missing or cannot be read, in the order of the parameters.
  package init(
    street: String, neighbourhood: String, postalCode: String, references: String = ""
  ) throws(HomeVisitFormFault) {
    self.street = try HomeVisitField.street.line(street, atMost: 120)
    self.neighbourhood = try HomeVisitField.neighbourhood.line(neighbourhood, atMost: 80)
    let written = try HomeVisitField.postalCode.line(postalCode, atMost: 20)
    guard let code = PostalCode(written) else { throw HomeVisitFormFault(.postalCode, .notPostalCode) }
    self.postalCode = code
    self.references = try HomeVisitField.references.line(references, atMost: 200, mayBeEmpty: true)
  }
}

/// One of the data of the request; the raw value is its name on the wire.
package enum HomeVisitField: String, Hashable, Sendable, CaseIterable {
  case street
  case neighbourhood
  case postalCode = "postal_code"
  case references
  case phone
  case applicant
  case kinship
  case consultorio
  case turno

  /// With its article: "la calle y el número del domicilio".
  package var spanishName: String {
    switch self {
    case .street: "la calle y el número del domicilio"
    case .neighbourhood: "la colonia del domicilio"
    case .postalCode: "el código postal del domicilio"
    case .references: "las señas para llegar"
    case .phone: "un teléfono"
    case .applicant: "el nombre de quien pide la visita"
    case .kinship: "el parentesco de quien pide la visita"
    case .consultorio: "el consultorio de la persona"
    case .turno: "el turno de la persona"
    }
  }

  /// One line of text; spaces around it are dropped.
  fileprivate func line(_ text: String, atMost bytes: Int, mayBeEmpty: Bool = false) throws(HomeVisitFormFault) -> String {
    let core = text.drop { $0 == " " }
    let line = String(core[..<(core.lastIndex { $0 != " " }.map(core.index(after:)) ?? core.startIndex)])
    guard mayBeEmpty || !line.isEmpty else { throw HomeVisitFormFault(self, .missing) }
    guard line.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else { throw HomeVisitFormFault(self, .notOneLine) }
    guard line.utf8.count <= bytes else { throw HomeVisitFormFault(self, .tooLong(bytes)) }
    return line
  }
}

/// Which of the data is missing or cannot be read.
package struct HomeVisitFormFault: Error, Hashable, Sendable {
  package enum Problem: Hashable, Sendable {
    case missing
    case notOneLine
    /// The bytes that it may have.
    case tooLong(Int)
    case notPostalCode
  }

  package var field: HomeVisitField
  package var problem: Problem

  package init(_ field: HomeVisitField, _ problem: Problem) {
    self.field = field
    self.problem = problem
  }

  /// What to write instead.
  package var mensaje: String {
    switch problem {
    case .missing: "falta \(field.spanishName)"
    case .notOneLine: "escriba \(field.spanishName) en un solo renglón"
    case .tooLong(let bytes): "escriba \(field.spanishName) en \(bytes) bytes o menos"
    case .notPostalCode: "el código postal tiene cinco dígitos, por ejemplo 07300"
    }
  }
}
