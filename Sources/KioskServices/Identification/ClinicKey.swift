internal import Crypto

/// The clinic's own secret, under which identifiers are counted: 32 bytes of chance, made once, kept in a file of mode 0600.
///
/// A count under it tells nothing to who reads the database without it: NSS are few enough to be tried through a plain hash. It is in
/// no backup; a restored store forgets the failures of two days, and nothing else. It is not printable, so that no log has it.
package struct ClinicKey: Sendable {
  package static let length = 32
  private let key: SymmetricKey

  /// Returns `nil` unless there are ``length`` bytes.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.length else { return nil }
    key = SymmetricKey(data: bytes)
  }

  private init(_ key: SymmetricKey) { self.key = key }

  /// A new one, from the system's generator.
  package static func random() -> ClinicKey { ClinicKey(SymmetricKey(size: .bits256)) }

  /// For the file that keeps it.
  package var bytes: [UInt8] { key.withUnsafeBytes { Array($0) } }

  /// HMAC-SHA256 of a text, 32 bytes; the kind keeps equal texts of two kinds apart.
  package func index(_ kind: String, _ text: String) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: Array("\(kind)|\(text)".utf8), using: key))
  }
}

extension ClinicKey: CustomStringConvertible, CustomReflectable {
  package var description: String { "ClinicKey" }
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}
