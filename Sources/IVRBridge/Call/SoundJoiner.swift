internal import Foundation
internal import Glibc
package import Logging
internal import NIOPosix
internal import Synchronization

/// Makes one file of all that a step says, so that Asterisk plays it and takes keys with one command.
///
/// A key that ends while no command runs is thrown away, and a menu of six sounds has five gaps: with a real Asterisk 22 gaps of 20 ms lost
/// none of 720 keys, of 300 ms 408, and nobody promises how long a busy machine takes. `EXEC Background` and `EXEC Read` play several files
/// without a gap, but no EXEC ends when the bridge dies or is told to: the caller hears the whole menu before a person answers, instead of
/// 30 ms later; and Read leaves the digits in a channel variable. One file has neither fault. Besides, Asterisk writes the name of each
/// file that it plays into its log, beside the caller's number: the digits of an NSS that are read back, or what somebody suffers from. The
/// names of these files tell nothing.
///
/// A file lives as long as its step. It can be read by everybody who knows its name, which has 64 random bits, in a folder that cannot be listed.
package final class SoundJoiner: Sendable {
  /// Below the folder of sounds.
  package static let folderName = "juntos"
  /// So many of our files that Asterisk did not find, and it does not see our folder at all: its disk is another one.
  private static let mostUnseen = 3
  /// Older files are what a bridge left that was killed.
  private static let oldest: TimeInterval = 60

  private let sounds: String
  private let library: SoundLibrary
  private let logger: Logger
  private let unseen = Atomic(0)
  private let samples = SampleStore()

  private var folder: String { "\(sounds)/\(Self.folderName)" }

  /// - Parameter sounds: the folder of sounds on this machine's disk.
  /// - Returns: `nil`, and a line in the log, when nothing can be written there: every sound is then played by a command of its own.
  package init?(_ sounds: String, _ library: SoundLibrary, logger: Logger) {
    self.sounds = sounds
    self.library = library
    self.logger = logger
    guard FileManager.default.fileExists(atPath: sounds) else { return nil }
    let folder = "\(sounds)/\(Self.folderName)"
    // What a killed bridge left is young when its successor starts.
    Task {
      try? await Task.sleep(for: .seconds(Self.oldest + 5))
      _ = Self.prepare(folder)
    }
    guard Self.prepare(folder) else {
      logger.warning(
        "no se puede escribir en la carpeta de sonidos: una tecla entre dos sonidos puede perderse; dé permiso a ivr-bridge",
        metadata: ["carpeta": "\(folder)"])
      return nil
    }
  }

  private static func prepare(_ folder: String) -> Bool {
    let files = FileManager.default
    try? files.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
    for name in (try? files.contentsOfDirectory(atPath: folder)) ?? [] {
      let made = (try? files.attributesOfItem(atPath: "\(folder)/\(name)"))?[.modificationDate] as? Date
      if made.map({ $0.timeIntervalSinceNow < -oldest }) ?? true { try? files.removeItem(atPath: "\(folder)/\(name)") }
    }
    return files.isWritableFile(atPath: folder)
  }

  /// One file of all these sounds, made beside the threads that calls run on: a slow disk keeps its own call waiting and no other.
  func joined(_ parts: [Sound]) async -> JoinedSound? {
    guard !parts.isEmpty, unseen.load(ordering: .relaxed) < Self.mostUnseen else { return nil }
    return (try? await NIOThreadPool.singleton.runIfActive { self.join(parts) }) ?? nil
  }

  /// One file of all these sounds; of one alone too, so that its name tells nothing either.
  ///
  /// - Returns: `nil` where a part is not on this disk, or Asterisk does not see what is written here.
  package func join(_ parts: [Sound]) -> JoinedSound? {
    guard !parts.isEmpty, unseen.load(ordering: .relaxed) < Self.mostUnseen, let pieces = pieces(of: parts) else { return nil }
    let bytes = pieces.reduce(0) { $0 + $1.bytes }
    let name = String(UInt64.random(in: .min ... .max), radix: 16)
    let file = "\(folder)/\(name).wav"
    guard Self.write(bytes, pieces, to: file) else { return nil }
    let length = Duration.milliseconds(bytes / WaveFile.bytesPerMillisecond)
    return JoinedSound(name: name, sound: .file(library.asterisksName(of: "\(Self.folderName)/\(name)"), length: length), file: file)
  }

  /// Asterisk did not find one.
  func wasNotSeen() {
    guard unseen.add(1, ordering: .relaxed).newValue == Self.mostUnseen else { return }
    logger.error(
      "Asterisk no encuentra lo que ivr-bridge escribe en su carpeta de sonidos: cada sonido se toca aparte, y una tecla entre dos puede perderse",
      metadata: ["carpeta": "\(folder)"])
  }

  private enum Piece {
    case samples([UInt8])
    case silence(bytes: Int)

    var bytes: Int {
      switch self {
      case .samples(let samples): samples.count
      case .silence(let bytes): bytes
      }
    }
  }

  private func pieces(of parts: [Sound]) -> [Piece]? {
    var pieces: [Piece] = []
    func append(_ path: String?) -> Bool {
      guard let path, let found = samples.samples(of: "\(sounds)/\(path).wav") else { return false }
      pieces.append(.samples(found))
      return true
    }
    for part in parts {
      switch part {
      case .file(let name, _): guard append(path(of: name)) else { return nil }
      case .word(let name): guard append(own(name)) else { return nil }
      case .digits(let digits): for digit in digits { guard append(own("digits/\(digit)")) else { return nil } }
      case .number(let number):
        let words = SpanishWords.number(number)
        if words.isEmpty { return nil }
        for word in words { guard append(own(word)) else { return nil } }
      case .pause(let length): pieces.append(.silence(bytes: Int(length / .milliseconds(1)) * WaveFile.bytesPerMillisecond))
      }
    }
    return pieces
  }

  /// A prompt's path below our folder, from the name that Asterisk knows it by.
  private func path(of name: String) -> String? {
    if library.prefix.isEmpty { return name }
    return name.hasPrefix("\(library.prefix)/") ? String(name.dropFirst(library.prefix.count + 1)) : nil
  }

  private func own(_ word: String) -> String { "\(SoundWanted.asteriskFolder)/\(word)" }

  /// Nobody knows the name before it is whole. What is silent is a hole in the file.
  private static func write(_ bytes: Int, _ pieces: [Piece], to file: String) -> Bool {
    let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return false }
    // Whatever the service's umask is: Asterisk is somebody else.
    var isWhole = fchmod(descriptor, 0o644) == 0 && write(Array(WaveFile.header(bytesOfSound: bytes)), to: descriptor)
    for piece in pieces where isWhole {
      switch piece {
      case .samples(let samples): isWhole = write(samples, to: descriptor)
      case .silence(let bytes): isWhole = lseek(descriptor, bytes, SEEK_CUR) >= 0
      }
    }
    isWhole = isWhole && ftruncate(descriptor, lseek(descriptor, 0, SEEK_CUR)) == 0
    isWhole = Glibc.close(descriptor) == 0 && isWhole
    if !isWhole { unlink(file) }
    return isWhole
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      written += count
    }
    return true
  }
}

/// A file that one step of one call says.
package struct JoinedSound: Sendable {
  /// Tells nothing of what is heard.
  package let name: String
  package let sound: Sound
  package let file: String

  package func remove() { unlink(file) }
}
