internal import ClinicDomain

/// How the morning's places are given out.
enum MachaliRule: String, CaseIterable, Sendable {
  /// All at 06:30, to whoever is first.
  case oneRelease = "one release, first come"
  /// All at 06:30; of 18 places in a consultorio 14 are the phone's and 4 the desk's, as the manager's example has it (70 and 20 of 90).
  case reserved = "one release, 70 phone and 20 desk"
  /// A consultorio every 15 minutes from 06:30 on, at announced times; of 18 places 8 are the phone's, 4 the kiosks', 4 the desk's and 2
  /// anybody's; from 07:30 on all are.
  case staggered = "staggered, with shares"

  func capacity(_ resources: [ResourceID]) -> CapacityPolicy {
    let scope = TurnoScope(resources: resources, turno: TurnoCode("matutino"))
    let halfPastSix = AgendaMinute(minutes: 390)!
    let quotas: [ChannelQuotas] = switch self {
    case .oneRelease: []
    case .reserved: [ChannelQuotas(scope: scope, phone: 14, desk: 4, fallbackMinutes: 0)]
    case .staggered: [ChannelQuotas(scope: scope, kiosk: 4, phone: 8, desk: 4, fallbackMinutes: 30)]
    }
    let step = self == .staggered ? 15 : 0
    return CapacityPolicy(quotas: quotas, releases: [ReleaseRule(scope: scope, daysAhead: 0, first: halfPastSix, stepMinutes: step)])
  }
}

/// How quick somebody is, with a telephone and with a menu.
enum MachaliSpeed: Int, CaseIterable, Sendable {
  case fast, ordinary, slow

  /// Seconds between a busy tone and the next call, on average: half to one and a half times as much.
  var redial: Int { [40, 120, 360][rawValue] }
  /// Seconds from the first word of the menu to the appointment.
  var call: Int { [40, 60, 90][rawValue] }
  /// Seconds in front of a kiosk.
  var kiosk: Int { [60, 90, 150][rawValue] }
  /// People of a hundred.
  var share: Int { [25, 50, 25][rawValue] }
}

/// What a morning is like. The numbers stand here before any run; where PEERS.md §1 has one it is that one.
///
/// 90 places and 8 of "7 to 10 lines" are Machalí's. How often people redial is set so that under Machalí's own rule, all at once to whoever
/// is first, 900 people make "7,000 to 15,000 calls"; twice as often made 24,651, and nothing else was set by a run. Of a hundred, 85 call,
/// 10 come to the kiosks and 5 to the desk.
struct MachaliParameters: Sendable {
  var seed: UInt64 = 1
  var people = 900
  var lines = 8
  var kiosks = 2
  /// Places: as many consultorios with as many slots each.
  var consultorios = 5
  var slotsEach = 18
  /// Seconds at the desk, which opens at seven.
  var desk = 90
  /// Seconds in which a caller hears that there is nothing now, and when there will be.
  var nothing = 10

  var places: Int { consultorios * slotsEach }

  static let description = """
    Stated before the run: 90 places of today (5 consultorios of 18), 8 lines, 2 kiosks, a desk from 07:00. 900 people: 85 % by phone from
    06:30 on, 10 % at the kiosks (they come between 06:00 and 07:30), 5 % at the desk (between 05:30 and 07:30). A quarter of each is fast
    (redials after 40 s, takes 40 s), half ordinary (120 s, 60 s), a quarter slow (360 s, 90 s). Who hears that there is nothing calls again at
    the next announced release, if there is one, and otherwise stops. Everybody stops at 08:00.
    """
}
