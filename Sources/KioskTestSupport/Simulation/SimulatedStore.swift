package import ClinicDomain
package import ClinicStore
package import Scheduling

/// What the simulator drives and looks into: the store, or a copy of it that was built wrongly on purpose.
package protocol SimulatedStore: AnyObject {
  var rules: ClinicRules { get }
  var index: AgendaIndex { get }
  var lastInstant: Instant { get }
  func apply(_ batch: [StoreCommand], at instant: Instant) throws(StoreFault) -> [StoreOutcome]
  func rebuiltIndex() throws(StoreFault) -> AgendaIndex
  /// By folio.
  func allAppointments() throws(StoreFault) -> [Appointment]
  func check() -> [CheckFinding]
  func close()
}

extension StoreCore: SimulatedStore {}

/// A store that checks and then writes: every decision of a batch is made on what was there before the batch, and the schema
/// does not help. The simulator must find it out; a simulator that does not is worth nothing.
package final class CheckThenWriteStore: SimulatedStore {
  private let core: StoreCore
  private var replies: [RequestID: (digest: [UInt8], reply: [UInt8])] = [:]
  package private(set) var index: AgendaIndex
  package private(set) var lastInstant: Instant

  /// - Parameters:
  ///   - core: of a file whose triggers and unique index are gone; see ``SimulatedFile/removeGuards()``.
  ///   - before: the same store before a restart; the control keeps its answers in memory.
  package init(_ core: StoreCore, after before: CheckThenWriteStore? = nil) {
    self.core = core
    replies = before?.replies ?? [:]
    index = core.index
    lastInstant = max(core.lastInstant, before?.lastInstant ?? core.lastInstant)
  }

  package var rules: ClinicRules { core.rules }
  package func rebuiltIndex() throws(StoreFault) -> AgendaIndex {
    AgendaIndex(rules: rules, appointments: try core.allAppointments(), today: index.today)
  }
  package func allAppointments() throws(StoreFault) -> [Appointment] { try core.allAppointments() }
  package func check() -> [CheckFinding] { [] }
  package func close() { core.close() }

  package func apply(_ batch: [StoreCommand], at instant: Instant) throws(StoreFault) -> [StoreOutcome] {
    lastInstant = max(lastInstant, instant)
    var scopes: [CommandScope] = []
    for command in batch { scopes.append(try core.scope(of: command.command, at: lastInstant)) }
    index.roll(to: rules.today(at: lastInstant))
    var outcomes: [StoreOutcome] = []
    for (command, scope) in zip(batch, scopes) { outcomes.append(try apply(command, scope)) }
    return outcomes
  }

  private func apply(_ command: StoreCommand, _ scope: CommandScope) throws(StoreFault) -> StoreOutcome {
    if let id = command.requestID, let known = replies[id] {
      return known.digest == command.digest ? .repeated(reply: known.reply) : .conflictingRepeat
    }
    if let deadline = command.deadline, deadline < lastInstant { return .late }
    guard case .decided(let decided) = command.command.course else {
      preconditionFailure("the control is given people before it is used")
    }
    let decision: Decision<CommandOutcome>
    do throws(CommandRefusal) {
      let folio = Folio(random: UInt64(replies.count) &* 0x9E37_79B9_7F4A_7C15 &+ 7)
      decision = try decided.decide(in: scope, rules: rules, at: lastInstant, folio: folio)
    } catch {
      return .refused(error, wish: decided.wish(after: error, in: scope))
    }
    for change in decision.changes { try core.write(change, of: command, in: scope, at: lastInstant) }
    index.apply(decision.changes)
    let reply = command.encodeReply(decision.outcome)
    if let id = command.requestID { replies[id] = (command.digest, reply) }
    return .granted(decision.outcome, reply: reply)
  }
}
