import ClinicDomain
import ClinicStore
import KioskTestSupport
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("The name by which a person is called")
struct ChosenNameTests {
  @Test("P12: a name that is set or taken away holds at once on every screen, in open sessions and on the desk's list; the given one is said no more", arguments: Depth.allCases)
  func atOnce(depth: Depth) async throws {
    try await withClinic(depth) { clinic in
      let mother = try await clinic.session(.ana)
      _ = try #require(try await clinic.number(of: .lucas, in: mother))
      let child = try await clinic.session(.lucas)
      let folio = try await clinic.book("C1 2026-11-23 08:15", child).folio
      let reply = try await clinic.patients().setChosenName(
        .init(sessionToken: child, chosen: "  Luz   Elena ", pronoun: "ella"), options: .write(someID))
      #expect(reply.name == "Luz Elena" && reply.text == "Desde ahora le llamamos Luz Elena. Los documentos oficiales llevan el nombre que está en su registro.")
      let said = RecordingTransport(clinic.doors[.kiosk])
      let desk = RecordingTransport(clinic.doors[.staff])
      let family = try await PatientsClient(said).listFamily(.init(sessionToken: mother)).people
      #expect(family.contains { $0.name == "Luz Elena" })
      #expect(try await PatientsClient(said).listFamily(.init(sessionToken: child)).people.first?.name == "Luz Elena")
      _ = try await AppointmentsClient(said).list(.init(sessionToken: child))
      _ = try await AppointmentsClient(said).prove(.init(folio: folio, birthDate: "2018-05-05"))
      #expect(try await AgendaClient(desk).listDay(.init(resource: "C1")).entries.map(\.name) == ["Luz Elena"])
      for all in [said.said, desk.said] { #expect(!all.isEmpty && !all.contains("Lucas")) }
      // The same request again is the same answer; taken away, the given name is back.
      #expect(try await clinic.patients().setChosenName(
        .init(sessionToken: child, chosen: "  Luz   Elena ", pronoun: "ella"), options: .write(someID)) == reply)
      let back = try await clinic.patients().setChosenName(.init(sessionToken: child), options: .write())
      #expect(back.name == "Lucas" && back.text == "Desde ahora le llamamos Lucas, como dicen sus documentos.")
      // The first request once more, late: its own answer, and no open session goes back to it.
      #expect(try await clinic.patients().setChosenName(
        .init(sessionToken: child, chosen: "  Luz   Elena ", pronoun: "ella"), options: .write(someID)) == reply)
      #expect(try await clinic.patients().listFamily(.init(sessionToken: child)).people.first?.name == "Lucas")
      #expect(try await clinic.patients().listFamily(.init(sessionToken: mother)).people.contains { $0.name == "Lucas" })
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("Only the person, or staff who say why: a parent's session has no way to it, and no name is what is no name")
  func refusals() async throws {
    try await withClinic { clinic in
      let desk = try await clinic.session(.beto, at: .staff)
      let silent = try await status { () throws(RPCError) in
        try await clinic.patients(.staff).setChosenName(.init(sessionToken: desk, chosen: "Bea"), options: .write())
      }
      #expect(silent.code == .invalidArgument && silent.message.contains("staff_reason"))
      let set = try await clinic.patients(.staff).setChosenName(
        .init(sessionToken: desk, chosen: "Bea", staffReason: .askedInPerson), options: .write())
      #expect(set.name == "Bea")
      let own = try await clinic.session(.beto)
      for wrong in ["Bea\nB", String(repeating: "b", count: 51), "123", "\u{2028}b"] {
        let error = try await status { () throws(RPCError) in
          try await clinic.patients().setChosenName(.init(sessionToken: own, chosen: wrong), options: .write())
        }
        #expect(error.code == .invalidArgument && error.message.contains("escriba hasta 50 letras en un solo renglón"), "\(wrong)")
      }
      let phone = try await status { () throws(RPCError) in
        try await clinic.patients(.ivr).setChosenName(.init(sessionToken: own, chosen: "Bea"), options: .write())
      }
      #expect(phone.code == .permissionDenied)
    }
  }

  @Test("Twins are told apart by their place in the family, whichever of them a padrón had first")
  func twins() async throws {
    var (elder, younger) = (Patient.irma, Patient.rosa)
    (elder.ordinal, younger.ordinal) = (2, 3)
    try await withClinic(people: [younger, elder]) { clinic in
      var answers: [Wire.IdentifyResponse] = []
      for ordinal in 0...2 as ClosedRange<Int32> {
        let request = Wire.IdentifyRequest(identifier: .nss(Patient.rosa.nss!.description), birthDate: "1990-10-10", ordinal: ordinal)
        answers.append(try await clinic.patients(.ivr).identify(request))
      }
      #expect(answers[0].choices.map(\.label) == ["persona 1", "persona 2"])
      #expect(answers[1].person?.name == "Irma" && answers[2].person?.name == "Rosa")
    }
  }
}
