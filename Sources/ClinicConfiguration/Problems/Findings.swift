/// The problems found so far in one file.
struct Findings {
  let file: String
  private var problems: [ConfigurationProblem] = []

  init(file: String) { self.file = file }

  mutating func error(_ position: TextPosition, _ message: String, fix: String) {
    add(.error, position, message, fix)
  }

  mutating func warning(_ position: TextPosition, _ message: String, fix: String) {
    add(.warning, position, message, fix)
  }

  mutating func error(_ position: TextPosition, _ complaint: Complaint) {
    error(position, complaint.message, fix: complaint.fix)
  }

  private mutating func add(
    _ severity: ConfigurationProblem.Severity, _ position: TextPosition, _ message: String, _ fix: String
  ) {
    problems.append(
      ConfigurationProblem(severity: severity, file: file, position: position, message: message, fix: fix))
  }

  var hasErrors: Bool { problems.contains { $0.severity == .error } }

  /// In the order of the file; what was found at one place stays in the order in which it was found.
  var inFileOrder: [ConfigurationProblem] {
    problems.enumerated()
      .sorted { ($0.element.position, $0.offset) < ($1.element.position, $1.offset) }
      .map(\.element)
  }

  /// The value with its warnings.
  ///
  /// - Throws: every problem when one of them is an error.
  /// - Precondition: where there is no error, there is a value.
  func result<Value: Sendable>(_ value: Value?) throws(ConfigurationProblems) -> Configured<Value> {
    guard !hasErrors else { throw ConfigurationProblems(inFileOrder) }
    guard let value else { preconditionFailure("a configuration without errors that gave no value") }
    return Configured(value, warnings: inFileOrder)
  }
}

/// Why one value is not taken, before it is known where it stands.
struct Complaint: Error, Hashable {
  let message: String
  let fix: String

  init(_ message: String, fix: String) {
    self.message = message
    self.fix = fix
  }
}
