internal import ClinicStore
internal import Foundation

/// So many bookings in so much time.
struct BookingRate: Sendable {
  let perSecond: Double
  /// Bookings in one transaction, on average.
  let meanBatch: Double
  /// CPU time for one booking: of the process that writes, and of the one that asks when that is another.
  var cpuMicroseconds: Double?
  var clientMicroseconds: Double?
}

/// The rounds of `bench booking`.
struct BookingMeasurement {
  let options: BenchOptions
  /// At the door; over the socket half of them, one by one a tenth.
  let bookings: Int
  private var rounds: Int { options.quick ? 2 : 5 }

  static let columns = [
    BenchReport.Column(key: "bookingsPerSecond", title: "bookings/s", digits: 0),
    BenchReport.Column(key: "meanBatch", title: "mean batch"),
    BenchReport.Column(key: "cpuMicroseconds", title: "CPU µs", digits: 0),
    BenchReport.Column(key: "clientMicroseconds", title: "client µs", digits: 0),
    BenchReport.Column(key: "ratio", title: "× raw", digits: 2),
    BenchReport.Column(key: "timesSingle", title: "× single", digits: 1),
  ]

  struct Round {
    let door, doorRaw, socket, socketRaw, single: BookingRate
  }

  func report() async throws -> BenchReport {
    let loadBefore = MachineLoad.load()
    let folder = try BenchFolder(in: options.root)
    defer { folder.remove() }
    options.progress("making \(bookings) people")
    let template = folder.path("template.sqlite")
    try BenchClinic.makeStore(at: template, people: bookings).close()
    var all: [Round] = []
    for number in 1...rounds { all.append(try await round(number, folder, template)) }
    options.progressEnded()
    return Self.report(of: all, machine: MachineLoad(loadBefore: loadBefore))
  }

  private func round(_ number: Int, _ folder: BenchFolder, _ template: String) async throws -> Round {
    let files = try BenchFolder(in: folder.url.path)
    defer { files.remove() }
    func measuring(_ what: String) { options.progress("round \(number) of \(rounds): \(what)") }
    func copy(_ name: String) throws -> String {
      try FileManager.default.createDirectory(atPath: files.path(name), withIntermediateDirectories: true)
      let path = files.path("\(name)/ventanilla.sqlite")
      try FileManager.default.copyItem(atPath: template, toPath: path)
      return path
    }
    measuring("door")
    let doorFile = try copy("door")
    let door = try await StoreDoor.book(bookings, in: doorFile)
    measuring("raw")
    let doorRaw = try RawSQLite.replay(doorFile, over: try copy("raw"), batch: door.meanBatch)
    measuring("socket")
    let socketFile = try copy("socket")
    let socket = try await SocketDoor.book(bookings / 2, at: files.path("s"), over: socketFile, batchBound: StoreOptions().batchBound)
    measuring("raw again")
    let socketRaw = try RawSQLite.replay(socketFile, over: try copy("raw-again"), batch: socket.meanBatch)
    measuring("single")
    let single = try await SocketDoor.book(bookings / 10, at: files.path("t"), over: try copy("single"), batchBound: 1)
    return Round(door: door, doorRaw: doorRaw, socket: socket, socketRaw: socketRaw, single: single)
  }

  static func report(of rounds: [Round], machine: MachineLoad) -> BenchReport {
    let door = rounds.map { $0.door.perSecond / $0.doorRaw.perSecond }.median
    let socket = rounds.map { $0.socket.perSecond / $0.socketRaw.perSecond }.median
    let timesSingle = rounds.map { $0.socket.perSecond / $0.single.perSecond }.median
    return BenchReport(
      bench: "booking", rounds: rounds.count, machine: machine, columns: columns,
      rows: [
        row("door", rounds.map(\.door), ["ratio": door]),
        row("raw, door's batch", rounds.map(\.doorRaw)),
        row("socket", rounds.map(\.socket), ["ratio": socket, "timesSingle": timesSingle]),
        row("raw, socket's batch", rounds.map(\.socketRaw)),
        row("single", rounds.map(\.single)),
      ],
      bounds: [
        .init(name: "door to raw SQLite at the same batch", value: door, atLeast: 0.5),
        .init(name: "socket, clients included, to raw SQLite at the same batch", value: socket, atLeast: 0.25),
        .init(name: "socket to one transaction per request", value: timesSingle, atLeast: 4),
      ])
  }

  private static func row(_ name: String, _ rates: [BookingRate], _ more: [String: Double] = [:]) -> BenchReport.Row {
    var values = more
    values["bookingsPerSecond"] = rates.map(\.perSecond).median
    values["meanBatch"] = rates.map(\.meanBatch).median
    let (cpu, client) = (rates.compactMap(\.cpuMicroseconds), rates.compactMap(\.clientMicroseconds))
    if !cpu.isEmpty { values["cpuMicroseconds"] = cpu.median }
    if !client.isEmpty { values["clientMicroseconds"] = client.median }
    return BenchReport.Row(name: name, values: values)
  }
}
