/// Who cares for a person. A person of no known institution is cared for free of charge by IMSS-Bienestar, and urgently by everybody.
package enum Institution: String, Hashable, Sendable, CaseIterable {
  case imss
  case imssBienestar = "imss-bienestar"
  case issste, pemex, sedena, semar
  /// None, or nobody knows.
  case none

  /// "IMSS-Bienestar".
  package var name: String {
    switch self {
    case .imss: "IMSS"
    case .imssBienestar: "IMSS-Bienestar"
    case .issste: "ISSSTE"
    case .pemex: "Pemex"
    case .sedena: "Sedena"
    case .semar: "Semar"
    case .none: "ninguna"
    }
  }

  /// Whose units are looked for: who has none goes to IMSS-Bienestar.
  package var caring: Institution { self == .none ? .imssBienestar : self }

  /// The three letters of the CLUES of its units, where one institution alone has them.
  package var cluesLetters: String? {
    switch self {
    case .imss: "IMS"
    case .issste: "IST"
    case .imssBienestar, .pemex, .sedena, .semar, .none: nil
    }
  }
}

/// What a person said last of whom they belong to.
package struct Affiliation: Hashable, Sendable {
  package var patient: PatientID
  package var institution: Institution
  package var saidAt: Instant

  package init(patient: PatientID, institution: Institution, saidAt: Instant) {
    self.patient = patient
    self.institution = institution
    self.saidAt = saidAt
  }
}

/// The text of a Servicio Universal de Salud credential's QR code, taken as it is: what it says inside was not published.
///
/// It is never kept, and proves nothing of who shows it. Source: domain, 0, point 14.
package struct UniversalCredential: Hashable, Sendable {
  /// What the largest QR code holds (version 40, level L, bytes). Source: ISO/IEC 18004.
  package static let maximumBytes = 2953

  /// Returns `nil` for a text that no scan gives: empty, longer than a code holds, or with characters that cannot be seen.
  package init?(_ text: String) {
    guard 1...Self.maximumBytes ~= text.utf8.count, text.contains(where: { !$0.isWhitespace }),
      !text.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\n" && $0 != "\r" && $0 != "\t" || $0.value == 0x7F })
    else { return nil }
  }
}
