internal import TTRPCCore
internal import VentanillaMessages

/// Limits of a peer that says nothing and of one that reads nothing: nothing can be said to either, so the server's count tells.
extension LimitRounds {
  struct Waiting {
    let silent: HostileSocket
    let deaf: HostileSocket
    let before: [LimitName: Int]
    let began = ContinuousClock.now
  }

  /// One has been answered and falls silent; the other asks without end and reads not one answer.
  mutating func beginWaiting() async throws -> Waiting {
    let waiting = Waiting(
      silent: try sockets(1, target.kiosks)[0], deaf: try sockets(1, target.phone)[0], before: try await target.counts())
    try await waiting.silent.say(HostileFrame.request(MethodTable.Health.check, []))
    let question = Encoded(Wire.FindRequest(service: CampaignClinic.service, limit: 100)).bytes
    try await waiting.deaf.sayUntilStuck { HostileFrame.request(MethodTable.Appointments.find, question, stream: 2 * $0 + 1) }
    return waiting
  }

  /// Waits until both are closed, and the server has counted them.
  mutating func end(_ waiting: Waiting) async throws {
    // What is looked at twice may be noticed after twice its time; silence a seventh late.
    let longest = max(limits.idleTime, limits.writeStall) * 2.5 + Self.patience
    var counts = waiting.before
    let wanted: [LimitName] = [.idleTime, .writeStall]
    while waiting.began.duration(to: .now) < longest {
      counts = try await target.counts()
      if wanted.allSatisfy({ counts[$0, default: 0] > waiting.before[$0, default: 0] }) { break }
      try await Task.sleep(for: .milliseconds(100))
    }
    for limit in wanted { note(limit, isTold: counts[limit, default: 0] > waiting.before[limit, default: 0]) }
  }
}
