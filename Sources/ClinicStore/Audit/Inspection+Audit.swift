internal import ClinicDomain

/// The history, walked from its first row, and the audited tables held against it.
extension Inspection {
  /// What a walk has learned.
  private struct Walk {
    var findings: [CheckFinding] = []
    /// The last content of each row, as the history has it.
    var contents: [AuditObject: RowDigest.Value?] = [:]
    var last = AuditHead.none
    /// Heads noted elsewhere that the walk has not come to, by their rows: there may be one for each minute of years.
    var awaited: [Int64: Set<AuditHead>]

    mutating func find(_ check: CheckFinding.Check, _ text: String) {
      if findings.count < Inspection.bound { findings.append(CheckFinding(check, text)) }
    }
  }

  /// On one snapshot: what is written meanwhile belongs to the next check.
  func history() throws(StoreFault) -> [CheckFinding] {
    // Read before the snapshot, so that it cannot be ahead of it.
    let heads = noted + (path.map { KeptHeads.beside($0) } ?? [])
    let isOuter = !connection.transactionStands
    if isOuter { try connection.execute("BEGIN") }
    defer { if isOuter { try? connection.execute("ROLLBACK") } }
    var walk = Walk(awaited: Dictionary(grouping: heads, by: \.seq).mapValues(Set.init))
    try walkRows(&walk)
    for seq in walk.awaited.keys.sorted() {
      walk.find(
        .history,
        """
        La bitácora termina en el renglón \(walk.last.seq), y hubo un renglón \(seq): faltan renglones al final, o la base es una \
        copia anterior. Si se restauró un respaldo a propósito, borre el archivo \(KeptHeads.lostSuffix) que está junto a ella.
        """)
    }
    for place in Schema.audited.indices { try holdRows(ofTable: place, against: &walk) }
    return walk.findings
  }

  private func walkRows(_ walk: inout Walk) throws(StoreFault) {
    let rows = try Statement("SELECT * FROM audit ORDER BY seq", in: connection)
    defer { rows.reset() }
    var lastIsBad = false
    while try rows.step() {
      let seq = rows.integer(0)
      let missing = walk.last.seq + 1..<max(seq, walk.last.seq + 1)
      let previous = rows.blob(11)
      let hash = rows.blob(12)
      var isBad = false
      if !missing.isEmpty {
        let which = missing.count == 1 ? "Falta el renglón \(missing.lowerBound)" : "Faltan los renglones \(missing.lowerBound) a \(missing.upperBound - 1)"
        walk.find(.history, "\(which) de la bitácora.")
      }
      if AuditHead.hash(of: rows) != hash {
        isBad = true
        walk.find(.history, "El renglón \(seq) de la bitácora no es el que se escribió.")
      }
      if missing.isEmpty, !isBad, !lastIsBad, previous != walk.last.hash {
        // Each of the two fits its own hash, so the one before was written anew after this one was.
        walk.find(.history, "El renglón \(max(seq - 1, 1)) de la bitácora se cambió después de escrito: el siguiente recuerda otro.")
      }
      if let noted = walk.awaited.removeValue(forKey: seq), noted.contains(where: { $0.hash != hash }) {
        walk.find(.history, "El renglón \(seq) de la bitácora no es el que se anotó aparte.")
      }
      walk.last = AuditHead(seq: seq, hash: hash)
      lastIsBad = isBad
      if let object = AuditObject(text: rows.text(7)) {
        walk.contents[object] = .some(rows.isNull(10) ? nil : RowDigest.Value(bytes: rows.blob(10)))
      }
    }
    if walk.last.seq == 0 { walk.find(.history, "La bitácora está vacía: falta su renglón 1.") }
  }

  /// Every row must be as the history has it last, and every row that it has must be there.
  private func holdRows(ofTable place: Int, against walk: inout Walk) throws(StoreFault) {
    let table = Schema.tables.first { $0.name == Schema.audited[place].name }!
    let rows = try Statement("SELECT * FROM \(table.name) ORDER BY \(table.order)", in: connection)
    let last = rows.columnCount - 1
    defer { rows.reset() }
    while try rows.step() {
      let object = AuditObject(table: place, row: rows)
      guard let known = walk.contents.removeValue(forKey: object), let content = known else {
        walk.find(.unwritten, "\(object.spanishText) está en la base sin que la bitácora diga quién la puso.")
        continue
      }
      var digest = RowDigest()
      rows.feed(0..<last, into: &digest)
      if digest.value != content {
        walk.find(.unwritten, "\(object.spanishText) no es como la dejó el último cambio de la bitácora.")
      }
    }
    let gone = walk.contents.filter { Int($0.key.table ?? .max) == place && $0.value != nil }.map(\.key)
    for object in gone.sorted(by: { ($0.key, $0.secondKey) < ($1.key, $1.secondKey) }).prefix(Self.bound) {
      walk.find(.unwritten, "\(object.spanishText) está en la bitácora y no en la base: se borró.")
    }
  }
}

extension AuditObject {
  /// "La cita 482011570363"; never a person's name.
  fileprivate var spanishText: String {
    switch table.map({ Schema.audited[Int($0)].name }) {
    case "appointment": "La cita \(key)"
    case "patient": "La persona de la fila \(key)"
    case "consent": "La autorización de la persona \(key) a la \(secondKey)"
    case "referral": "La referencia \(key)"
    case "legado": "El legado \(key)"
    case "legado_evidence": "La evidencia \(key) de un legado"
    case "legado_entry": "El estado \(key) de un legado"
    case "proxy": "El permiso \(key)"
    case "birth_plan": "La versión \(secondKey) del plan de parto de la persona \(key)"
    case "newborn": "El registro del recién nacido \(key)"
    default: "La fila \(text)"
    }
  }
}
