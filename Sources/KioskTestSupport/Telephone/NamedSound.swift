internal import Foundation

/// A WAV file that says its own name: a scripted Asterisk that plays a file joined of several knows what a caller would hear, and when.
package enum NamedSound {
  /// What begins a sound: a pattern, how many bytes of samples it has, and its name.
  private static let pattern: [UInt8] = [0x01, 0x7F, 0x02, 0x7E, 0x03, 0x7D, 0x04, 0x7C]
  private static let headBytes = 14
  private static let bytesPerMillisecond = 16

  /// A file of 8 kHz, one channel, 16 bits.
  package static func wave(_ name: String, milliseconds: Int) -> [UInt8] {
    let samples = samples(name, milliseconds: milliseconds)
    return Array("RIFF".utf8) + number(36 + samples.count, 4) + Array("WAVEfmt ".utf8) + number(16, 4) + number(1, 2) + number(1, 2)
      + number(8000, 4) + number(16_000, 4) + number(2, 2) + number(16, 2) + Array("data".utf8) + number(samples.count, 4) + samples
  }

  /// Writes one as `<folder>/<name>.wav`.
  package static func write(_ name: String, milliseconds: Int, in folder: String) throws {
    let file = URL(filePath: "\(folder)/\(name).wav")
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(wave(name, milliseconds: milliseconds)).write(to: file)
  }

  private static func samples(_ name: String, milliseconds: Int) -> [UInt8] {
    let text = Array(name.utf8)
    let count = max(milliseconds * bytesPerMillisecond, (headBytes + text.count + 15) / 16 * 16)
    return pattern + number(count, 4) + number(text.count, 2) + text + [UInt8](repeating: 0x11, count: count - headBytes - text.count)
  }

  /// What is heard in a file, in order; `nil` for one that is not made of these.
  static func pieces(of file: [UInt8]) -> [AsteriskPiece]? {
    let headerBytes = 44
    guard file.count > headerBytes else { return nil }
    var pieces: [AsteriskPiece] = []
    var place = headerBytes
    while place < file.count {
      let start = place
      var name: String?
      if file[place...].starts(with: pattern), place + headBytes <= file.count {
        let text = place + headBytes..<place + headBytes + value(file, place + 12, 2)
        guard text.upperBound <= file.count else { return nil }
        name = String(decoding: file[text], as: UTF8.self)
        place += value(file, place + 8, 4)
      } else if file[place] == 0 {
        while place < file.count, file[place] == 0 { place += 1 }
      } else {
        return nil
      }
      pieces.append(
        AsteriskPiece(
          name: name.map(heard), offset: .milliseconds((start - headerBytes) / bytesPerMillisecond),
          length: .milliseconds((place - start) / bytesPerMillisecond)))
    }
    return pieces
  }

  /// As it is heard when it is played alone.
  private static func heard(_ name: String) -> String {
    let own = "asterisk/es_MX/"
    return name.hasPrefix(own) ? String(name.dropFirst(own.count)) : "ventanilla/\(name)"
  }

  private static func number(_ value: Int, _ size: Int) -> [UInt8] { (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }

  private static func value(_ bytes: [UInt8], _ offset: Int, _ size: Int) -> Int {
    (0..<size).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
  }
}

/// A part of what one order plays.
struct AsteriskPiece: Hashable {
  /// `nil` for silence.
  let name: String?
  /// From the order's beginning.
  let offset: Duration
  let length: Duration
}
