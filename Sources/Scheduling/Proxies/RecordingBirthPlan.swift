package import ClinicDomain

/// Records a birth plan, or amends it: these answers, and the others as they were.
package struct RecordBirthPlan: Hashable, Sendable {
  /// The woman herself, or staff who write down what she says.
  package var actor: Actor
  package var patient: PatientID
  package var lines: [BirthPlan.Line]
  package var channel: Channel

  package init(actor: Actor, patient: PatientID, lines: [BirthPlan.Line], channel: Channel) {
    self.actor = actor
    self.patient = patient
    self.lines = lines
    self.channel = channel
  }
}

extension RecordBirthPlan {
  /// - Returns: the plan as it stands; the same answers again are no new version.
  /// - Throws: `notAllowed` for anybody but herself and staff (a companion who may see the plan may not write in it), for no answer, an item
  ///   twice or one that the clinic's form does not have; `serviceNotOffered` where the clinic has no form.
  package func decide(in scope: CommandScope, rules: ClinicRules, at now: Instant) throws(CommandRefusal) -> Decision<BirthPlan> {
    guard let person = scope.patient, actor.person == nil || actor.person == person.id, actor != .system else { throw .notAllowed }
    guard let form = rules.clinic.birthPlan else { throw .serviceNotOffered }
    let items = lines.map(\.item)
    guard !lines.isEmpty, Set(items).count == items.count, items.allSatisfy({ item in form.items.contains { $0.code == item } }) else {
      throw .notAllowed
    }
    let before = scope.proxy.birthPlan
    let all = (before?.lines ?? []).filter { !items.contains($0.item) } + lines
    let order = form.items.map(\.code)
    let sorted = order.compactMap { code in all.first { $0.item == code } } + all.filter { !order.contains($0.item) }
    if let before, before.lines == sorted { return Decision(before, []) }
    let plan = BirthPlan(patient: person.id, version: (before?.version ?? 0) + 1, lines: sorted, recordedAt: now)
    return Decision(plan, [.proxy(.plan(plan))])
  }
}
