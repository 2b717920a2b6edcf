internal import ArgumentParser

/// How many bookings become durable in a second, next to what SQLite alone could do.
struct BenchBooking: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "booking",
    abstract: "Durable bookings per second, next to raw SQLite writing the same rows.",
    discussion: """
      Each round, in one folder on the disk under the project:
        door    128 tasks book through ClinicStore, each waiting for its answer before its next
        raw     SQLite alone writes the rows that the door wrote: same library, schema, triggers and pragmas (synchronous FULL), \
      prepared statements, the door's mean number of bookings in a transaction
        socket  64 connections book over a Unix socket from this process, each call its own session, patient and slot; a real server \
      with its own files in another process
        single  the same with one transaction for each request
      and raw again with the socket's mean batch.

      Bounds: door at least 0.5 of raw; socket at least 0.25 of raw at its batch, and at least 4 × single.

      \(BenchOptions.jsonKeys)
      Rows: door; raw, door's batch; socket; raw, socket's batch; single. Values: bookingsPerSecond, meanBatch, \
      cpuMicroseconds (of the process that writes, per booking; at the door the asking tasks are in it), clientMicroseconds (of the \
      asking process), ratio (to the raw row below it, median of the rounds' ratios), timesSingle (socket to single).
      """)

  @OptionGroup var options: BenchOptions

  @Option(help: "Bookings at the door in one round.")
  var bookings = 8000

  func validate() throws {
    guard 256...BenchClinic.slots ~= bookings else { throw ValidationError("--bookings is 256 to \(BenchClinic.slots).") }
  }

  func run() async throws {
    try options.finish(try await BookingMeasurement(options: options, bookings: bookings).report())
  }
}
