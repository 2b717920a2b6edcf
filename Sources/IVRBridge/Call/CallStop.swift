/// What keeps a step of a call from its outcome.
enum CallStop: Error, Hashable {
  /// Nothing more can be done on the line.
  case ended(LineEnd)
  /// A sound is missing on Asterisk's disk.
  case missing(String)
  /// The bridge ends; what was playing was interrupted.
  case interrupted
  /// Asterisk does not know a command of ours, or not so.
  case notUnderstood(String)
}
