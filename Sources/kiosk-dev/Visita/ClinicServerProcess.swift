internal import Foundation
internal import TTRPCNIO

/// kiosk-server as a child, and what it says.
final class ClinicServerProcess: Sendable {
  /// A database of a whole clinic opens in less than a second; a check after a crash may take longer.
  private static let longestStart = Duration.seconds(60)
  /// server.yaml lets calls finish for ten seconds; then it closes its store.
  private static let longestStop = Duration.seconds(30)

  private let child: ChildProcess
  private let place: VisitPlace
  /// The log, open: it changes its name.
  private let descriptor: Int32

  private init(child: ChildProcess, place: VisitPlace, descriptor: Int32) {
    self.child = child
    self.place = place
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Starts it with the clinic of kiosk-config; does not wait for it.
  static func start(_ place: VisitPlace) async throws(VisitFault) -> ClinicServerProcess {
    var arguments = ["--config", "kiosk-config/server.yaml", "--datos", place.folder]
    if !place.isDefault {
      arguments += ["--escucha", "tcp:127.0.0.1:\(place.port)=kiosco", "--escucha", "unix:\(place.staffSocket)=personal"]
    }
    // A file of its own until it listens: another server that still runs keeps the usual name.
    let descriptor = open(place.startLog, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw VisitFault("No se puede escribir \(place.startLog). Revise los permisos de la carpeta.")
    }
    let child = try await ChildProcess.start(try place.program("kiosk-server"), arguments, log: place.startLog)
    return ClinicServerProcess(child: child, place: place, descriptor: descriptor)
  }

  /// Where what it says is to be read.
  var log: String { FileManager.default.fileExists(atPath: place.startLog) ? place.startLog : place.serverLog }

  func exitStatus() async -> Int32 { await child.exitStatus() }

  /// Whether it ever listened.
  var wasReady: Bool { readyLine != nil }

  private var readyLine: ReadyLine? { ReadyLine(in: said(.beginning)) }

  /// Waits until it listens; one that ended instead is told by ``exitStatus()``.
  ///
  /// - Returns: where it listens for kiosks, as it says itself: server.yaml may name another port than ours.
  func untilReady() async throws -> TTRPCAddress {
    let end = ContinuousClock.now + Self.longestStart
    while true {
      if let line = readyLine {
        // It has the data folder for itself, so whoever had the usual log is gone.
        rename(place.startLog, place.serverLog)
        guard let kiosks = line.firstTCP else {
          throw VisitFault(
            "kiosk-server no escucha en ningún puerto TCP. Añada a kiosk-config/server.yaml una escucha tcp con papel kiosco.")
        }
        return kiosks
      }
      guard ContinuousClock.now < end else {
        throw VisitFault("kiosk-server no estuvo listo en \(Self.longestStart). Lo que dijo está en \(place.startLog).")
      }
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  /// Asks it to close in order and waits for its end.
  func stop() async -> Int32 { await child.stop(within: Self.longestStop) }

  var closedInOrder: Bool { lines(.end).contains { $0.contains("cerrado en orden") } }

  /// The end of what it said.
  func lastLines() -> [String] {
    let lines = lines(.end).filter { !$0.hasPrefix("lista") }.suffix(8)
    return lines.isEmpty ? ["kiosk-server terminó sin decir por qué."] : Array(lines)
  }

  private enum Part { case beginning, end }

  /// So much of the log is looked at, from either side.
  private static let lookedAt = 16_384

  private func lines(_ part: Part) -> [String] { said(part).split(separator: "\n").map(String.init) }

  private func said(_ part: Part) -> String {
    var bytes = [UInt8](repeating: 0, count: Self.lookedAt)
    let length = lseek(descriptor, 0, SEEK_END)
    let start = part == .beginning ? 0 : max(0, length - off_t(bytes.count))
    let count = pread(descriptor, &bytes, bytes.count, start)
    return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
  }
}
