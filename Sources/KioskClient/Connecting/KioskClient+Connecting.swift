internal import Synchronization
internal import TTRPCCore
internal import TTRPCNIO

/// The connection of a client: ``ConnectionKeeper`` says what happens, and here it does.
extension KioskClient {
  static let closedError = RPCError(.unavailable, "the client is closed")

  /// Closes the connection; calls in flight end with UNAVAILABLE, and so does every later one.
  package func close() async {
    let (held, left) = state.withLock { state in
      state.keeper.closed()
      state.trying?.cancel()
      state.returning?.cancel()
      defer { (state.held, state.left, state.trying, state.returning) = (nil, [], nil, nil) }
      return (state.held, state.left)
    }
    latest.set(.closed)
    latest.finish()
    await held?.connection.close()
    for left in left { await left.connection?.close() }
  }

  /// The open connection, or a new one that all waiting calls share; each waits for it no longer than its own time.
  func connection(until end: ContinuousClock.Instant?) async throws(Unconnected) -> Held {
    switch state.withLock({ nextStep(&$0) }) {
    case .use(let held): return held
    case .refuse: throw .finally(Self.closedError)
    case .wait(let attempt, let notBefore, let reason):
      if let notBefore, let end, notBefore >= end { throw .finally(reason) }
      do throws(RPCError) { return try await Race.first(of: attempt, until: end).get() } catch {
        throw error.code == .unavailable && !isClosed ? .thisTime(error) : .finally(error)
      }
    }
  }

  /// Why a call got no connection.
  enum Unconnected: Error {
    /// UNAVAILABLE; there are further tries.
    case thisTime(RPCError)
    /// There is none in the call's time: UNAVAILABLE when the next try comes later or the client is closed, DEADLINE_EXCEEDED, CANCELLED.
    case finally(RPCError)
  }

  enum Step {
    case use(Held)
    case wait(Task<Result<Held, RPCError>, Never>, notBefore: ContinuousClock.Instant?, RPCError)
    case refuse
  }

  func nextStep(_ state: inout State) -> Step {
    let now = ContinuousClock.now
    // Its end may not have been heard of here yet.
    if let held = state.held, let departure = held.connection.departed { departed(held.number, departure, &state) }
    switch state.keeper.wanted(at: now) {
    case .refuse: return .refuse
    case .use:
      guard let held = state.held else { preconditionFailure("who is connected has a connection") }
      return .use(held)
    case .wait(let notBefore):
      guard let trying = state.trying else { preconditionFailure("who tries has a task that does") }
      return .wait(trying, notBefore: notBefore, state.keeper.reason)
    case .begin(let next): return .wait(begin(next, &state), notBefore: next.notBefore, state.keeper.reason)
    }
  }

  @discardableResult
  private func begin(_ next: ConnectionKeeper.Try, _ state: inout State) -> Task<Result<Held, RPCError>, Never> {
    latest.set(state.keeper.state)
    // The client is not held while it waits, so that who drops it ends this.
    let task = Task { [weak self, dialer] () -> Result<Held, RPCError> in
      if let time = next.notBefore {
        try? await Task.sleep(until: time, clock: .continuous)
        self?.pauseEnded()
      }
      let result = await dialer.connect(next.order)
      return self?.tried(result) ?? .failure(Self.closedError)
    }
    state.trying = task
    return task
  }

  private func pauseEnded() {
    state.withLock { state in
      state.keeper.pauseEnded()
      latest.set(state.keeper.state)
    }
  }

  private func tried(_ result: Result<Dialer.Connected, RPCError>) -> Result<Held, RPCError> {
    let chance = options.chance()
    return state.withLock { state in
      // A connection that comes too late for a client that is closed is dropped here, and thereby closed.
      if state.keeper.isClosed { return .failure(Self.closedError) }
      state.trying = nil
      switch result {
      case .success(let connected): return .success(take(connected, &state))
      case .failure(let error):
        let next = state.keeper.failed(error, at: .now, chance: chance)
        if let next { begin(next, &state) } else { latest.set(state.keeper.state) }
        return .failure(error)
      }
    }
  }

  private func take(_ connected: Dialer.Connected, _ state: inout State) -> Held {
    state.lastNumber += 1
    let held = Held(number: state.lastNumber, server: connected.server, connection: connected.connection)
    state.held = held
    state.session = connected.session
    state.keeper.succeeded(held.server, at: .now)
    latest.set(state.keeper.state)
    setReturn(from: held.server, &state)
    let departure = held.connection.departure
    Task { [weak self, number = held.number] in
      let departure = await departure()
      self?.state.withLock { state in self?.departed(number, departure, &state) }
    }
    return held
  }

  // MARK: Leaving

  /// The connection of that number takes no further call; nothing happens when it is no longer the one that is held.
  private func departed(_ number: Int, _ departure: Departure, _ state: inout State) {
    guard let held = state.held, held.number == number else { return }
    let next = state.keeper.departed(departure, at: .now, chance: options.chance())
    letGo(held, next, &state)
  }

  /// A server has answered that it is away: new calls go to another, where there is one.
  func leave(_ server: Int) {
    let chance = options.chance()
    state.withLock { state in
      guard let held = state.held, held.server == server else { return }
      guard let next = state.keeper.answeredAway(at: .now, chance: chance) else { return }
      letGo(held, next, &state)
    }
  }

  private func letGo(_ held: Held, _ next: ConnectionKeeper.Try?, _ state: inout State) {
    state.held = nil
    state.returning?.cancel()
    state.returning = nil
    state.left.removeAll { $0.connection == nil }
    state.left.append(Left(connection: held.connection))
    if let next { begin(next, &state) } else { latest.set(state.keeper.state) }
  }

  // MARK: Going back

  private func setReturn(from server: Int, _ state: inout State) {
    state.returning?.cancel()
    state.returning = nil
    guard server > 0 else { return }
    let pause = options.returnAfter * (1 + options.chance() / 2)
    state.returning = Task { [weak self, dialer] in
      while (try? await Task.sleep(for: pause)) != nil {
        if case .success(let connected) = await dialer.connect(Array(0..<server)) { self?.wentBack(connected, from: server) ?? () }
        if self == nil { return }
      }
    }
  }

  private func wentBack(_ connected: Dialer.Connected, from server: Int) {
    state.withLock { state in
      guard let held = state.held, held.server == server, !state.keeper.isClosed else { return }
      state.left.append(Left(connection: held.connection))
      _ = take(connected, &state)
    }
  }
}
