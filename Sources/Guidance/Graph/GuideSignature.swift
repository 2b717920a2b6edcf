package import ClinicDomain

/// The SHA-256 of a guide's canonical form; made where cryptography may be imported, compared here.
///
/// Text form: 64 hexadecimal digits in lower case.
package struct ContentHash: Hashable, Sendable, CustomStringConvertible {
  package let description: String

  package init?(_ text: some StringProtocol) {
    let digits = text.utf8
    let isHexadecimal = digits.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    guard digits.count == 64, isHexadecimal else { return nil }
    description = String(text)
  }

  /// - Precondition: 32 bytes, as SHA-256 gives.
  package init(bytes: some Sequence<UInt8>) {
    let digits = Array("0123456789abcdef")
    let text = String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    precondition(text.utf8.count == 64, "a SHA-256 has 32 bytes")
    description = text
  }
}

/// A named clinician's answer for one content: whoever changes a letter of it needs a new one.
package struct GuideSignature: Hashable, Sendable {
  package var clinician: String
  /// The clinician's cédula profesional: 5 to 8 digits.
  package var licence: String
  package var date: CivilDate
  package var hash: ContentHash

  package init(clinician: String, licence: String, date: CivilDate, hash: ContentHash) {
    self.clinician = clinician
    self.licence = licence
    self.date = date
    self.hash = hash
  }
}

/// Which guide, exactly: stands in every session's record.
package struct GuideEdition: Hashable, Sendable {
  package let guide: GuideID
  package let version: Int
  package let hash: ContentHash

  package init(of guide: Guide, hash: ContentHash) {
    self.guide = guide.id
    self.version = guide.version
    self.hash = hash
  }
}

/// How strictly guidance is read. A file cannot choose its own: who plays it does.
package enum GuidanceProfile: String, Hashable, Sendable, CaseIterable {
  /// For callers: what nobody signed ends only in 911, Urgencias, a person or an appointment.
  case production = "produccion"
  /// For trying out content that waits for its signature.
  case trial = "prueba"
}
