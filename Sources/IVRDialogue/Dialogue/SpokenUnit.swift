package import ClinicDomain

/// A unit of the directory as it is named aloud: one recording, found by its CLUES.
package struct SpokenUnit: Hashable, Sendable {
  package var clues: CLUES
  package var name: String
  package var address: String

  package init(clues: CLUES, name: String, address: String) {
    self.clues = clues
    self.name = name
    self.address = address
  }

  package var id: PromptID { PromptID("linea.unidad.\(clues.description.lowercased())") }

  /// "UMF 20, en avenida Vallejo 675, colonia Magdalena": abbreviations as they are said.
  package var words: String {
    address.isEmpty ? Self.said(name) : "\(Self.said(name)), en \(Self.said(address))"
  }

  private static let abbreviations = [
    ("av.", "avenida"), ("calz.", "calzada"), ("blvd.", "bulevar"), ("col.", "colonia"), ("fracc.", "fraccionamiento"), ("esq.", "esquina con"),
    ("no.", "número"), ("núm.", "número"), ("int.", "interior"), ("s/n", "sin número"), ("prol.", "prolongación"), ("carr.", "carretera"),
  ]

  private static func said(_ text: String) -> String {
    text.split(separator: " ").map { word in
      let bare = word.lowercased()
      let comma = bare.hasSuffix(",") ? "," : ""
      let found = abbreviations.first { $0.0 == bare.dropLast(comma.count) }
      return found.map { $0.1 + comma } ?? String(word)
    }.joined(separator: " ")
  }
}

extension Clinic {
  /// Whatever unit a caller may be sent to: the directory's, and those that the clinic itself names for who has no insurance.
  package var spokenUnits: [SpokenUnit] {
    let known = directory.units.map { SpokenUnit(clues: $0.clues, name: $0.name, address: $0.address) }
    let free = (freeCare?.units ?? []).filter { directory[$0.clues] == nil }
    return known + free.map { SpokenUnit(clues: $0.clues, name: $0.name, address: $0.address) }
  }
}
