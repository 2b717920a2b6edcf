internal import ClinicDomain
package import Scheduling

/// A piece of a padrón file as it comes over the wire: the people in it, and the rows that are left out.
package struct PadronPiece: Sendable {
  package private(set) var people: [PatientImport] = []
  /// The line of the file on which each of `people` stands.
  package private(set) var lines: [Int] = []
  /// By line, as the lines of the file are numbered. Never quotes a row.
  package private(set) var problems: [PadronProblem] = []
  /// Whether there are more rows than one command takes; what stands beyond them was not kept.
  package private(set) var isTooLong = false

  /// - Parameter firstLine: the line of the file on which the first of `rows` stands.
  /// - Throws: what is wrong with the header, for then no row can be read.
  package init(
    header: String, rows: [UInt8], firstLine: Int, rules: PadronRules
  ) throws(PadronHeaderProblems) {
    var reader = PadronReader(rules: rules)
    var unusable: [PadronProblem]?
    var events: [PadronReader.Event] = []
    func keep(_ event: PadronReader.Event) throws(TooLong) {
      guard events.count < ImportPatients.maximumRows else { throw TooLong() }
      events.append(event)
    }
    do {
      try reader.read(Array(header.utf8) + [UInt8(ascii: "\n")], keep)
      try reader.read(rows, keep)
      try reader.finish(keep)
    } catch {
      // Nothing is read beyond: the event loop waits for this.
      isTooLong = true
    }
    // The reader counts the header as line 1 and the first row as line 2.
    let shift = firstLine - 2
    for event in events {
      switch event {
      case .unusable(let found): unusable = found
      case .rejected(let found): problems += found.map { $0.moved(by: shift) }
      case .person(let row):
        people.append(PatientImport(row))
        lines.append(row.line + shift)
      }
    }
    if let unusable { throw PadronHeaderProblems(problems: unusable) }
  }
}

/// Ends the reading of a piece that has more rows than one command takes.
private struct TooLong: Error {}

/// Why no row of a piece can be read.
package struct PadronHeaderProblems: Error, Hashable, Sendable {
  package var problems: [PadronProblem]
}

extension PadronProblem {
  fileprivate func moved(by lines: Int) -> PadronProblem {
    PadronProblem(line: line + lines, column: column, mensaje: mensaje)
  }
}

extension PatientImport {
  /// A row as the store takes it: id and, when the file gave none, number are the store's to choose.
  init(_ row: PadronRow) {
    let seed = UInt64.random(in: .min ... .max)
    self.init(
      identityKey: row.identityKey, formerKey: row.formerIdentityKey,
      patient: Patient(
        id: PatientID(rawValue: 0), nss: row.nss, agregado: row.agregado, curp: row.curp,
        number: row.number ?? PatientNumber(random: seed), name: row.name, birthDate: row.birthDate,
        phone: row.phone, language: row.language, needs: row.needs, consultorio: row.consultorio,
        turno: row.turno, rights: row.rights, ordinal: row.ordinal),
      numberIsGiven: row.number != nil, numberSeed: seed)
  }
}
