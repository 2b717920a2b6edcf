extension Guide {
  /// Everything that the guide breaks, in the order of ``GuideRule``; empty for one that callers may hear.
  ///
  /// The proofs hold for every way through the guide, not for a sample: they search the product of its nodes and of what can be known
  /// of a caller (``Known``), which is finite. A guide whose references do not hold together is told only that.
  ///
  /// - Parameter hash: of ``canonicalForm``; `nil` where nothing is signed or nobody can hash, and then no signature holds.
  /// - Complexity: O(nodes × answers × 64).
  package func problems(under profile: GuidanceProfile, hash: ContentHash?) -> [GuideProblem] {
    let structure = structuralProblems()
    guard structure.isEmpty else { return structure }
    let search = WaySearch(self)
    return search.problems() + signatureProblems(under: profile, hash: hash, search) + textProblems(search)
  }

  /// Those of ``problems(under:hash:)`` that are about ways, whatever is said on them and whoever signed.
  package func wayProblems() -> [GuideProblem] {
    let structure = structuralProblems()
    return structure.isEmpty ? WaySearch(self).problems() : structure
  }

  private func structuralProblems() -> [GuideProblem] {
    var problems: [GuideProblem] = []
    func report(_ rule: GuideRule, _ node: NodeID, key: Int? = nil) {
      problems.append(GuideProblem(rule, at: node, key: key, path: GuidePath(end: node)))
    }
    if self[start] == nil { report(.missingNode(start), start) }
    if !languages.contains(LanguageEntry(.spanish, .complete)) { report(.noSpanish, start) }
    for (index, node) in nodes.enumerated() {
      if nodes[..<index].contains(where: { $0.id == node.id }) { report(.repeatedNode, node.id) }
      for way in node.ways where self[way.next] == nil {
        report(.missingNode(way.next), node.id, key: way.answer?.key)
      }
      guard case .question(let answers) = node.kind else { continue }
      if answers.isEmpty { report(.noAnswers, node.id) }
      if answers.count > GuideLimits.answers { report(.tooManyAnswers(answers.count), node.id) }
      for (place, answer) in answers.enumerated() {
        if !GuideLimits.keys.contains(answer.key) { report(.keyOutOfRange, node.id, key: answer.key) }
        if answers[..<place].contains(where: { $0.key == answer.key }) { report(.repeatedKey, node.id, key: answer.key) }
      }
    }
    return problems
  }

  private func signatureProblems(under profile: GuidanceProfile, hash: ContentHash?, _ search: WaySearch) -> [GuideProblem] {
    if let signature, signature.hash != hash { return [GuideProblem(.signedOtherContent, at: start, path: GuidePath(end: start))] }
    guard signature == nil, profile == .production else { return [] }
    return nodes.filter { $0.disposition?.needsSignature == true }
      .map { GuideProblem(.unsignedEnd, at: $0.id, path: search.path(to: $0.id)) }
  }
}

/// One way out of a node.
struct Way {
  let how: GuidePath.How
  let next: NodeID
  let answer: Answer?
}

extension Node {
  var ways: [Way] {
    switch kind {
    case .statement(_, let next), .identification(let next): [Way(how: .wentOn, next: next, answer: nil)]
    case .question(let answers): answers.map { Way(how: .pressed($0.key), next: $0.next, answer: $0) }
    case .disposition(let disposition): disposition.otherwise.map { [Way(how: .noPlace, next: $0, answer: nil)] } ?? []
    }
  }
}
