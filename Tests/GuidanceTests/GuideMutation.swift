internal import ClinicDomain
internal import Guidance
internal import KioskTestSupport

extension Guide {
  /// The guide after one slip of a hand that edits it: an answer that leads elsewhere, a mark too few, another end.
  func mutated(_ random: inout SeededGenerator) -> Guide {
    var guide = self
    let index = random.below(nodes.count)
    let ids = nodes.map(\.id)
    switch random.below(12) {
    case 0: guide.start = random.pick(ids)
    case 1: guide.startsPregnant.toggle()
    case 2 where self["suelto"] == nil: guide.nodes.append(Node("suelto", .disposition(Self.end(&random, ids)), "Le comunico con una persona."))
    case 3: guide.nodes[index].kind = .disposition(Self.end(&random, ids))
    case 4: guide.nodes[index].kind = .identification(next: random.pick(ids))
    case 5: guide.nodes[index].kind = .statement(emergency: random.pick([nil, nil, .call911]), next: random.pick(ids))
    default:
      let questions = nodes.indices.filter { !nodes[$0].answers.isEmpty }
      guard !questions.isEmpty else { return guide }
      let question = random.pick(questions)
      guide.nodes[question].kind = .question(Self.mutated(nodes[question].answers, ids, &random))
    }
    return guide
  }

  private static func mutated(_ answers: [Answer], _ ids: [NodeID], _ random: inout SeededGenerator) -> [Answer] {
    var answers = answers
    let index = random.below(answers.count)
    switch random.below(9) {
    case 0 where answers.count > 1: answers.remove(at: index)
    case 1: answers[index].meaning = random.pick(Answer.Meaning.allCases)
    case 2: answers[index].marks.alarm = answers[index].marks.alarm == nil ? SignCode("otra") : nil
    case 3: answers[index].marks.prompt = SignCode("otra")
    case 4: answers[index].marks.isPregnant.toggle()
    case 5: answers[index].marks.onset = answers[index].marks.onset == nil ? OnsetRange(minutes: 0...60) : nil
    case 6: answers[index].marks.code = random.pick(EmergencyCode.allCases)
    default: answers[index].next = random.pick(ids)
    }
    return answers
  }

  private static func end(_ random: inout SeededGenerator, _ ids: [NodeID]) -> Disposition {
    let term = AppointmentTerm(service: ServiceCode("medicina_familiar"), days: random.pick([0, 3, 4, 7, 8, 60]))
    switch random.below(9) {
    case 0: return .emergency911
    case 1: return .urgencias
    case 2: return .person
    case 3: return .callback(withinMinutes: random.pick([15, 30, 31]))
    case 4: return .teleconsultation(term, otherwise: random.pick(ids))
    case 5: return .homeVisit
    case 6: return .noPlace
    default: return .appointment(term, otherwise: random.pick(ids))
    }
  }
}
