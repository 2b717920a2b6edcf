internal import ClinicDomain
package import IVRDialogue
package import KioskClient
internal import Synchronization
internal import TTRPCCore
internal import VentanillaMessages

/// The clinic's server for one call: one connection, on which holds end with it, and the session that the caller opened.
///
/// The connection is made by the first request: a call that only hears guidance needs none. Whoever hangs up gives back what they held
/// although nobody says so, because the connection ends.
package final class KioskBackEnd: BackEnd {
  struct State {
    /// Empty until somebody is identified.
    var token = ""
    /// Of the guidance that is heard, or of the last one: names its alarms and its record, and nobody.
    var guidance: GuidanceName?
    /// Who acknowledges the last alarm is waited for by its number, once the server has given it one.
    var alarm: AlarmSlip?
    /// Of writes whose outcome is not known: made again, they are the same.
    var identifiers: [BackEndRequest: RequestIdentifier] = [:]
  }

  let client: KioskClient
  let courier: Courier
  /// Names the call to the server's limits; new for each, and nowhere else.
  let visit = KioskBackEnd.chance()
  let state = Mutex(State())
  /// How long an effect may take that nobody waits for.
  private static let effectTime = Duration.seconds(10)

  package init(_ client: KioskClient, courier: Courier) {
    self.client = client
    self.courier = courier
  }

  package func answer(_ request: BackEndRequest, within time: Duration) async -> CallEvent {
    let options = options(for: request, within: time)
    if case .awaitAlarm(let seconds) = request { return await awaitAlarm(atMost: .seconds(seconds)) }
    do throws(RPCError) {
      guard let answer = try await ask(request, options) else { return .backEndAway(mayHaveHappened: false) }
      settled(request)
      return .answer(answer)
    } catch {
      if let answer = BackEndAnswer(error, to: request) {
        settled(request)
        return .answer(answer)
      }
      return .backEndAway(mayHaveHappened: request.writes && !error.isNotBegun)
    }
  }

  package func perform(_ effect: CallEffect) async {
    switch effect {
    case .giveBack(let folio): await giveBack(folio)
    case .endSession: await endSession()
    case .raiseAlarm(let notice): raise(notice)
    case .keepRecord(let session): keep(session)
    // The prompts say their language themselves.
    case .useLanguage: break
    }
  }

  /// Asks for what changes nothing, in the session.
  package func stayAlive() async {
    let token = token
    guard !token.isEmpty else { return }
    _ = try? await PatientsClient(client).listFamily(.init(sessionToken: token), options: CallOptions(timeout: .seconds(2)))
  }

  package func close() async { await client.close() }

  /// Only what is a hold still. One that is not given back so ends with its connection.
  private func giveBack(_ folio: Folio) async {
    _ = try? await AppointmentsClient(client).cancel(
      .init(sessionToken: token, folio: folio.description, onlyHold: true), options: .write(RequestIdentifier(), timeout: Self.effectTime))
  }

  private func endSession() async {
    let token = state.withLock { state in
      defer { state.token = "" }
      return state.token
    }
    guard !token.isEmpty else { return }
    _ = try? await PatientsClient(client).endSession(.init(sessionToken: token), options: CallOptions(timeout: Self.effectTime))
  }

  // MARK: One intention, one id

  private func options(for request: BackEndRequest, within time: Duration) -> CallOptions {
    guard request.writes else { return CallOptions(timeout: time) }
    let id = state.withLock { state in
      let id = state.identifiers[request] ?? RequestIdentifier()
      state.identifiers[request] = id
      return id
    }
    return .write(id, timeout: time)
  }

  /// The outcome is known: the same request is another intention next time.
  private func settled(_ request: BackEndRequest) { state.withLock { $0.identifiers[request] = nil } }

  var token: String { state.withLock(\.token) }
}
