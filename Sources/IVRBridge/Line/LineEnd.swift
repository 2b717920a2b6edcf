package import FastAGI

/// Why nothing more can be done on a call's line.
package enum LineEnd: Error, Hashable, Sendable {
  /// The caller has hung up.
  case hungUp
  /// Asterisk has closed the connection, or it broke.
  case closed
  /// An answer did not come within its time.
  case silent
  /// Asterisk sent what belongs to no command of ours, or to nothing.
  case outOfStep
  case unreadable(AGIFault)
  /// A command that Asterisk would have taken for another.
  case unsendable(AGICommandFault)
}

/// What became of a command.
package enum LineAnswer: Hashable, Sendable {
  case reply(AGIReply)
  /// It was interrupted, and gave no answer of its own.
  case interrupted
}
