package import ClinicDomain
internal import Synchronization
package import TTRPCCore

/// Who is being served right now: the open sessions, in memory only.
///
/// A session ends when it is idle for longer than ``idle``, when it is ended, and with the process: a restart asks everybody who they
/// are again. Nothing personal survives its end. Idle time is measured on the monotonic clock: a wall clock that is set back would keep
/// the sessions of people who have left.
package final class SessionRegistry: Sendable {
  /// One identified person at one screen or on one line.
  package struct Session: Sendable {
    /// Who identified themselves.
    package let actor: Patient
    /// For whom they may act besides; person number 1 is the first. A place whose consent was taken back is `nil` and stays,
    /// so that a number never comes to mean somebody else.
    fileprivate(set) package var others: [Patient?] = []
    package let channel: Channel
    fileprivate var lastUsed: MonotonicTime

    /// Who bears a number: 0 is the actor.
    package func person(_ number: Int) -> Patient? {
      if number == 0 { return actor }
      return others.indices.contains(number - 1) ? others[number - 1] : nil
    }

    fileprivate func idleTime(at now: MonotonicTime) -> Duration {
      now > lastUsed ? .nanoseconds(Int64(clamping: now.nanoseconds - lastUsed.nanoseconds)) : .zero
    }
  }

  /// Sessions at once: twenty for each of the thousand people that a large clinic sees in a day, at about 2 KiB each.
  package static let maximumSessions = 20_000

  private struct Register {
    var sessions: [SessionToken: Session] = [:]
    var revocations = 0
  }

  private let register = Mutex(Register())
  private let idle: Duration

  package init(idle: Duration = .seconds(60)) { self.idle = idle }

  package var idleSeconds: Int { Int(idle.components.seconds) }

  /// Opens a session for a person.
  ///
  /// - Returns: its token; `nil` when as many are open as the registry holds.
  package func open(for patient: Patient, channel: Channel, at now: MonotonicTime) -> SessionToken? {
    var generator = SystemRandomNumberGenerator()
    let token = SessionToken(using: &generator)
    return register.withLock { register in
      if register.sessions.count >= Self.maximumSessions { Self.sweep(&register.sessions, idle: idle, now: now) }
      guard register.sessions.count < Self.maximumSessions else { return nil }
      register.sessions[token] = Session(actor: patient, channel: channel, lastUsed: now)
      return token
    }
  }

  /// The session of a token, which counts as a use; `nil` when it has ended or never was.
  package func use(_ token: SessionToken, channel: Channel, at now: MonotonicTime) -> Session? {
    register.withLock { register in
      guard var session = register.sessions[token], session.channel == channel else { return nil }
      guard session.idleTime(at: now) <= idle else {
        register.sessions[token] = nil
        return nil
      }
      session.lastUsed = max(session.lastUsed, now)
      register.sessions[token] = session
      return session
    }
  }

  /// How many consents have been taken back so far; see ``setOthers(_:of:readAt:)``.
  package var revocations: Int { register.withLock(\.revocations) }

  /// Keeps for whom a session may act besides the actor, and gives each their number.
  ///
  /// Who is known keeps their number, who is new gets the next one, who may not be acted for any more leaves an empty place.
  ///
  /// - Parameter revocations: ``revocations`` before the consents were read.
  /// - Returns: numbers and people, ascending; `nil`, with nothing kept, when a consent was taken back meanwhile: read again.
  package func setOthers(
    _ people: [Patient], of token: SessionToken, readAt revocations: Int
  ) -> [(number: Int, patient: Patient)]? {
    register.withLock { register in
      guard register.revocations == revocations else { return nil }
      guard var session = register.sessions[token] else { return [] }
      var places = session.others.map { old in people.first { $0.id == old?.id } }
      places += people.filter { person in !places.contains { $0?.id == person.id } }
      session.others = places
      register.sessions[token] = session
      return places.enumerated().compactMap { place, patient in patient.map { (place + 1, $0) } }
    }
  }

  /// Makes the open sessions of others forget an adult who has taken a consent back: of `grantee`, or of everybody.
  package func forget(_ grantor: PatientID, grantee: PatientID?) {
    register.withLock { register in
      register.revocations += 1
      for token in Array(register.sessions.keys) {
        guard let session = register.sessions[token], grantee == nil || session.actor.id == grantee,
          let place = session.others.firstIndex(where: { $0?.id == grantor })
        else { continue }
        register.sessions[token]?.others[place] = nil
      }
    }
  }

  /// Ends a session; ending it again changes nothing.
  package func end(_ token: SessionToken) { register.withLock { $0.sessions[token] = nil } }

  /// Forgets the sessions that have been idle too long; called now and then by the server.
  package func sweep(at now: MonotonicTime) {
    register.withLock { Self.sweep(&$0.sessions, idle: idle, now: now) }
  }

  package var count: Int { register.withLock(\.sessions.count) }

  private static func sweep(_ sessions: inout [SessionToken: Session], idle: Duration, now: MonotonicTime) {
    sessions = sessions.filter { $0.value.idleTime(at: now) <= idle }
  }
}
