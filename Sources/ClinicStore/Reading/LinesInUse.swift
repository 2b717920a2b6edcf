internal import ClinicDomain

/// Numbers at which a call of the clinic's own may still be spoken, whatever it is about: nobody's telephone rings while they are being told
/// something. The one question of it, for offers, reminders and notices.
struct LinesInUse {
  /// Of each number, the names of its calls.
  private let calls: [String: Set<[UInt8]>]

  /// A call that was given or placed so long ago, in milliseconds, is over, whatever became of it.
  private static let callMilliseconds: Int64 = 300_000

  static let sql = """
    SELECT p.phone, n.token FROM notice n JOIN patient p ON p.id = n.patient \
    WHERE n.state IN ('leased', 'placed') AND n.changed_at > ?1 AND p.phone IS NOT NULL UNION ALL \
    SELECT p.phone, c.token FROM outbound_call c JOIN slot_offer o ON o.id = c.offer JOIN patient p ON p.id = o.patient \
    WHERE c.state IN ('leased', 'placed') AND c.changed_at > ?1 AND p.phone IS NOT NULL
    """

  init(at now: Instant, in connection: Connection) throws(StoreFault) {
    let rows = try Statement(Self.sql, in: connection)
    rows.bind(now.milliseconds - Self.callMilliseconds, at: 1)
    var calls: [String: Set<[UInt8]>] = [:]
    while try rows.step() { calls[rows.text(0), default: []].insert(rows.blob(1)) }
    rows.reset()
    self.calls = calls
  }

  /// - Parameter token: of the call that asks, which is in its own way no more when its bridge forsook it.
  func has(_ phone: String, but token: [UInt8]? = nil) -> Bool { calls[phone]?.contains { $0 != token } ?? false }

  func has(_ phone: PhoneNumber?, but token: [UInt8]? = nil) -> Bool { phone.map { has($0.description, but: token) } ?? false }
}
