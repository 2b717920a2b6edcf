internal import ClinicDomain
internal import IVRDialogue
internal import KioskTestSupport

/// Every way through a call, key by key: breadth first, each standing once.
///
/// A standing is where the call is, what it asks, and whether who calls has been asked; the words that were heard on the way are kept
/// for the shortest way to it.
struct EveryWay {
  struct Way {
    var call: Call
    var turn: CallTurn
    /// Things that were played, in order.
    var heard: [String]
    var pressed: [String]
    /// Where the call stood at each key.
    var stood: [String]
    var effects: [CallEffect] = []
    var asked: [BackEndRequest] = []
  }

  private struct Standing: Hashable {
    let at: String
    let step: CallStep
  }

  let line: PhoneLine
  let wording: Wording

  init(line: PhoneLine = shippedLine) {
    self.line = line
    wording = Wording(line)
  }

  /// - Parameters:
  ///   - back: the back end's answer to each request.
  ///   - goesOn: whether a way is followed further.
  func ways(from start: CallStart, back: (BackEndRequest) -> CallEvent, while goesOn: (Way) -> Bool = { _ in true }) -> [Way] {
    var call = Call(line: line)
    let turn = call.handle(.started(start), at: .epoch)
    var ways = [settled(Way(call: call, turn: turn, heard: [], pressed: [], stood: [], effects: turn.effects), back)]
    var seen: Set<Standing> = []
    var index = 0
    while index < ways.count {
      let way = ways[index]
      index += 1
      guard case .collect(_, let wanted) = way.turn.step, seen.insert(Standing(at: way.call.whereabouts, step: way.turn.step)).inserted, goesOn(way)
      else { continue }
      for event in Self.events(wanted) { ways.append(after(event, way, back)) }
    }
    return ways
  }

  private static func events(_ wanted: Wanted) -> [CallEvent] {
    let keys: [String] = switch wanted.maximum {
    case 1: (1...4).map { "\($0)" }
    case 4: ["3011"]
    case 6: [RehearsedClinic.code]
    case 8: ["05021990"]
    case 9: [PatientNumber(random: 1).description]
    case 10: ["5512345678"]
    case 11: ["12345678903"]
    default: [Folio(random: 1).description]
    }
    return keys.map { .digits($0) } + [.digits(""), .digits("0"), .silence]
  }

  private func after(_ event: CallEvent, _ way: Way, _ back: (BackEndRequest) -> CallEvent) -> Way {
    var way = way
    way.stood.append(way.call.whereabouts)
    if case .digits(let keys) = event { way.pressed.append(keys.isEmpty ? "#" : keys) } else { way.pressed.append("calla") }
    way.turn = way.call.handle(event, at: .epoch)
    way.effects += way.turn.effects
    return settled(way, back)
  }

  /// Plays and asks until the caller's turn has come.
  private func settled(_ way: Way, _ back: (BackEndRequest) -> CallEvent) -> Way {
    var way = way
    while true {
      switch way.turn.step {
      case .say(let prompts, _):
        way.heard.append(wording.words(of: prompts))
        way.turn = way.call.handle(.played, at: .epoch)
      case .request(let request, _):
        way.asked.append(request)
        way.turn = way.call.handle(back(request), at: .epoch)
      case .collect(let prompts, _):
        way.heard.append(wording.words(of: prompts))
        return way
      case .end: return way
      }
      way.effects += way.turn.effects
    }
  }
}
