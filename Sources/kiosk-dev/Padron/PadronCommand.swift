internal import ArgumentParser
internal import ClinicDomain
internal import Foundation

/// Writes a believable population of any size.
struct PadronCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "padron",
    abstract: "Write a made-up population as a padrón file (CSV).",
    discussion: """
      Families of one to six under one NSS, twins now and then, names with accents and ñ, languages as the census counts \
      them, valid CURPs; every NSS begins with 00, which no real one does. The same seed, date and numbers give the same \
      file to the byte. Read it with `kioskctl padron import`.

      Exit status: 0 when the file is complete; 1 when it cannot be written; 64 for a wrong flag.
      """)

  @Option(help: "How many people, 1 to 5000000.")
  var people = 70_607

  @Option(help: "The seed of chance.")
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp("The day on which ages and rights are counted; this machine's date if left out.", valueName: "aaaa-mm-dd"))
  var today: String?

  @Option(help: "How many consultorios the families are spread over, 1 to 999.")
  var consultorios = 30

  @Option(name: .shortAndLong, help: ArgumentHelp("Where to write; standard output if left out.", valueName: "file"))
  var output: String?

  func validate() throws {
    guard (1...Population.greatestPeople).contains(people) else {
      throw ValidationError("--people takes 1 to \(Population.greatestPeople), not \(people).")
    }
    guard (1...999).contains(consultorios) else {
      throw ValidationError("--consultorios takes 1 to 999, not \(consultorios).")
    }
    guard let day = try civilToday(), (1970...2090).contains(day.year) else {
      throw ValidationError("--today takes a date of the years 1970 to 2090, such as 2026-11-21.")
    }
  }

  func run() throws {
    guard let today = try civilToday() else { throw ExitCode.validationFailure }
    var sink = try FileSink(path: output)
    var population = Population(seed: seed, today: today, consultorios: consultorios)
    try sink.write(SyntheticPerson.header)
    try population.forEachPerson(people: people) { try sink.write($0.csvLine) }
    try sink.finish()
  }

  private func civilToday() throws -> CivilDate? {
    guard today == nil else { return CivilDate(iso: today!) }
    let parts = Calendar(identifier: .gregorian).dateComponents([.year, .month, .day], from: Date())
    return CivilDate(year: parts.year!, month: parts.month!, day: parts.day!)
  }
}

/// Text out in pieces of 256 KiB. A named file appears whole or not at all: it is written beside itself and moved into place.
private struct FileSink {
  private static let pieceLength = 262_144

  private let path: String?
  private let handle: FileHandle
  private var pending = Data()

  init(path: String?) throws {
    self.path = path
    guard let path else {
      handle = .standardOutput
      return
    }
    guard FileManager.default.createFile(atPath: path + ".part", contents: nil),
      let handle = FileHandle(forWritingAtPath: path + ".part")
    else { throw SinkFault.cannotWrite(path) }
    self.handle = handle
  }

  mutating func write(_ text: String) throws {
    pending.append(contentsOf: text.utf8)
    if pending.count >= Self.pieceLength { try flush() }
  }

  mutating func finish() throws {
    try flush()
    guard let path else { return }
    try handle.close()
    guard rename(path + ".part", path) == 0 else { throw SinkFault.cannotWrite(path) }
  }

  private mutating func flush() throws {
    do { try handle.write(contentsOf: pending) } catch { throw SinkFault.cannotWrite(path ?? "standard output") }
    pending.removeAll(keepingCapacity: true)
  }
}

private enum SinkFault: Error, CustomStringConvertible {
  case cannotWrite(String)

  var description: String {
    switch self {
    case .cannotWrite(let path): "cannot write \(path): check that its folder exists, is yours, and has room"
    }
  }
}
