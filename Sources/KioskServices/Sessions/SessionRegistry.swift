package import ClinicDomain
internal import Synchronization
package import TTRPCCore

/// Who is being served right now: the open sessions, in memory only.
///
/// A session ends when it is idle for longer than ``idle``, when it is ended (the person has finished, the ticket is printed, the caller
/// has hung up), ``reconnectTime`` after the connection that used it last, and with the process: a restart asks everybody who they are
/// again. It has no end that using it could not put off: who needs long for a screen is not sent back to its beginning. Nothing personal
/// survives its end. Idle time is measured on the monotonic clock: a wall clock that is set back would keep the sessions of people who
/// have left.
package final class SessionRegistry: Sendable {
  /// One identified person at one screen or on one line.
  package struct Session: Sendable {
    /// Who identified themselves.
    fileprivate(set) package var actor: Patient
    /// For whom they may act besides; person number 1 is the first. A place whose consent was taken back is `nil` and stays,
    /// so that a number never comes to mean somebody else.
    fileprivate(set) package var others: [Patient?] = []
    /// What they may do for those of ``others`` for whom they may not do everything about appointments.
    fileprivate var rights: [PatientID: ProxyRights] = [:]
    /// The last day on which that is so, of those of ``others``; none for who is kept without one.
    fileprivate var lastDays: [PatientID: CivilDate] = [:]
    package let channel: Channel
    /// Whom the yearly check was offered to.
    fileprivate var offeredCheck: [PatientID] = []
    fileprivate var lastUsed: MonotonicTime
    /// The connection that used it last.
    fileprivate var connection: UInt64
    /// When that ended; `nil` while it stands.
    fileprivate var disconnected: MonotonicTime?

    /// Who bears a number: 0 is the actor.
    package func person(_ number: Int) -> Patient? {
      if number == 0 { return actor }
      return others.indices.contains(number - 1) ? others[number - 1] : nil
    }

    /// Who bears a number, when the session was given that right for them and it has not ended by itself; what was not given is as if they
    /// were not there. After its last day it is asked for anew, by listing the family.
    package func person(_ number: Int, needing right: ProxyRights, on today: CivilDate) -> Patient? {
      guard let patient = person(number) else { return nil }
      if number != 0, let last = lastDays[patient.id], last < today { return nil }
      return number == 0 || (rights[patient.id] ?? .agenda).isSuperset(of: right) ? patient : nil
    }

    fileprivate func hasEnded(idle: Duration, at now: MonotonicTime) -> Bool {
      if let disconnected, now.time(since: disconnected) > SessionRegistry.reconnectTime { return true }
      return now.time(since: lastUsed) > idle
    }
  }

  /// Sessions at once: twenty for each of the thousand people that a large clinic sees in a day, at about 2 KiB each.
  package static let maximumSessions = 20_000

  /// How long a session outlasts the connection that used it last.
  ///
  /// A kiosk whose cable is pulled, or that is switched off, leaves nobody's session for longer; a client that connects again after a lost
  /// packet, a switch that restarts its port or a server behind a second address goes on without asking its person anew. The telephone
  /// bridge is one connection for every call: when it dies, Asterisk gives its callers to a person, and nobody comes back with a token.
  package static let reconnectTime = Duration.seconds(10)

  /// How long before its end a person is to be warned: WCAG 2.1 (2.2.1) asks for 20 seconds to answer with a simple action.
  package static let warningTime = Duration.seconds(20)

  private struct Register {
    var sessions: [SessionToken: Session] = [:]
    /// By the connection that used them last, while it stands.
    var tokens: [UInt64: Set<SessionToken>] = [:]
    var revocations = 0

    mutating func move(_ token: SessionToken, to connection: UInt64) {
      guard var session = sessions[token], session.connection != connection || session.disconnected != nil else { return }
      detach(token, from: session.connection)
      session.connection = connection
      session.disconnected = nil
      sessions[token] = session
      tokens[connection, default: []].insert(token)
    }

    mutating func end(_ token: SessionToken) {
      guard let session = sessions.removeValue(forKey: token) else { return }
      detach(token, from: session.connection)
    }

    private mutating func detach(_ token: SessionToken, from connection: UInt64) {
      tokens[connection]?.remove(token)
      if tokens[connection]?.isEmpty == true { tokens[connection] = nil }
    }

    mutating func sweep(idle: Duration, at now: MonotonicTime) {
      for token in sessions.filter({ $0.value.hasEnded(idle: idle, at: now) }).keys { end(token) }
    }
  }

  private let register = Mutex(Register())
  private let idle: Duration

  package init(idle: Duration = .seconds(60)) { self.idle = idle }

  package var idleSeconds: Int { Int(idle.components.seconds) }

  /// Half of a session that is shorter than two warnings.
  package var warningSeconds: Int { Int(min(Self.warningTime, idle / 2).components.seconds) }

  /// Opens a session for a person.
  ///
  /// - Returns: its token; `nil` when as many are open as the registry holds.
  package func open(
    for patient: Patient, channel: Channel, connection: UInt64 = 0, at now: MonotonicTime
  ) -> SessionToken? {
    var generator = SystemRandomNumberGenerator()
    let token = SessionToken(using: &generator)
    return register.withLock { register in
      if register.sessions.count >= Self.maximumSessions { register.sweep(idle: idle, at: now) }
      guard register.sessions.count < Self.maximumSessions else { return nil }
      register.sessions[token] = Session(actor: patient, channel: channel, lastUsed: now, connection: connection)
      register.tokens[connection, default: []].insert(token)
      return token
    }
  }

  /// The session of a token, which counts as a use; `nil` when it has ended or never was.
  ///
  /// - Parameter connection: the one it belongs to from now on; `nil` leaves it where it is.
  package func use(_ token: SessionToken, channel: Channel, connection: UInt64? = nil, at now: MonotonicTime) -> Session? {
    register.withLock { register in
      guard let session = register.sessions[token], session.channel == channel else { return nil }
      guard !session.hasEnded(idle: idle, at: now) else {
        register.end(token)
        return nil
      }
      if let connection { register.move(token, to: connection) }
      register.sessions[token]!.lastUsed = max(session.lastUsed, now)
      return register.sessions[token]
    }
  }

  /// Whether a session is open; no use of it.
  package func stands(_ token: SessionToken, at now: MonotonicTime) -> Bool {
    register.withLock { $0.sessions[token].map { !$0.hasEnded(idle: idle, at: now) } ?? false }
  }

  /// Nothing more comes from a connection: its sessions end soon, unless they are used from another one.
  package func connectionEnded(_ connection: UInt64, at now: MonotonicTime) {
    register.withLock { register in
      for token in register.tokens.removeValue(forKey: connection) ?? [] { register.sessions[token]?.disconnected = now }
    }
  }

  /// How many consents have been taken back so far; see ``setOthers(_:of:readAt:)``.
  package var revocations: Int { register.withLock(\.revocations) }

  /// Keeps for whom a session may act besides the actor, and gives each their number.
  ///
  /// Who is known keeps their number, who is new gets the next one, who may not be acted for any more leaves an empty place.
  ///
  /// - Parameters:
  ///   - rights: of those for whom it is not everything about appointments.
  ///   - lastDays: until when, by itself, it is so; whoever is not among them is kept as long as the session.
  ///   - revocations: ``revocations`` before the consents were read.
  /// - Returns: numbers and people, ascending; `nil`, with nothing kept, when a consent was taken back meanwhile: read again.
  package func setOthers(
    _ people: [Patient], rights: [PatientID: ProxyRights] = [:], lastDays: [PatientID: CivilDate] = [:], of token: SessionToken,
    readAt revocations: Int
  ) -> [(number: Int, patient: Patient)]? {
    register.withLock { register in
      guard register.revocations == revocations else { return nil }
      guard var session = register.sessions[token] else { return [] }
      var places = session.others.map { old in people.first { $0.id == old?.id } }
      places += people.filter { person in !places.contains { $0?.id == person.id } }
      session.others = places
      (session.rights, session.lastDays) = (rights, lastDays)
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

  /// Makes every open session call a person so, their own and those of others who may act for them.
  package func rename(_ person: PatientID, chosen: String?, pronoun: String?) {
    func renamed(_ patient: Patient) -> Patient {
      var patient = patient
      if patient.id == person { (patient.name.chosen, patient.name.pronoun) = (chosen, pronoun) }
      return patient
    }
    register.withLock { register in
      for (token, session) in register.sessions where session.actor.id == person || session.others.contains(where: { $0?.id == person }) {
        register.sessions[token]?.actor = renamed(session.actor)
        register.sessions[token]?.others = session.others.map { $0.map(renamed) }
      }
    }
  }

  /// Notes that a person is offered the yearly check.
  ///
  /// - Returns: whether it is for the first time in the session; `false` for one that has ended.
  package func offersCheck(to patient: PatientID, in token: SessionToken) -> Bool {
    register.withLock { register in
      guard register.sessions[token]?.offeredCheck.contains(patient) == false else { return false }
      register.sessions[token]?.offeredCheck.append(patient)
      return true
    }
  }

  /// Ends a session; ending it again changes nothing.
  package func end(_ token: SessionToken) { register.withLock { $0.end(token) } }

  /// Forgets the sessions that have ended by themselves; called now and then by the server.
  package func sweep(at now: MonotonicTime) { register.withLock { $0.sweep(idle: idle, at: now) } }

  package var count: Int { register.withLock(\.sessions.count) }
}

extension MonotonicTime {
  fileprivate func time(since other: MonotonicTime) -> Duration {
    self > other ? .nanoseconds(Int64(clamping: nanoseconds - other.nanoseconds)) : .zero
  }
}
