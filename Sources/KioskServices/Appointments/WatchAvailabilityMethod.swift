internal import ClinicDomain
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension AppointmentsHandlers {
  /// What is free of each service that the caller's channel may book, state by state.
  package func watchAvailability(
    _ request: Wire.WatchAvailabilityRequest, replies: ReplyStream<Wire.WatchAvailabilityResponse>, context: CallContext
  ) async throws(RPCError) {
    let channel = Channel(role: context.role)
    let rules = counter.rules
    let known = StatePlace(epoch: request.epoch, number: request.number)
    try await availability.follow(after: known) { (state) async throws(RPCError) in
      try await replies.show(
        Wire.WatchAvailabilityResponse(
          epoch: state.place.epoch, number: state.place.number,
          services: state.value.compactMap { rules.wireAvailability($0, for: channel) }))
    }
  }
}

extension ClinicRules {
  /// `nil` for a service that is not for the channel.
  fileprivate func wireAvailability(_ availability: Availability, for channel: Channel) -> Wire.ServiceAvailability? {
    guard let service = clinic.service(availability.service), service.bookableBy.contains(channel),
      availability.channel == nil || availability.channel == channel
    else { return nil }
    return Wire.ServiceAvailability(
      service: service.code.rawValue, name: service.spokenName, firstDate: availability.first?.date.description ?? "",
      firstMinute: Int32(availability.first?.start.minutes ?? 0), freeOnFirstDate: Int32(availability.onFirstDate),
      freeInAll: Int32(availability.inAll), display: availability.first.map(dayAndHour) ?? "")
  }
}
