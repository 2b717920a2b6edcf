internal import CBenchLoad
internal import ClinicDomain
internal import Foundation
internal import Glibc
internal import KioskClient
internal import NIOCore
internal import NIOPosix
internal import Scheduling
internal import TTRPCCore
internal import TTRPCNIO
internal import VentanillaMessages

/// Bookings over a Unix socket, by connections of this process, from a real server in another.
enum SocketDoor {
  static let connections = 64

  /// Books so many slots, each for a person of their own in a session of their own, and stops the server.
  ///
  /// - Parameter path: of the store, in a folder that is the server's data folder.
  static func book(_ count: Int, at socket: String, over path: String, batchBound: Int) async throws -> BookingRate {
    let address = TTRPCAddress.unix(path: socket)
    let server = try ServerProcess(
      "bench-server", at: address, executable: ServerProcess.thisProgram,
      arguments: [
        "bench-server", "--folder", URL(fileURLWithPath: path).deletingLastPathComponent().path, "--unix", socket,
        "--batch-bound", "\(batchBound)",
      ])
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    defer { group.shutdownGracefully { _ in } }
    try server.waitUntilReady { Sockets.accepts(unix: socket) }
    let transports = try await connect(to: address, group)
    let requests = try await open(count, over: transports)
    let cpu = [server.processID, getpid()].map { bench_process_cpu_ns($0) }
    let clock = ContinuousClock()
    let start = clock.now
    try await make(requests, over: transports)
    let seconds = (clock.now - start) / .seconds(1)
    let spent = zip([server.processID, getpid()], cpu).map { Double(bench_process_cpu_ns($0) - $1) / Double(count) / 1e3 }
    for transport in transports { await transport.close() }
    server.stop()
    return BookingRate(
      perSecond: Double(count) / seconds, meanBatch: batchBound == 1 ? 1 : try RawSQLite.meanBatch(of: path),
      cpuMicroseconds: spent[0], clientMicroseconds: spent[1])
  }

  private static func connect(
    to address: TTRPCAddress, _ group: MultiThreadedEventLoopGroup
  ) async throws -> [TTRPCClientConnection] {
    var transports: [TTRPCClientConnection] = []
    for _ in 0..<connections { transports.append(try await TTRPCClientConnection.connect(to: address, group: group)) }
    return transports
  }

  /// Identifies so many people and prepares what each will ask.
  private static func open(_ count: Int, over transports: [TTRPCClientConnection]) async throws -> [Wire.BookRequest] {
    let today = BenchClinic.rules.today(at: BenchClinic.now)
    return try await withThrowingTaskGroup { group in
      for (turn, transport) in transports.enumerated() {
        group.addTask {
          let patients = PatientsClient(transport)
          var requests: [(Int, Wire.BookRequest)] = []
          for number in stride(from: turn, to: count, by: transports.count) {
            let identified = try await patients.identify(
              Wire.IdentifyRequest(
                identifier: .patientNumber("\(BenchClinic.patientNumber(number + 1))"), birthDate: "\(BenchClinic.birthDate)"))
            let choice = BenchClinic.choice(number, today: today)
            let slot = Wire.SlotChoice(
              service: BenchClinic.service.rawValue, resource: "\(choice.resource)", date: "\(choice.date)",
              startMinute: Int32(choice.start.minutes))
            requests.append((number, Wire.BookRequest(sessionToken: identified.sessionToken, what: .slot(slot))))
          }
          return requests
        }
      }
      var all: [(Int, Wire.BookRequest)] = []
      for try await requests in group { all += requests }
      return all.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  /// Each connection makes its share, one call after the other.
  private static func make(_ requests: [Wire.BookRequest], over transports: [TTRPCClientConnection]) async throws {
    try await withThrowingTaskGroup { group in
      for (turn, transport) in transports.enumerated() {
        group.addTask {
          let appointments = AppointmentsClient(transport)
          for number in stride(from: turn, to: requests.count, by: transports.count) {
            let reply = try await appointments.book(requests[number], options: .write(RequestIdentifier()))
            guard reply.appointment?.status == .booked else { throw BenchFault("a booking was not made: \(reply)") }
          }
        }
      }
      try await group.waitForAll()
    }
  }
}
