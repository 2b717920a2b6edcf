internal import Glibc
internal import Testing

@testable internal import kiosk_dev

/// A file system of a few MiB in memory, for disks that fill up or cannot be written. Mounting needs root.
final class SmallDisk: Sendable {
  let path: String

  /// Mounts it over a folder that is there.
  init(at path: String, mebibytes: Int) async throws {
    self.path = path
    let run = try await ProgramRun.of("/bin/mount", ["-t", "tmpfs", "-o", "size=\(mebibytes)m,mode=0700", "tmpfs", path])
    guard run.status == 0 else { throw CampaignFault(run.text) }
  }

  deinit { umount2(path, Int32(MNT_DETACH)) }

  func makeReadOnly() async throws {
    let run = try await ProgramRun.of("/bin/mount", ["-o", "remount,ro", path])
    guard run.status == 0 else { throw CampaignFault(run.text) }
  }

  /// Takes every free byte.
  ///
  /// - Returns: the file that has them.
  func fill() throws -> String {
    let file = "\(path)/relleno"
    let descriptor = open(file, O_WRONLY | O_CREAT, 0o600)
    guard descriptor >= 0 else { throw CampaignFault("cannot write \(file)") }
    defer { close(descriptor) }
    let piece = [UInt8](repeating: 0x55, count: 4096)
    while write(descriptor, piece, piece.count) > 0 {}
    return file
  }

  static func canMount() async throws -> Bool {
    let folder = try CampaignFolder()
    return (try? await SmallDisk(at: folder.path, mebibytes: 1)) != nil
  }
}
