import IVRBridge
import Testing

@Suite("WAV files for Asterisk")
struct WaveFileTests {
  /// A WAV as sox writes it, with another chunk before the sound.
  static func wave(rate: Int = 8000, channels: Int = 1, bits: Int = 16, format: Int = 1, sound: Int = 160, says: Int? = nil, fill: UInt8 = 0) -> [UInt8] {
    func number(_ value: Int, _ size: Int) -> [UInt8] { (0..<size).map { UInt8(value >> (8 * $0) & 0xFF) } }
    let fmt =
      number(format, 2) + number(channels, 2) + number(rate, 4) + number(rate * channels * bits / 8, 4)
      + number(channels * bits / 8, 2) + number(bits, 2)
    return Array("RIFF".utf8) + number(36 + 13 + sound, 4) + Array("WAVEfmt ".utf8) + number(16, 4) + fmt
      + Array("LIST".utf8) + number(5, 4) + [1, 2, 3, 4, 5, 0] + Array("data".utf8) + number(says ?? sound, 4)
      + [UInt8](repeating: fill, count: sound)
  }

  @Test("What Asterisk plays is told from what it does not, and how long it is", arguments: [
    (wave(), true, 10), (wave(sound: 16_000), true, 1000), (wave(rate: 16_000), false, 0), (wave(channels: 2), false, 0),
    (wave(bits: 8), false, 0), (wave(format: 6), false, 0),
    // Written to a pipe: the length is a guess.
    (wave(sound: 320, says: 0x7FFF_FFFF), true, 20),
  ])
  func formats(bytes: [UInt8], isForAsterisk: Bool, milliseconds: Int) throws {
    let file = try #require(WaveFile(bytes))
    #expect(file.isForAsterisk == isForAsterisk)
    #expect(file.milliseconds == milliseconds)
  }

  @Test("Bytes cut off anywhere are no file, or one with less sound, and nothing worse")
  func cut() {
    let bytes = Self.wave()
    for count in 0..<bytes.count {
      let file = WaveFile(Array(bytes[..<count]))
      #expect(file == nil || file!.bytesOfSound <= 160)
    }
    #expect(WaveFile(Array("RIFF____WAVE".utf8)) == nil)
  }
}
