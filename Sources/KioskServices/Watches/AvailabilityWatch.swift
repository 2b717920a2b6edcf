internal import ClinicDomain
internal import ClinicStore
package import Scheduling

/// What is free, as a state that kiosks and displays watch: looked at again after commits, and now and then because time passes.
package final class AvailabilityWatch: Sendable {
  /// The shortest time between two looks.
  ///
  /// Five states a second are more than a person reads. A look costs what a search through the whole window costs, once for each
  /// service (`kiosk-dev bench search`); so it stays small beside the bookings, however many there are.
  package static let pause = Duration.milliseconds(200)

  /// The longest time between two looks: a hold runs out and a slot begins without a commit.
  package static let patience = Duration.seconds(5)

  package let state: NumberedState<[Availability]>
  private let counter: Counter

  package init(_ counter: Counter) {
    self.counter = counter
    state = NumberedState(counter.store.snapshot.availability(at: counter.now))
  }

  /// Looks, and publishes what has changed.
  package func look() { state.update(counter.store.snapshot.availability(at: counter.now)) }

  /// Looks after each commit, until the task is cancelled.
  package func run() async {
    await counter.keepLooking(patience: Self.patience, pause: Self.pause) { [self] in look() }
  }
}
