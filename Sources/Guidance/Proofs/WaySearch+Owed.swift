extension WaySearch {
  /// What a caller is owed, whichever keys are pressed.
  func owedProblems() -> [GuideProblem] {
    farFromHelp()
      + problems(.noDontKnow) { $0.node.lacks(.dontKnow) }
      + problems(.noCannotWait) { situation in
        situation.node.lacks(.cannotWait) && situation.node.answers.contains { straightEnd(from: $0.next)?.isHelpNow == false }
      }
      + problems(.doubtGetsADate) { $0.known.contains(.doubt) && $0.node.disposition?.isHelpNow == false }
      + alarmsWithoutInstruction()
      + problems(.alarmGetsADate) { $0.known.contains(.alarm) && $0.node.disposition?.isHelpNow == false }
      + problems(.pregnantIsRefused) { $0.known.contains(.pregnant) && $0.node.disposition == .noPlace }
      + problems(.pregnantWaits) { $0.known.contains(.pregnant) && isTooLate($0.node.disposition, forPregnancy: true) }
      + problems(.promptSignWaits) { $0.known.contains(.promptSign) && isTooLate($0.node.disposition, forPregnancy: false) }
      + problems(.identityBeforeEmergency) { situation in
        situation.known.contains(.identified) && situation.node.isEmergency
          || situation.known.contains(.alarm) && situation.node.isIdentification
      }
      + lateEmergencies()
      + problems(.onsetNotAsked) { $0.known.contains(.owesOnset) && $0.node.disposition != nil }
  }

  private func farFromHelp() -> [GuideProblem] {
    guide.languages.filter { $0.coverage == .complete }.flatMap { entry in
      problems(.farFromHelp(entry.language)) { situation in
        guard situation.node.disposition == nil else { return false }
        return pressesToHelp(from: situation.node, in: entry.language) ?? .max > GuideLimits.pressesToHelp
      }
    }
  }

  private func alarmsWithoutInstruction() -> [GuideProblem] {
    let reached = Set(situations.map(\.node.id))
    return guide.nodes.filter { reached.contains($0.id) }.flatMap { node in
      node.answers.filter { $0.marks.alarm != nil && guide[$0.next]?.isEmergency == false }.map { answer in
        var path = path(to: node.id)
        path.steps.append(GuidePath.Step(node: node.id, how: .pressed(answer.key)))
        path.end = answer.next
        return GuideProblem(.alarmWithoutInstruction, at: node.id, key: answer.key, path: path)
      }
    }
  }

  /// What a pregnant caller, or one with a sign that cannot wait, is not to be given. No answer within the term is followed by a
  /// person, at once.
  private func isTooLate(_ disposition: Disposition?, forPregnancy: Bool) -> Bool {
    switch disposition {
    case nil, .emergency911, .urgencias, .person: return false
    case .callback(let minutes): return !forPregnancy || minutes > GuideLimits.prenatalCallbackMinutes
    case .appointment(let term, let otherwise), .teleconsultation(let term, let otherwise):
      let days = forPregnancy ? GuideLimits.prenatalDays : GuideLimits.promptDays
      return term.days > days || straightEnd(from: otherwise)?.isHelpNow != true
    case .homeVisit: return true
    // Said once, under the rule that is about it.
    case .noPlace: return !forPregnancy
    }
  }

  /// Ways of two prompts, all of them, for a guide that can raise a code.
  private func lateEmergencies() -> [GuideProblem] {
    guard guide.nodes.contains(where: { $0.answers.contains { $0.marks.code != nil } }) else { return [] }
    guard let first = guide[guide.start], !first.isEmergency else { return [] }
    guard !first.ways.isEmpty else { return [GuideProblem(.emergencyIsLate, at: first.id, path: GuidePath(end: first.id))] }
    return first.ways.filter { guide[$0.next]?.isEmergency == false }.map { way in
      let path = GuidePath([GuidePath.Step(node: first.id, how: way.how)], end: way.next)
      return GuideProblem(.emergencyIsLate, at: first.id, key: way.answer?.key, path: path)
    }
  }
}

extension Node {
  fileprivate func lacks(_ meaning: Answer.Meaning) -> Bool {
    if case .question(let answers) = kind { !answers.contains { $0.meaning == meaning } } else { false }
  }

  fileprivate var isIdentification: Bool {
    if case .identification = kind { true } else { false }
  }
}
