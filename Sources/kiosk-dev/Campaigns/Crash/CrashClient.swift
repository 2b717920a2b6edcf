internal import ClinicDomain
internal import KioskClient
internal import KioskTestSupport
internal import TTRPCCore
internal import VentanillaMessages

/// One person at one kiosk, with a memory of everything the server told them.
struct CrashClient: Sendable {
  let person: CampaignPerson
  let clinic: CampaignClinic
  private var chance: SeededGenerator
  /// The granted requests, oldest first; those before ``roundStart`` are of earlier rounds.
  private(set) var granted: [CrashRequest] = []
  private(set) var roundStart = 0
  /// The one that had no answer when the server died.
  private(set) var unanswered: CrashRequest?
  /// What was told last of each appointment.
  private(set) var appointments: [String: Wire.AppointmentStatus] = [:]
  private(set) var complaints: [String] = []
  /// Folios in the order in which they were given, so that a seed picks the same ones.
  private var holds: [String] = []
  private var booked: [String] = []

  init(person: CampaignPerson, clinic: CampaignClinic, chance: SeededGenerator) {
    self.person = person
    self.clinic = clinic
    self.chance = chance
  }

  /// Makes requests, one after the other, until the server is gone.
  mutating func work(over transport: some RPCTransport, token: String, today: CivilDate) async {
    roundStart = granted.count
    while true {
      let request = CrashRequest(id: RequestIdentifier(using: &chance), order: nextOrder(today: today))
      switch await request.send(over: transport, token: token) {
      case .granted(let bytes, let appointment): remember(request, bytes, appointment)
      case .refused: break
      case .wrong(let complaint):
        complaints.append("\(complaint) (client \(person.number))")
        return
      case .none:
        unanswered = request
        return
      }
    }
  }

  /// Repeats the round's requests, and some older ones, at the server that has come back.
  ///
  /// - Returns: how many were not answered as the first time.
  mutating func repeatAll(over transport: some RPCTransport, token: String) async -> Int {
    var again = Array(granted[roundStart...])
    if roundStart > 0 { for _ in 0..<10 { again.append(granted[chance.below(roundStart)]) } }
    var otherwise = 0
    for request in again {
      if case .granted(let bytes, _) = await request.send(over: transport, token: token), bytes == request.reply { continue }
      otherwise += 1
    }
    guard let last = unanswered else { return otherwise }
    unanswered = nil
    switch await last.send(over: transport, token: token) {
    case .granted(let bytes, let appointment): remember(last, bytes, appointment)
    case .refused: break
    case .none: complaints.append("the server was gone again (client \(person.number))")
    case .wrong(let complaint): complaints.append("\(complaint), repeated (client \(person.number))")
    }
    return otherwise
  }

  private mutating func remember(_ request: CrashRequest, _ bytes: [UInt8], _ appointment: Wire.Appointment) {
    var request = request
    request.reply = bytes
    granted.append(request)
    let folio = appointment.folio
    appointments[folio] = appointment.status
    holds.removeAll { $0 == folio }
    booked.removeAll { $0 == folio }
    switch appointment.status {
    case .pending: holds.append(folio)
    case .booked: booked.append(folio)
    default: break
    }
  }

  /// A little of everything, well within the person's limits.
  private mutating func nextOrder(today: CivilDate) -> CrashRequest.Order {
    if !holds.isEmpty, holds.count >= clinic.holdsPerPerson || chance.chance(1, in: 3) {
      let folio = chance.pick(holds)
      return chance.chance(1, in: 5) ? .cancel(folio) : .confirm(folio)
    }
    if !booked.isEmpty, holds.count + booked.count >= clinic.appointmentsPerPerson || chance.chance(1, in: 3) {
      return .cancel(chance.pick(booked))
    }
    let choice = Wire.SlotChoice(
      service: CampaignClinic.service, resource: "C\(chance.within(1...clinic.consultorios))",
      date: today.advanced(by: chance.within(1...CampaignClinic.days - 1)).description,
      startMinute: Int32(CampaignClinic.start(chance.below(clinic.slots))))
    return chance.chance(1, in: 2) ? .hold(choice) : .book(choice)
  }
}
