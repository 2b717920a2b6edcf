package import ClinicDomain
internal import Foundation

extension ClinicZone {
  /// Where Debian's tzdata package puts its files.
  package static let tzdataFolder = "/usr/share/zoneinfo"

  /// The years, first and last included, whose transitions the table holds. Before them the first offset holds, after them the
  /// last one.
  package static let tzdataYears = 2020...2045

  /// The zone of an IANA name, filled from a tzdata folder.
  ///
  /// - Throws: ``ZoneFault``.
  package static func fromTZData(named name: String, folder: String = tzdataFolder) throws(ZoneFault) -> ClinicZone {
    guard isZoneName(name) else { throw .unknownZone(name) }
    guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else { throw .unknownZone(name) }
    guard let file = TZifFile(bytes: Array(data)) else { throw .unreadableZone(name) }
    guard let zone = ClinicZone(name: name, file: file, years: tzdataYears) else { throw .unreadableZone(name) }
    return zone
  }

  /// Letters, digits, `_`, `+` and `-` in parts separated by slashes: no name leaves the folder.
  private static func isZoneName(_ name: String) -> Bool {
    name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
      !part.isEmpty && part.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "-"): true
        default: false
        }
      }
    }
  }

  /// The file's own transitions, then what its closing rule gives for the years after them.
  ///
  /// Returns `nil` for offsets that no place on earth has.
  init?(name: String, file: TZifFile, years: ClosedRange<Int>) {
    let from = CivilDate(year: years.lowerBound, month: 1, day: 1)!.daysSinceEpoch * 86_400
    let until = CivilDate(year: years.upperBound + 1, month: 1, day: 1)!.daysSinceEpoch * 86_400
    let lastInFile = file.transitions.last?.at ?? .min
    let byRule = file.rule.map { rule in years.flatMap(rule.transitions).filter { $0.at > lastInFile } } ?? []
    let all = file.transitions + byRule.sorted { $0.at < $1.at }
    // Without transitions the closing rule's standard time holds; the file's first type is the same then.
    let initial = all.last { $0.at <= from }?.offset ?? file.initialOffset
    var kept: [Transition] = []
    for transition in all where transition.at > from && transition.at < until {
      guard transition.offset != kept.last?.offsetSeconds ?? initial else { continue }
      kept.append(Transition(at: Instant(seconds: transition.at), offsetSeconds: transition.offset))
    }
    self.init(name: name, initialOffsetSeconds: initial, transitions: kept)
  }
}

/// Why there is no table for a zone.
package enum ZoneFault: Error, Hashable, Sendable {
  /// No zone of that name in the folder.
  case unknownZone(String)
  /// The file is no TZif of version 2 or later.
  case unreadableZone(String)

  /// For the technician.
  package var mensaje: String {
    switch self {
    case .unknownZone(let name):
      """
      No se conoce la zona horaria «\(name)». Use un nombre de la IANA, como America/Mexico_City, y revise que el paquete \
      tzdata esté instalado.
      """
    case .unreadableZone(let name):
      "El archivo de la zona horaria «\(name)» está dañado. Reinstale el paquete tzdata."
    }
  }
}
