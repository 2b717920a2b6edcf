internal import Foundation
internal import Glibc
internal import Synchronization

/// The samples of sounds that were heard lately, up to a bound: the same few menus are most of what a line says.
///
/// Whether a file is still what was read is looked at each time, so that a sound that was made anew is heard at once.
package final class SampleStore: Sendable {
  private struct Entry {
    let samples: [UInt8]
    let identity: Identity
    var use: UInt64
  }

  /// What tells one state of a file from another: a renamed file has another number.
  private struct Identity: Hashable {
    let number: UInt64
    let size: Int
    let seconds: Int
    let nanoseconds: Int

    init?(_ path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      (number, size) = (UInt64(status.st_ino), Int(status.st_size))
      (seconds, nanoseconds) = (Int(status.st_mtim.tv_sec), Int(status.st_mtim.tv_nsec))
    }
  }

  private struct State {
    var entries: [String: Entry] = [:]
    var bytes = 0
    var uses: UInt64 = 0
  }

  /// Seventeen minutes of speech.
  package static let bound = 16 << 20

  private let bound: Int
  private let state = Mutex(State())

  package init(bound: Int = SampleStore.bound) { self.bound = bound }

  /// What is kept now.
  package var bytes: Int { state.withLock(\.bytes) }

  /// The samples of a WAV file that Asterisk plays; `nil` for every other, and for one that is not there.
  package func samples(of path: String) -> [UInt8]? {
    guard let identity = Identity(path) else { return nil }
    let known: [UInt8]? = state.withLock { state in
      guard state.entries[path]?.identity == identity else { return nil }
      state.uses += 1
      state.entries[path]!.use = state.uses
      return state.entries[path]!.samples
    }
    if let known { return known }
    guard let bytes = FileManager.default.contents(atPath: path).map(Array.init), let wave = WaveFile(bytes), wave.isForAsterisk else {
      return nil
    }
    let samples = Array(bytes[wave.sound])
    keep(samples, of: path, identity)
    return samples
  }

  private func keep(_ samples: [UInt8], of path: String, _ identity: Identity) {
    state.withLock { state in
      state.bytes -= state.entries.removeValue(forKey: path)?.samples.count ?? 0
      guard samples.count <= bound else { return }
      while state.bytes + samples.count > bound, let oldest = state.entries.min(by: { $0.value.use < $1.value.use }) {
        state.bytes -= oldest.value.samples.count
        state.entries[oldest.key] = nil
      }
      state.uses += 1
      state.entries[path] = Entry(samples: samples, identity: identity, use: state.uses)
      state.bytes += samples.count
    }
  }
}
