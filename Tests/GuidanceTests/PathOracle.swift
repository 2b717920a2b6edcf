internal import ClinicDomain
internal import Guidance

/// What a guide breaks, found by playing it: every key sequence, until a node comes a third time.
///
/// It shares nothing with the proofs but the words for rules. Each rule asks about one thing in the past and one place now, so a
/// way that breaks it visits no node more than twice.
struct PathOracle {
  struct Finding: Hashable {
    let rule: GuideRule
    let node: NodeID
  }

  /// One node that was entered, and how it was left.
  struct Moment {
    let node: Node
    var left: GuidePath.How?

    var answer: Answer? {
      if case .pressed(let key)? = left { node.answers.first { $0.key == key } } else { nil }
    }
  }

  let guide: Guide
  private(set) var findings: Set<Finding> = []
  /// Ways that were played to where they end.
  private(set) var ways = 0
  private var reached: Set<NodeID> = []
  private var ending: Set<NodeID> = []
  /// Whether help is near, by node.
  private var near: [NodeID: Bool] = [:]

  init(_ guide: Guide) {
    self.guide = guide
    play(GuidanceSession(guide, hash: .any, language: .spanish), [])
    for node in guide.nodes where !reached.contains(node.id) { findings.insert(Finding(rule: .unreachable, node: node.id)) }
    for node in reached.subtracting(ending) { findings.insert(Finding(rule: .noWayOut, node: node)) }
  }

  private mutating func play(_ session: GuidanceSession, _ past: [Moment]) {
    let id = session.node
    guard past.count(where: { $0.node.id == id }) < 2 else { return ways += 1 }
    let node = guide[id]!
    judge(node, past)
    for (how, next) in session.ways(in: guide) { play(next, past + [Moment(node: node, left: how)]) }
    if node.disposition != nil { ways += 1 }
  }

  // MARK: - The rules, on one way

  private mutating func judge(_ node: Node, _ past: [Moment]) {
    reached.insert(node.id)
    if node.disposition != nil { ending.formUnion(past.map(\.node.id) + [node.id]) }
    judgeSpeech(node, past)
    judgeQuestion(node, past)
    judgeEnd(node, past)
    judgeEmergency(node, past)
  }

  private mutating func find(_ rule: GuideRule, _ node: Node, if isBroken: Bool) {
    if isBroken { findings.insert(Finding(rule: rule, node: node.id)) }
  }

  private mutating func judgeSpeech(_ node: Node, _ past: [Moment]) {
    if let last = past.lastIndex(where: { $0.node.id == node.id }) {
      find(.speaksForEver, node, if: past[last...].allSatisfy { $0.answer == nil })
    }
    guard node.disposition == nil else { return }
    let isNear = near[node.id] ?? helpIsNear(.standing(at: node, in: guide), presses: 2, steps: guide.nodes.count)
    near[node.id] = isNear
    find(.farFromHelp(.spanish), node, if: !isNear)
  }

  /// Whether some keys, so many at most, lead to help.
  private func helpIsNear(_ session: GuidanceSession, presses: Int, steps: Int) -> Bool {
    let node = guide[session.node]!
    if node.isEmergency || node.disposition == .person { return true }
    guard node.disposition == nil else { return false }
    return session.ways(in: guide).contains { how, next in
      if case .pressed = how { presses > 0 && helpIsNear(next, presses: presses - 1, steps: guide.nodes.count) } else {
        steps > 0 && helpIsNear(next, presses: presses, steps: steps - 1)
      }
    }
  }

  private mutating func judgeQuestion(_ node: Node, _ past: [Moment]) {
    if !node.answers.isEmpty { find(.noDontKnow, node, if: node.answers.allSatisfy { $0.meaning != .dontKnow }) }
    guard let disposition = node.disposition, !disposition.isHelpNow,
      let question = past.lastIndex(where: { !$0.node.answers.isEmpty })
    else { return }
    // A date that was offered on the way there is another matter: only what follows the key by itself counts.
    guard past[(question + 1)...].allSatisfy({ $0.left == .wentOn }) else { return }
    find(.noCannotWait, past[question].node, if: past[question].node.answers.allSatisfy { $0.meaning != .cannotWait })
  }

  private mutating func judgeEnd(_ node: Node, _ past: [Moment]) {
    guard let disposition = node.disposition else { return }
    let answers = past.compactMap(\.answer)
    let isPregnant = guide.startsPregnant || answers.contains { $0.marks.isPregnant }
    find(.doubtGetsADate, node, if: !disposition.isHelpNow && answers.contains { $0.meaning == .dontKnow || $0.meaning == .cannotWait })
    find(.alarmGetsADate, node, if: !disposition.isHelpNow && answers.contains { $0.marks.alarm != nil })
    find(.pregnantIsRefused, node, if: isPregnant && disposition == .noPlace)
    find(.pregnantWaits, node, if: isPregnant && !isInTime(disposition, days: 7, callback: 30) && disposition != .noPlace)
    find(.promptSignWaits, node, if: answers.contains { $0.marks.prompt != nil } && !isInTime(disposition, days: 3, callback: 0))
    let raised = past.lastIndex { $0.answer?.marks.code == .cerebro }
    find(.onsetNotAsked, node, if: raised.map { past[$0...].allSatisfy { $0.node.answers.allSatisfy { $0.marks.onset == nil } } } ?? false)
  }

  /// Help at once, or a date in time with help at once for whoever finds none.
  private func isInTime(_ disposition: Disposition, days: Int, callback: Int) -> Bool {
    switch disposition {
    case .emergency911, .urgencias, .person: return true
    case .callback(let minutes): return minutes <= callback
    case .homeVisit, .noPlace: return false
    case .appointment(let term, let otherwise), .teleconsultation(let term, let otherwise):
      var next = guide[otherwise]!
      for _ in guide.nodes {
        switch next.kind {
        case .statement(_, let id), .identification(let id): next = guide[id]!
        default: break
        }
      }
      return term.days <= days && next.disposition?.isHelpNow == true
    }
  }

  private mutating func judgeEmergency(_ node: Node, _ past: [Moment]) {
    let isIdentification = node.isIdentification
    let alarms = past.filter { $0.answer?.marks.alarm != nil }
    find(.identityBeforeEmergency, node, if: node.isEmergency && past.contains { $0.node.isIdentification } || isIdentification && !alarms.isEmpty)
    if let last = past.last, last.answer?.marks.alarm != nil { find(.alarmWithoutInstruction, last.node, if: !node.isEmergency) }
    let raisesCodes = guide.nodes.contains { $0.answers.contains { $0.marks.code != nil } }
    let heard = past.map(\.node) + [node]
    let isJudged = heard.count == 2 || heard.count == 1 && node.ways(in: guide).isEmpty
    find(.emergencyIsLate, heard[0], if: raisesCodes && isJudged && heard.allSatisfy { !$0.isEmergency })
  }
}

extension Node {
  var isIdentification: Bool {
    if case .identification = kind { true } else { false }
  }

  fileprivate func ways(in guide: Guide) -> [(GuidePath.How, GuidanceSession)] {
    GuidanceSession.standing(at: self, in: guide).ways(in: guide)
  }
}

extension GuidanceSession {
  /// Where the session stands or ended.
  var node: NodeID {
    switch state {
    case .at(let node), .ended(.disposition(let node, _)), .ended(.askedForAPerson(let node)): node
    case .ended(.noWords): preconditionFailure("a session without words")
    }
  }

  /// A session that begins elsewhere.
  static func standing(at node: Node, in guide: Guide) -> GuidanceSession {
    var moved = guide
    moved.start = node.id
    return GuidanceSession(moved, hash: .any, language: .spanish)
  }

  /// Everything that can happen next, but for 0.
  func ways(in guide: Guide) -> [(GuidePath.How, GuidanceSession)] {
    switch step(in: guide) {
    case .say, .identify:
      var next = self
      next.wentOn(in: guide)
      return [(.wentOn, next)]
    case .ask(_, let keys):
      return keys.map { key in
        var next = self
        _ = next.pressed(key, at: .epoch, in: guide)
        return (.pressed(key), next)
      }
    case .offer:
      var next = self
      next.foundNoPlace(in: guide)
      return [(.noPlace, next)]
    case .end: return []
    }
  }
}
