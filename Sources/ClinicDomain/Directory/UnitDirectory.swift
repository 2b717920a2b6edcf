/// A place where people are cared for, of any institution.
package struct HealthUnit: Hashable, Sendable {
  package enum Care: String, Hashable, Sendable, CaseIterable {
    case urgencias
    case familyMedicine = "medicina_familiar"
    case childbirth = "partos"
    case vaccination = "vacunas"
    case hospital

    /// After "atiende": "urgencias y partos".
    package var spanishText: String {
      switch self {
      case .urgencias: "urgencias"
      case .familyMedicine: "medicina general"
      case .childbirth: "partos"
      case .vaccination: "vacunas"
      case .hospital: "hospitalización"
      }
    }
  }

  package var clues: CLUES
  package var institution: Institution
  /// "Centro de Salud La Pradera".
  package var name: String
  package var address: String
  package var postalCode: PostalCode
  /// "todos los días, a toda hora".
  package var hours: String
  package var phone: PhoneNumber?
  /// At least one, without repeats.
  package var care: [Care]

  package init(
    clues: CLUES, institution: Institution, name: String, address: String, postalCode: PostalCode, hours: String, phone: PhoneNumber? = nil,
    care: [Care]
  ) {
    self.clues = clues
    self.institution = institution
    self.name = name
    self.address = address
    self.postalCode = postalCode
    self.hours = hours
    self.phone = phone
    self.care = care
  }

  package var state: BirthState { clues.state }
}

/// The units that a clinic knows, on its own disk: nothing here needs the WAN.
package struct UnitDirectory: Hashable, Sendable {
  /// Ascending by CLUES, unique. Empty, or with an IMSS-Bienestar unit and one that gives urgent care.
  package var units: [HealthUnit]
  /// The clinic's own postal code: where nobody says theirs.
  package var postalCode: PostalCode?

  package static let empty = UnitDirectory(units: [], postalCode: nil)
  package static let maximumUnits = 400

  package init(units: [HealthUnit], postalCode: PostalCode?) {
    self.units = units
    self.postalCode = postalCode
  }

  package subscript(_ clues: CLUES) -> HealthUnit? { units.first { $0.clues == clues } }

  /// What is looked for.
  package struct Query: Hashable, Sendable {
    /// `nil` is any.
    package var institution: Institution?
    /// `nil` is the clinic's own.
    package var postalCode: PostalCode?
    package var state: BirthState?
    /// All of these.
    package var care: [HealthUnit.Care]
    package var limit: Int

    package init(
      institution: Institution? = nil, postalCode: PostalCode? = nil, state: BirthState? = nil, care: [HealthUnit.Care] = [], limit: Int = 3
    ) {
      self.institution = institution
      self.postalCode = postalCode
      self.state = state
      self.care = care
      self.limit = limit
    }
  }

  /// The units that fit, the nearest first: the more leading digits of the postal code are the same, then the smaller the difference of the
  /// numbers, then by CLUES.
  ///
  /// A unit of an institution that has any here is found from every postal code: how near it is only says how far down it stands. Where the
  /// institution has none that fits, those of IMSS-Bienestar that do are the answer.
  package func find(_ query: Query) -> [HealthUnit] {
    let fitting = units.filter { unit in
      (query.state == nil || unit.state == query.state) && query.care.allSatisfy(unit.care.contains)
    }
    var found = fitting
    if let institution = query.institution?.caring {
      found = fitting.filter { $0.institution == institution }
      if found.isEmpty { found = fitting.filter { $0.institution == .imssBienestar } }
    }
    guard let from = query.postalCode ?? postalCode else { return Array(found.prefix(query.limit)) }
    let byNearness = found.sorted { left, right in
      let (near, far) = (left.postalCode.distance(from: from), right.postalCode.distance(from: from))
      return near == far ? left.clues < right.clues : near < far
    }
    return Array(byNearness.prefix(query.limit))
  }
}

extension PostalCode {
  /// Smaller is nearer: first by how many leading digits are the same, then by the difference of the numbers.
  fileprivate func distance(from other: PostalCode) -> (Int, Int) {
    let same = zip(description.utf8, other.description.utf8).prefix { $0 == $1 }.count
    return (5 - same, abs(number - other.number))
  }
}
