internal import Foundation

/// Makes one sound of one text, or of a person's recording, with espeak-ng and sox.
package struct SoundMaker: Sendable {
  /// Changes with every change of what the programs are told, so that all sounds are made again.
  static let recipe = "1"

  private let espeak: String
  private let sox: String

  /// - Throws: a sentence for the technician, when a program is missing.
  package init(path: String = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin") throws(SoundFault) {
    espeak = try Self.find("espeak-ng", path)
    sox = try Self.find("sox", path)
  }

  private static func find(_ program: String, _ path: String) throws(SoundFault) -> String {
    let places = path.split(separator: ":").map { "\($0)/\(program)" }
    guard let found = places.first(where: FileManager.default.isExecutableFile(atPath:)) else {
      throw SoundFault("Falta el programa \(program). Instálelo con: apt-get install espeak-ng sox")
    }
    return found
  }

  /// Speaks a text into a WAV of 8 kHz; the file is there whole or not at all.
  func speak(_ words: String, voice: String, into file: String) throws(SoundFault) {
    let spoken = "\(file).voz.wav"
    defer { try? FileManager.default.removeItem(atPath: spoken) }
    try run(espeak, ["-v", voice, "-s", "150", "-p", "45", "-a", "100", "-w", spoken, "--", words])
    try convert(spoken, into: file, Self.afterSpeech)
  }

  /// Brings a recording to what Asterisk plays.
  func convert(recording: String, into file: String) throws(SoundFault) {
    try convert(recording, into: file, ["gain", "-n", "-3"])
  }

  /// A telephone's band, without the silence around it. Without the first gain the filters clip.
  private static let afterSpeech = [
    "gain", "-6", "highpass", "200", "lowpass", "3400", "silence", "1", "0.01", "0.5%", "reverse", "silence", "1", "0.01", "0.5%",
    "reverse", "pad", "0.03", "0.08", "gain", "-n", "-3",
  ]

  private func convert(_ source: String, into file: String, _ effects: [String]) throws(SoundFault) {
    let part = "\(file).parte.wav"
    try run(sox, [source, "-r", "8000", "-c", "1", "-b", "16", "-e", "signed-integer", part] + effects)
    guard rename(part, file) == 0 else { throw SoundFault("No se puede escribir \(file): \(String(cString: strerror(errno))).") }
  }

  private func run(_ program: String, _ arguments: [String]) throws(SoundFault) {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    let errors = Pipe()
    process.standardError = errors
    do { try process.run() } catch { throw SoundFault("No se pudo iniciar \(program): \(error.localizedDescription)") }
    let said = (try? errors.fileHandleForReading.readToEnd()) ?? nil
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw SoundFault("\(program) terminó con \(process.terminationStatus): \(String(decoding: said ?? Data(), as: UTF8.self).prefix(300))")
    }
  }
}

/// Why a sound cannot be made; a sentence for the technician.
package struct SoundFault: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String
  init(_ description: String) { self.description = description }
}
