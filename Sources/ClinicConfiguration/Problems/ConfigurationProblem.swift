/// Something a technician should change in a configuration file.
package struct ConfigurationProblem: Hashable, Sendable {
  package enum Severity: Hashable, Sendable {
    /// The file is not taken.
    case error
    /// The file is taken; somebody should look at this all the same.
    case warning
  }

  package let severity: Severity
  /// The file's path as it was given to the reader.
  package let file: String
  package let position: TextPosition
  /// What is wrong: Spanish, lower case, without a full stop.
  package let message: String
  /// What to write instead: an instruction, or a question with the likely word.
  package let fix: String

  package init(
    severity: Severity, file: String, position: TextPosition, message: String, fix: String
  ) {
    self.severity = severity
    self.file = file
    self.position = position
    self.message = message
    self.fix = fix
  }
}

extension ConfigurationProblem: CustomStringConvertible {
  /// One line in the form that editors and terminals make clickable: `archivo:línea:columna: mensaje; arreglo`.
  ///
  /// A warning's message begins with `aviso: `.
  package var description: String {
    let mark = severity == .warning ? "aviso: " : ""
    return "\(file):\(position.line):\(position.column): \(mark)\(message); \(fix)"
  }
}

/// Everything that keeps a configuration file from being taken, and its warnings.
package struct ConfigurationProblems: Error, Hashable, Sendable, CustomStringConvertible {
  /// In the order of the file; at least one is an error.
  package let problems: [ConfigurationProblem]

  package init(_ problems: [ConfigurationProblem]) { self.problems = problems }

  /// One problem a line.
  package var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// A value read from a file, with what should be looked at although it was taken.
package struct Configured<Value: Sendable>: Sendable {
  package var value: Value
  /// In the order of the file.
  package var warnings: [ConfigurationProblem]

  package init(_ value: Value, warnings: [ConfigurationProblem] = []) {
    self.value = value
    self.warnings = warnings
  }
}
