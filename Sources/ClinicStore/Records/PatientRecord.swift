internal import ClinicDomain

/// A person as a row: columns in the table's order, `row_sum` last.
extension Patient {
  /// What a read asks for: ``read(_:)``'s order.
  static let columns = """
    id, number, nss, agregado, curp, given, first_surname, second_surname, chosen, pronoun, birth_date, phone, \
    language, needs, consultorio, turno, rights_state, rights_date, ordinal, name_set_at
    """

  /// The table's columns before `row_sum`, in their order.
  func write(identityKey: String, to row: inout some ColumnSink) {
    row.integer(id.rawValue)
    row.text(identityKey)
    row.integer(Int64(number.number))
    row.optional(nss?.description)
    row.optional(agregado?.description)
    row.optional(curp?.description)
    row.text(name.given)
    row.text(name.firstSurname)
    row.optional(name.secondSurname)
    row.optional(name.chosen)
    row.optional(name.pronoun)
    row.integer(birthDate.daysSinceEpoch)
    row.optional(phone?.description)
    row.text(language)
    row.text(needs.joined(separator: "\n"))
    row.optional(consultorio?.description)
    row.optional(turno?.rawValue)
    row.text(rights.state.rawValue)
    row.optional(rights.date.map { Int64($0.daysSinceEpoch) })
    row.optional(ordinal.map { Int64($0) })
    row.optional(nameSetAt?.milliseconds)
  }

  /// Reads ``columns`` from a row.
  init(_ row: Statement) throws(StoreFault) {
    let damage = StoreFault.damagedRow("patient", row.integer(0))
    guard let number = PatientNumber(number: UInt64(bitPattern: row.integer(1))),
      let birthDate = CivilDate(daysSinceEpoch: Int(row.integer(10))),
      let state = Rights.State(rawValue: row.text(16))
    else { throw damage }
    self.init(
      id: PatientID(rawValue: row.integer(0)),
      nss: try row.value(2, damage) { NSS($0) }, agregado: try row.value(3, damage) { AgregadoMedico($0) },
      curp: try row.value(4, damage) { CURP($0) }, number: number,
      name: PersonName(
        given: row.text(5), firstSurname: row.text(6), secondSurname: row.optionalText(7),
        chosen: row.optionalText(8), pronoun: row.optionalText(9)),
      birthDate: birthDate, phone: try row.value(11, damage) { PhoneNumber($0) }, language: row.text(12),
      needs: row.text(13).split(separator: "\n").map(String.init),
      consultorio: try row.value(14, damage) { ResourceID(text: $0) },
      turno: row.optionalText(15).map { TurnoCode($0) },
      rights: Rights(state: state, date: row.optionalInteger(17).flatMap { CivilDate(daysSinceEpoch: Int($0)) }),
      ordinal: row.optionalInteger(18).map { Int($0) }, nameSetAt: row.optionalInteger(19).map { Instant(milliseconds: $0) })
  }

  static func first(_ rows: Statement) throws(StoreFault) -> Patient? {
    guard try rows.step() else { return nil }
    defer { rows.reset() }
    return try Patient(rows)
  }

  static func all(_ rows: Statement) throws(StoreFault) -> [Patient] {
    defer { rows.reset() }
    var all: [Patient] = []
    while try rows.step() { all.append(try Patient(rows)) }
    return all
  }
}

extension Statement {
  /// A text column as a value; `nil` for NULL.
  fileprivate func value<Value>(
    _ column: Int32, _ damage: StoreFault, _ parse: (String) -> Value?
  ) throws(StoreFault) -> Value? {
    guard let text = optionalText(column) else { return nil }
    guard let value = parse(text) else { throw damage }
    return value
  }
}
