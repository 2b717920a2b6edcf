internal import ArgumentParser
internal import Foundation
internal import KioskClient
internal import NIOPosix
internal import TTRPCCore
internal import TTRPCNIO
internal import VentanillaMessages

/// A program that holds slots and waits to be killed.
struct HolderProcess: Sendable {
  static let readyWord = "todo apartado"

  let child: ChildProcess
  private let folder: CampaignFolder

  /// Starts it, and returns when it holds a slot for each of the people.
  static func start(_ server: CampaignServer, people: ClosedRange<Int>) async throws -> HolderProcess {
    let folder = try CampaignFolder()
    try folder.write("", to: "output")
    let child = try await ChildProcess.start(
      try BuiltPrograms.path("kiosk-dev"),
      ["holder", "--server", server.folder.path, "--first", "\(people.lowerBound)", "--last", "\(people.upperBound)"],
      log: folder.path("output"))
    let began = ContinuousClock.now
    while true {
      let text = try String(contentsOfFile: folder.path("output"), encoding: .utf8)
      if text.contains(readyWord) { return HolderProcess(child: child, folder: folder) }
      guard !child.hasEnded, began.duration(to: .now) < .seconds(120) else {
        child.send(SIGKILL)
        throw CampaignFault("the client did not hold its slots: \(text)")
      }
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  func kill() async {
    child.send(SIGKILL)
    _ = await child.exitStatus()
  }
}

/// The program itself.
struct Holder: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "holder", abstract: "Hold a slot for each of some people, and wait to be killed.", shouldDisplay: false)

  @Option(help: "The folder of the campaign's server.")
  var server: String

  @Option(help: "The first person's number.")
  var first: Int

  @Option(help: "The last person's number.")
  var last: Int

  func run() async throws {
    var connections: [TTRPCClientConnection] = []
    for number in first...last {
      let connection = try await TTRPCClientConnection.connect(
        to: .unix(path: "\(server)/i.sock"), group: MultiThreadedEventLoopGroup.singleton)
      try await connection.speakEverything(except: [])
      let token = try await connection.identify(CampaignPerson(number: number))
      let appointments = AppointmentsClient(connection)
      let free = try await appointments.find(Wire.FindRequest(sessionToken: token, service: CampaignClinic.service, limit: 1))
      guard let slot = free.slots.first else { throw CampaignFault("no slot is free") }
      let choice = Wire.SlotChoice(service: slot.service, resource: slot.resource, date: slot.date, startMinute: slot.startMinute)
      _ = try await appointments.hold(Wire.HoldRequest(sessionToken: token, slot: choice), options: .write(RequestIdentifier()))
      connections.append(connection)
    }
    print(HolderProcess.readyWord)
    fflush(nil)
    while true { try await Task.sleep(for: .seconds(3600)) }
    withExtendedLifetime(connections) {}
  }
}
