package import ClinicDomain

/// What is free of one service, for whoever passes by: no person is asked about.
package struct Availability: Hashable, Sendable {
  package var service: ServiceCode
  /// For whom it is so; `nil` when it is so for every channel that may book the service.
  package var channel: Channel?
  /// By date, start and resource; `nil` when nothing is free up to the horizon.
  package var first: Slot?
  /// Free slots on the first one's date; 0 without one.
  package var onFirstDate: Int
  /// Free slots on all dates that can be booked.
  package var inAll: Int

  package init(service: ServiceCode, channel: Channel? = nil, first: Slot? = nil, onFirstDate: Int = 0, inAll: Int = 0) {
    self.service = service
    self.channel = channel
    self.first = first
    self.onFirstDate = onFirstDate
    self.inAll = inAll
  }
}

extension AgendaIndex {
  /// What is free at an instant, service by service, in the configuration's order, and channel by channel where they have shares of
  /// their own. What is held is not free.
  ///
  /// - Complexity: O(services × resource-days), one word each; where there are shares, once for each channel.
  package func availability(at now: Instant) -> [Availability] {
    rules.clinic.services.flatMap { service -> [Availability] in
      let channels: [Channel?] = rules.isSharedByChannel(service.code) ? service.bookableBy.map(Optional.some) : [nil]
      return channels.map { channel in
        let asking = channel ?? service.bookableBy.first
        var scan = asking.flatMap { FreeSlotScan(self, service: service.code, person: nil, channel: $0, at: now) }
        scan?.includesOverbooked = true
        var found = scan?.availability() ?? Availability(service: service.code)
        found.channel = channel
        return found
      }
    }
  }
}

extension FreeSlotScan {
  fileprivate mutating func availability() -> Availability {
    var found = Availability(service: service.code)
    for date in dates {
      guard let minute = firstMinute(of: date) else { continue }
      var first: Slot?
      var count = 0
      for resource in resources {
        guard let lane = lane(ofResource: resource, on: date, from: minute, turnos: { _ in true }), let head = lane.head else { continue }
        count += lane.count
        let slot = slot(head, of: lane)
        if first.map({ slot.start < $0.start }) ?? true { first = slot }
      }
      found.inAll += count
      if found.first == nil, let first { (found.first, found.onFirstDate) = (first, count) }
    }
    return found
  }
}
