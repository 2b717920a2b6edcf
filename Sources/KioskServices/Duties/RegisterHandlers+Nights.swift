internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension RegisterHandlers {
  /// Looks through the store now, and keeps what it finds.
  package func runNightlyCheck(
    _ request: Wire.RunNightlyCheckRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.RunNightlyCheckResponse> {
    let now = counter.now
    let found = try await counter.reading { store throws(StoreFault) in try await store.checkNight(at: now) }
    return try await counter.write(
      .duty(.noteNight(NoteNight(problems: found.findings.map(\.text), lastRow: found.lastRow))), context,
      encode: { Encoded(Wire.RunNightlyCheckResponse(check: $0.duty.night.map { Wire.NightlyCheck($0) })).bytes },
      refused: { refusal, _ in RPCError(refusal) })
  }

  /// What the last nights found.
  package func listNightlyChecks(
    _ request: Wire.ListNightlyChecksRequest, context: CallContext
  ) async throws(RPCError) -> Wire.ListNightlyChecksResponse {
    let nights = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in try reader.nights() }
    }
    return Wire.ListNightlyChecksResponse(checks: nights.map { Wire.NightlyCheck($0) })
  }
}

extension Wire.NightlyCheck {
  fileprivate init(_ night: NightlyCheck) {
    self.init(id: night.id, atUnixMs: night.checkedAt.milliseconds, problems: Array(night.problems.prefix(20)), lastRow: night.lastRow)
  }
}
