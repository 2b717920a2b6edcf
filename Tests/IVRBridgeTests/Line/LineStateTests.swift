import FastAGI
import IVRBridge
import Testing

@Suite("Which answer belongs to which command")
struct LineStateTests {
  static let sound = AGICommand.streamFile("x", keys: "")
  static let zero = AGIReply.result(AGIResult("0"))
  static let played = AGIReply.result(AGIResult("0", endPosition: 24_000))

  @Test("One command, one answer; an answer without a command is out of step")
  func one() {
    var state = LineState()
    #expect(state.send(.noop) == .write)
    #expect(state.received(Self.zero) == .finish(.reply(Self.zero)))
    #expect(state.received(Self.zero) == .outOfStep)
  }

  @Test("A line that is no answer is out of step: the next one may be another command's")
  func unreadable() {
    var state = LineState()
    _ = state.send(.noop)
    #expect(state.received(.unreadable("Bang")) == .outOfStep)
  }

  @Test("An interrupted sound says nothing: the NOOP's answer is its end")
  func interruptedSound() {
    var state = LineState()
    _ = state.send(Self.sound)
    #expect(state.interrupt() == .write)
    #expect(state.interrupt() == .ignore)
    #expect(state.received(Self.zero) == .finish(.interrupted))
    #expect(state.send(.noop) == .write)
  }

  @Test("A sound that ended in the same moment says so, and what comes next waits for the NOOP's answer")
  func crossing() {
    var state = LineState()
    _ = state.send(Self.sound)
    #expect(state.interrupt() == .write)
    #expect(state.received(Self.played) == .finish(.reply(Self.played)))
    #expect(state.send(.channelStatus) == .hold)
    #expect(state.received(Self.zero) == .write(.channelStatus))
    let up = AGIReply.result(AGIResult("6"))
    #expect(state.received(up) == .finish(.reply(up)))
  }

  @Test("An interrupted WAIT FOR DIGIT answers itself, with 1")
  func interruptedWait() {
    var state = LineState()
    _ = state.send(.waitForDigit(.seconds(1)))
    #expect(state.interrupt() == .write)
    let one = AGIReply.result(AGIResult("1"))
    #expect(state.received(one) == .finish(.reply(one)))
    #expect(state.received(Self.zero) == .nothing)
    #expect(state.send(.noop) == .write)
  }

  @Test("A NOOP that lies unanswered is brought out by another, and what comes next waits for both")
  func nudged() {
    var state = LineState()
    #expect(state.nudge() == .ignore)
    _ = state.send(Self.sound)
    #expect(state.nudge() == .ignore)
    #expect(state.interrupt() == .write)
    // Read together with the sound's order: the sound ends by itself.
    #expect(state.received(Self.played) == .finish(.reply(Self.played)))
    #expect(state.send(.channelStatus) == .hold)
    #expect(state.nudge() == .write)
    #expect(state.received(Self.zero) == .nothing)
    #expect(state.received(Self.zero) == .write(.channelStatus))
    // Or the other one interrupts it.
    state = LineState()
    _ = state.send(Self.sound)
    #expect(state.interrupt() == .write && state.nudge() == .write)
    #expect(state.received(Self.zero) == .finish(.interrupted))
    #expect(state.send(.noop) == .hold)
    #expect(state.received(Self.zero) == .write(.noop))
  }

  @Test("What runs to its end is not interrupted, and neither is nothing")
  func notInterrupted() {
    var state = LineState()
    #expect(state.interrupt() == .ignore)
    _ = state.send(.sayDigits("1", keys: ""))
    #expect(state.interrupt() == .ignore)
  }
}
