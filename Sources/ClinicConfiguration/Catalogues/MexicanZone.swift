internal import ClinicDomain

/// A time zone of the country, by its IANA name.
///
/// Source: tz database, zone1970.tab of 2022g and later (after the abolition of daylight saving in October 2022), lines of MX.
struct MexicanZone: Hashable, Sendable {
  let name: String
  /// States with municipalities in the zone.
  let states: [BirthState]

  static let all: [MexicanZone] = [
    MexicanZone(
      name: "America/Mexico_City",
      states: [
        .aguascalientes, .chiapas, .ciudadDeMexico, .colima, .guanajuato, .guerrero, .hidalgo, .jalisco, .mexico, .michoacan,
        .morelos, .oaxaca, .puebla, .queretaro, .sanLuisPotosi, .tabasco, .tlaxcala, .veracruz, .zacatecas,
      ]),
    MexicanZone(name: "America/Cancun", states: [.quintanaRoo]),
    MexicanZone(name: "America/Merida", states: [.campeche, .yucatan]),
    MexicanZone(name: "America/Monterrey", states: [.coahuila, .durango, .nuevoLeon, .tamaulipas]),
    MexicanZone(name: "America/Matamoros", states: [.coahuila, .nuevoLeon, .tamaulipas]),
    MexicanZone(name: "America/Chihuahua", states: [.chihuahua]),
    MexicanZone(name: "America/Ciudad_Juarez", states: [.chihuahua]),
    MexicanZone(name: "America/Ojinaga", states: [.chihuahua]),
    MexicanZone(name: "America/Hermosillo", states: [.sonora]),
    MexicanZone(name: "America/Mazatlan", states: [.bajaCaliforniaSur, .nayarit, .sinaloa]),
    MexicanZone(name: "America/Bahia_Banderas", states: [.nayarit]),
    MexicanZone(name: "America/Tijuana", states: [.bajaCalifornia]),
  ]
}

extension ValueParser<String> {
  /// A zone of the country: `America/Mexico_City`.
  static let zone = ValueParser { text throws(Complaint) in
    let legal = MexicanZone.all.map(\.name)
    if legal.contains(text) { return text }
    let short = legal.first { Suggestion.nearest(to: text, among: [String($0.dropFirst("America/".count))]) != nil }
    let fix = short.map { "¿quiso decir \"\($0)\"?" } ?? Suggestion.fix(for: text, among: legal)
    throw Complaint("\"\(text.excerpt)\" no es una zona horaria de México", fix: fix)
  }
}
