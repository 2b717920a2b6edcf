internal import TTRPCCore
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("Campaigns", .serialized)
struct CampaignTests {
  @Test("The rush: each slot goes to one client, everybody else is offered another one")
  func rush() async throws {
    let report = try await RushCampaign(clients: 120, slots: 8).run()
    #expect(report.complaints == [])
    #expect(report.booked == 8)
    #expect(report.refused == 112)
    #expect(report.other == 0)
    #expect(report.summary == "rush: 120 clients, 8 booked, 112 refused with alternatives, 0 other: ok")
  }

  @Test("64 connections and one slot, twelve times: exactly one winner each, and everybody else is offered another one")
  func winners() async throws {
    let report = try await WinnersOverSockets(clients: 64, rounds: 12).run()
    #expect(report.complaints == [])
    #expect(report.won == 12)
    #expect(report.refused == 12 * 63)
  }

  @Test("The rush sees an answer that is not as it must be", arguments: [
    (RPCError(.resourceExhausted, "busy"), "resourceExhausted: busy"),
    (RPCError(.failedPrecondition, "no"), "failedPrecondition: no"),
    (refused(.slotTaken, alternatives: []), "refused without an alternative"),
    (refused(.limitReached, alternatives: [Wire.Slot()]), "refused for another reason: texto"),
    (refused(.slotTaken, alternatives: [Wire.Slot()]), nil),
  ])
  func complaints(error: RPCError, complaint: String?) {
    #expect(RushCampaign.complaint(about: error) == complaint)
  }

  private static func refused(_ reason: Wire.RefusalReason, alternatives: [Wire.Slot]) -> RPCError {
    let refusal = Encoded(Wire.Refusal(reason: reason, text: "texto", alternatives: alternatives))
    return RPCError(
      .failedPrecondition, "texto",
      details: [StatusDetail(typeURL: "type.googleapis.com/ventanilla.v1.Refusal", value: refusal.bytes)])
  }

  @Test("The crash: twenty deaths under load, nothing acknowledged is lost, every repeat is answered the same")
  func crash() async throws {
    let report = try await CrashCampaign(rounds: 20, seed: 1).run()
    #expect(report.complaints == [])
    #expect(report.rounds == 20)
    #expect(report.lost == 0)
    #expect(report.answeredOtherwise == 0)
    #expect(report.acknowledged > 200, "there was hardly any load")
  }

  @Test("The attack: what drips is closed, a flood is refused by name and gets its rate, and everybody else is answered")
  func hostile() async throws {
    let campaign = HostileCampaign(callers: 2, dripping: 40, flooding: 2, seconds: 1, dripsBodies: false, isPatient: false)
    let report = try await campaign.run()
    #expect(report.complaints == [])
    #expect(report.drip.closedByServer >= 40)
    #expect(report.flood.refused > 0)
    #expect(report.told == [
      .maxFrameLength, .maxRequestBytes, .maxMetadataPairs, .maxBytesBufferedInPerAddress, .maxStreamsPerConnection, .maxBytesQueuedPerStream,
      .maxCallsInFlight, .maxConnectionsPerAddress, .maxConnections,
    ])
    #expect(report.flood.answered >= TTRPCLimits.standard.callsPerSecond.burst)
    #expect(report.phases.allSatisfy { $0.callsPerSecond > 0 })
  }

  @Test("The attack's report sees what is not as it must be")
  func hostileComplaints() {
    var report = HostileReport()
    report.phases = [
      .init(name: "before", callsPerSecond: 100, descriptors: 30, residentMB: 40),
      .init(name: "attack", callsPerSecond: 89, descriptors: 300, residentMB: 80),
      .init(name: "after", callsPerSecond: 100, descriptors: 31, residentMB: 41),
    ]
    report.drip.open = 1
    report.drip.closedByServer = 9
    report.flood.answered = 302
    report.judge(dripping: 100, flooding: 4, rate: (50, 200), attackSeconds: 2)
    report.judgeThroughput()
    #expect(report.complaints == [
      "1 dripping connections were never closed", "only 9 dripping connections were closed", "the flood was never refused",
      "the flood had 302 calls answered; its rate allows 301", "300 descriptors were open", "1 descriptors did not come back",
      "attack: 40.0 MB more than before", "the callers kept 89 % of their throughput; 90 % was asked",
    ])
  }

  @Test("The canary: a server whose log is thrown away is caught")
  func canary() async throws {
    var campaign = CrashCampaign(rounds: 5, seed: 2)
    campaign.losesLog = true
    let report = try await campaign.run()
    #expect(!report.holds)
    #expect(report.lost > 0)
  }

  @Test("The drain: stopped under load, the server loses no call that it took; a killed client's slots are free at once")
  func drain() async throws {
    let report = try await DrainCampaign(rounds: 3, seed: 1, clientCount: 12, holdCount: 20).run()
    #expect(report.complaints == [])
    #expect(report.holds)
    #expect(report.writes.rounds == 3)
    #expect(report.writes.acknowledged > 12 && report.answered > 12, "there was hardly any load")
    #expect(report.refused == 3 * 12)
    #expect(report.freedAfter != nil)
  }

  @Test("The drain sees a call that was refused and done, and a question that nobody answered")
  func drainComplaints() {
    var report = DrainReport()
    #expect(report.holds)
    report.writes.unansweredButDone = 2
    report.refused = 3
    report.answeredElsewhere = 1
    #expect(report.complaints == ["2 calls were done and refused all the same", "2 refused questions were not answered elsewhere"])
    #expect(!report.holds)
  }

  @Test(
    "Bad lines: over one that loses packets and one that is cut for two seconds, each booking is made once and told",
    .enabled(if: Namespaces.obstacle == nil, "\(Namespaces.obstacle ?? "")"))
  func badLines() async throws {
    let cases = RedCase.all.filter { ["loss", "blink"].contains($0.name) }
    let report = try await RedCampaign(cases: cases, bookings: 12).run()
    #expect(report.complaints == [])
    #expect(report.rows.map { $0.tries.count { $0.folio != nil } } == [48, 48])
  }

  @Test("Bad lines: what is wrong is seen")
  func badLineComplaints() {
    var row = RedReport.Row(name: "loss")
    row.tries = RedReport.Row.Try.all(in: "ok 1 111 20\nok 1 222 7100\nno 1 dataLoss 3\nhalf a li")
    row.judge(deadline: .seconds(7), bookings: 3)
    row.judge(stored: ["222", "333"], untold: 0)
    #expect(
      row.complaints == [
        "loss: a call took 7100 ms", "loss: calls ended with dataLoss", "loss: 2 of 3 were booked",
        "loss: 1 acknowledged bookings are not in the store", "loss: 1 bookings are in the store that nobody was told of",
      ])
  }

  @Test("The commands say in their exit status and last line what held")
  func commands() async throws {
    let program = try BuiltPrograms.path("kiosk-dev")
    let rush = try await ProgramRun.of(program, ["rush", "--clients", "9", "--slots", "3"])
    #expect(rush.status == 0)
    #expect(rush.lines.last == "rush: 9 clients, 3 booked, 6 refused with alternatives, 0 other: ok")
    let canary = try await ProgramRun.of(program, ["crash", "--rounds", "5", "--canary"])
    #expect(canary.status == 1)
    #expect(canary.lines.last?.hasSuffix(": FAILED") == true)
    let wrong = try await ProgramRun.of(program, ["rush", "--clients", "0"])
    #expect(wrong.status == 64)
    #expect(wrong.text.contains("--clients takes 1 to 20000, not 0."))
  }
}
