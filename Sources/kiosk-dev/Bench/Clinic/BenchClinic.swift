internal import ClinicDomain
internal import ClinicStore
internal import Foundation
internal import KioskServer
internal import KioskServices
internal import Scheduling

/// A clinic to measure with: 30 consultorios of family medicine, 48 slots of 15 minutes each every day, 28 days ahead.
///
/// Its limits per person are the largest that the configuration allows, so that a few hundred made-up people can fill it.
enum BenchClinic {
  static let consultorios = 30
  static let days = 28
  static let slotsPerDay = 48
  /// As many appointments as the configuration lets one person have.
  static let slotsPerPerson = 50
  /// From tomorrow on.
  static let slots = consultorios * days * slotsPerDay
  static let service = ServiceCode("medicina_familiar")
  static let rules = ClinicRules(clinic: clinic, zone: ClinicZone(name: clinic.identity.zone, initialOffsetSeconds: -6 * 3600)!)

  static let clinic: Clinic = {
    let turnos = [("matutino", 8, 14), ("vespertino", 14, 20)].map { code, first, last in
      Turno(code: TurnoCode(code), name: code, hours: AgendaMinute(minutes: first * 60)!..<AgendaMinute(minutes: last * 60)!)
    }
    let everyDay = turnos.map { WeeklyRule(turno: $0.code, weekdays: Weekday.allCases) }
    return Clinic(
      identity: ClinicIdentity(
        clues: CLUES("DFIMS009996")!, ooad: "Ciudad de México Norte", number: 999, name: "UMF 999 Medición", zone: "America/Mexico_City"),
      services: [
        Service(
          code: service, name: "Medicina familiar", slotMinutes: 15, bookableBy: Channel.allCases, requiresRights: true,
          maxActivePerPatient: slotsPerPerson)
      ],
      turnos: turnos,
      resources: (1...consultorios).map { number in
        AgendaResource(
          id: ResourceID(.consultorio, number)!, services: [service], floor: number.isMultiple(of: 3) ? 1 : 0, tags: [], rules: everyDay)
      },
      closures: [], nonWorkingDays: [],
      policy: BookingPolicy(
        horizonDays: days, holdSeconds: HoldSeconds(kiosk: 120, phone: 240, desk: 300), graceMinutes: 10,
        checkInOpensMinutes: 30, maxActivePerPatient: slotsPerPerson, maxHoldsPerPatient: 2, adultAge: 18),
      guidance: [:])
  }()

  /// This machine's time.
  static var now: Instant { ServiceClock.system.now() }

  /// Every slot once, day by day from tomorrow, so that neighbours in the row are of different consultorios.
  static func choice(_ number: Int, today: CivilDate) -> SlotChoice {
    let inDay = number % (consultorios * slotsPerDay)
    return SlotChoice(
      resource: ResourceID(.consultorio, inDay % consultorios + 1)!,
      date: today.advanced(by: 1 + number / (consultorios * slotsPerDay)),
      start: AgendaMinute(minutes: 480 + 15 * (inDay / consultorios))!)
  }

  /// Who books a slot, when few people book all of them: nobody has too many, or two at one time.
  static func person(for choice: SlotChoice, today: CivilDate) -> Int {
    let inAgenda = (today.distance(to: choice.date) - 1) * slotsPerDay + (choice.start.minutes - 480) / 15
    let perAgenda = (days * slotsPerDay + slotsPerPerson - 1) / slotsPerPerson
    return (choice.resource.number - 1) * perAgenda + inAgenda / slotsPerPerson + 1
  }

  /// How many that takes.
  static let people = consultorios * ((days * slotsPerDay + slotsPerPerson - 1) / slotsPerPerson)

  // MARK: People

  static let birthDate = CivilDate(iso: "1985-04-30")!

  /// The card number of the `number`-th person, from 1, who is also the `number`-th row of the store.
  static func patientNumber(_ number: Int) -> PatientNumber { PatientNumber(random: UInt64(number) &* 0x9E37_79B9_7F4A_7C15) }

  /// Adults with rights without end, each with an NSS and a consultorio of their own.
  static func importing(_ people: ClosedRange<Int>) -> ImportPatients {
    ImportPatients(rows: people.map { number in
      PatientImport(
        identityKey: "bench \(number)",
        patient: Patient(
          id: PatientID(rawValue: 0), nss: NSS(firstTenDigits: number), agregado: nil, curp: nil, number: patientNumber(number),
          name: PersonName(given: "Persona \(number)", firstSurname: "De", secondSurname: "Medición", chosen: nil, pronoun: nil),
          birthDate: birthDate, phone: nil, language: "es", needs: [],
          consultorio: ResourceID(.consultorio, number % consultorios + 1)!, turno: clinic.turnos[number % 2].code,
          rights: Rights(state: .vigente, date: nil)),
        numberIsGiven: true, numberSeed: 0)
    })
  }

  /// A store of this clinic with so many people and nothing booked.
  static func makeStore(at path: String, people: Int) throws -> StoreCore {
    let core = try StoreCore.open(.file(path), rules: rules, at: now)
    var first = 1
    while first <= people {
      let last = min(first + ImportPatients.maximumRows - 1, people)
      let command = StoreCommand(
        requestID: nil, digest: [], command: .importPatients(importing(first...last)), encodeReply: { _ in [] })
      guard case .granted(.imported(let counts), _) = try core.apply([command], at: now)[0], counts.added == last - first + 1 else {
        throw BenchFault("the made-up people were not taken")
      }
      first = last + 1
    }
    return core
  }

  /// A booking at the desk as the services would ask for it, with a reply of a usual size.
  ///
  /// - Parameter now: when its client made the request id; `nil` for now.
  static func booking(of choice: SlotChoice, for person: Int, at now: Instant? = nil) -> StoreCommand {
    let patient = PatientID(rawValue: Int64(person))
    var chance = SystemRandomNumberGenerator()
    return StoreCommand(
      requestID: .made(at: now?.milliseconds ?? Int64(Date().timeIntervalSince1970 * 1000), using: &chance), digest: [UInt8](repeating: 7, count: 32),
      command: .book(
        BookAppointment(
          actor: .person(patient), patient: patient, what: .slot(service, choice), channel: .desk, folioSeed: .random(in: .min ... .max))),
      encodeReply: { _ in [UInt8](repeating: 7, count: 250) })
  }
}

extension RequestID {
  /// As our clients make it: 48 bits of milliseconds since 1970 and 80 of chance, so that the table of answers grows at one end.
  static func made(at milliseconds: Int64, using chance: inout some RandomNumberGenerator) -> RequestID {
    let time = (0..<6).map { UInt8(truncatingIfNeeded: milliseconds >> (40 - 8 * Int64($0))) }
    return RequestID(time + (0..<10).map { _ in UInt8.random(in: .min ... .max, using: &chance) })!
  }
}

/// A folder of a bench's own, gone afterwards, on the disk under the project: a temporary folder may be memory.
struct BenchFolder {
  let url: URL

  init(in root: String) throws {
    url = URL(fileURLWithPath: root).appending(path: ".ventanilla/bench-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  func path(_ name: String) -> String { url.appending(path: name).path }
  func remove() { try? FileManager.default.removeItem(at: url) }
}
