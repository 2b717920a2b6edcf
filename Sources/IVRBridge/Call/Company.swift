internal import IVRDialogue
internal import Logging

/// Keeps a caller company while the clinic's server works: nothing for a second, then «un momento» again and again, with an ear for keys all
/// the while: without a command that waits for them Asterisk throws keys away.
///
/// 0 is a person here too: it ends what changes nothing. What changes something goes on to its outcome, which the caller is to hear.
struct Company {
  let call: PhoneCall
  let moment: [Sound]
  let errands: Errands

  /// The answer, as soon as it is there: what is playing then is interrupted. A hang-up ends the request.
  func untilAnswered(_ request: BackEndRequest, _ player: inout Player) async throws(CallStop) -> CallEvent {
    call.line.stopMeasuring()
    let answer = FirstOf<CallEvent>()
    call.line.whenEnded { _ in answer.finish(.hangUp) }
    let time = request.longestTime(call.limits)
    let result: Result<CallEvent, CallStop> = await withTaskGroup(of: Void.self) { group in
      group.addTask { [backEnd = call.backEnd, errands] in
        let begun = ContinuousClock.now
        // What was given back makes room for what is asked for now.
        await errands.settled()
        answer.finish(await backEnd.answer(request, within: max(.seconds(1), time - begun.duration(to: .now))))
      }
      defer { group.cancelAll() }
      return await keep(answer, request, atMost: time, &player)
    }
    return try result.get()
  }

  private func keep(
    _ answer: FirstOf<CallEvent>, _ request: BackEndRequest, atMost time: Duration, _ player: inout Player
  ) async -> Result<CallEvent, CallStop> {
    await answer.wait(atMost: call.limits.quickRequest)
    let silent = ContinuousClock.now + call.limits.silence
    while answer.value == nil {
      answer.onFinish { [line = call.line] in line.interrupt() }
      defer { answer.onFinish(nil) }
      let left = ContinuousClock.now.duration(to: silent)
      let sounds = left > .milliseconds(1) ? [Sound.pause(left)] : moment + [.pause(call.limits.betweenMoments)]
      do throws(CallStop) {
        let wantsPerson = try await playOnce(sounds, answer, &player)
        if wantsPerson, !request.writes { answer.finish(.digits("0")) }
      } catch {
        switch error {
        case .ended, .notUnderstood: return .failure(error)
        // Whoever was told to wait and hears nothing still waits.
        case .missing, .interrupted: await answer.wait(atMost: time)
        }
      }
    }
    return .success(answer.value ?? .hangUp)
  }

  /// - Returns: whether the caller asked for a person. A 0 behind other keys belongs to a number.
  private func playOnce(_ sounds: [Sound], _ answer: FirstOf<CallEvent>, _ player: inout Player) async throws(CallStop) -> Bool {
    // A sound that is interrupted is nothing to Asterisk; a wait for keys that is interrupted is a warning in its log each time.
    let joined = await call.joiner?.joined(sounds)
    defer { joined?.remove() }
    for sound in joined.map({ [$0.sound] }) ?? sounds where answer.value == nil {
      guard let key = try await player.play(sound, .all) else { continue }
      if key == "0", player.typedAhead.isEmpty { return true }
      if player.typedAhead.count < Self.mostKeysAhead { player.typedAhead.append(key) }
    }
    return false
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
