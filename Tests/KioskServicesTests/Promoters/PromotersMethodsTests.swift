import ClinicDomain
import ClinicStore
import Glibc
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("Promoters, over the contract")
struct PromotersMethodsTests {
  /// The user that this test runs as, which its Unix sockets prove.
  static var me: String { "uid:\(getuid())" }

  static func grant(_ person: Patient, in clinic: TestClinic, to promoter: String = me) async throws -> Int32 {
    let token = try await clinic.session(person, at: .staff)
    return try await clinic.promoters(.staff).grantListing(
      .init(sessionToken: token, promoter: promoter, until: "2026-12-31", reason: .askedInPerson), options: .write()
    ).listing?.number ?? 0
  }

  @Test("P35: Promoter can book for listed persons only and cannot read motives: five are booked in one order, whoever is not listed is the same as unknown, and no answer names a service or an appointment that the promoter did not make")
  func programme() async throws {
    try await withClinic(.socket) { clinic in
      let promoters = clinic.promoters()
      for (number, person) in [Patient.ana, .dario, .rosa, .valeria, .olga].enumerated() {
        #expect(try await Self.grant(person, in: clinic) == Int32(number) + 1)
      }
      #expect(try await Self.grant(.beto, in: clinic, to: "uid:77") == 1)
      // Ana's dentist is none of the promoter's business.
      let own = try await clinic.book("C4 2026-11-24 09:00", try await clinic.session(.ana), service: "estomatologia")
      let people = try await promoters.listPeople(.init()).people
      #expect(people.map(\.number) == [1, 2, 3, 4, 5] && people.map(\.name) == ["Persona 1", "Persona 4", "Rosa", "Valeria", "Persona 16"])

      let order = Wire.BookForPeopleRequest(service: "medicina_familiar", people: [1, 2, 3, 4, 5])
      let made = try await promoters.bookForPeople(order, options: .write(someID)).placements
      #expect(made.map(\.number) == [1, 2, 3, 4, 5] && made.allSatisfy { $0.outcome == .placed })
      #expect(Set(made.compactMap { $0.appointment?.folio }).count == 5)
      #expect(try await promoters.bookForPeople(order, options: .write(someID)).placements == made)
      // An order of its own for the same people gives each the appointment that they have.
      #expect(try await promoters.bookForPeople(order, options: .write()).placements == made)
      let changed = try await status { () throws(RPCError) in
        try await promoters.bookForPeople(.init(service: "medicina_familiar", people: [1, 2]), options: .write(someID))
      }
      #expect(changed.code == .alreadyExists)

      // Beto is another's; 99 is nobody's; the answers are one but for the number that was asked.
      let strangers = try await promoters.bookForPeople(.init(service: "medicina_familiar", people: [6, 99]), options: .write()).placements
      #expect(strangers == [6, 99].map { Wire.Placement(number: $0, outcome: .notListed, text: "Nadie con ese número está en su lista.") })
      let dentist = try await promoters.bookForPeople(.init(service: "estomatologia", people: [1]), options: .write()).placements
      #expect(dentist == [Wire.Placement(number: 1, outcome: .askAtDesk, text: "A esta persona no se le puede dar otra cita así. Que pregunte en la ventanilla, con su identificación.")])

      let placed = try await promoters.listPlaced(.init()).appointments
      #expect(Set(placed.map(\.folio)) == Set(made.compactMap { $0.appointment?.folio }))
      let one = try await promoters.getPlaced(.init(folio: placed[0].folio)).appointment
      #expect(one == placed[0])
      func refused(_ folio: String) async throws -> RPCError {
        try await status { () throws(RPCError) in try await promoters.getPlaced(.init(folio: folio)) }
      }
      let unknown = try await refused("482011570363")
      #expect(unknown.code == .notFound)
      #expect(try await refused(own.folio) == unknown)
      for text in ["\(people)", "\(made)", "\(placed)", "\(strangers)", "\(dentist)"] {
        for motive in ["medicina", "Medicina", "estomatologia", "Estomatología", own.folio] { #expect(!text.contains(motive)) }
      }
      // Taken off the list, with everything that was seen of them.
      _ = try await clinic.promoters(.staff).revokeListing(.init(promoter: Self.me, number: 1, reason: .correction), options: .write())
      #expect(try await promoters.listPeople(.init()).people.map(\.number) == [2, 3, 4, 5])
      #expect(try await refused(try #require(made[0].appointment?.folio)) == unknown)
      let gone = try await promoters.bookForPeople(.init(service: "medicina_familiar", people: [1]), options: .write()).placements
      #expect(gone == [Wire.Placement(number: 1, outcome: .notListed, text: "Nadie con ese número está en su lista.")])
      #expect(try await clinic.promoters(.staff).listListings(.init(promoter: Self.me)).listings.map(\.stands) == [false, true, true, true, true])
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("A promoter may call what is the promoter's and nothing else of the contract, and nobody else may call that")
  func roles() async throws {
    let theirs = MethodTable.rows.filter { $0.descriptor.roles.contains(.promoter) }.map { "\($0.descriptor.service)/\($0.descriptor.method)" }
    #expect(Set(theirs) == [
      "ventanilla.v1.Health/Check", "ventanilla.v1.Session/Hello", "ventanilla.v1.Promoters/ListPeople", "ventanilla.v1.Promoters/BookForPeople",
      "ventanilla.v1.Promoters/ListPlaced", "ventanilla.v1.Promoters/GetPlaced",
    ])
    for row in MethodTable.rows where row.descriptor.service == "ventanilla.v1.Promoters" && row.descriptor.roles.contains(.promoter) {
      #expect(row.descriptor.roles == .promoter)
    }
    try await withClinic(.socket) { clinic in
      for role in RoleSet.named.map(\.role) where role != .promoter {
        let denied = try await status { () throws(RPCError) in try await clinic.promoters(role).listPeople(.init()) }
        #expect(denied.code == .permissionDenied)
      }
      let agenda = try await status { () throws(RPCError) in try await clinic.agenda(.promoter).listDay(.init(resource: "C1")) }
      #expect(agenda.code == .permissionDenied)
    }
    // Without a proof of who calls there is no list.
    try await withClinic(.direct) { clinic in
      let nobody = try await status { () throws(RPCError) in try await clinic.promoters().listPeople(.init()) }
      #expect(nobody == RPCError(.permissionDenied, "No se sabe quién llama: entre con su certificado, o con su usuario de este equipo."))
    }
  }

  @Test("The first field that cannot be read is named; a last day too far away is told")
  func fields() async throws {
    try await withClinic(.socket) { clinic in
      for (people, service, name) in [([Int32](), "medicina_familiar", "people"), ([1, 1], "medicina_familiar", "people"), ([0], "medicina_familiar", "people"), ([1], "", "service")] {
        let wrong = try await status { () throws(RPCError) in
          try await clinic.promoters().bookForPeople(.init(service: service, people: people), options: .write())
        }
        #expect(wrong.code == .invalidArgument && wrong.message.hasPrefix("\(name):"))
      }
      let token = try await clinic.session(.ana, at: .staff)
      let far = try await status { () throws(RPCError) in
        try await clinic.promoters(.staff).grantListing(
          .init(sessionToken: token, promoter: "uid:77", until: "2028-01-01", reason: .askedInPerson), options: .write())
      }
      #expect(far.message == "El permiso va de hoy al miércoles 24 de noviembre de 2027, cuando mucho. Elija un día entre los dos.")
      let never = try await status { () throws(RPCError) in
        try await clinic.promoters(.staff).revokeListing(.init(promoter: "uid:77", number: 3, reason: .correction), options: .write())
      }
      #expect(never.code == .notFound)
    }
  }
}
