package import TTRPCCore
package import VentanillaMessages

extension KioskClient {
  /// What is free of each service, now and whenever it changes.
  ///
  /// Source: `ventanilla.v1.Appointments/WatchAvailability`.
  package func watchAvailability(metadata: Metadata = Metadata()) -> KioskWatch<Wire.WatchAvailabilityResponse> {
    watch(MethodTable.Appointments.watchAvailability, metadata: metadata) { last throws(RPCError) in
      Encoded(Wire.WatchAvailabilityRequest(epoch: last?.epoch ?? 0, number: last?.number ?? 0)).bytes
    } read: { bytes throws(RPCError) in
      do throws(DecodingFault) {
        let state = try Wire.WatchAvailabilityResponse(decoding: bytes)
        return (WatchMark(epoch: state.epoch, number: state.number), state)
      } catch {
        throw RPCError(.internal, "a state of WatchAvailability cannot be decoded")
      }
    }
  }
}
