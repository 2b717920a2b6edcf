internal import IVRDialogue
internal import Logging

/// Keeps a caller company while the clinic's server works: nothing for a second, then «un momento» again and again, with an ear for keys all
/// the while: without a command that waits for them Asterisk throws keys away.
struct Company {
  let call: PhoneCall
  let moment: [Sound]

  /// The answer, as soon as it is there: what is playing then is interrupted. A hang-up ends the request.
  func untilAnswered(_ request: BackEndRequest, _ player: inout Player) async throws(CallStop) -> CallEvent {
    call.line.stopMeasuring()
    let answer = FirstOf<CallEvent>()
    call.line.whenEnded { _ in answer.finish(.hangUp) }
    let time = request.longestTime(call.limits)
    let result: Result<CallEvent, CallStop> = await withTaskGroup(of: Void.self) { group in
      group.addTask { [backEnd = call.backEnd] in answer.finish(await backEnd.answer(request, within: time)) }
      defer { group.cancelAll() }
      return await keep(answer, atMost: time, &player)
    }
    return try result.get()
  }

  private func keep(_ answer: FirstOf<CallEvent>, atMost time: Duration, _ player: inout Player) async -> Result<CallEvent, CallStop> {
    await answer.wait(atMost: call.limits.quickRequest)
    let silent = ContinuousClock.now + call.limits.silence
    while answer.value == nil {
      answer.onFinish { [line = call.line] in line.interrupt() }
      defer { answer.onFinish(nil) }
      let left = ContinuousClock.now.duration(to: silent)
      let sounds = left > .milliseconds(1) ? [Sound.pause(left)] : moment + [.pause(call.limits.betweenMoments)]
      do throws(CallStop) { try await playOnce(sounds, answer, &player) } catch {
        switch error {
        case .ended, .notUnderstood: return .failure(error)
        // Whoever was told to wait and hears nothing still waits.
        case .missing, .interrupted: await answer.wait(atMost: time)
        }
      }
    }
    return .success(answer.value ?? .hangUp)
  }

  private func playOnce(_ sounds: [Sound], _ answer: FirstOf<CallEvent>, _ player: inout Player) async throws(CallStop) {
    // A sound that is interrupted is nothing to Asterisk; a wait for keys that is interrupted is a warning in its log each time.
    let joined = call.joiner?.join(sounds)
    defer { joined?.remove() }
    for sound in joined.map({ [$0.sound] }) ?? sounds where answer.value == nil {
      if let key = try await player.play(sound, .all), player.typedAhead.count < Self.mostKeysAhead { player.typedAhead.append(key) }
    }
  }

  /// Keys that are kept for what comes next; more is no answer to anything.
  private static let mostKeysAhead = 20
}

extension BackEndRequest {
  /// To wait for a person takes as long as it says; all else is a matter of milliseconds.
  fileprivate func longestTime(_ limits: BridgeLimits) -> Duration {
    if case .awaitAlarm(let seconds) = self { .seconds(seconds) + limits.longestRequest } else { limits.longestRequest }
  }
}
