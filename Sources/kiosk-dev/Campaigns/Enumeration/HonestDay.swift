internal import KioskTestSupport
internal import TTRPCCore
internal import TTRPCNIO
internal import VentanillaMessages

/// People who mistype 15 % of what they type, at kiosks or through one bridge.
///
/// Half of the mistakes are in the NSS, which its check digit tells, and half in the birth date. Whoever has used up a visit's tries comes
/// again, and whoever may not try any more goes to the desk, which sees who they are.
struct HonestDay: Sendable {
  let clinic: EnumerationClinic
  let first: Int
  let patients: Int

  private static let mistakesInHundred = 15

  func run(_ name: String, _ generator: inout SeededGenerator) async throws -> EnumerationReport.Day {
    let isBridge = name == "one bridge"
    var day = EnumerationReport.Day(name: name, people: patients)
    var doors: [TTRPCClientConnection] = []
    // The first kiosk is the one that tried numbers, and waits for staff.
    if isBridge { doors = [try await clinic.connect("ivr")] } else {
      for kiosk in 2...EnumerationCampaign.kiosks { doors.append(try await clinic.connect(kiosk: kiosk)) }
    }
    let desk = try await clinic.connect("staff")
    for number in first..<first + patients {
      let person = CampaignPerson(number: number)
      let door = number % doors.count
      var isServed = try await serve(person, at: doors[door], &day, &generator, kiosk: isBridge ? nil : door + 2)
      if isServed { day.served += 1 } else {
        isServed = await desk.identifying(nss: person.nss, born: CampaignPerson.birthDate, visit: "") == nil
        if isServed { day.servedAtDesk += 1 }
      }
    }
    for door in doors + [desk] { await door.close() }
    return day
  }

  private func serve(
    _ person: CampaignPerson, at door: TTRPCClientConnection, _ day: inout EnumerationReport.Day, _ generator: inout SeededGenerator, kiosk: Int?
  ) async throws -> Bool {
    for visit in 1...2 {
      for _ in 1...5 {
        var (nss, born) = (person.nss, CampaignPerson.birthDate)
        if generator.chance(Self.mistakesInHundred, in: 100) {
          day.mistakes += 1
          if generator.chance(1, in: 2) { nss = Self.mistyped(nss) } else { born = "1985-04-\(10 + generator.below(20))" }
        }
        guard let error = await door.identifying(nss: nss, born: born, visit: "\(person.number)-\(visit)") else { return true }
        switch (error.code, error.identificationLimit) {
        case (.unauthenticated, _), (.invalidArgument, _): continue
        case (_, .device?):
          day.unlockings += 1
          try await clinic.unlock("kiosk/kiosk-\(kiosk ?? 0)")
        case (_, .visit?): break
        default: return false
        }
        if error.identificationLimit == .visit { break }
      }
    }
    return false
  }

  private static func mistyped(_ nss: String) -> String {
    var digits = Array(nss)
    digits[8] = digits[8] == "9" ? "0" : Character(String(digits[8].wholeNumberValue! + 1))
    return String(digits)
  }
}

extension RPCError {
  /// The limit that refused an identification.
  var identificationLimit: Wire.IdentificationLimit? {
    details.lazy.compactMap { try? $0.decoded(as: Wire.IdentificationRefusal.self) }.first?.limit
  }
}
