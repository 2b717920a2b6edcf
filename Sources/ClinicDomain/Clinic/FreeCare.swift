/// Where people without rights are cared for free of charge, and how they get the credential for it.
package struct FreeCare: Hashable, Sendable {
  package struct Unit: Hashable, Sendable {
    package var clues: CLUES
    /// "Centro de Salud La Pradera".
    package var name: String
    package var address: String
    /// "lunes a viernes de 8:00 a 20:00".
    package var hours: String

    package init(clues: CLUES, name: String, address: String, hours: String) {
      self.clues = clues
      self.name = name
      self.address = address
      self.hours = hours
    }
  }

  /// The nearest first; at least one, once a directory has been read for a clinic that names none itself.
  package var units: [Unit]
  /// What to bring, in the words that follow "Lleve".
  package var bring: [String]
  /// What to do for the credential, sentence by sentence; at least one.
  package var credential: [String]

  /// More than a caller, or somebody at a screen, can choose among.
  package static let maximumUnits = 5

  package init(units: [Unit], bring: [String], credential: [String]) {
    self.units = units
    self.bring = bring
    self.credential = credential
  }

  /// As what can be done instead: where to go, what to bring, and the credential, step by step. Never empty.
  package var steps: [NextStep] {
    let places = units.enumerated().map { place, unit in
      NextStep(code: "unidad_gratuita_\(place + 1)", text: "Le atienden sin costo en \(unit.name), \(unit.address), \(unit.hours).", clues: unit.clues)
    }
    let papers = bring.isEmpty ? [] : [NextStep(code: "unidad_gratuita_llevar", text: "Lleve \(bring.joined(separator: ", ")).")]
    return places + papers + credential.enumerated().map { NextStep(code: "credencial_\($0 + 1)", text: $1) }
  }
}
