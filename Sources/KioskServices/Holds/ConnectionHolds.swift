package import ClinicDomain
package import ClinicStore
internal import Synchronization

/// Which holds end with which connection: those made on one that was granted `holds`.
///
/// It knows folios and nobody's name, and decides nothing: whether a hold still stands is found out when it is released. A folio that
/// is remembered again belongs to the connection that asked last.
package final class ConnectionHolds: Sendable {
  /// Holds that are remembered of one connection.
  ///
  /// A bridge with 200 lines and the two holds of a patient on each has 400; 1,024 let it double, at about 100 KiB. One more ends by its
  /// own clock, as without the extension.
  package static let maximumPerConnection = 1024

  package struct Hold: Hashable, Sendable {
    package var folio: Folio
    /// Whose hold it is, as long as the session lasts.
    package var session: SessionToken
    /// When its time is over anyway.
    package var until: Instant

    package init(folio: Folio, session: SessionToken, until: Instant) {
      self.folio = folio
      self.session = session
      self.until = until
    }
  }

  private struct Register {
    /// A connection stands here from its grant to its end.
    var holds: [UInt64: [Folio: Hold]] = [:]
    var owners: [Folio: UInt64] = [:]
    var isKeepingAll = false

    mutating func forget(_ folio: Folio) {
      guard let owner = owners.removeValue(forKey: folio) else { return }
      holds[owner]?[folio] = nil
    }

    /// Whether one more hold of a connection is remembered; those whose time is over make room.
    mutating func hasRoom(for connection: UInt64, at now: Instant) -> Bool {
      guard let known = holds[connection] else { return false }
      if known.count < maximumPerConnection { return true }
      for hold in known.values where hold.until <= now { forget(hold.folio) }
      return holds[connection]!.count < maximumPerConnection
    }
  }

  private let register = Mutex(Register())
  /// Told of a hold that could not be released, and stands until its time is over.
  let onUnreleased: @Sendable (StoreFault) -> Void

  package init(onUnreleased: @escaping @Sendable (StoreFault) -> Void = { _ in }) { self.onUnreleased = onUnreleased }

  // MARK: Connections

  package func granted(to connection: UInt64) {
    register.withLock { $0.holds[connection] = $0.holds[connection] ?? [:] }
  }

  package func isGranted(to connection: UInt64) -> Bool { register.withLock { $0.holds[connection] != nil } }

  /// The connection has ended.
  ///
  /// - Returns: what is to be released.
  package func takeAll(of connection: UInt64) -> [Folio] {
    register.withLock { register in
      let holds = register.holds.removeValue(forKey: connection) ?? [:]
      for folio in holds.keys { register.owners[folio] = nil }
      return register.isKeepingAll ? [] : holds.keys.sorted()
    }
  }

  /// From now on the ends of connections release nothing: it is the server that goes, and whoever held comes back and books.
  package func keepAll() { register.withLock { $0.isKeepingAll = true } }

  /// Holds that are remembered, of all connections.
  package var count: Int { register.withLock(\.owners.count) }

  // MARK: Holds

  /// The hold ends with the connection from now on, and with no other any more.
  ///
  /// - Parameter isWaitedFor: whether the caller still wants to know of it.
  /// - Returns: `false` when it must be released: its caller or the connection has gone, and it is nobody else's meanwhile.
  package func remember(_ hold: Hold, of connection: UInt64, isWaitedFor: Bool = true, at now: Instant) -> Bool {
    register.withLock { register in
      guard isWaitedFor, register.holds[connection] != nil else {
        return register.isKeepingAll || register.owners[hold.folio] != nil
      }
      register.forget(hold.folio)
      guard register.hasRoom(for: connection, at: now) else { return true }
      register.holds[connection]?[hold.folio] = hold
      register.owners[hold.folio] = connection
      return true
    }
  }

  /// It is a hold no more: booked, given back or released.
  package func forget(_ folio: Folio) { register.withLock { $0.forget(folio) } }

  /// The holds of a session that has ended, to be released.
  package func take(of session: SessionToken, on connection: UInt64) -> [Folio] {
    register.withLock { register in
      let folios = (register.holds[connection] ?? [:]).values.filter { $0.session == session }.map(\.folio)
      for folio in folios { register.forget(folio) }
      return folios.sorted()
    }
  }
}
