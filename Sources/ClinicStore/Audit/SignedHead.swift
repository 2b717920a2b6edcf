internal import Crypto
package import ClinicDomain

/// What a clinic signs its heads with: 32 bytes, an Ed25519 key. It lies outside the store's folder, and whoever keeps the heads needs only
/// ``publicKey``.
package struct HeadKey: Sendable {
  package static let length = 32
  private let key: Curve25519.Signing.PrivateKey

  package init() { key = Curve25519.Signing.PrivateKey() }

  /// Returns `nil` for anything but 32 bytes.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.length, let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes) else { return nil }
    self.key = key
  }

  package var bytes: [UInt8] { Array(key.rawRepresentation) }

  package var publicKey: HeadPublicKey { HeadPublicKey(key: key.publicKey) }

  fileprivate func signature(of bytes: [UInt8]) -> [UInt8] {
    // Fails for no key that there is.
    (try? key.signature(for: bytes)).map(Array.init) ?? []
  }
}

/// By what a signed head is known. Text form: 64 hexadecimal digits.
package struct HeadPublicKey: Sendable, CustomStringConvertible {
  fileprivate let key: Curve25519.Signing.PublicKey

  fileprivate init(key: Curve25519.Signing.PublicKey) { self.key = key }

  package init?(text: String) {
    guard let bytes = Hexadecimal.bytes(of: text), bytes.count == 32, let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else { return nil }
    self.key = key
  }

  package var description: String { Hexadecimal.text(of: Array(key.rawRepresentation)) }
}

/// How far a clinic's history had come at an instant, signed: what is kept elsewhere, so that whoever holds the store's folder cannot write the
/// history anew to its end.
///
/// Text form, one line: the head, milliseconds since 1970 and the signature, "1534:9f86d0… 1795000000000 e3b0c4…".
package struct SignedHead: Hashable, Sendable, CustomStringConvertible {
  package var head: AuditHead
  package var at: Instant
  private var signature: [UInt8]

  package init(_ head: AuditHead, of clinic: CLUES, at: Instant, by key: HeadKey) {
    self.head = head
    self.at = at
    signature = key.signature(of: Self.content(head, clinic, at))
  }

  /// Returns `nil` for anything but the text form.
  package init?(line: String) {
    let parts = line.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 3, let head = AuditHead(text: String(parts[0])), let at = Int64(parts[1]),
      let signature = Hexadecimal.bytes(of: String(parts[2])), signature.count == 64
    else { return nil }
    (self.head, self.at, self.signature) = (head, Instant(milliseconds: at), signature)
  }

  package var description: String { "\(head) \(at.milliseconds) \(Hexadecimal.text(of: signature))" }

  /// Whether the clinic's own key signed exactly this.
  package func isSigned(for clinic: CLUES, by key: HeadPublicKey) -> Bool {
    key.key.isValidSignature(signature, for: Self.content(head, clinic, at))
  }

  private static func content(_ head: AuditHead, _ clinic: CLUES, _ at: Instant) -> [UInt8] {
    Array("ventanilla-cabeza-1\n\(clinic)\n\(head)\n\(at.milliseconds)\n".utf8)
  }
}
