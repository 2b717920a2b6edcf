internal import ClinicDomain
internal import KioskClient
internal import KioskServer
internal import TTRPCCore
internal import TTRPCNIO
internal import VentanillaMessages

/// One rush, from an empty folder to the reading of the file.
struct RushCampaign: Sendable {
  var clients = 1000
  var slots = 24

  /// Connections that are made at the same moment: as many as fit any system's backlog.
  private static let connectingAtOnce = 64

  func run() async throws -> RushReport {
    DescriptorLimit.raise()
    let folder = try CampaignFolder()
    try CampaignServer.prepare(CampaignClinic(slots: slots), in: folder)
    let server = try await CampaignServer.start(in: folder)
    var report = RushReport(clients: clients)
    do {
      try await server.importPeople(1...clients)
      let date = try await server.date(inDays: 1)
      let visitors = try await connectAll(to: server)
      let answers = await bookAll(visitors, date: date)
      judge(answers, &report)
      try await judgeFile(server, date: date, answers: answers, &report)
      for visitor in visitors { await visitor.connection.close() }
    } catch {
      await server.kill()
      throw error
    }
    if let complaint = await server.complaintOfStop() { report.complaints.append(complaint) }
    return report
  }

  // MARK: Clients

  private struct Visitor: Sendable {
    let number: Int
    let connection: TTRPCClientConnection
    let token: String
  }

  private enum Answer: Sendable {
    case booked(Wire.Appointment)
    case refused(RPCError)
  }

  private func connectAll(to server: CampaignServer) async throws -> [Visitor] {
    var visitors: [Visitor] = []
    for first in stride(from: 0, to: clients, by: Self.connectingAtOnce) {
      visitors += try await withThrowingTaskGroup(of: Visitor.self) { group in
        for number in first..<min(first + Self.connectingAtOnce, clients) {
          group.addTask {
            let connection = try await server.connect(number.isMultiple(of: 2) ? server.tcp : server.kiosk)
            let token = try await connection.identify(CampaignPerson(number: number + 1))
            return Visitor(number: number, connection: connection, token: token)
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
    }
    return visitors
  }

  /// What each client was answered, by its number.
  private func bookAll(_ visitors: [Visitor], date: CivilDate) async -> [Int: Answer] {
    await withTaskGroup(of: (Int, Answer).self) { group in
      for visitor in visitors {
        group.addTask {
          let choice = Wire.SlotChoice(
            service: CampaignClinic.service, resource: "C1", date: date.description,
            startMinute: Int32(CampaignClinic.start(visitor.number % slots)))
          do throws(RPCError) {
            let reply = try await AppointmentsClient(visitor.connection).book(
              Wire.BookRequest(sessionToken: visitor.token, what: .slot(choice)), options: .write(RequestIdentifier()))
            guard let appointment = reply.appointment else { throw RPCError(.dataLoss, "a reply without appointment") }
            return (visitor.number, .booked(appointment))
          } catch { return (visitor.number, .refused(error)) }
        }
      }
      return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
  }

  // MARK: Judgement

  private func judge(_ answers: [Int: Answer], _ report: inout RushReport) {
    var winners: [Int: Int] = [:]
    for (number, answer) in answers {
      switch answer {
      case .booked(let appointment):
        report.booked += 1
        winners[number % slots, default: 0] += 1
        let wanted = CampaignClinic.start(number % slots)
        if appointment.status != .booked || Int(appointment.slot?.startMinute ?? -1) != wanted {
          report.complaints.append("client \(number) got another slot or status: \(appointment)")
        }
      case .refused(let error):
        if let complaint = Self.complaint(about: error) {
          report.other += 1
          report.complaints.append("client \(number): \(complaint)")
        } else {
          report.refused += 1
        }
      }
    }
    // With fewer clients than slots only the first slots are wanted.
    for slot in 0..<min(slots, clients) where winners[slot] != 1 {
      report.complaints.append("slot \(slot) went to \(winners[slot] ?? 0) clients")
    }
  }

  /// What is wrong with a refusal; `nil` when the slot was taken and another is offered.
  static func complaint(about error: RPCError) -> String? {
    guard error.code == .failedPrecondition,
      let detail = error.details.first(where: { $0.typeURL == "type.googleapis.com/\(Wire.Refusal.fullName)" }),
      let refusal = try? Wire.Refusal(decoding: detail.value)
    else { return "\(error.code): \(error.message)" }
    guard refusal.reason == .slotTaken else { return "refused for another reason: \(refusal.text)" }
    return refusal.alternatives.isEmpty ? "refused without an alternative" : nil
  }

  /// Holds the file against what was answered: those rows and no others, each slot once.
  private func judgeFile(
    _ server: CampaignServer, date: CivilDate, answers: [Int: Answer], _ report: inout RushReport
  ) async throws {
    let rows = try await StoreFileReader.rows(
      "SELECT folio, resource, date(day * 86400, 'unixepoch'), start_minute, status FROM appointment",
      in: server.databasePath)
    let answered = answers.values.compactMap { answer -> [String]? in
      guard case .booked(let appointment) = answer, let slot = appointment.slot else { return nil }
      return [appointment.folio, slot.resource, slot.date, "\(slot.startMinute)", "booked"]
    }
    if Set(rows) != Set(answered) || rows.count != answered.count {
      report.complaints.append("the file has \(rows.count) appointments, the clients were given \(answered.count)")
    }
    if Set(rows.map { $0[3] }).count != min(slots, clients) || rows.contains(where: { $0[2] != date.description }) {
      report.complaints.append("the file's appointments are not on \(min(slots, clients)) different slots of \(date)")
    }
    let double = try await StoreFileReader.rows(StoreFileReader.doubleBookings, in: server.databasePath)
    if !double.isEmpty { report.complaints.append("\(double.count) slots are booked twice") }
  }
}
