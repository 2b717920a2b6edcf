package import ClinicDomain
package import Guidance

/// A call written down so that a nurse can read it, and a machine can hold the dialogues to it.
///
/// One line each: what is heard, what the caller does, what the clinic's system and staff do. `…` in a line stands for anything.
///
///     # Dolor de pecho: sin número, sin espera
///     llamada: orientacion, 2026-11-24 10:00
///     oye: Si es una emergencia, cuelgue y marque 911.
///     oye: … Si duele el pecho, oprima 1. …
///     marca: 1
///     oye: Si le duele o le aprieta el pecho, cuelgue y marque 911. …
///     marca: 1
///     alarma: dolor_de_pecho
///     fin: 911
package struct Transcript: Hashable, Sendable {
  package let lines: [Line]

  package struct Line: Hashable, Sendable {
    /// From 1.
    package let number: Int
    package let what: What
  }

  package enum What: Hashable, Sendable {
    /// `llamada: citas, 2026-11-24 10:00`, perhaps `, desde +13105550123` and `, lengua nah`.
    case call(CallStart)
    /// Is heard next: each line from the beginning of what is played next, or from where the line before it ended.
    case hears(String)
    /// Is not heard anywhere since the caller's last act.
    case hearsNot(String)
    case presses(String)
    case silent
    case hangsUp
    /// `sistema: no contesta`: how the server answers from now on, or the next time.
    case system(RehearsedClinic.Mood)
    /// `sistema: tiene una cita`: the caller has an appointment.
    case hasAppointment
    /// `personal: acusa` or `personal: no acusa`.
    case staff(acknowledges: Bool)
    /// Staff were alerted since the caller's last act.
    case alarm(String)
    /// The back end was asked this since the caller's last act.
    case asks(RequestKind)
    /// A hold was given back since the caller's last act.
    case givesBack
    case ends(CallResult)
  }

  /// Why a line cannot be read, or does not hold.
  package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
    package let line: Int
    package let message: String

    package var description: String { "línea \(line): \(message)" }
  }

  /// - Throws: the first line that cannot be read.
  package init(_ text: String) throws(Failure) {
    var lines: [Line] = []
    for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = raw.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init) ?? ""
      // `#` is also a key: a comment stands alone or after two spaces.
      let content = raw.hasPrefix("#") ? "" : (raw.contains("  #") ? String(line) : String(raw))
      let trimmed = content.trimmedSpaces
      guard !trimmed.isEmpty else { continue }
      guard let what = Self.what(trimmed) else {
        throw Failure(line: index + 1, message: "\"\(trimmed)\" no se entiende; se admiten llamada, oye, no oye, marca, calla, cuelga, sistema, personal, alarma, pide, devuelve y fin")
      }
      lines.append(Line(number: index + 1, what: what))
    }
    guard case .call? = lines.first?.what else { throw Failure(line: lines.first?.number ?? 1, message: "primero va llamada: con el diálogo, la fecha y la hora") }
    self.lines = lines
  }

  private static func what(_ line: String) -> What? {
    let parts = line.split(separator: ":", maxSplits: 1).map { String($0).trimmedSpaces }
    let rest = parts.count > 1 ? parts[1] : ""
    switch parts[0] {
    case "llamada": return start(rest).map { .call($0) }
    case "oye": return rest.isEmpty ? nil : .hears(rest)
    case "no oye": return rest.isEmpty ? nil : .hearsNot(rest)
    case "marca":
      let keys = String(rest.filter { $0 != " " })
      return keys.isEmpty || !keys.allSatisfy("0123456789*#".contains) ? nil : .presses(keys)
    case "calla": return .silent
    case "cuelga": return .hangsUp
    case "sistema":
      if rest == "tiene una cita" { return .hasAppointment }
      return RehearsedClinic.Mood(rawValue: rest).map { .system($0) }
    case "personal": return ["acusa": What.staff(acknowledges: true), "no acusa": .staff(acknowledges: false)][rest]
    case "alarma": return rest.isEmpty ? nil : .alarm(rest)
    case "pide": return RequestKind(rawValue: rest).map { .asks($0) }
    case "devuelve": return .givesBack
    case "fin": return rest == "cuelga" ? .ends(.gone) : CallResult(rawValue: rest).map { .ends($0) }
    default: return nil
    }
  }

  private static func start(_ text: String) -> CallStart? {
    let parts = text.split(separator: ",").map { String($0).trimmedSpaces }
    guard parts.count >= 2 else { return nil }
    let moment = parts[1].split(separator: " ").map(String.init)
    guard moment.count == 2, let date = CivilDate(iso: moment[0]), let time = AgendaMinute(text: moment[1]) else { return nil }
    var start = CallStart(script: parts[0], today: date, time: time, notice: RehearsedClinic.notice(of: parts[0]))
    for part in parts.dropFirst(2) {
      if part.hasPrefix("desde "), let number = PhoneNumber(String(part.dropFirst(6))) {
        start.caller = number
      } else if part.hasPrefix("lengua ") {
        start.language = Language(String(part.dropFirst(7)))
      } else {
        return nil
      }
    }
    return start
  }
}

extension String {
  var trimmedSpaces: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
