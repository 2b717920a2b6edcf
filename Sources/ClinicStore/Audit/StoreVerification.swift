internal import ClinicDomain

/// What a look at a store's file says of its history: everything that is wrong, and how far it has come. Nobody need have the file open,
/// and nothing is written.
package struct StoreVerification: Hashable, Sendable {
  /// In the order in which they were found, the history's first row first; none when all is well.
  package var findings: [CheckFinding]
  /// The history's last row, to be noted down elsewhere.
  package var head: AuditHead
  /// Rows of the history, and appointments.
  package var historyRows: Int
  package var appointments: Int

  /// Walks a file's history and holds the audited tables against it.
  ///
  /// - Parameters:
  ///   - noted: heads that somebody wrote down before; those beside the file are looked at by themselves.
  ///   - signed: heads that the server had kept elsewhere, and by what they are known. One that the clinic's key did not sign is a finding.
  ///   - thorough: also everything else that a check looks at, SQLite's own pages among it.
  /// - Throws: when there is no file, or it is none of ours or of today's shape.
  package init(path given: String, noted: [AuditHead] = [], signed: (heads: [SignedHead], key: HeadPublicKey)? = nil, thorough: Bool = true) throws(OpeningFault) {
    let path = FileNames.resolved(given)
    guard FileNames.size(of: path) != nil else { throw .cannotOpen(path: path, detail: "no hay ningún archivo") }
    self = try FileCheck.reading(path) { connection throws(OpeningFault) in
      try FileCheck.checkOrigin(connection, path: path)
      return try FileCheck.opening(path) { () throws(StoreFault) in
        guard try connection.integer("PRAGMA user_version") == Schema.version else {
          throw StoreFault(.conflict, operation: "verify", detail: "es de una versión anterior; inicie una vez el servidor con ella")
        }
        let clues = try connection.texts("SELECT clues FROM clinic").first.flatMap { CLUES($0) }
        let (known, strange) = Self.sorted(signed, of: clues)
        let inspection = Inspection(connection: connection, path: path, noted: noted + known)
        return StoreVerification(
          findings: strange + (thorough ? inspection.findings() : inspection.findingsOfRows()), head: try AuditHead(of: connection),
          historyRows: Int(try connection.integer("SELECT count(*) FROM audit")),
          appointments: Int(try connection.integer("SELECT count(*) FROM appointment")))
      }
    }
  }

  /// The heads that the clinic signed, and what is to be said of the others.
  private static func sorted(_ signed: (heads: [SignedHead], key: HeadPublicKey)?, of clinic: CLUES?) -> ([AuditHead], [CheckFinding]) {
    guard let signed else { return ([], []) }
    var known: [AuditHead] = []
    var findings: [CheckFinding] = []
    for head in signed.heads {
      if let clinic, head.isSigned(for: clinic, by: signed.key) { known.append(head.head) } else if findings.count < Inspection.bound {
        findings.append(
          CheckFinding(.history, "La cabeza guardada del renglón \(head.head.seq) no lleva la firma de esta clínica: es de otra llave, o alguien la cambió."))
      }
    }
    if known.isEmpty, findings.isEmpty { findings.append(CheckFinding(.history, "No hay ninguna cabeza firmada: no se puede decir que la bitácora esté completa.")) }
    return (known, findings)
  }

  private init(findings: [CheckFinding], head: AuditHead, historyRows: Int, appointments: Int) {
    self.findings = findings
    self.head = head
    self.historyRows = historyRows
    self.appointments = appointments
  }
}
