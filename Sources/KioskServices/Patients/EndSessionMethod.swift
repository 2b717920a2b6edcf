package import TTRPCCore
package import VentanillaMessages

extension PatientsHandlers {
  /// Ends a session; an unknown token is an ended one.
  package func endSession(
    _ request: Wire.EndSessionRequest, context: CallContext
  ) throws(RPCError) -> Wire.EndSessionResponse {
    if let token = SessionToken(text: request.sessionToken) { counter.sessions.end(token) }
    return Wire.EndSessionResponse()
  }
}
