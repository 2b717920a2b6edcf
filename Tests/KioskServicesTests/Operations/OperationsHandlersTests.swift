import ClinicDomain
import ClinicStore
import Foundation
import KioskTestSupport
import TTRPCCore
import Testing
import VentanillaMessages

@testable import KioskServices

@Suite("Looking after a running server")
struct OperationsHandlersTests {
  @Test("Its status is counts and names, and nothing of any person", arguments: Depth.allCases)
  func status(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      try await clinic.occupy("C1 2026-11-24 08:15")
      #expect(
        try await clinic.operations(.technician).getStatus(Wire.GetStatusRequest())
          == Wire.GetStatusResponse(
            clues: "DFIMS009996", clinic: "UMF 999 Ejemplo", version: ServerIdentity.version, patients: 16,
            appointments: 1, walBytes: 4096, queuedCommands: 0, connections: 3))
    }
  }

  @Test("A store in order has no problems, and the answer says what was looked at", arguments: Depth.allCases)
  func check(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      try await clinic.occupy("C1 2026-11-24 08:15")
      let reply = try await clinic.operations(.technician).checkStore(Wire.CheckStoreRequest())
      #expect(reply.problems == [] && reply.checked == CheckFinding.Check.allCases.dropLast().map(\.spanishText))
    }
  }

  @Test("A backup stands in the backup folder, under its name or the clinic's date and hour; the same rows have one sum")
  func backup() async throws {
    try await withClinic { clinic in
      let first = try await clinic.operations().backup(Wire.BackupRequest(fileName: "copia.sqlite"))
      let second = try await clinic.operations().backup(Wire.BackupRequest())
      #expect(first.path == clinic.folder + "/copia.sqlite")
      #expect(second.path == clinic.folder + "/respaldo-2026-11-23-070000.sqlite")
      #expect(first.contentSha256.utf8.count == 64 && first.contentSha256 == second.contentSha256)
      #expect(FileManager.default.fileExists(atPath: first.path) && FileManager.default.fileExists(atPath: second.path))
      try await clinic.occupy("C1 2026-11-24 08:15")
      let third = try await clinic.operations().backup(Wire.BackupRequest(fileName: "otra.sqlite"))
      #expect(third.contentSha256 != first.contentSha256)
    }
  }

  @Test("A backup's name cannot lead out of the folder", arguments: [
    "../x", "a/b", ".oculto", "con espacio", "ñ", "a\\b", String(repeating: "a", count: 129), "ya.sqlite-wal", "ya.sqlite-shm", "ya.sqlite-journal",
  ])
  func badName(name: String) async throws {
    try await withClinic(people: []) { clinic in
      let error = try await KioskServicesTests.status { () throws(RPCError) in
        try await clinic.operations().backup(Wire.BackupRequest(fileName: name))
      }
      #expect(
        error == RPCError(
          .invalidArgument,
          "file_name: un nombre sin carpeta, con letras, números, punto, guion o guion bajo, que no termine en -wal, -shm o -journal"))
    }
  }

  @Test("A backup named as another's beginning leaves it alone")
  func nameOfADraft() async throws {
    try await withClinic { clinic in
      let first = try await clinic.operations().backup(Wire.BackupRequest(fileName: "x.sqlite.new"))
      _ = try await clinic.operations().backup(Wire.BackupRequest(fileName: "x.sqlite"))
      #expect(FileManager.default.fileExists(atPath: first.path))
    }
  }

  @Test("A backup never replaces a file")
  func takenName() async throws {
    try await withClinic(people: []) { clinic in
      let path = clinic.folder + "/ya.sqlite"
      try Data("mío".utf8).write(to: URL(fileURLWithPath: path))
      let error = try await KioskServicesTests.status { () throws(RPCError) in
        try await clinic.operations().backup(Wire.BackupRequest(fileName: "ya.sqlite"))
      }
      #expect(
        error == RPCError(
          .alreadyExists, "Ya hay un respaldo con ese nombre; nada se escribió. Use otro, o deje que el servidor lo nombre."))
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "mío")
    }
  }

  @Test("Every fault of the store has a status, and a sentence that says what to do", arguments: StoreFault.Kind.allCases)
  func faults(kind: StoreFault.Kind) async throws {
    let expected: [StoreFault.Kind: StatusCode] = [
      .conflict: .internal, .busy: .unavailable, .full: .resourceExhausted, .readOnly: .failedPrecondition,
      .broken: .unavailable, .unknownOutcome: .unavailable, .queueFull: .resourceExhausted, .closed: .unavailable,
      .cancelled: .cancelled,
    ]
    let error = RPCError(StoreFault(kind, operation: "commit", detail: "secret of the inside"))
    #expect(error.code == expected[kind])
    #expect(!error.message.contains("secret") && error.message.hasSuffix("."))
  }

  @Test("A closed store is UNAVAILABLE for reads and writes alike")
  func closed() async throws {
    try await withClinic { clinic in
      let token = try await clinic.session(.ana)
      await clinic.store.close()
      let read = try await KioskServicesTests.status { () throws(RPCError) in
        try await clinic.appointments().list(Wire.ListRequest(sessionToken: token))
      }
      let write = try await KioskServicesTests.status { () throws(RPCError) in
        try await clinic.appointments().hold(
          Wire.HoldRequest(sessionToken: token, slot: Wire.SlotChoice("C1 2026-11-24 08:15")), options: .write())
      }
      #expect([read.code, write.code] == [.unavailable, .unavailable])
    }
  }
}
