import KioskServices
import TTRPCCore
import Testing

@Suite("A state that many watch")
struct NumberedStateTests {
  typealias State = NumberedState<Int>

  static func place(_ number: UInt64, epoch: UInt64 = 7) -> StatePlace { StatePlace(epoch: epoch, number: number) }

  @Test("Who has no state, one of another epoch or one that there never was gets the current one at once", arguments: [
    nil, place(0, epoch: 0), place(2, epoch: 8), place(1), place(3), place(.max),
  ])
  func atOnce(known: StatePlace?) async throws {
    let state = State(10, epoch: 7)
    state.update(20)
    let got = try await state.next(after: known)
    #expect((got.place, got.value) == (Self.place(2), 20))
  }

  @Test("Who has the current state gets nothing until there is another")
  func waits() async throws {
    let state = State(10, epoch: 7)
    let reader = Task { try await state.next(after: Self.place(1)) }
    try await state.whenReadersAre(1)
    state.update(10)
    #expect(state.readers == 1)
    state.update(11)
    let got = try await reader.value
    #expect((got.place, got.value) == (Self.place(2), 11))
  }

  @Test("A value that is as before makes no state")
  func unchanged() {
    let state = State(10, epoch: 7)
    for value in [10, 11, 11, 10] { state.update(value) }
    #expect(state.current.place == Self.place(3))
  }

  @Test("A reader that is slow finds the latest state, and a jump in the number where it missed some")
  func skips() async throws {
    let state = State(0, epoch: 7)
    var seen: [Int] = []
    var numbers: [UInt64] = []
    let end = await refusal { () async throws(RPCError) in
      try await state.follow(after: nil) { got async throws(RPCError) in
        seen.append(got.value)
        numbers.append(got.place.number)
        if seen.count == 3 { throw RPCError(.aborted, "enough") }
        for value in 1...1000 { state.update(seen.count * 1000 + value) }
      }
    }
    #expect(end == RPCError(.aborted, "enough"))
    #expect(seen == [0, 2000, 3000])
    #expect(numbers == [1, 1001, 2001])
  }

  @Test("Every one of a thousand readers gets the next state, and none of them is kept for afterwards")
  func many() async throws {
    let state = State(0, epoch: 7)
    try await withThrowingTaskGroup(of: UInt64.self) { group in
      for _ in 0..<1000 { group.addTask { try await state.next(after: Self.place(1)).place.number } }
      try await state.whenReadersAre(1000)
      state.update(1)
      state.update(2)
      for try await number in group { #expect(number == 2 || number == 3) }
    }
    #expect(state.readers == 0)
  }

  @Test("A reader whose task is cancelled ends at once, before it waits as after, and leaves nothing behind")
  func cancelled() async throws {
    let state = State(0, epoch: 7)
    for waitsFirst in [true, false] {
      let reader = Task { await state.refusal(after: Self.place(1)) }
      if waitsFirst { try await state.whenReadersAre(1) }
      reader.cancel()
      #expect(await reader.value.code == .cancelled)
      #expect(state.readers == 0)
    }
  }

  @Test("Thousands of readers that come and go while states come leave nothing behind")
  func churn() async throws {
    let state = State(0, epoch: 7)
    await withTaskGroup { group in
      group.addTask { for value in 1...2000 { state.update(value); await Task.yield() } }
      for _ in 0..<8 {
        group.addTask {
          for _ in 0..<200 {
            let reader = Task { try? await state.follow(after: nil) { _ async throws(RPCError) in } }
            await Task.yield()
            reader.cancel()
            _ = await reader.value
          }
        }
      }
    }
    #expect(state.readers == 0)
    #expect(state.current.place.number == 2001)
  }

  @Test("After its end every reader is told UNAVAILABLE, and nothing changes any more")
  func end() async throws {
    let state = State(0, epoch: 7)
    let reader = Task { await state.refusal(after: Self.place(1)) }
    try await state.whenReadersAre(1)
    state.end()
    state.update(1)
    #expect(await reader.value == RPCError(.unavailable, "El servidor se está cerrando."))
    #expect(await state.refusal(after: nil) == RPCError(.unavailable, "El servidor se está cerrando."))
    #expect(state.current.place == Self.place(1))
  }

  @Test("One reader more than may wait is told so by the bound's name; the others go on")
  func full() async throws {
    let state = State(0, epoch: 7, maximumReaders: 2)
    let readers = (0..<2).map { _ in Task { try await state.next(after: Self.place(1)).value } }
    try await state.whenReadersAre(2)
    let error = await state.refusal(after: Self.place(1))
    #expect(error.code == .resourceExhausted && error.message.contains("maximumReaders"))
    state.update(5)
    for reader in readers { #expect(try await reader.value == 5) }
  }

  @Test("Two starts of a server have two epochs, which every language has a number for")
  func epochs() {
    let epochs = (0..<100).map { _ in State(0).current.place.epoch }
    #expect(Set(epochs).count == 100)
    #expect(epochs.allSatisfy { (1..<1 << 53).contains($0) })
  }
}

extension NumberedState {
  /// The status that a read ends with.
  fileprivate func refusal(after place: StatePlace?) async -> RPCError {
    await KioskServicesTests.refusal { () async throws(RPCError) in try await next(after: place) }
  }

  fileprivate func whenReadersAre(_ count: Int) async throws {
    while readers != count { try await Task.sleep(for: .milliseconds(1)) }
  }
}

/// The status that a call ends with.
private func refusal(
  _ sourceLocation: SourceLocation = #_sourceLocation, _ call: () async throws(RPCError) -> some Sendable
) async -> RPCError {
  do throws(RPCError) {
    _ = try await call()
    Issue.record("it went well", sourceLocation: sourceLocation)
    return RPCError(.ok, "")
  } catch { return error }
}
