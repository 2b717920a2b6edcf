package import ClinicDomain

/// Counts an answer to the survey.
package struct CountAnswer: Hashable, Sendable {
  package var channel: Channel
  /// Legal by ``SurveyCell/isDialogue(_:)``.
  package var dialogue: String
  package var isResolved: Bool

  package init(channel: Channel, dialogue: String, isResolved: Bool) {
    self.channel = channel
    self.dialogue = dialogue
    self.isResolved = isResolved
  }
}

extension CountAnswer {
  func decide(in scope: TelephoneScope, rules: ClinicRules, at now: Instant) -> TelephoneDecision {
    var cell = scope.survey ?? SurveyCell(date: rules.today(at: now), channel: channel, dialogue: dialogue)
    if isResolved { cell.resolved += 1 } else { cell.unresolved += 1 }
    return TelephoneDecision(.survey, [.survey(cell)])
  }
}

/// What was answered about one dialogue through one channel, of some days together.
package struct SurveyRow: Hashable, Sendable {
  package var channel: Channel
  package var dialogue: String
  /// Those that it was of use to; `nil` for fewer than ``ClinicMeasures/fewestPeople`` answers. No sum of all rows is told, so that none can be
  /// found by subtraction.
  package var resolved: Proportion?

  /// - Parameter cells: of any days; by channel and dialogue.
  package static func rows(_ cells: [SurveyCell]) -> [SurveyRow] {
    let sorted = cells.sorted { ($0.channel.rawValue, $0.dialogue) < ($1.channel.rawValue, $1.dialogue) }
    var sums: [SurveyCell] = []
    for cell in sorted {
      if let last = sums.last, last.channel == cell.channel, last.dialogue == cell.dialogue {
        sums[sums.count - 1].resolved += cell.resolved
        sums[sums.count - 1].unresolved += cell.unresolved
      } else {
        sums.append(cell)
      }
    }
    return sums.map { sum in
      let total = sum.resolved + sum.unresolved
      return SurveyRow(
        channel: sum.channel, dialogue: sum.dialogue,
        resolved: total < ClinicMeasures.fewestPeople ? nil : Proportion(sum.resolved, of: total))
    }
  }
}
