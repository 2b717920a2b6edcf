internal import Foundation

/// The telephone of `make run`: sounds made on first use, and ivr-bridge as a child.
actor TelephoneBridge {
  private static let configuration = "kiosk-config/ivr-bridge.yaml"
  private static let longestStart = Duration.seconds(30)
  private static let longestStop = Duration.seconds(30)

  private var child: ChildProcess?

  /// Starts it, and says where it listens, or why there is no telephone: the clinic goes on without one.
  func start(_ place: VisitPlace, _ narrator: Narrator) async {
    guard place.isDefault else {
      return narrator.line("Sin teléfono: el puente llama al servidor en \(VisitPlace.defaultFolder), y éste está en otra carpeta.")
    }
    do throws(VisitFault) {
      try await makeSounds(place, narrator)
      try await serve(place, narrator)
    } catch {
      narrator.line("Sin teléfono: \(error.sentence)")
    }
  }

  /// Only what is missing is made: nothing at all the second time.
  private func makeSounds(_ place: VisitPlace, _ narrator: Narrator) async throws(VisitFault) {
    for program in ["espeak-ng", "sox"] where !FileManager.default.isExecutableFile(atPath: "/usr/bin/\(program)") {
      throw VisitFault("falta \(program), que hace los sonidos. Instálelo con: apt-get install espeak-ng sox")
    }
    let rendering = try await ChildProcess.start(
      try place.program("ivr-bridge"), ["prompts", "render", "--config", Self.configuration])
    guard await rendering.exitStatus() == 0 else { throw VisitFault("no se pudieron hacer todos los sonidos.") }
  }

  private func serve(_ place: VisitPlace, _ narrator: Narrator) async throws(VisitFault) {
    let log = "\(place.folder)/ivr-bridge.log"
    guard FileManager.default.createFile(atPath: log, contents: nil, attributes: [.posixPermissions: 0o600]) else {
      throw VisitFault("no se puede escribir \(log).")
    }
    let child = try await ChildProcess.start(
      try place.program("ivr-bridge"), ["serve", "--config", Self.configuration, "--bitacora", "info"], log: log)
    let end = ContinuousClock.now + Self.longestStart
    while true {
      let said = ((try? String(contentsOfFile: log, encoding: .utf8)) ?? "").split(separator: "\n")
      if let line = said.first(where: { $0.hasPrefix("lista: ") }) {
        self.child = child
        return narrator.line(
          "El puente telefónico escucha en \(line.dropFirst("lista: ".count)). README.md dice cómo apuntarle un Asterisk; sin uno, pruebe:  "
            + "\((try? place.program("ivr-bridge")) ?? "ivr-bridge") check")
      }
      guard !child.hasEnded, ContinuousClock.now < end else {
        child.send(SIGKILL)
        throw VisitFault(said.last.map(String.init) ?? "ivr-bridge no dijo por qué; vea \(log).")
      }
      try? await Task.sleep(for: .milliseconds(20))
    }
  }

  /// Its calls go to a person, and it ends.
  func stop() async { _ = await child?.stop(within: Self.longestStop) }
}
