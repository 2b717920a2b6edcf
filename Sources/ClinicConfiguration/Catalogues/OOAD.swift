package import ClinicDomain

/// One of the institute's 35 regional offices (Órgano de Operación Administrativa Desconcentrada).
///
/// Source: domain, 1.5. One for each state but three: Ciudad de México, Estado de México and Veracruz have two each.
package struct OOAD: Hashable, Sendable {
  /// The name as it is stored and printed.
  package let name: String
  package let state: BirthState

  package static let all: [OOAD] = BirthState.allCases.flatMap { state -> [OOAD] in
    names(in: state).map { OOAD(name: $0, state: state) }
  }

  private static func names(in state: BirthState) -> [String] {
    switch state {
    case .ciudadDeMexico: ["Ciudad de México Norte", "Ciudad de México Sur"]
    case .mexico: ["México Oriente", "México Poniente"]
    case .veracruz: ["Veracruz Norte", "Veracruz Sur"]
    case .extranjero: []
    default: [state.spanishText]
    }
  }

  /// Other names that people write: "CDMX Norte", "Estado de México Oriente".
  fileprivate static let otherNames: [(String, String)] = [
    ("CDMX Norte", "Ciudad de México Norte"), ("CDMX Sur", "Ciudad de México Sur"),
    ("Estado de México Oriente", "México Oriente"), ("Estado de México Poniente", "México Poniente"),
  ]

  /// The zones that clocks in the state follow.
  var zones: [String] { MexicanZone.all.filter { $0.states.contains(state) }.map(\.name) }
}

extension ValueParser<OOAD> {
  /// By name; case and accents do not matter.
  static let ooad = ValueParser { text throws(Complaint) in
    let asked = text.trimmed.foldedSpanish
    let name = OOAD.otherNames.first { $0.0.foldedSpanish == asked }?.1.foldedSpanish ?? asked
    if let found = OOAD.all.first(where: { $0.name.foldedSpanish == name }) { return found }
    // "Veracruz" alone is far from both of its halves, yet says where to look.
    let begun = OOAD.all.filter { $0.name.foldedSpanish.hasPrefix(asked) && !asked.isEmpty }.map(\.name)
    let nearest = Suggestion.nearest(to: text, among: OOAD.all.map(\.name))
    let fix: String =
      if begun.count > 1 {
        "escriba \(begun.joined(separator: " o "))"
      } else if let nearest {
        "¿quiso decir \"\(nearest)\"?"
      } else {
        "escriba su nombre, como Jalisco o Ciudad de México Sur"
      }
    throw Complaint("\"\(text.excerpt)\" no es ninguno de los \(OOAD.all.count) OOAD", fix: fix)
  }
}
