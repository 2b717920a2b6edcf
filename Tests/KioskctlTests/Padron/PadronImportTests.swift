import Foundation
import KioskClient
import Synchronization
import TTRPCCore
import TerminalText
import Testing
import VentanillaMessages

@testable import kioskctl

/// A server that takes every row but those whose text begins with "mal", and keeps what it was asked.
private final class Importer: RPCTransport {
  struct Call: Equatable {
    var firstLine: Int32
    var rows: String
    var id: String
  }

  let calls = Mutex<[Call]>([])

  func unary(_ method: MethodDescriptor, payload: [UInt8], options: CallOptions) async throws(RPCError) -> [UInt8] {
    do {
      let request = try Wire.ImportPatientsRequest(decoding: payload)
      let text = String(decoding: request.rows, as: UTF8.self)
      calls.withLock {
        $0.append(Call(firstLine: request.firstLine, rows: text, id: options.metadata.first(RequestIdentifier.metadataKey) ?? ""))
      }
      var reply = Wire.ImportPatientsResponse()
      for (index, row) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() where !row.isEmpty {
        if row.hasPrefix("mal") {
          reply.problems.append(.init(line: request.firstLine + Int32(index), column: "nss", text: "Revise; el \"nss\""))
        } else {
          reply.added += 1
        }
      }
      return try reply.encoded()
    } catch {
      throw RPCError(.internal, "\(error)")
    }
  }

  func stream(_ method: MethodDescriptor, request: [UInt8]?, options: CallOptions) async throws(RPCError) -> any RPCClientStream {
    throw RPCError(.internal, "an import opens no stream, and \(method.method) is one")
  }
}

@Suite("Importing a padrón")
struct PadronImportTests {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("padron-\(UUID().uuidString)").path

  private func run(_ text: String, _ server: Importer) async throws -> (PadronSummary, report: String?) {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = "\(folder)/p.csv"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    let report = PadronReport(path: "\(folder)/informe.csv")
    var run = PadronImport(
      client: OperationsClient(server), options: CallOptions(), report: report,
      meter: ProgressMeter(totalBytes: 1, isTerminal: false), output: Output { _, _ in })
    var summary = try await run.run(try PadronSource(path: path))
    summary.elapsed = .zero
    return (summary, try report.finish())
  }

  @Test("Every row is sent once, at most 200 in a call, each call with its line and an id of its own")
  func pieces() async throws {
    let server = Importer()
    let rows = (1...450).map { "\($0)\n" }.joined()
    let (summary, report) = try await run("nss\n" + rows, server)
    #expect(summary == PadronSummary(rows: 450, added: 450))
    #expect(report == nil)
    let calls = server.calls.withLock { $0 }
    #expect(calls.map(\.firstLine) == [2, 202, 402])
    #expect(calls.map(\.rows).joined() == rows)
    #expect(Set(calls.map(\.id)).count == 3)
    #expect(calls.allSatisfy { $0.id.utf8.count == 32 })
    try FileManager.default.removeItem(atPath: folder)
  }

  @Test("Rows that were not taken stand in the report with their line, quoted for a spreadsheet; a clean run takes the report away")
  func report() async throws {
    let (summary, report) = try await run("nss\nbien\nmal\n\"abierta\nbien\n", Importer())
    #expect(summary == PadronSummary(rows: 4, added: 2, rejected: 2))
    #expect(
      try String(contentsOfFile: #require(report), encoding: .utf8)
        == "línea;columna;motivo\n3;nss;\"Revise; el \"\"nss\"\"\"\n"
        + "4;;Hay comillas que se abren y no se cierran. Ciérrelas o quítelas.\n")
    let (_, none) = try await run("nss\nbien\n", Importer())
    #expect(none == nil)
    #expect(!FileManager.default.fileExists(atPath: "\(folder)/informe.csv"))
    try FileManager.default.removeItem(atPath: folder)
  }

  @Test("Within a run the same rows on the same lines have the same id; other rows, lines or runs another")
  func identifiers() {
    let request = Wire.ImportPatientsRequest(header: "nss", rows: [1, 2], firstLine: 2)
    var other = request
    other.firstLine = 3
    let id = PadronImport.identifier(of: request, run: "a")
    #expect(id == PadronImport.identifier(of: request, run: "a"))
    #expect(id != PadronImport.identifier(of: other, run: "a"))
    #expect(id != PadronImport.identifier(of: request, run: "b"))
  }

  @Test("An empty file is said as such")
  func emptyFile() async throws {
    await #expect(throws: Failure.self) { try await run("", Importer()) }
    try FileManager.default.removeItem(atPath: folder)
  }
}
