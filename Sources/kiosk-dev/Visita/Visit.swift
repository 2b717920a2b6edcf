internal import Foundation
internal import TerminalText

/// One run from the padrón to the server's last word.
struct Visit {
  /// What a shell says of a program that Ctrl-C ended.
  private static let interrupted: Int32 = 130

  let place: VisitPlace
  let people: Int
  let endsAfterWalk: Bool
  let narrator: Narrator

  /// What ended the run.
  private enum Ending {
    /// The walk is over and nothing else was asked for; `false` when a step was not as promised.
    case walked(Bool)
    case asked
    case serverEnded(Int32)
    case failed(VisitFault)
  }

  /// - Returns: the exit status.
  func run() async throws -> Int32 {
    try place.make()
    let padron = try PadronPreparation(place: place, people: people, narrator: narrator)
    try padron.makeFile()
    let signals = StopSignals()
    let server = try await ClinicServerProcess.start(place)
    let walked = Outcome()
    let telephone = TelephoneBridge()
    return await withTaskGroup(of: Ending.self) { group in
      group.addTask { await work(padron, server, telephone, walked) }
      group.addTask {
        await signals.next()
        return .asked
      }
      group.addTask { .serverEnded(await server.exitStatus()) }
      let ending = await group.next() ?? .asked
      group.cancelAll()
      await telephone.stop()
      let status = await finish(ending, server, walkHeld: await walked.value)
      return status
    }
  }

  private func work(_ padron: PadronPreparation, _ server: ClinicServerProcess, _ telephone: TelephoneBridge, _ walked: Outcome) async -> Ending {
    do {
      let kiosks = try await server.untilReady()
      narrator.line("El servidor escucha en \(kiosks) (kioscos) y en \(place.staffSocket) (personal).")
      try await padron.importOnce()
      let held = try await Walk.run(kiosks: kiosks, padron: padron.path, narrator: narrator)
      await walked.set(held)
      guard !endsAfterWalk else { return .walked(held) }
    } catch let fault as VisitFault {
      return .failed(fault)
    } catch {
      return .failed(VisitFault("\(error)"))
    }
    await telephone.start(place, narrator)
    narrator.thingsToTry(place)
    while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
    return .asked
  }

  /// Stops the server in order and says how the run ended.
  private func finish(_ ending: Ending, _ server: ClinicServerProcess, walkHeld: Bool?) async -> Int32 {
    if case .serverEnded(let status) = ending {
      if server.wasReady { narrator.failure("kiosk-server terminó solo, con estado \(status). Lo último que dijo:") }
      for line in server.lastLines() { narrator.failure(line) }
      return status == 0 ? 1 : status
    }
    if case .failed(let fault) = ending { narrator.failure(fault.sentence) }
    let status = await server.stop()
    narrator.line("kiosk-server: \(server.closedInOrder ? "cerrado en orden" : "no dijo «cerrado en orden»; vea \(server.log)")")
    switch ending {
    case .failed, .walked(false): return 1
    case .asked where endsAfterWalk && walkHeld != true: return Self.interrupted
    // Nothing to complain about before the walk ended.
    case .walked, .asked, .serverEnded: return (walkHeld ?? true) && server.closedInOrder ? status : max(status, 1)
    }
  }
}

/// Whether the walk held, told from one task to another; `nil` before it ended.
private actor Outcome {
  private(set) var value: Bool?
  func set(_ value: Bool) { self.value = value }
}
