internal import Foundation

/// What a WAV file is, as far as Asterisk cares: it plays 8 kHz, one channel, 16 bits, and nothing else under this name.
package struct WaveFile: Hashable, Sendable {
  package let sampleRate: Int
  package let channels: Int
  package let bits: Int
  package let isPCM: Bool
  /// Where the sound is among the bytes; in place of what was cut off nothing.
  package let sound: Range<Int>
  package var bytesOfSound: Int { sound.count }

  /// Returns `nil` for bytes that are no RIFF WAVE file with a format and data.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count >= 12, Self.text(bytes, 0) == "RIFF", Self.text(bytes, 8) == "WAVE" else { return nil }
    var format: Int?
    var data: Range<Int>?
    var offset = 12
    while offset + 8 <= bytes.count, data == nil {
      let length = Self.number(bytes, offset + 4, 4)
      switch Self.text(bytes, offset) {
      case "fmt " where length >= 16 && offset + 24 <= bytes.count: format = offset + 8
      // A program that wrote to a pipe did not know the length.
      case "data": data = offset + 8..<offset + 8 + min(length, bytes.count - offset - 8)
      default: break
      }
      offset += 8 + length + length % 2
    }
    guard let format, let data else { return nil }
    isPCM = Self.number(bytes, format, 2) == 1
    channels = Self.number(bytes, format + 2, 2)
    sampleRate = Self.number(bytes, format + 4, 4)
    bits = Self.number(bytes, format + 14, 2)
    sound = data
  }

  package var isForAsterisk: Bool { isPCM && sampleRate == 8000 && channels == 1 && bits == 16 }

  /// 0 for a format that Asterisk does not play.
  package var milliseconds: Int { isForAsterisk ? bytesOfSound / Self.bytesPerMillisecond : 0 }

  /// Of what Asterisk plays.
  static let bytesPerMillisecond = 16

  /// "44100 Hz, 2 canales, 16 bits"
  package var text: String {
    "\(sampleRate) Hz, \(channels) \(channels == 1 ? "canal" : "canales"), \(bits) bits\(isPCM ? "" : ", comprimido")"
  }

  /// What stands before so many bytes of sound that Asterisk plays.
  static func header(bytesOfSound: Int) -> Data {
    func number(_ value: Int, _ size: Int) -> [UInt8] { (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    return Data(
      Array("RIFF".utf8) + number(36 + bytesOfSound, 4) + Array("WAVEfmt ".utf8) + number(16, 4) + number(1, 2) + number(1, 2)
        + number(8000, 4) + number(16_000, 4) + number(2, 2) + number(16, 2) + Array("data".utf8) + number(bytesOfSound, 4))
  }

  private static func text(_ bytes: [UInt8], _ offset: Int) -> String {
    guard offset + 4 <= bytes.count else { return "" }
    return String(decoding: bytes[offset..<offset + 4], as: UTF8.self)
  }

  /// Little-endian.
  private static func number(_ bytes: [UInt8], _ offset: Int, _ size: Int) -> Int {
    (0..<size).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
  }
}
