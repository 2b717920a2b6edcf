/// A padrón file's bytes in, people out, one row at a time.
package struct PadronReader {
  package enum Event: Hashable, Sendable {
    case person(PadronRow)
    /// A row that is left out, with everything that is wrong with it.
    case rejected([PadronProblem])
    /// The first row is no header: no row can be read, and this is the only event.
    case unusable([PadronProblem])
  }

  private enum State {
    case header
    case rows(PadronHeader)
    case unusable
  }

  private let rules: PadronRules
  private var csv = CSVReader()
  private var state = State.header

  package init(rules: PadronRules) { self.rules = rules }

  /// Takes the next piece of the file; calls `body` once for each row that it completes, in the file's order.
  package mutating func read(_ bytes: some Sequence<UInt8>, _ body: (Event) throws -> Void) rethrows {
    if case .unusable = state { return }
    var reader = csv
    csv = CSVReader()
    defer { csv = reader }
    try reader.read(bytes) { if let event = event(of: $0) { try body(event) } }
  }

  /// The file has ended. An empty one is unusable.
  package mutating func finish(_ body: (Event) throws -> Void) rethrows {
    var reader = csv
    try reader.finish { if let event = event(of: $0) { try body(event) } }
    guard case .header = state else { return }
    state = .unusable
    let mensaje = "El archivo está vacío. Debe empezar con los nombres de las columnas."
    try body(.unusable([PadronProblem(line: 1, column: nil, mensaje: mensaje)]))
  }

  /// `nil` behind a header that was refused.
  private mutating func event(of element: CSVReader.Element) -> Event? {
    switch (state, element) {
    case (.unusable, _): return nil
    case (.header, .refused(let line, let fault)): return unusable([problem(line, fault)])
    case (.rows, .refused(let line, let fault)): return .rejected([problem(line, fault)])
    case (.header, .row(let line, let fields)):
      do throws(PadronHeaderFault) {
        state = .rows(try PadronHeader(line: line, fields: fields))
        return nil
      } catch {
        return unusable(error.problems)
      }
    case (.rows(let header), .row(let line, let fields)):
      var parsing = PadronRowParsing(line: line, fields: fields, header: header, rules: rules)
      return parsing.row().map { .person($0) } ?? .rejected(parsing.problems)
    }
  }

  private mutating func unusable(_ problems: [PadronProblem]) -> Event {
    state = .unusable
    return .unusable(problems)
  }

  private func problem(_ line: Int, _ fault: CSVFault) -> PadronProblem {
    PadronProblem(line: line, column: nil, mensaje: fault.mensaje)
  }
}
