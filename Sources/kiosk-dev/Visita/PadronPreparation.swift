internal import ClinicDomain
internal import Foundation
internal import KioskClient
internal import NIOPosix
internal import TTRPCCore
internal import TTRPCNIO
internal import TerminalText
internal import VentanillaMessages

/// The padrón of the walk-through: written once, imported once.
struct PadronPreparation: Sendable {
  private static let seed: UInt64 = 1

  let place: VisitPlace
  let people: Int
  let narrator: Narrator
  let path: String

  init(place: VisitPlace, people: Int, narrator: Narrator) throws {
    self.place = place
    self.people = people
    self.narrator = narrator
    path = place.padron(people: people)
  }

  /// Writes the CSV when there is none; it appears whole or not at all.
  func makeFile() throws {
    guard !FileManager.default.fileExists(atPath: path) else { return }
    narrator.line("Se inventa un padrón de \(people.grouped) personas en \(path) (solo la primera vez)…")
    var text = SyntheticPerson.header
    text.reserveCapacity(people * 160)
    var population = Population(seed: Self.seed, today: CivilDate.machineToday, consultorios: 30)
    population.forEachPerson(people: people) { text += $0.csvLine }
    do { try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
      throw VisitFault("No se pudo escribir \(path). Revise el espacio en disco y los permisos de la carpeta.")
    }
  }

  /// Imports the file with kioskctl through the staff's socket, unless the mark says that this very file is in and the store has people.
  func importOnce() async throws {
    let mark = try fileMark()
    let old = try? String(contentsOfFile: place.importMark, encoding: .utf8)
    let patients = try await patientsInStore()
    if old == mark, patients > 0 {
      return narrator.line("El padrón ya está importado: \(patients.grouped) personas.")
    }
    narrator.line("Se importa el padrón con kioskctl, por el socket del personal (solo la primera vez)…")
    let child = try await ChildProcess.start(
      try place.program("kioskctl"), ["padron", "import", path, "--servidor", place.staffSocket, "--espera", "60"])
    let status = await withTaskCancellationHandler { await child.exitStatus() } onCancel: { child.send(SIGTERM) }
    // 2: some rows stand in the report, the others are in.
    guard [0, 2].contains(status) else {
      throw VisitFault("La importación del padrón terminó con estado \(status); vea las líneas de arriba.")
    }
    try? mark.write(toFile: place.importMark, atomically: true, encoding: .utf8)
  }

  private func patientsInStore() async throws -> Int64 {
    let client = KioskClient(.unix(path: place.staffSocket), group: MultiThreadedEventLoopGroup.singleton)
    let reply: Result<Wire.GetStatusResponse, RPCError>
    do throws(RPCError) {
      reply = .success(try await OperationsClient(client).getStatus(.init(), options: CallOptions(timeout: .seconds(30))))
    } catch { reply = .failure(error) }
    await client.close()
    do { return try reply.get().patients } catch { throw VisitFault("El servidor no dice cómo está: \(error.message)") }
  }

  /// Size and content of the file.
  private func fileMark() throws -> String {
    guard let handle = FileHandle(forReadingAtPath: path) else { throw VisitFault("No se puede leer \(path).") }
    var digest = ContentDigest()
    var count = 0
    while let piece = try handle.read(upToCount: 262_144), !piece.isEmpty {
      digest.add(piece)
      count += piece.count
    }
    try handle.close()
    return "\(count) \(digest)\n"
  }
}

extension CivilDate {
  /// This machine's date.
  static var machineToday: CivilDate {
    let parts = Calendar(identifier: .gregorian).dateComponents([.year, .month, .day], from: Date())
    return CivilDate(year: parts.year!, month: parts.month!, day: parts.day!)!
  }
}
