internal import ClinicDomain
package import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

/// Answers ventanilla.v1.Identification: what staff see of failures, and how they let people go on.
package struct IdentificationHandlers: IdentificationService {
  let counter: Counter
  package init(_ counter: Counter) { self.counter = counter }

  /// Counts, locked kiosks and events; nobody's data.
  package func getState(
    _ request: Wire.GetIdentificationStateRequest, context: CallContext
  ) async throws(RPCError) -> Wire.IdentificationState {
    let bounds = counter.gate.bounds
    let state = try await counter.identificationState()
    return Wire.IdentificationState(
      failuresLastHour: Int32(clamping: state.failuresLastHour),
      today: state.today.map { Wire.ChannelFailures(channel: $0.channel.rawValue, failures: Int32(clamping: $0.failures)) },
      alarm: state.failuresLastHour >= bounds.alarmPerHour,
      locked: state.locked.map { Wire.LockedDevice(device: $0.device, lockedAtUnixMs: $0.since.milliseconds) },
      events: state.events.map { event in
        Wire.IdentificationEvent(
          atUnixMs: event.at.milliseconds, kind: event.kind.rawValue, device: event.device ?? "",
          reason: event.reason?.wire ?? .unspecified, by: event.by ?? "")
      },
      limits: Wire.IdentificationLimits(
        perVisit: Int32(bounds.perVisit), perPersonAndDay: Int32(bounds.perPersonAndDay),
        perDeviceAndHour: Int32(bounds.perDeviceAndHour), perDeviceAndDay: Int32(bounds.perDeviceAndDay),
        alarmPerHour: Int32(bounds.alarmPerHour)))
  }

  /// Lets a kiosk or a person begin again, and keeps who did it and why.
  package func unlock(
    _ request: Wire.UnlockIdentificationRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.UnlockIdentificationResponse> {
    let (target, reason) = try request.checked()
    let key = counter.gate.key
    let stored: UnlockIdentification.What = switch target {
    case .device(let name): .device(name)
    case .identifier(let identifier): .subject(identifier.subject(key))
    }
    let reply = Encoded(Wire.UnlockIdentificationResponse())
    return try await counter.write(
      .identification(.unlock(UnlockIdentification(what: stored, reason: reason, by: StaffName(context.callerName) ?? .unknown))), context,
      encode: { _ in reply.bytes }, refused: { refusal, _ in RPCError(refusal) })
  }
}

extension Counter {
  /// Failures as of now.
  package func identificationState() async throws(RPCError) -> IdentificationState {
    let (now, today) = (now, today)
    return try await reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in try reader.identificationState(now: now, today: today) }
    }
  }
}

extension StaffName {
  /// Who came in by a name that is none.
  fileprivate static let unknown = StaffName("staff")!
}
