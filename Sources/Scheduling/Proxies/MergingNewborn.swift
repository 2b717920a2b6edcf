package import ClinicDomain

/// Makes one person of whoever was registered here without a number (a newborn at their mother's record, somebody whom no padrón knew) and of the
/// row that the padrón gave them later.
package struct MergeNewborn: Hashable, Sendable {
  package var actor: Actor
  /// What the newborn was registered with.
  package var child: PatientNumber
  /// Of the row whose data is the same person's, by the padrón.
  package var row: PatientNumber
  /// Where the number begins that the row gets which is nobody's any more.
  package var numberSeed: UInt64

  package init(actor: Actor, child: PatientNumber, row: PatientNumber, numberSeed: UInt64) {
    self.actor = actor
    self.child = child
    self.row = row
    self.numberSeed = numberSeed
  }
}

/// What the store found for a merge.
package struct MergeScope: Hashable, Sendable {
  package var child: Patient
  /// What they are known by until then.
  package var childKey: String
  /// The child's place at their mother's record; `nil` for who has none, and then there is no mother.
  package var newborn: Newborn?
  package var mother: Patient?
  /// The padrón's row, and what it is known by in the next import.
  package var row: Patient
  package var identityKey: String
  /// Whether the row has an agenda of its own: appointments to come, a place in line, a series.
  package var hasAgenda: Bool

  package init(child: Patient, childKey: String, newborn: Newborn?, mother: Patient?, row: Patient, identityKey: String, hasAgenda: Bool) {
    self.child = child
    self.childKey = childKey
    self.newborn = newborn
    self.mother = mother
    self.row = row
    self.identityKey = identityKey
    self.hasAgenda = hasAgenda
  }
}

extension MergeScope {
  /// The row is a newborn's of ours.
  fileprivate var isNewborns: Bool {
    guard child.needs.contains(Patient.newborn), let newborn, let nss = row.nss else { return false }
    return nss == mother?.nss && row.birthDate == newborn.birthDate
  }

  /// The row is of somebody who was registered because no padrón knew them.
  fileprivate var isOfUnlisted: Bool {
    childKey.hasPrefix(RegisterPerson.keyPrefix) && !identityKey.hasPrefix(RegisterPerson.keyPrefix) && row.birthDate == child.birthDate
      && RegisterPerson.folded(row.name) == RegisterPerson.folded(child.name)
  }
}

extension MergeNewborn {
  /// The child stays who they are, with every appointment, series and permission, and reads as the padrón says: number, NSS, CURP, names, rights,
  /// doctor. The row that the padrón had made is nobody's from then on: it is kept, without number of the institute.
  ///
  /// - Returns: the child as they read now.
  /// - Throws: `notAllowed` for anybody but staff; `appointmentNotFound` for a number that is nobody's; `resourceNotOffered` for who was not
  ///   registered here or was merged before, and for a row that is not theirs: of a newborn, of the mother's NSS and of that birth date; of
  ///   anybody else, of the same names and birth date; `wrongState` when the row has an agenda of its own.
  package func decide(in scope: CommandScope, rules: ClinicRules) throws(CommandRefusal) -> Decision<Patient> {
    _ = try actor.checkStaff()
    guard let found = scope.proxy.merge, let free = scope.proxy.freeNumber else { throw .appointmentNotFound }
    let child = found.child
    guard found.row.id != child.id, !found.row.needs.contains(Patient.newborn), found.isNewborns || found.isOfUnlisted
    else { throw .resourceNotOffered }
    guard !found.hasAgenda else { throw .wrongState(.booked) }
    var (merged, left) = (found.row, found.row)
    merged.id = child.id
    merged = merged.keepingName(of: child).keepingNeeds(of: child)
    merged.phone = found.row.phone ?? child.phone
    (merged.consultorio, merged.turno) = found.row.doctor == nil ? (child.consultorio, child.turno) : (found.row.consultorio, found.row.turno)
    (left.nss, left.agregado, left.curp, left.phone, left.number) = (nil, nil, nil, nil, free)
    (left.consultorio, left.turno, left.rights) = (nil, nil, Rights(state: .baja, date: nil))
    return Decision(
      merged,
      [
        .proxy(.changed(left, identityKey: "\(Self.mergedKey):\(left.id.rawValue)")), .proxy(.changed(merged, identityKey: found.identityKey)),
      ])
  }

  /// No padrón's key begins so.
  private static var mergedKey: String { "unido" }
}
