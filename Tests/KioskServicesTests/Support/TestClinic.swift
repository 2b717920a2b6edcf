import ClinicDomain
import ClinicStore
import Foundation
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import VentanillaMessages

/// A clinic at work for one test: a real store on a real file, people in it, a clock that stands still.
struct TestClinic {
  let clock: TestClock
  let store: ClinicStore
  let rules: ClinicRules
  let counter: Counter
  let availability: AvailabilityWatch
  let telephoneKeeper: TelephoneKeeper
  let folder: String
  let doors: Doors

  func patients(_ role: RoleSet = .kiosk) -> PatientsClient { PatientsClient(doors[role]) }
  func appointments(_ role: RoleSet = .kiosk) -> AppointmentsClient { AppointmentsClient(doors[role]) }
  func waitlist(_ role: RoleSet = .kiosk) -> WaitlistClient { WaitlistClient(doors[role]) }
  func together(_ role: RoleSet = .kiosk) -> TogetherClient { TogetherClient(doors[role]) }
  func paper(_ role: RoleSet = .staff) -> PaperClient { PaperClient(doors[role]) }
  func exchange(_ role: RoleSet = .staff) -> ExchangeClient { ExchangeClient(doors[role]) }
  func proxies(_ role: RoleSet = .kiosk) -> ProxiesClient { ProxiesClient(doors[role]) }
  func homeVisits(_ role: RoleSet = .kiosk) -> HomeVisitsClient { HomeVisitsClient(doors[role]) }
  func promoters(_ role: RoleSet = .promoter) -> PromotersClient { PromotersClient(doors[role]) }
  func agenda(_ role: RoleSet = .staff) -> AgendaClient { AgendaClient(doors[role]) }
  func identification(_ role: RoleSet = .staff) -> IdentificationClient { IdentificationClient(doors[role]) }
  func referrals(_ role: RoleSet = .staff) -> ReferralsClient { ReferralsClient(doors[role]) }
  func register(_ role: RoleSet = .staff) -> RegisterClient { RegisterClient(doors[role]) }
  func telephone(_ role: RoleSet = .ivr) -> TelephoneClient { TelephoneClient(doors[role]) }
  func outbound(_ role: RoleSet = .ivr) -> OutboundClient { OutboundClient(doors[role]) }
  func contact(_ role: RoleSet = .kiosk) -> ContactClient { ContactClient(doors[role]) }
  func survey(_ role: RoleSet = .kiosk) -> SurveyClient { SurveyClient(doors[role]) }
  func care(_ role: RoleSet = .kiosk) -> CareClient { CareClient(doors[role]) }
  func directory(_ role: RoleSet = .kiosk) -> DirectoryClient { DirectoryClient(doors[role]) }
  func operations(_ role: RoleSet = .staff) -> OperationsClient { OperationsClient(doors[role]) }

  /// The token of a new session of a person.
  func session(_ person: Patient, at role: RoleSet = .kiosk) async throws -> String {
    let reply = try await patients(role).identify(
      Wire.IdentifyRequest(identifier: .patientNumber(person.number.description), birthDate: person.birthDate.description))
    return reply.sessionToken
  }

  /// Lets `grantee` act for `grantor`, through a session of the grantor that ends at once.
  func grant(_ grantor: Patient, to grantee: Patient) async throws {
    let token = try await session(grantor)
    _ = try await patients().grantConsent(
      Wire.GrantConsentRequest(sessionToken: token, birthDate: grantee.birthDate.description), options: .write())
    _ = try await patients().endSession(Wire.EndSessionRequest(sessionToken: token))
  }

  /// The number that a session has for somebody, by ListFamily.
  func number(of person: Patient, in token: String) async throws -> Int32? {
    _ = try await patients().listFamily(Wire.ListFamilyRequest(sessionToken: token))
    let session = SessionToken(text: token).flatMap { counter.sessions.use($0, channel: .kiosk, at: clock.monotonic) }
    return (0..<32).first { session?.person($0)?.number == person.number }.map(Int32.init)
  }

  /// Books "C1 2026-11-24 08:15" for the person of a session.
  @discardableResult
  func book(
    _ slot: String, _ token: String, person: Int32 = 0, service: String = "medicina_familiar", at role: RoleSet = .kiosk
  ) async throws -> Wire.Appointment {
    let reply = try await appointments(role).book(
      Wire.BookRequest(sessionToken: token, person: person, what: .slot(Wire.SlotChoice(slot, service: service))),
      options: .write())
    return reply.appointment!
  }

  @discardableResult
  func hold(
    _ slot: String, _ token: String, person: Int32 = 0, service: String = "medicina_familiar", at role: RoleSet = .kiosk
  ) async throws -> Wire.Appointment {
    let reply = try await appointments(role).hold(
      Wire.HoldRequest(sessionToken: token, person: person, slot: Wire.SlotChoice(slot, service: service)),
      options: .write())
    return reply.appointment!
  }

  /// A person who comes to the padrón later.
  func admit(_ person: Patient) async throws { try await store.add([person]) }

  /// Books a slot for somebody else altogether: Darío's is the name behind "somebody has it".
  func occupy(_ slot: String) async throws { try await book(slot, try await session(.dario)) }
}

extension Wire.SlotChoice {
  /// "C1 2026-11-24 08:15".
  init(_ text: String, service: String = "medicina_familiar") {
    let choice = SlotChoice(text)
    self.init(
      service: service, resource: choice.resource.description, date: choice.date.description,
      startMinute: Int32(choice.start.minutes))
  }
}

/// Runs a test in a clinic of its own.
func withClinic(
  _ depth: Depth = .direct, people: [Patient] = Patient.household, rules: ClinicRules = .fixture(),
  _ body: (TestClinic) async throws -> Void
) async throws {
  let folder = NSTemporaryDirectory() + "ventanilla-svc-" + UUID().uuidString
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  let clock = TestClock()
  var options = StoreOptions()
  options.reserveBytes = 0
  let store = try ClinicStore(path: folder + "/clinic.sqlite", rules: rules, options: options, clock: { clock.storeNow })
  let counter = Counter(store: store, rules: rules, sessions: SessionRegistry(), clock: clock.forServices)
  let availability = AvailabilityWatch(counter)
  let telephone = TelephoneKeeper(counter)
  do {
    try await store.add(people)
    try await depth.serve(counter.methods(folder, availability, telephone), roles: RoleSet.named.map(\.role), clock: { clock.monotonic }) { doors in
      try await body(
        TestClinic(
          clock: clock, store: store, rules: rules, counter: counter, availability: availability, telephoneKeeper: telephone,
          folder: folder, doors: doors))
    }
  } catch {
    await store.close()
    throw error
  }
  await store.close()
}

extension Counter {
  /// Every method of the contract.
  fileprivate func methods(_ folder: String, _ availability: AvailabilityWatch, _ telephone: TelephoneKeeper) -> [RegisteredMethod] {
    let operations = OperationsHandlers(self, backupFolder: folder) {
      Wire.MetricsSample(uptimeUs: 7)
    } gauges: {
      (connections: 3, walBytes: 4096)
    }
    return SessionHandlers(self, limits: .standard, extensions: [.ping, .cancel, .holds]).registeredMethods + PatientsHandlers(self).registeredMethods
      + IdentificationHandlers(self).registeredMethods
      + AppointmentsHandlers(self, availability: availability.state).registeredMethods + WaitlistHandlers(self).registeredMethods + SeriesHandlers(self).registeredMethods
      + TogetherHandlers(self).registeredMethods + TelephoneHandlers(self, alarms: telephone.alarms).registeredMethods + AgendaHandlers(self).registeredMethods + ReferralsHandlers(self).registeredMethods + RegisterHandlers(self).registeredMethods
      + MeasuresHandlers(self).registeredMethods + OutboundHandlers(self).registeredMethods + ContactHandlers(self).registeredMethods + SurveyHandlers(self).registeredMethods + PaperHandlers(self).registeredMethods + ExchangeHandlers(self).registeredMethods + ProxiesHandlers(self).registeredMethods + HomeVisitsHandlers(self).registeredMethods + PromotersHandlers(self).registeredMethods + TransfersHandlers(self).registeredMethods + CareHandlers(self).registeredMethods + DirectoryHandlers(self).registeredMethods + TriageHandlers(self).registeredMethods + operations.registeredMethods
      + HealthHandlers(services: ["ventanilla.v1.Appointments"], isServing: { true }).registeredMethods
  }
}

extension ClinicStore {
  fileprivate func add(_ people: [Patient]) async throws {
    let rows = people.map {
      PatientImport(identityKey: "\($0.id.rawValue)", patient: $0, numberIsGiven: true, numberSeed: 0)
    }
    _ = try await submit(
      StoreCommand(
        requestID: nil, digest: [], command: .importPatients(ImportPatients(rows: rows)), encodeReply: { _ in [] }))
  }
}
