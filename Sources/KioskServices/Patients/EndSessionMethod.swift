package import TTRPCCore
package import VentanillaMessages

extension PatientsHandlers {
  /// Begins a session's idle time anew.
  package func continueSession(
    _ request: Wire.ContinueSessionRequest, context: CallContext
  ) throws(RPCError) -> Wire.ContinueSessionResponse {
    _ = try counter.session(request.sessionToken, context)
    return Wire.ContinueSessionResponse(
      idleSeconds: Int32(counter.sessions.idleSeconds), warningSeconds: Int32(counter.sessions.warningSeconds))
  }

  /// Ends a session; an unknown token is an ended one. On a connection that was granted `holds` its holds end too.
  package func endSession(
    _ request: Wire.EndSessionRequest, context: CallContext
  ) throws(RPCError) -> Wire.EndSessionResponse {
    if let token = SessionToken(text: request.sessionToken) {
      counter.sessions.end(token)
      counter.release(counter.holds.take(of: token, on: context.connectionID))
    }
    return Wire.EndSessionResponse()
  }
}
