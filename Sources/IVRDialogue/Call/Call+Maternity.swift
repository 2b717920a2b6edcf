package import ClinicDomain
internal import Guidance

/// Cero rechazo: a pregnant caller without an alarm sign ends with a near date or with a person by name, whatever the agenda has, whether or
/// not the server answers and whether or not anybody answers the telephone.
extension Call {
  /// Whether who calls is owed that, and has not heard yet who it is.
  var owesOnDuty: Bool {
    line.maternity != nil && (session?.isPregnant ?? false || memory.pregnancyUntil != nil) && !memory.wasToldOnDuty && !hasUnansweredAlarm
  }

  /// Has who is on duty owe an answer, to the number that the call comes from.
  mutating func askOnDuty() -> CallStep {
    keepRecord()
    memory.pregnancyUntil = memory.pregnancyUntil ?? memory.start?.today
    memory.wasToldOnDuty = true
    pending = []
    let number = memory.start?.caller?.national
    guard number != nil || isStaffed else { return askNumberForOnDuty() }
    doing = .promising
    return .request(
      .leaveCallback(digits: number ?? "", .pregnancy, withinMinutes: line.maternity?.answerMinutes),
      moment: [common(.oneMoment)].compactMap { $0 })
  }

  /// Nobody knows where to call her, and nobody answers now: who it is, and then her number.
  private mutating func askNumberForOnDuty() -> CallStep {
    hearOnDuty(then: nil)
    returns = []
    go(to: .callback)
    return walk()
  }

  /// - Parameter isPromised: whether it is written down that they owe an answer.
  mutating func tellOnDuty(isPromised: Bool) -> CallStep {
    hearOnDuty(then: isPromised ? MaternityPolicy.promisedText : MaternityPolicy.callThemText)
    return end(isStaffed ? .person : .ok)
  }

  private mutating func hearOnDuty(then text: PromptID?) {
    guard let policy = line.maternity, let start = memory.start else { return }
    let person = policy.onDuty(on: start.today, at: start.time)
    guard let place = policy.roster.firstIndex(of: person) else { return }
    var parts: [Prompt.Part] = [
      .text(MaternityPolicy.nameText(place)), .digits((person.phone.national ?? "").inGroups(of: 2)),
    ]
    if let text { parts.append(.text(text)) }
    pending.append(Prompt(.spanish, parts))
  }

  /// What she is offered: nothing after the clinic's days.
  func near(_ slots: [OfferedSlot]) -> [OfferedSlot] {
    guard let last = memory.pregnancyUntil else { return slots }
    return slots.filter { $0.slot.date <= last }
  }
}

extension MaternityPolicy {
  /// What is said of who is on duty in fixed words; the digits of the telephone are said between them.
  package var texts: [(id: PromptID, words: String)] {
    roster.enumerated().map { (Self.nameText($0), "La atiende \($1.title). Su teléfono es") } + [
      (Self.promisedText, "Ya tiene su caso y le llama en \(answerMinutes) minutos a más tardar. Si empeora, vaya a Urgencias o marque 911."),
      (Self.callThemText, "Llámele ahora. Si no le contesta o empeora, vaya a Urgencias: la reciben sin cita."),
    ]
  }

  static func nameText(_ place: Int) -> PromptID { PromptID("linea.guardia.\(place + 1)") }
  static let promisedText = PromptID("linea.guardia.plazo")
  static let callThemText = PromptID("linea.guardia.marque")
}
