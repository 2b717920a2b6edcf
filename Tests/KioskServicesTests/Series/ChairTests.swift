import ClinicDomain
import ClinicStore
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("Chairs three times a week")
struct ChairTests {
  static let hours: [Int32] = [480, 660, 840, 1020]

  /// Whose chair is whose: every hour of both chairs on Mondays, Wednesdays and Fridays and on the days between, but the last `free` of the
  /// first pattern.
  static func chairs(free: Int) -> [Wire.StandingChair] {
    let first = [6, 7].flatMap { chair in hours.map { Wire.StandingChair(resource: "C\(chair)", startMinute: $0, weekdays: [1, 3, 5]) } }
    let between = [6, 7].flatMap { chair in hours.map { Wire.StandingChair(resource: "C\(chair)", startMinute: $0, weekdays: [2, 4, 6]) } }
    return first.dropLast(free) + between
  }

  /// Every person's sessions, with the hour of each.
  static func sessions(_ clinic: TestClinic, _ people: [Patient]) async throws -> [[Wire.SeriesActivity]] {
    var all: [[Wire.SeriesActivity]] = []
    for person in people { all.append(try #require(try await clinic.series(of: person)).activities) }
    return all
  }

  static func close(_ clinic: TestClinic, _ date: String) async throws {
    let request = Wire.CloseRequest(resource: "C6", firstDate: date, reason: .equipmentDown)
    _ = try await clinic.waitlist(.staff).close(request, options: .write())
    try await clinic.settle()
  }

  @Test(
    "P26: a chair down for a day: all its sessions get a new chair or time within 24 hours or an alert, and nobody loses two in a row",
    arguments: Depth.allCases)
  func outages(depth: Depth) async throws {
    let chairs = Self.chairs(free: 2)
    let people = strangers(chairs.count)
    try await withClinic(depth, people: people, rules: .series()) { clinic in
      for (person, chair) in zip(people, chairs) { try await clinic.start("sesiones", for: person, chair: chair) }
      try await clinic.settle()
      let before = try await Self.sessions(clinic, people)
      // Two weeks and a day of Mondays, Wednesdays and Fridays, or of the days between, each on the person's own chair at their own hour.
      for (sessions, chair) in zip(before, chairs) {
        #expect((6...7).contains(sessions.count) && sessions.allSatisfy { $0.status == .scheduled })
        #expect(sessions.allSatisfy { $0.slot?.resource == chair.resource && $0.start == $0.due(at: chair.startMinute) })
      }
      #expect(try await clinic.alerts() == [])
      var lost: [(person: Int, number: Int32)] = []
      // C6 is down on three of its days in a row; C7 has two hours free on each of them, and the days between are full.
      for (round, date) in ["2026-11-25", "2026-11-27", "2026-11-30"].enumerated() {
        let affected = try await Self.sessions(clinic, people).map { $0.filter { $0.slot?.resource == "C6" && $0.slot?.date == date } }
        #expect(affected.joined().count >= 4, "nobody was there to be moved")
        try await Self.close(clinic, date)
        let after = try await Self.sessions(clinic, people)
        let alerts = try await clinic.alerts()
        // P14: each of them is to be told, those that found another chair and those that did not.
        let untold = try await clinic.contact(.staff).listUntold(.init(all: true)).people.map(\.folio)
        #expect(affected.joined().allSatisfy { untold.contains($0.folio) })
        for (person, sessions) in affected.enumerated() {
          for old in sessions {
            let new = try #require(after[person].first { $0.number == old.number })
            if new.status == .scheduled {
              let start = try #require(new.start)
              #expect(abs(start - new.due(at: chairs[person].startMinute)) <= 24 * 60)
              #expect(new.folio != old.folio && !(new.slot?.resource == "C6" && new.slot?.date == date))
            } else {
              #expect(new.status == .onHold && new.folio.isEmpty)
              #expect(alerts.contains { $0.patientNumber == people[person].number.description && $0.number == new.number })
            }
          }
        }
        #expect(alerts.count == 2 * (round + 1))
        lost = after.enumerated().flatMap { person, sessions in
          sessions.filter { $0.status == .onHold }.map { (person, $0.number) }
        }
        #expect(lost.count == alerts.count && !alerts.contains(where: \.secondInARow))
        for one in lost { #expect(!lost.contains { $0.person == one.person && $0.number == one.number + 1 }, "two in a row") }
        // Nobody has two places at one time, and nobody too little rest.
        for sessions in after {
          let starts = sessions.compactMap(\.start).sorted()
          #expect(zip(starts, starts.dropFirst()).allSatisfy { $1 - $0 >= 20 * 60 })
        }
        let places = after.joined().compactMap(\.slot).map { "\($0.resource) \($0.date) \($0.startMinute)" }
        #expect(Set(places).count == places.count)
      }
      // A chair that works again is given at once to who lost theirs.
      let closures = try await clinic.day("2026-11-30").closures
      _ = try await clinic.waitlist(.staff).reopen(.init(closure: try #require(closures.first?.id)), options: .write())
      try await clinic.settle()
      clinic.clock.advance(.seconds(301))
      try await clinic.settle()
      #expect(try await clinic.alerts().count == 4)
    }
  }

  @Test("P26: in a full unit nobody loses two in a row either: who lost one last time takes the place of somebody who lost none, who is named in an alert")
  func fullUnit() async throws {
    let chairs = Self.chairs(free: 0)
    let people = strangers(chairs.count)
    try await withClinic(people: people, rules: .series()) { clinic in
      for (person, chair) in zip(people, chairs) { try await clinic.start("sesiones", for: person, chair: chair) }
      try await clinic.settle()
      for date in ["2026-11-25", "2026-11-27", "2026-11-30", "2026-12-02"] { try await Self.close(clinic, date) }
      let alerts = try await clinic.alerts()
      #expect(alerts.count == 16 && !alerts.contains(where: \.secondInARow))
      for alert in alerts { #expect(!alerts.contains { $0.series == alert.series && $0.number == alert.number + 1 }) }
      // Somebody takes charge, and the list of what is open is shorter; a repeat says the same.
      let request = Wire.AcknowledgeAlertRequest(series: alerts[0].series, number: alerts[0].number, reason: .routine)
      let first = try await clinic.series().acknowledge(request, options: .write(someID))
      #expect(try await clinic.series().acknowledge(request, options: .write(someID)) == first)
      #expect(try await clinic.alerts().count == 15)
      #expect(try await clinic.series().listAlerts(.init(acknowledged: true)).alerts.count == 16)
    }
  }

  @Test("A session that falls on a day without appointments is held within a day of it; sessions use up nothing that the family may have")
  func holiday() async throws {
    let rules = ClinicRules.series { clinic in
      clinic.nonWorkingDays = [CivilDate(iso: "2026-12-02")!]
      clinic.policy.maxActivePerHousehold = 1
    }
    try await withClinic(rules: rules) { clinic in
      try await clinic.start("sesiones", for: .ana, chair: .init(resource: "C6", startMinute: 480, weekdays: [1, 3, 5]))
      try await clinic.settle()
      let sessions = try #require(try await clinic.series(of: .ana)).activities
      // The evening before is the nearest hour to her own.
      let places = sessions.map { "\($0.dueDate) \($0.slot?.resource ?? "") \($0.slot?.date ?? "") \($0.slot?.startMinute ?? 0)" }
      #expect(places == [
        "2026-11-23 C6 2026-11-23 480", "2026-11-25 C6 2026-11-25 480", "2026-11-27 C6 2026-11-27 480", "2026-11-30 C6 2026-11-30 480",
        "2026-12-02 C6 2026-12-01 1020", "2026-12-04 C6 2026-12-04 480", "2026-12-07 C6 2026-12-07 480",
      ])
      #expect(try await clinic.alerts() == [])
      // Beto is of Ana's NSS: of the one that the family may have, he has it.
      #expect(try await clinic.book("C1 2026-11-24 08:15", try await clinic.session(.beto)).status == .booked)
    }
  }

  @Test("A chair is one person's: another series on it at that hour, with other days or none of the grid, is refused")
  func standing() async throws {
    try await withClinic(people: strangers(3), rules: .series()) { clinic in
      let people = strangers(3)
      let chair = Wire.StandingChair(resource: "C6", startMinute: 480, weekdays: [1, 3, 5])
      try await clinic.start("sesiones", for: people[0], chair: chair)
      for (other, text) in [
        (Wire.StandingChair(resource: "C6", startMinute: 480, weekdays: [2, 3, 6]), "Esa silla ya es de otra persona a esa hora en uno de esos días. Elija otra silla, hora o días."),
        (Wire.StandingChair(resource: "C6", startMinute: 500, weekdays: [2, 4, 6]), nil),
        (Wire.StandingChair(resource: "C6", startMinute: 480, weekdays: [2, 4]), nil),
        (Wire.StandingChair(resource: "C1", startMinute: 480, weekdays: [2, 4, 6]), nil),
        (Wire.StandingChair(resource: "C6", startMinute: 480, weekdays: [2, 4, 7]), nil),
      ] as [(Wire.StandingChair, String?)] {
        let token = try await clinic.session(people[1], at: .staff)
        let request = Wire.StartSeriesRequest(sessionToken: token, program: "sesiones", chair: other, reason: .routine)
        let error = try await status { () throws(RPCError) in try await clinic.series().start(request, options: .write()) }
        #expect(error.refusal?.reason == .series)
        if let text { #expect(error.message == text) }
      }
      try await clinic.start("sesiones", for: people[1], chair: .init(resource: "C6", startMinute: 480, weekdays: [2, 4, 6]))
    }
  }

  @Test("An appointment on a chair that no series gave is moved when the chair closes, as every other")
  func single() async throws {
    let people = strangers(2)
    try await withClinic(people: people, rules: .series()) { clinic in
      try await clinic.start("sesiones", for: people[0], chair: .init(resource: "C6", startMinute: 660, weekdays: [1, 3, 5]))
      try await clinic.settle()
      let token = try await clinic.session(people[1], at: .staff)
      let old = try await clinic.book("C6 2026-11-25 08:00", token, service: "hemodialisis", at: .staff)
      try await Self.close(clinic, "2026-11-25")
      let list = try await clinic.appointments(.staff).list(.init(sessionToken: token)).appointments
      #expect(list.map(\.slot?.resource) == ["C7"] && list.map(\.slot?.startMinute) == [480] && list[0].folio != old.folio)
      let session = try #require(try await clinic.series(of: people[0])?.activities.first { $0.dueDate == "2026-11-25" })
      #expect(session.slot?.resource == "C7" && session.slot?.startMinute == 660)
    }
  }

  @Test("Who has come already, or has said that they come, has not to do it again when their chair breaks down")
  func arrived() async throws {
    let people = strangers(2)
    try await withClinic(people: people, rules: .series()) { clinic in
      for (person, start) in zip(people, [840, 1020] as [Int32]) {
        try await clinic.start("sesiones", for: person, chair: .init(resource: "C6", startMinute: start, weekdays: [1, 3, 5]))
      }
      try await clinic.settle()
      try await clinic.goTo("2026-11-23 13:45")
      var folios: [String] = []
      for person in people { folios.append(try #require(try await clinic.series(of: person)?.activities.first?.folio)) }
      let here = try await clinic.session(people[0])
      _ = try await clinic.appointments().checkIn(.init(sessionToken: here, folio: folios[0]), options: .write())
      _ = try await clinic.appointments().confirm(.init(sessionToken: try await clinic.session(people[1]), folio: folios[1]), options: .write())
      try await Self.close(clinic, "2026-11-23")
      let moved = try await clinic.appointments().list(.init(sessionToken: here)).appointments
      let first = try #require(moved.first { $0.slot?.date == "2026-11-23" })
      #expect(first.status == .checkedIn && first.slot?.resource == "C7" && first.folio != folios[0])
      let second = try #require(try await clinic.series(of: people[1])?.activities.first)
      let folio = try #require(Folio(second.folio))
      let row = try await clinic.store.read { reader throws(StoreFault) in try reader.appointment(folio: folio) }
      #expect(row?.slot.resource == .c(7) && row?.confirmedAt != nil && row?.confirmedThrough == .kiosk)
      #expect(try await clinic.store.check() == [])
    }
  }

  @Test("P26: a session that its person cancelled is one that they have lost: the next is not taken from them as long as somebody else has lost none")
  func cancelledIsLost() async throws {
    let chairs = Self.chairs(free: 2)
    let people = strangers(chairs.count)
    /// Who has no place on the 25th, after some have cancelled their session of the 23rd.
    func losers(cancelling: [Int]) async throws -> [Int] {
      var lost: [Int] = []
      try await withClinic(people: people, rules: .series()) { clinic in
        for (person, chair) in zip(people, chairs) { try await clinic.start("sesiones", for: person, chair: chair) }
        try await clinic.settle()
        for person in cancelling {
          let session = try #require(try await clinic.series(of: people[person])?.activities.first { $0.dueDate == "2026-11-23" })
          let token = try await clinic.session(people[person])
          _ = try await clinic.appointments().cancel(.init(sessionToken: token, folio: session.folio, reason: .cannotCome), options: .write())
        }
        clinic.clock.advance(.seconds(121))
        try await clinic.settle()
        // Nobody is given again what they said no to.
        for person in cancelling {
          let session = try #require(try await clinic.series(of: people[person])?.activities.first { $0.dueDate == "2026-11-23" })
          #expect(session.status == .onHold)
        }
        try await Self.close(clinic, "2026-11-25")
        for (place, sessions) in try await Self.sessions(clinic, people).enumerated()
        where sessions.contains(where: { $0.dueDate == "2026-11-25" && $0.status == .onHold }) { lost.append(place) }
        #expect(try await clinic.alerts().allSatisfy { !$0.secondInARow })
      }
      return lost
    }
    let first = try await losers(cancelling: [])
    #expect(first.count == 2)
    let then = try await losers(cancelling: first)
    #expect(then.count == 2 && then.allSatisfy { !first.contains($0) })
  }
}
