internal import ClinicDomain
internal import ClinicStore
internal import Foundation
internal import KioskServices
internal import Logging
internal import Scheduling

/// Writes the sheets of each morning and noon into a folder, so that they can be printed before the power goes.
///
/// A round is a folder of its own, "2026-11-24-0700", written under another name and renamed when it is whole: whoever prints what is there never
/// prints half of it. A round that is there is not written again, so a server that starts again at nine leaves the seven o'clock sheets
/// alone.
struct SheetKeeper: Sendable {
  /// Between two looks: sheets are some seconds late at most.
  static let patience = Duration.seconds(10)

  let counter: Counter
  let schedule: SheetSchedule
  let folder: String
  let now: @Sendable () -> Instant
  let logger: Logger

  /// Looks again and again until the task is cancelled.
  func run() async {
    repeat {
      do { if let round = try await look() { logger.info("hojas impresas", metadata: ["carpeta": "\(round)"]) } } catch {
        logger.warning("las hojas no se pudieron escribir; se intentará de nuevo", metadata: ["falla": "\(error)"])
      }
    } while (try? await Task.sleep(for: Self.patience)) != nil
  }

  /// Writes the round that is due and not there yet.
  ///
  /// - Returns: its folder's name; `nil` when there was nothing to write.
  func look() async throws -> String? {
    let (date, minute) = counter.rules.zone.local(of: now())
    guard let hour = schedule.due(at: minute) else { return nil }
    let name = "\(date)-\(hour.description.replacing(":", with: ""))"
    let (whole, part) = ("\(folder)/\(name)", "\(folder)/.\(name).en-curso")
    guard !FileManager.default.fileExists(atPath: whole) else { return nil }
    try? FileManager.default.removeItem(atPath: part)
    try FileManager.default.createDirectory(atPath: part, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o750])
    for sheet in try await counter.sheets(of: schedule, at: hour, on: date) {
      let base = "\(part)/\(sheet.fileName)"
      try Self.write(sheet.text, to: base + ".txt")
      for (number, page) in sheet.svgPages.enumerated() { try Self.write(page, to: "\(base)-\(number + 1).svg") }
    }
    try FileManager.default.moveItem(atPath: part, toPath: whole)
    return name
  }

  /// On the disk when it returns: the power may go in the next second.
  private static func write(_ text: String, to path: String) throws {
    guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o640]),
      let file = FileHandle(forWritingAtPath: path)
    else { throw CocoaError(.fileWriteUnknown) }
    defer { try? file.close() }
    try file.write(contentsOf: Data(text.utf8))
    try file.synchronize()
  }
}
