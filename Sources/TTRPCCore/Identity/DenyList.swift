/// The certificates that are not to be let in although their authority signed them: lost, stolen, retired.
///
/// One serial a line in hexadecimal, and after `#` who it was and why; empty lines and lines that are all comment are left out.
package struct DenyList: Hashable, Sendable {
  package let serials: Set<CertificateSerial>

  package static let empty = DenyList(serials: [])

  package init(serials: Set<CertificateSerial>) { self.serials = serials }

  /// - Throws: the first line, from 1, that is no serial. A list that cannot be read in full is not in force in part.
  package init(text: String) throws(DenyListFault) {
    var serials: Set<CertificateSerial> = []
    // Windows ends a line with one Character that is not "\n".
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
      if words.isEmpty { continue }
      guard words.count == 1, let serial = CertificateSerial(hexadecimal: words[0]) else { throw DenyListFault(line: index + 1) }
      serials.insert(serial)
    }
    self.init(serials: serials)
  }

  package func contains(_ serial: CertificateSerial) -> Bool { serials.contains(serial) }
}

/// A line of a deny-list that is neither a serial nor a comment.
package struct DenyListFault: Error, Hashable, Sendable {
  /// From 1.
  package let line: Int
}
