package import FastAGI

/// Which answer belongs to which command: at most one command is in flight, and the NOOP that may interrupt it.
///
/// Asterisk reads through a buffer: a second command that comes with the first lies there until more bytes come, four seconds or for ever.
/// The one legal overlap is a command that interrupts a sound or a wait. Then the interrupted one may have ended by itself in the same
/// moment, and two answers come instead of one: ``received(_:)`` tells them apart by what only a sound's answer has. And a busy Asterisk may
/// have read both in one: the NOOP then lies in its buffer, and ``nudge()`` sends another, which brings out the first; each is answered.
///
/// ```
///   idle ──sent──► waiting ──interrupted──► interrupting ──NOOP's answer──► idle
///    ▲               │ answer                   │ its own answer
///    └───────────────┘◄────NOOP's answer──── owing ◄┘   (a command sent while owing waits for it)
/// ```
package struct LineState: Sendable {
  private enum State: Hashable, Sendable {
    /// Can transition to `waiting`.
    case idle
    /// Can transition to `idle` or `interrupting`.
    case waiting(AGICommand)
    /// So many NOOPs, at least one, were sent after the command. Can transition to `idle` or `owing`.
    case interrupting(AGICommand, noops: Int)
    /// The command is over, so many NOOPs are not answered yet. Can transition to `idle`, or to `waiting` with what waits for them.
    case owing(noops: Int, next: AGICommand?)
  }

  private var state = State.idle

  package init() {}

  package enum OnSend: Hashable, Sendable {
    case write
    /// It is written when the NOOP is answered.
    case hold
  }

  /// - Precondition: nothing is in flight.
  package mutating func send(_ command: AGICommand) -> OnSend {
    switch state {
    case .idle:
      state = .waiting(command)
      return .write
    case .owing(let noops, nil):
      state = .owing(noops: noops, next: command)
      return .hold
    case .waiting, .interrupting, .owing: preconditionFailure("a second command while one is in flight")
    }
  }

  package enum OnInterrupt: Hashable, Sendable {
    /// A NOOP.
    case write
    /// What runs goes to its end, or is being interrupted.
    case ignore
  }

  /// Somebody wants the command that runs to end now.
  package mutating func interrupt() -> OnInterrupt {
    guard case .waiting(let command) = state, command.interruption != .none else { return .ignore }
    state = .interrupting(command, noops: 1)
    return .write
  }

  /// A NOOP has gone unanswered for long.
  package mutating func nudge() -> OnInterrupt {
    switch state {
    case .interrupting(let command, let noops): state = .interrupting(command, noops: noops + 1)
    case .owing(let noops, let next): state = .owing(noops: noops + 1, next: next)
    case .idle, .waiting: return .ignore
    }
    return .write
  }

  package enum OnReply: Hashable, Sendable {
    case finish(LineAnswer)
    /// A NOOP's; the command that waited for it is due.
    case write(AGICommand)
    case nothing
    /// It belongs to nothing.
    case outOfStep
  }

  package mutating func received(_ reply: AGIReply) -> OnReply {
    if case .unreadable = reply { return .outOfStep }
    switch state {
    case .idle: return .outOfStep
    case .waiting:
      state = .idle
      return .finish(.reply(reply))
    case .interrupting(let command, let noops):
      if command.interruption == .answered || reply.isOfASound {
        state = .owing(noops: noops, next: nil)
        return .finish(.reply(reply))
      }
      state = noops == 1 ? .idle : .owing(noops: noops - 1, next: nil)
      return .finish(.interrupted)
    case .owing(let noops, let next):
      guard noops == 1 else {
        state = .owing(noops: noops - 1, next: next)
        return .nothing
      }
      state = next.map(State.waiting) ?? .idle
      return next.map(OnReply.write) ?? .nothing
    }
  }
}

extension AGIReply {
  /// Whether it cannot be a NOOP's, which is `200 result=0` and nothing else.
  fileprivate var isOfASound: Bool { self != .result(AGIResult("0")) }
}
