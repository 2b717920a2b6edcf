internal import ArgumentParser
internal import Foundation
internal import KioskClient
internal import NIOPosix
internal import Synchronization
internal import TTRPCCore
internal import TTRPCNIO
internal import VentanillaMessages

/// The kiosk at the other end of the line, as a program of its own: four people book one slot after the other.
///
/// It writes a line for each try: `ok <person> <folio> <ms>`, or `no <person> <code> <ms>`, and `fin` when all is booked.
struct RedKiosk: AsyncParsableCommand {
  static let people = 4

  static let configuration = CommandConfiguration(
    commandName: "red-kiosk", abstract: "Book over the line of `kiosk-dev red`.", shouldDisplay: false)

  @Option(help: "The server's port.")
  var port: Int

  @Option(help: "The first of four people.")
  var first: Int

  @Option(help: "The date of the slots.")
  var date: String

  @Option(help: "Bookings of each person.")
  var bookings: Int

  @Option(help: "Seconds that a call may take, its repeats included.")
  var deadline: Int

  func run() async throws {
    let address = TTRPCAddress.tcp(host: Namespaces.serverAddress, port: port)
    var options = KioskClientOptions()
    options.introduction = ClientIntroduction(name: "red-kiosk", version: "1")
    let client = KioskClient([address], group: MultiThreadedEventLoopGroup.singleton, options: options)
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<Self.people { group.addTask { await book(as: number, over: client) } }
    }
    say("fin")
  }

  private func book(as number: Int, over client: any RPCTransport) async {
    let person = CampaignPerson(number: first + number)
    var token = ""
    for booking in 0..<bookings {
      let id = RequestIdentifier()
      let slot = Wire.SlotChoice(
        service: CampaignClinic.service, resource: "C\(number + 1)", date: date, startMinute: Int32(CampaignClinic.start(booking)))
      while true {
        if token.isEmpty { token = await identify(person, over: client) }
        let began = ContinuousClock.now
        do throws(RPCError) {
          let reply = try await AppointmentsClient(client).book(
            Wire.BookRequest(sessionToken: token, what: .slot(slot)), options: .write(id, timeout: .seconds(deadline)))
          say("ok \(person.number) \(reply.appointment?.folio ?? "-") \(began.duration(to: .now).milliseconds)")
          break
        } catch {
          say("no \(person.number) \(error.code) \(began.duration(to: .now).milliseconds)")
          if error.code == .unauthenticated { token = "" }
          try? await Task.sleep(for: .milliseconds(100))
        }
      }
      try? await Task.sleep(for: .milliseconds(50))
    }
  }

  private func identify(_ person: CampaignPerson, over client: any RPCTransport) async -> String {
    while true {
      let began = ContinuousClock.now
      do throws(RPCError) {
        let reply = try await PatientsClient(client).identify(
          Wire.IdentifyRequest(identifier: .nss(person.nss), birthDate: CampaignPerson.birthDate),
          options: CallOptions(timeout: .seconds(deadline)))
        return reply.sessionToken
      } catch {
        say("no \(person.number) \(error.code) \(began.duration(to: .now).milliseconds)")
        try? await Task.sleep(for: .milliseconds(100))
      }
    }
  }

  /// A line at a time, whole, as soon as it is known.
  private func say(_ line: String) {
    Array("\(line)\n".utf8).withUnsafeBytes { _ = write(STDOUT_FILENO, $0.baseAddress, $0.count) }
  }
}
