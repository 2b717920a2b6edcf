internal import Foundation
internal import IVRBridge
internal import KioskTestSupport
internal import TTRPCNIO
internal import Testing
internal import VentanillaMessages

@testable internal import kiosk_dev

@Suite("The telephone, from the caller's keys to the store")
struct TelephoneTests {
  @Test("P13: A caller books with eleven digits, a date and six keys, hears the folio digit by digit, and the appointment stands")
  func booking() async throws {
    let folder = try CampaignFolder()
    let server = try await Telephone.startServer(in: folder)
    try await server.importPeople(1...2)
    let transcript = try await Telephone.serving(in: folder) {
      try await Telephone.call(Telephone.booking(CampaignPerson(number: 1)), port: $0.port)
    }
    let rows = try await Telephone.rows("SELECT status, folio FROM appointment", server)
    #expect(rows.count == 1 && rows.first?.first == "booked")
    let folio = rows.first?.last ?? ""
    #expect(transcript.dialplan == "Hangup")
    #expect(transcript.faults == [] && transcript.lostKeys == "")
    // The folio is said twice, and the number that was pressed once.
    #expect(transcript.identifiers == [CampaignPerson(number: 1).nss, folio, folio])
    // Nothing of the caller is left in a variable, and nothing is written into Asterisk's log.
    #expect(transcript.variables == ["IVR_RESULTADO": "ok"])
    #expect(!transcript.commands.contains { $0.hasPrefix("VERBOSE") })
    #expect(await server.stop() == 0)
  }

  @Test("Without sounds to join, as where Asterisk's disk is another machine's, each is a command of its own: the same booking, the folio in groups of four")
  func oneByOne() async throws {
    let folder = try CampaignFolder()
    let server = try await Telephone.startServer(in: folder)
    try await server.importPeople(1...1)
    let transcript = try await Telephone.serving(in: folder, sounds: Telephone.noSounds) {
      try await ScriptedAsterisk.call(Telephone.booking(CampaignPerson(number: 1)), port: $0.port)
    }
    #expect(transcript.dialplan == "Hangup" && transcript.faults == [] && transcript.lostKeys == "")
    let folio = try await Telephone.rows("SELECT folio FROM appointment WHERE status = 'booked'", server)[0][0]
    #expect(transcript.identifiers.suffix(2) == [folio, folio])
    let groups = transcript.commands.filter { $0.hasPrefix("SAY DIGITS") }.suffix(3).map { $0.split(separator: " ")[2].filter(\.isNumber) }
    #expect(groups.map(\.count) == [4, 4, 4] && groups.joined() == folio)
    #expect(await server.stop() == 0)
  }

  @Test("A hundred callers at once each hear the number that they pressed, and are found by it: every digit was right")
  func hundred() async throws {
    let folder = try CampaignFolder()
    let server = try await Telephone.startServer(in: folder)
    try await server.importPeople(1...100)
    let sounds = folder.path("sonidos")
    try Telephone.writeSounds(in: sounds)
    // What is shown is digits, not a time: a busy machine may take its own.
    let (transcripts, counts) = try await Telephone.serving(in: folder, sounds: sounds, more: "espera_segundos: 30") { bridge in
      let transcripts = try await withThrowingTaskGroup(of: PhoneTranscript.self) { group in
        for number in 1...100 {
          group.addTask {
            let person = CampaignPerson(number: number)
            var script = Telephone.identifying(person)
            script.disk = sounds
            let transcript = try await Telephone.call(script, port: bridge.port)
            #expect(transcript.digits(after: "identificacion.eco.1") == person.nss)
            return transcript
          }
        }
        return try await group.reduce(into: [PhoneTranscript]()) { $0.append($1) }
      }
      var isQuiet = false
      for _ in 0..<6 where !isQuiet { isQuiet = try await eventually { bridge.callsNow == 0 } }
      #expect(isQuiet)
      return (transcripts, bridge.figures.now)
    }
    // Only who is found is asked what they want.
    #expect(transcripts.count { $0.heard.contains { $0.hasSuffix("acciones.tecla_1") } } == 100)
    // An Asterisk that shares a starved machine with its bridge may read two orders in one: the call goes on all the same.
    #expect(transcripts.count { $0.dialplan == "persona" && $0.lostKeys.isEmpty && Set($0.faults).isSubset(of: ["two orders at once"]) } == 100)
    #expect(counts.ended == [.person: 100])
    // Each step was one sound whose name tells nothing, and none is left.
    let played = transcripts.flatMap(\.commands).filter { $0.hasPrefix("GET DATA \"v") || $0.hasPrefix("STREAM FILE") }
    #expect(!played.isEmpty && played.allSatisfy { $0.contains("\"ventanilla/juntos/") })
    #expect(!transcripts.flatMap(\.commands).contains { $0.hasPrefix("SAY ") })
    #expect(try FileManager.default.contentsOfDirectory(atPath: sounds + "/" + SoundJoiner.folderName) == [])
    #expect(await server.stop() == 0)
  }

  @Test("Without a server a caller with chest pain hears what to do, and one who wants an appointment reaches a person")
  func serverAway() async throws {
    let folder = try CampaignFolder()
    try CampaignServer.prepare(CampaignClinic(), in: folder)
    let (guidance, appointment) = try await Telephone.serving(in: folder) { bridge in
      let guidance = PhoneScript(script: "orientacion", speed: 20).pressing("1", on: "tecla_1").pressing("1", on: "guia.", after: .seconds(2))
      return (
        try await Telephone.call(guidance, port: bridge.port),
        try await Telephone.call(Telephone.booking(CampaignPerson(number: 1)), port: bridge.port)
      )
    }
    #expect(guidance.heard.contains { $0.contains("guia.") })
    #expect(guidance.faults == [] && appointment.faults == [])
    #expect(appointment.heard.contains { $0.hasSuffix("identificacion.sin_sistema") })
    #expect(appointment.dialplan == "persona")
  }

  @Test("Who hangs up in the middle gives the slot back at once")
  func hangUpFreesTheSlot() async throws {
    let folder = try CampaignFolder()
    let server = try await Telephone.startServer(in: folder)
    try await server.importPeople(1...2)
    try await Telephone.serving(in: folder) { bridge in
      var script = Telephone.booking(CampaignPerson(number: 1))
      script.reactions.removeLast()
      let transcript = try await Telephone.call(script.hangingUp(on: "confirma.tecla_1"), port: bridge.port)
      #expect(transcript.heard.contains { $0.contains("citas.confirma") })
      #expect(transcript.dialplan == "h")
    }
    #expect(try await eventually { try await Telephone.pending(server) == "0" })
    #expect(try await Telephone.rows("SELECT status FROM appointment", server) == [["cancelled"]])
    #expect(await server.stop() == 0)
  }

  @Test("Who wants another date after one was held for them gets it: the first is free before the second is asked for")
  func anotherDate() async throws {
    let folder = try CampaignFolder()
    let server = try await Telephone.startServer(in: folder)
    try await server.importPeople(1...2)
    let connection = try await server.connect()
    let date = try #require(try await connection.freeSlots().first).date.split(separator: "-")
    await connection.close()
    try await Telephone.serving(in: folder) { bridge in
      for number in 1...2 {
        var script = Telephone.booking(CampaignPerson(number: number))
        script.reactions.removeLast()
        script = script.pressing("2", on: "confirma.tecla_1").pressing("\(date[2])\(date[1])", on: "citas.otra_fecha")
          .pressing("1", on: "ofrece.tecla_1").pressing("1", on: "confirma.tecla_1")
        let transcript = try await Telephone.call(script, port: bridge.port)
        #expect(transcript.dialplan == "Hangup" && transcript.faults == [], "\(transcript.heard)")
      }
    }
    let rows = try await Telephone.rows("SELECT status, count(*) FROM appointment GROUP BY status ORDER BY status", server)
    #expect(rows == [["booked", "2"], ["cancelled", "2"]])
    #expect(await server.stop() == 0)
  }

  @Test("Who hangs up while the server makes their appointment has it: what is given back is only ever a hold")
  func hangUpInBooking() async throws {
    let folder = try CampaignFolder()
    let server = try await Telephone.startServer(in: folder)
    try await server.importPeople(1...2)
    let socket = try await SlowSocket.start(
      at: folder.path("lento.sock"), before: folder.path("f.sock"), stop: .beforeReply(method: "Book"))
    let transcript = try await Telephone.serving(in: folder, server: "lento.sock") { bridge in
      // «Un momento» is heard before, too, where the machine is busy: only the one behind the last key counts.
      let script = Telephone.booking(CampaignPerson(number: 1)).hangingUp(on: "linea.un_momento", last: true)
      return try await Telephone.call(script, port: bridge.port)
    }
    #expect(transcript.hungUp && socket.stopped == 1, "\(transcript.heard)")
    await socket.close()
    #expect(await server.stop() == 0)
    #expect(try await Telephone.rows("SELECT status FROM appointment", server) == [["booked"]])
  }
}
