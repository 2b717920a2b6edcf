internal import Foundation

/// kiosk-server as a child, and what it says.
final class ClinicServerProcess: Sendable {
  /// A database of a whole clinic opens in less than a second; a check after a crash may take longer.
  private static let longestStart = Duration.seconds(60)
  /// server.yaml lets calls finish for ten seconds; then it closes its store.
  private static let longestStop = Duration.seconds(30)

  private let child: ChildProcess
  private let log: String

  private init(child: ChildProcess, log: String) {
    self.child = child
    self.log = log
  }

  /// Starts it with the clinic of kiosk-config; does not wait for it.
  static func start(_ place: VisitPlace) async throws(VisitFault) -> ClinicServerProcess {
    var arguments = ["--config", "kiosk-config/server.yaml", "--datos", place.folder]
    if !place.isDefault {
      arguments += ["--escucha", "tcp:127.0.0.1:\(place.port)=kiosco", "--escucha", "unix:\(place.staffSocket)=personal"]
    }
    // A new file each time: another visita that still runs keeps writing to its own.
    try? FileManager.default.removeItem(atPath: place.serverLog)
    guard FileManager.default.createFile(atPath: place.serverLog, contents: nil) else {
      throw VisitFault("No se puede escribir \(place.serverLog). Revise los permisos de la carpeta.")
    }
    let child = try await ChildProcess.start(try place.program("kiosk-server"), arguments, log: place.serverLog)
    return ClinicServerProcess(child: child, log: place.serverLog)
  }

  func exitStatus() async -> Int32 { await child.exitStatus() }

  /// Whether it ever listened.
  var wasReady: Bool { lines().contains { $0.hasPrefix("lista") } }

  /// Returns when it listens; one that ended instead is told by ``exitStatus()``.
  func untilReady() async throws {
    let end = ContinuousClock.now + Self.longestStart
    while !wasReady {
      guard ContinuousClock.now < end else {
        throw VisitFault("kiosk-server no estuvo listo en \(Self.longestStart). Lo que dijo está en \(log).")
      }
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  /// Asks it to close in order and waits for its end.
  func stop() async -> Int32 {
    child.send(SIGTERM)
    let child = child
    let patience = Task {
      try await Task.sleep(for: Self.longestStop)
      child.send(SIGKILL)
    }
    defer { patience.cancel() }
    return await child.exitStatus()
  }

  var closedInOrder: Bool { lines().contains { $0.contains("cerrado en orden") } }

  /// The end of what it said.
  func lastLines() -> [String] {
    let lines = lines().suffix(8)
    return lines.isEmpty ? ["kiosk-server terminó sin decir por qué."] : Array(lines)
  }

  private func lines() -> [String] {
    let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init)
  }
}
