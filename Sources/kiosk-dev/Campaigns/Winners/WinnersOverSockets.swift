internal import ClinicDomain
internal import KioskClient
internal import KioskServer
internal import TTRPCCore
internal import TTRPCNIO
internal import VentanillaMessages

/// Rounds in which every client, each over a connection of its own to a server of its own, wants the same slot.
///
/// Who won has the one appointment that the clinic gives a person, so the next round meets another person at that connection.
struct WinnersOverSockets: Sendable {
  var clients = 64
  var rounds = 1000

  private static let consultorios = 3
  /// All slots of the clinic from tomorrow to its horizon.
  static let mostRounds = consultorios * CampaignClinic.mostSlots * (CampaignClinic.days - 1)

  private struct Visitor: Sendable {
    let connection: TTRPCClientConnection
    var token: String
  }

  func run() async throws -> WinnersReport {
    DescriptorLimit.raise()
    let folder = try CampaignFolder()
    let clinic = CampaignClinic(consultorios: Self.consultorios, slots: CampaignClinic.mostSlots)
    try CampaignServer.prepare(clinic, in: folder)
    let server = try await CampaignServer.start(in: folder)
    var report = WinnersReport(rounds: rounds, clients: clients)
    do {
      try await server.importPeople(1...clients + rounds)
      let tomorrow = try await server.date(inDays: 1)
      var visitors: [Visitor] = []
      for number in 1...clients {
        let connection = try await server.connect(number.isMultiple(of: 2) ? server.tcp : server.kiosk)
        visitors.append(Visitor(connection: connection, token: try await connection.identify(CampaignPerson(number: number))))
      }
      for round in 0..<rounds {
        let place = round / Self.consultorios
        let choice = Wire.SlotChoice(
          service: CampaignClinic.service, resource: "C\(round % Self.consultorios + 1)",
          date: tomorrow.advanced(by: place / CampaignClinic.mostSlots).description,
          startMinute: Int32(CampaignClinic.start(place % CampaignClinic.mostSlots)))
        let winners = await play(round, choice, visitors, &report)
        for winner in winners {
          visitors[winner].token = try await visitors[winner].connection.identify(CampaignPerson(number: clients + round + 1))
        }
      }
      for visitor in visitors { await visitor.connection.close() }
    } catch {
      await server.kill()
      throw error
    }
    if let complaint = await server.complaintOfStop() { report.complaints.append(complaint) }
    let reader = try await StoreFileReader.rows("SELECT folio, status FROM appointment", in: server.databasePath)
    if reader.count != rounds { report.complaints.append("\(reader.count) appointments in the file after \(rounds) rounds") }
    return report
  }

  /// Which clients won: one, when all is well.
  private func play(_ round: Int, _ choice: Wire.SlotChoice, _ visitors: [Visitor], _ report: inout WinnersReport) async -> [Int] {
    let answers = await withTaskGroup(of: (client: Int, refusal: RPCError?).self) { group in
      for (client, visitor) in visitors.enumerated() {
        group.addTask {
          do throws(RPCError) {
            _ = try await AppointmentsClient(visitor.connection).book(
              Wire.BookRequest(sessionToken: visitor.token, what: .slot(choice)), options: .write(RequestIdentifier()))
            return (client, nil)
          } catch { return (client, error) }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    let winners = answers.filter { $0.refusal == nil }.map(\.client)
    report.won += winners.count
    if winners.count != 1 { report.complaints.append("round \(round): \(winners.count) winners") }
    for refusal in answers.compactMap(\.refusal) {
      if let complaint = RushCampaign.complaint(about: refusal) {
        report.complaints.append("round \(round): \(complaint)")
      } else {
        report.refused += 1
      }
    }
    return winners
  }
}
