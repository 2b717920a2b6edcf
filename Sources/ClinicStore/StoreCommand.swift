package import ClinicDomain
package import Scheduling

/// A client's name for one request: 128 bits, made by the client, the same in every repeat.
package struct RequestID: Hashable, Sendable {
  private let high: UInt64
  private let low: UInt64

  /// Returns `nil` unless there are 16 bytes.
  package init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    low = bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  package var bytes: [UInt8] {
    [high, low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) } }
  }
}

/// Where a command came in: what the history says besides who asked.
package struct CommandDoor: Hashable, Sendable {
  /// For commands that carry no channel of their own.
  package var channel: Channel?
  /// What the connection proved: a certificate's URI, a system's user; empty for nothing.
  package var identity: String

  package init(channel: Channel? = nil, identity: String = "") {
    self.channel = channel
    self.identity = identity
  }
}

/// One request to the store, with everything that its answer needs.
package struct StoreCommand: Sendable {
  /// `nil` for work that may be done twice, such as a padrón's rows: no answer is kept.
  package var requestID: RequestID?
  /// SHA-256 of the request's content, 32 bytes: the same id with other content is refused.
  package var digest: [UInt8]
  /// A batch stamped later than this does nothing for the command: nobody waits any more.
  package var deadline: Instant?
  package var command: Command
  package var door: CommandDoor
  /// The reply that is kept and repeated. Called inside the transaction: quick, and without effects.
  package var encodeReply: @Sendable (CommandOutcome) -> [UInt8]

  /// - Precondition: with a request id, `digest` has 32 bytes.
  package init(
    requestID: RequestID?, digest: [UInt8], deadline: Instant? = nil, command: Command, door: CommandDoor = CommandDoor(),
    encodeReply: @escaping @Sendable (CommandOutcome) -> [UInt8]
  ) {
    precondition(requestID == nil || digest.count == 32, "a digest is 32 bytes")
    self.requestID = requestID
    self.digest = digest
    self.deadline = deadline
    self.command = command
    self.door = door
    self.encodeReply = encodeReply
  }
}

/// What became of a command. Whatever it is, it is durable when it is told.
package enum StoreOutcome: Hashable, Sendable {
  /// Done now; a repeat gets the same reply.
  case granted(CommandOutcome, reply: [UInt8])
  /// Done before: the reply of that time.
  case repeated(reply: [UInt8])
  /// The world said no; nothing was left behind, and a repeat is judged anew. `wish` is what free slots could help with, for whoever
  /// looks for alternatives; `nil` when none could.
  case refused(CommandRefusal, wish: SlotWish?)
  /// Its deadline had passed; nothing was left behind.
  case late
  /// The request id was used before, for other content.
  case conflictingRepeat
}
