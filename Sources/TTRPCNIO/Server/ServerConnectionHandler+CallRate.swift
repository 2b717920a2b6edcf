internal import TTRPCCore

/// What a connection knows of its device's ``TTRPCLimits/callsPerSecond``.
struct CallAllowance {
  /// The device's, or this connection's own; `nil` until the first call.
  var budget: CallBudget?
  /// Whose the budget is, when it is shared.
  var device: CallBudgets.Device?
  /// Whether what the peer has sent waits, here and in its socket, until the device may call again.
  var isHeld = false
}

/// A device that calls more often than it may is told so, and what else it has sent waits meanwhile, the frames of the same read too: a
/// flood is answered one frame at a time, however many frames a read brings and however many connections it comes by.
extension ServerConnectionHandler {
  /// Takes one call from the device's budget.
  ///
  /// - Throws: RESOURCE_EXHAUSTED with the time to wait.
  @inline(__always)
  func takeCall() throws(RPCError) {
    let budget = allowance.budget ?? openBudget()
    if case .refused(let wait) = budget.take(at: loop.readTime) { throw callRefused(budget.rate, wait) }
  }

  /// A frame that brought no call has been answered: that is work for the server like any other.
  func chargeRefusal() {
    let budget = allowance.budget ?? openBudget()
    budget.charge(at: loop.readTime)
    hold(budget.wait(at: loop.readTime))
  }

  /// At the start: a device that has used up its rate on other connections waits on this one too.
  func holdIfExhausted() {
    guard let device else { return }
    hold(loop.connectionCount.budgets.wait(device, at: loop.now))
  }

  /// The time for which reads were held is over; another connection may have been faster to take what there is.
  func holdIsOver() {
    guard allowance.isHeld else { return }
    allowance.isHeld = false
    if let budget = allowance.budget {
      hold(budget.wait(at: loop.now))
    } else {
      holdIfExhausted()
    }
    if !allowance.isHeld { resume() }
  }

  /// The connection has ended.
  func releaseBudget() {
    allowance.isHeld = false
    if let device = allowance.device { loop.connectionCount.budgets.release(device, at: loop.now) }
    allowance.device = nil
  }

  private func callRefused(_ rate: CallRate, _ wait: UInt64) -> RPCError {
    hold(wait)
    loop.reached(.callsPerSecond)
    return .tooManyCallsASecond(rate, wait: wait)
  }

  private func hold(_ wait: UInt64) {
    guard wait > 0, !allowance.isHeld, !isTurnedAway, !machine.isFinished else { return }
    allowance.isHeld = true
    loop.hold(self, until: loop.now.advanced(byNanoseconds: Int64(clamping: wait)))
  }

  /// Without an address the peer is a program of this machine, let in by its socket's file: each connection counts for itself.
  private func openBudget() -> CallBudget {
    let rate = loop.limits.rate(of: caller.role)
    if let device {
      let limits = loop.limits
      if let shared = loop.connectionCount.budgets.take(device, rate: rate, maximum: limits.maxDevices, at: loop.now) {
        allowance.budget = shared
        allowance.device = device
        return shared
      }
    }
    let own = CallBudget(rate: rate)
    allowance.budget = own
    return own
  }

  private var device: CallBudgets.Device? {
    addressKey.map { CallBudgets.Device(role: caller.role, address: $0) }
  }
}
