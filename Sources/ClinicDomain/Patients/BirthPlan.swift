/// The sentences that a birth plan answers, as the clinic's configuration has them.
package struct BirthPlanForm: Hashable, Sendable {
  package struct Item: Hashable, Sendable {
    /// "acompanante".
    package var code: String
    /// "Quiero que me acompañe la persona que yo elija."
    package var text: String

    package init(code: String, text: String) {
      self.code = code
      self.text = text
    }
  }

  /// Who answers for the sentences, and what they are no substitute for; printed above them.
  package var notice: String
  /// In the order in which they are printed, 1 ... ``maximumItems``, no code twice.
  package var items: [Item]

  /// Two sides of paper.
  package static let maximumItems = 40

  package init(notice: String, items: [Item]) {
    self.notice = notice
    self.items = items
  }
}

/// What a woman wants of her birth, in her own answers; hers to record and to amend, and nobody's to see but whom she lets.
package struct BirthPlan: Hashable, Sendable {
  package enum Answer: String, Hashable, Sendable, CaseIterable {
    case yes, no
    /// She wants to talk about it first.
    case talk
  }

  package struct Line: Hashable, Sendable {
    /// A code of the form as it was then.
    package var item: String
    package var answer: Answer

    package init(_ item: String, _ answer: Answer) {
      self.item = item
      self.answer = answer
    }
  }

  package var patient: PatientID
  /// 1 as it was first recorded; one more with each change. What was before stays as it was.
  package var version: Int
  /// No item twice; an item that the form does not have any more stays.
  package var lines: [Line]
  package var recordedAt: Instant

  package init(patient: PatientID, version: Int, lines: [Line], recordedAt: Instant) {
    self.patient = patient
    self.version = version
    self.lines = lines
    self.recordedAt = recordedAt
  }
}
