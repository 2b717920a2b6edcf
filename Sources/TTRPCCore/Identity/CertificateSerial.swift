/// The number that a certificate authority gave a certificate: what a deny-list names it by.
package struct CertificateSerial: Hashable, Sendable, CustomStringConvertible {
  /// Big-endian, without leading zeros; empty for 0.
  private let bytes: [UInt8]

  /// RFC 5280 §4.1.2.2: at most 20 octets.
  package static let maxLength = 20

  package init(bytes: some Sequence<UInt8>) { self.bytes = Array(bytes.drop { $0 == 0 }) }

  /// Reads hexadecimal digits of either case, with or without colons between pairs, as openssl prints them.
  ///
  /// `nil` for anything else, for no digit, and for more than ``maxLength`` octets.
  package init?(hexadecimal text: some StringProtocol) {
    let pieces = text.split(separator: ":", omittingEmptySubsequences: false)
    guard pieces.count == 1 || pieces.allSatisfy({ $0.utf8.count == 2 }) else { return nil }
    let digits = pieces.joined()
    let values = digits.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue.map(UInt8.init) }
    guard !values.isEmpty, values.count == digits.utf8.count else { return nil }
    let padded = values.count % 2 == 0 ? values : [0] + values
    self.init(bytes: stride(from: 0, to: padded.count, by: 2).map { padded[$0] << 4 | padded[$0 + 1] })
    guard bytes.count <= Self.maxLength else { return nil }
  }

  /// Lower-case hexadecimal, two digits an octet.
  package var description: String {
    if bytes.isEmpty { return "00" }
    return bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}
