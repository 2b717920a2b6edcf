/// Another unit that people of this clinic are handed over to.
package struct ReceivingUnit: Hashable, Sendable {
  package var clues: CLUES
  /// "UMF 20".
  package var name: String
  /// As it is said aloud; empty when nobody wrote it down.
  package var address: String

  package init(clues: CLUES, name: String, address: String) {
    self.clues = clues
    self.name = name
    self.address = address
  }
}

/// Where a person is cared for from a date on, when it is not here.
package struct CaredElsewhere: Hashable, Sendable {
  package var unit: ReceivingUnit
  /// The first day there; on the days before they are cared for here.
  package var from: CivilDate

  package init(unit: ReceivingUnit, from: CivilDate) {
    self.unit = unit
    self.from = from
  }

  /// "Desde el 7 de diciembre de 2026 le atiende la unidad UMF 20, calle Uno 10, colonia Centro (CLUES DFIMS000266)."
  package var spanishText: String {
    let place = unit.address.isEmpty ? unit.name : "\(unit.name), \(unit.address)"
    return "Desde el \(from.spanishText) le atiende la unidad \(place) (CLUES \(unit.clues))."
  }

  package static let stepCode = "unidad_nueva"

  /// What to do about it.
  package var step: NextStep {
    NextStep(
      code: Self.stepCode, text: "\(spanishText) Pida ahí sus citas desde ese día; lleve su cartilla y una identificación.",
      clues: unit.clues, from: from)
  }
}

/// One person who was handed over. Never deleted: it ends when it is taken back, or when they are handed over anew.
package struct PatientHandover: Hashable, Sendable {
  /// From 1, unique in the store.
  package var id: Int64
  package var patient: PatientID
  package var to: CaredElsewhere
  package var madeAt: Instant
  /// `nil` while it stands.
  package var endedAt: Instant?

  package init(id: Int64, patient: PatientID, to: CaredElsewhere, madeAt: Instant, endedAt: Instant? = nil) {
    self.id = id
    self.patient = patient
    self.to = to
    self.madeAt = madeAt
    self.endedAt = endedAt
  }
}

/// An appointment that was given up here so that the other unit gives it.
package struct HandedAppointment: Hashable, Sendable {
  package var folio: Folio
  /// ``PatientHandover/id``.
  package var handover: Int64
  package var givenAt: Instant
  /// When it came back here, as an appointment or as a place before all others in line; `nil` while it did not.
  package var returnedAt: Instant?

  package init(folio: Folio, handover: Int64, givenAt: Instant, returnedAt: Instant? = nil) {
    self.folio = folio
    self.handover = handover
    self.givenAt = givenAt
    self.returnedAt = returnedAt
  }
}
