package import TTRPCCore
package import VentanillaMessages

extension KioskClient {
  /// The alarms that staff have, now and whenever they change.
  ///
  /// Source: `ventanilla.v1.Telephone/WatchAlarms`.
  package func watchAlarms(metadata: Metadata = Metadata()) -> KioskWatch<Wire.WatchAlarmsResponse> {
    watch(MethodTable.Telephone.watchAlarms, metadata: metadata) { last throws(RPCError) in
      Encoded(Wire.WatchAlarmsRequest(epoch: last?.epoch ?? 0, number: last?.number ?? 0)).bytes
    } read: { bytes throws(RPCError) in
      do throws(DecodingFault) {
        let state = try Wire.WatchAlarmsResponse(decoding: bytes)
        return (WatchMark(epoch: state.epoch, number: state.number), state)
      } catch {
        throw RPCError(.internal, "a state of WatchAlarms cannot be decoded")
      }
    }
  }
}
