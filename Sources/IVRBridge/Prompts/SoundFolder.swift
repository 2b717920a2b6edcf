internal import Foundation
internal import Guidance

/// The folder of sounds: what is in it, what is not, and how it becomes what it should be.
package struct SoundFolder: Sendable {
  /// Where sounds are.
  package let path: String
  /// Where people's recordings are, a folder for each language.
  package let recordings: String

  package init(path: String, recordings: String) {
    self.path = path
    self.recordings = recordings
  }

  /// What would have to be done for one sound.
  package enum Standing: Hashable, Sendable {
    case ready(PromptManifest.Entry)
    /// It is not there, or was made of other words.
    case toMake(recording: String?)
    /// No voice speaks the language, and nobody has recorded it.
    case unrecorded
  }

  package func standing(of sound: SoundWanted, _ manifest: PromptManifest) -> Standing {
    let recording = "\(recordings)/\(sound.folder)/\(sound.name).wav"
    let bytes = FileManager.default.contents(atPath: recording)
    let hash = bytes.map { SoundWanted.hash(Array($0)) } ?? sound.hash
    if let entry = manifest.sounds[sound.name], entry.hash == hash, FileManager.default.fileExists(atPath: file(of: sound)) {
      return .ready(entry)
    }
    if bytes != nil { return .toMake(recording: recording) }
    return sound.voice == nil ? .unrecorded : .toMake(recording: nil)
  }

  package func file(of sound: SoundWanted) -> String { "\(path)/\(sound.folder)/\(sound.name).wav" }

  package func manifests(of sounds: [SoundWanted]) -> [String: PromptManifest] {
    Dictionary(uniqueKeysWithValues: Set(sounds.map(\.folder)).map { ($0, PromptManifest(folder: "\(path)/\($0)")) })
  }

  /// The lengths of what is there, as ``SoundLibrary`` wants them.
  package func lengths(of sounds: [SoundWanted]) -> [String: Int] {
    let manifests = manifests(of: sounds)
    return Dictionary(
      sounds.compactMap { sound in
        manifests[sound.folder]?.sounds[sound.name].map { ("\(sound.folder)/\(sound.name)", $0.milliseconds) }
      }, uniquingKeysWith: { first, _ in first })
  }
}

// MARK: - Making what is missing

extension SoundFolder {
  package struct Report: Hashable, Sendable {
    package var made = 0
    package var kept = 0
    package var unrecorded: [SoundWanted] = []
    package var faults: [String] = []

    package init(made: Int = 0, kept: Int = 0, unrecorded: [SoundWanted] = [], faults: [String] = []) {
      (self.made, self.kept, self.unrecorded, self.faults) = (made, kept, unrecorded, faults)
    }
  }

  /// Makes what is missing and what says something else now; what is there and right is not touched, because it may be playing.
  ///
  /// - Parameter progress: so many of so many to make; called after each.
  package func render(
    _ sounds: [SoundWanted], with maker: SoundMaker, progress: @escaping @Sendable (Int, Int) -> Void
  ) async throws(SoundFault) -> Report {
    var manifests = manifests(of: sounds)
    var report = Report()
    var work: [(sound: SoundWanted, recording: String?)] = []
    for sound in sounds {
      switch standing(of: sound, manifests[sound.folder]!) {
      case .ready:
        report.kept += 1
        // Who reads a text changes nothing of its sound.
        manifests[sound.folder]!.sounds[sound.name]!.isReviewed = sound.isReviewed
      case .toMake(let recording): work.append((sound, recording))
      case .unrecorded: report.unrecorded.append(sound)
      }
    }
    for folder in Set(sounds.map { "\(path)/\($0.folder)/\($0.name)" }.map { ($0 as NSString).deletingLastPathComponent }) {
      do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
        throw SoundFault("No se puede usar la carpeta \(folder): \(error.localizedDescription)")
      }
    }
    for (sound, result) in await make(work, with: maker, progress: progress) {
      switch result {
      case .success(let entry):
        manifests[sound.folder]!.sounds[sound.name] = entry
        report.made += 1
      case .failure(let fault): report.faults.append("\(sound.folder)/\(sound.name): \(fault)")
      }
    }
    let wanted = Set(sounds)
    for (folder, manifest) in manifests {
      var manifest = manifest
      let names = Set(wanted.filter { $0.folder == folder }.map(\.name))
      manifest.sounds = manifest.sounds.filter { names.contains($0.key) }
      do { try manifest.write(folder: "\(path)/\(folder)") } catch {
        throw SoundFault("No se puede escribir en \(path)/\(folder): \(error.localizedDescription)")
      }
    }
    return report
  }

  private typealias Made = (SoundWanted, Result<PromptManifest.Entry, SoundFault>)

  /// Two at a time: espeak-ng and sox are one core each.
  private func make(
    _ work: [(sound: SoundWanted, recording: String?)], with maker: SoundMaker, progress: @escaping @Sendable (Int, Int) -> Void
  ) async -> [Made] {
    await withTaskGroup(of: Made.self) { group in
      var (waiting, done) = (work[...], [Made]())
      for _ in 0..<2 { if let next = waiting.popFirst() { group.addTask { self.make(next.sound, next.recording, maker) } } }
      while let one = await group.next() {
        done.append(one)
        progress(done.count, work.count)
        if let next = waiting.popFirst() { group.addTask { self.make(next.sound, next.recording, maker) } }
      }
      return done
    }
  }

  private func make(_ sound: SoundWanted, _ recording: String?, _ maker: SoundMaker) -> Made {
    do throws(SoundFault) {
      let file = file(of: sound)
      if let recording {
        try maker.convert(recording: recording, into: file)
      } else {
        try maker.speak(sound.words, voice: sound.voice ?? "", into: file)
      }
      guard let bytes = FileManager.default.contents(atPath: file), let wave = WaveFile(Array(bytes)), wave.isForAsterisk,
        wave.milliseconds > 0
      else { throw SoundFault("no salió ningún sonido") }
      let hash = recording.flatMap { FileManager.default.contents(atPath: $0) }.map { SoundWanted.hash(Array($0)) } ?? sound.hash
      return (
        sound,
        .success(
          PromptManifest.Entry(
            hash: hash, voice: recording == nil ? "espeak-ng \(sound.voice ?? "")" : "grabación", milliseconds: wave.milliseconds,
            isReviewed: sound.isReviewed))
      )
    } catch {
      return (sound, .failure(error))
    }
  }
}
