internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
internal import TTRPCCore
internal import VentanillaMessages

extension Counter {
  /// Nothing more will come from a connection: what it held and did not book is free again, and its sessions end unless they are used
  /// from another one soon. Returns at once; called on the connection's event loop, as often as it pleases.
  package func clientHasGone(from connection: UInt64) {
    release(holds.takeAll(of: connection))
    sessions.connectionEnded(connection, at: clock.monotonic())
  }

  /// Has a hold end with the connection that asked for it, and with the session.
  ///
  /// Whoever asked may have gone while the hold became durable: then it is released at once. A call whose deadline passed is another
  /// matter: the client may repeat it, and finds its hold.
  func remember(_ reply: Encoded<Wire.HoldResponse>, of session: SessionToken, _ context: CallContext) {
    guard let held = (try? Wire.HoldResponse(decoding: reply.bytes))?.appointment, let folio = Folio(held.folio) else { return }
    let hold = ConnectionHolds.Hold(
      folio: folio, session: session, until: Instant(milliseconds: held.holdExpiresAtUnixMs))
    if !holds.remember(hold, of: context.connectionID, isWaitedFor: isWaitedFor(context), at: now) { release([folio]) }
  }

  private func isWaitedFor(_ context: CallContext) -> Bool {
    guard Task.isCancelled else { return true }
    guard let deadline = context.deadline else { return false }
    return deadline.nanoseconds <= clock.monotonic().nanoseconds + Self.timeoutSlack
  }

  /// How long before a call's deadline a cancel counts as that. The client's clock started earlier, so its cancel comes first by about
  /// as much as the request was late; a second is late on any line. The hold that is kept for nothing ends with its connection.
  private static let timeoutSlack: UInt64 = 1_000_000_000

  /// Ends holds whose caller has gone, those that are holds still; returns at once.
  func release(_ folios: [Folio]) {
    for folio in folios {
      holds.forget(folio)
      release(folio, attempt: 1)
    }
  }

  /// Releasing twice is releasing once, so no request id is kept for it.
  private func release(_ folio: Folio, attempt: Int) {
    let command = StoreCommand(
      requestID: nil, digest: [], command: .releaseHold(ReleaseHold(folio: folio)), encodeReply: { _ in [] })
    store.submit(command) { outcome in
      guard case .failure(let fault) = outcome else { return }
      guard fault.kind.isWorthRepeating, attempt < Self.releaseAttempts else { return holds.onUnreleased(fault) }
      Task {
        try? await Task.sleep(for: Self.releasePause)
        release(folio, attempt: attempt + 1)
      }
    }
  }

  /// Twenty times a tenth of a second: a full queue has long been emptied by then, and a broken disk stays broken.
  private static let releaseAttempts = 20
  private static let releasePause = Duration.milliseconds(100)
}

extension StoreFault.Kind {
  fileprivate var isWorthRepeating: Bool {
    switch self {
    case .busy, .queueFull, .broken, .unknownOutcome, .full: true
    case .conflict, .readOnly, .closed, .cancelled: false
    }
  }
}
