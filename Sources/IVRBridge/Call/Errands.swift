internal import IVRDialogue
internal import Synchronization

/// What is done because of a call and its caller does not wait for, one after the other: a hold is given back before the session ends.
final class Errands: Sendable {
  private let backEnd: any BackEnd
  private let last = Mutex<Task<Void, Never>?>(nil)

  init(_ backEnd: any BackEnd) { self.backEnd = backEnd }

  /// Returns at once.
  func add(_ effect: CallEffect) {
    last.withLock { last in
      last = Task { [last, backEnd] in
        await last?.value
        await backEnd.perform(effect)
      }
    }
  }

  /// Returns when all is done that was added so far.
  func settled() async { await last.withLock(\.self)?.value }
}
