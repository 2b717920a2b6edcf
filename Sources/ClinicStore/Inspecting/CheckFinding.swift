/// One thing that is wrong with a store, for the technician.
package struct CheckFinding: Hashable, Sendable {
  /// Which check found it. Cases stand in the order in which they run.
  package enum Check: String, Hashable, Sendable, CaseIterable {
    /// SQLite's own look at pages and indexes.
    case integrity
    /// A row that refers to one that is not there.
    case foreignKey = "foreign-key"
    /// A row whose content is not what was written.
    case rowSum = "row-sum"
    /// Two people in one slot.
    case overlap
    /// A kept answer about an appointment that is not there.
    case request
    /// A row of the history that is missing, or not as it was written.
    case history
    /// A row that is not as the history has it: changed, put in or deleted behind the server's back.
    case unwritten
    /// A place that was given out of order, and no row of the history says by whom and why.
    case order
    /// A legado without evidence or status.
    case register
    /// What is free, as the server believes, is not what the rows say.
    case index
    /// The check itself could not be finished.
    case unfinished

    /// What it looks at, as a technician reads it.
    package var spanishText: String {
      switch self {
      case .integrity: "páginas e índices de SQLite"
      case .foreignKey: "referencias entre tablas"
      case .rowSum: "suma de comprobación de cada renglón"
      case .overlap: "dos personas en un mismo lugar"
      case .request: "respuestas guardadas para solicitudes repetidas"
      case .history: "bitácora encadenada, renglón por renglón"
      case .unwritten: "citas, personas y autorizaciones contra la bitácora"
      case .order: "lugares dados fuera de orden contra la bitácora"
      case .register: "legados con evidencia y estado"
      case .index: "agenda en memoria contra la de la base"
      case .unfinished: "fin de la revisión"
      }
    }
  }

  package var check: Check
  /// In Spanish; names tables and rows, never people.
  package var text: String

  package init(_ check: Check, _ text: String) {
    self.check = check
    self.text = text
  }
}
