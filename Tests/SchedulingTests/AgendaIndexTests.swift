internal import ClinicDomain
internal import KioskTestSupport
internal import Scheduling
internal import Testing

@Suite("The agenda index")
struct AgendaIndexTests {
  static let rules = ClinicRules.fixture()

  static func index(_ appointments: [Appointment] = [], today: String = "2026-11-23") -> AgendaIndex {
    AgendaIndex(rules: rules, appointments: appointments, today: CivilDate(iso: today)!)
  }

  /// The free starts of C1 on the morning of the 24th.
  static func free(_ index: AgendaIndex, at now: Instant = .fixture, resource: ResourceID = .c(1)) -> [String] {
    index.find(
      FindSlots(
        service: .familyMedicine, channel: .kiosk, turno: .matutino, date: CivilDate(iso: "2026-11-24")!, resource: resource,
        limit: 1000), at: now
    ).map(\.slot.start.description)
  }

  @Test("A booking takes its slot and a cancellation gives it back")
  func bookAndCancel() {
    var index = Self.index()
    let booking = Appointment.fixture(Slot("C1 2026-11-24 09:00"))
    index.apply([.insert(booking)])
    #expect(Self.free(index).count == 23)
    #expect(!Self.free(index).contains("09:00"))
    var cancelled = booking
    (cancelled.status, cancelled.cancellation) = (.cancelled, .notNeeded)
    index.apply([.replace(cancelled)])
    #expect(index == Self.index())
    #expect(index.hashValue == Self.index([cancelled]).hashValue)
  }

  @Test("A hold hides its slot until it expires, without anybody telling the index")
  func hold() {
    let end = Instant.fixture.adding(seconds: 120)
    let index = Self.index([.fixture(Slot("C1 2026-11-24 09:00"), holdExpiresAt: end)])
    #expect(!Self.free(index, at: end.adding(milliseconds: -1)).contains("09:00"))
    #expect(Self.free(index, at: end).contains("09:00"))
  }

  @Test("A hold that is booked stays taken beyond its time")
  func bookedHold() {
    let hold = Appointment.fixture(Slot("C1 2026-11-24 09:00"), holdExpiresAt: Instant.fixture.adding(seconds: 1))
    var index = Self.index([hold])
    var booked = hold
    (booked.status, booked.holdExpiresAt) = (.booked, nil)
    index.apply([.replace(booked)])
    #expect(!Self.free(index, at: .fixture.adding(seconds: 60)).contains("09:00"))
    #expect(index == Self.index([booked]))
  }

  @Test("An appointment of older rules takes every slot that it overlaps, and gives back only what no other overlaps")
  func offGrid() {
    let first = Appointment.fixture(Slot("C1 2026-11-24 08:50", minutes: 20), folio: 1)
    let second = Appointment.fixture(Slot("C1 2026-11-24 09:10", minutes: 20), folio: 2)
    var index = Self.index([first, second])
    #expect(Self.free(index).prefix(4) == ["08:00", "08:15", "08:30", "09:30"])
    var cancelled = first
    (cancelled.status, cancelled.cancellation) = (.cancelled, .clinic)
    index.apply([.replace(cancelled)])
    #expect(Self.free(index).prefix(6) == ["08:00", "08:15", "08:30", "08:45", "09:30", "09:45"])
    #expect(index == Self.index([second]))
  }

  @Test("A change of a cancelled appointment gives nobody else's slot back")
  func cancelledThenCorrected() {
    let slot = Slot("C1 2026-11-24 09:00")
    let corrected = Appointment.fixture(slot, folio: 1, status: .enteredInError)
    var index = Self.index([.fixture(slot, folio: 2)])
    index.apply([.replace(corrected)])
    #expect(!Self.free(index).contains("09:00"))
    #expect(index == Self.index([corrected, .fixture(slot, folio: 2)]))
  }

  @Test("The order in which appointments come makes no difference")
  func order() {
    let appointments = (0..<20).map { number in
      Appointment.fixture(
        Slot(resource: .c(1), date: CivilDate(iso: "2026-11-24")!, minutes: minutes(480 + number * 15)), folio: UInt64(number))
    }
    #expect(Self.index(appointments) == Self.index(appointments.reversed()))
  }

  private func minutes(_ start: Int) -> Range<AgendaMinute> {
    AgendaMinute(minutes: start)!..<AgendaMinute(minutes: start + 15)!
  }

  @Test("The window moves with the days, and what lies beyond it comes in with them")
  func roll() {
    let appointments = [
      Appointment.fixture(Slot("C1 2026-11-20 09:00"), folio: 1), .fixture(Slot("C1 2026-11-22 09:00"), folio: 2),
      .fixture(Slot("C1 2026-11-24 09:00"), folio: 3), .fixture(Slot("C1 2026-12-21 09:00"), folio: 4),
      .fixture(Slot("C1 2026-12-22 09:00"), folio: 5), .fixture(Slot("C2 2027-03-01 09:00"), folio: 6),
      .fixture(Slot("C9 2026-11-24 09:00"), folio: 7),
    ]
    for today in ["2026-11-23", "2026-11-24", "2026-11-25", "2026-12-22", "2027-02-10", "2028-01-01"] {
      var index = Self.index(appointments)
      index.roll(to: CivilDate(iso: today)!)
      #expect(index == Self.index(appointments, today: today), "rolled to \(today)")
    }
    var index = Self.index(appointments)
    index.roll(to: CivilDate(iso: "2026-11-20")!)
    #expect(index.today.description == "2026-11-23")
  }

  @Test("What is cancelled beyond the window does not come in with it")
  func laterCancelled() {
    let later = Appointment.fixture(Slot("C1 2027-01-05 09:00"))
    var index = Self.index([later])
    #expect(index != Self.index())
    index.apply([.replace(.fixture(later.slot, status: .cancelled, cancellation: .clinic))])
    #expect(index == Self.index())
  }

  @Test("It knows which stretches no row has a part of: holds that have run out count, today's line does not; of other days and rooms it says nothing")
  func taken() {
    var inLine = Appointment.fixture(Slot("C1 2026-11-24 11:00"), folio: 4)
    inLine.lane = Appointment.todaysLine(inLine.folio)
    var beside = Appointment.fixture(Slot("C1 2026-11-24 12:00"), folio: 5)
    beside.lane = 1
    let index = Self.index([
      .fixture(Slot("C1 2026-11-24 09:00"), folio: 1), .fixture(Slot("C1 2026-11-24 10:00"), folio: 2, holdExpiresAt: .fixture),
      .fixture(Slot("C1 2026-11-24 08:00"), folio: 3, status: .cancelled, cancellation: .clinic), inLine, beside,
    ])
    func taken(_ date: String, _ resource: ResourceID = .c(1)) -> [Int] {
      stride(from: 465, through: 735, by: 15).filter {
        index.mayBeTaken(minutes($0), on: AgendaDay(resource: resource, date: CivilDate(iso: date)!))
      }
    }
    #expect(taken("2026-11-24") == [540, 600, 720])
    #expect(taken("2026-11-24", .c(2)) == [])
    #expect(taken("2027-03-01").count == 19)
    #expect(taken("2026-11-24", .c(77)).count == 19)
    let day = AgendaDay(resource: .c(1), date: CivilDate(iso: "2026-11-24")!)
    #expect(!index.mayBeTaken(AgendaMinute(minutes: 525)!..<AgendaMinute(minutes: 540)!, on: day))
    #expect(index.mayBeTaken(AgendaMinute(minutes: 554)!..<AgendaMinute(minutes: 600)!, on: day))
    #expect(!index.mayBeTaken(AgendaMinute(minutes: 555)!..<AgendaMinute(minutes: 600)!, on: day))
  }

  @Test("A snapshot does not change with the index it was taken from")
  func snapshot() {
    var index = Self.index()
    let snapshot = index
    index.apply([.insert(.fixture(Slot("C1 2026-11-24 09:00")))])
    #expect(Self.free(snapshot).count == 24)
    #expect(snapshot == Self.index())
  }

  @Test("A day of more than 64 slots", arguments: [63, 64, 65, 128, 129, 287])
  func manySlots(taken: Int) {
    // 24 hours in slots of 5 minutes: 288.
    let rules = ClinicRules.fixture { clinic in
      clinic.services[0].slotMinutes = 5
      clinic.turnos[0].hours = .hours(0, 24)
      clinic.resources[0].rules = [WeeklyRule(turno: .matutino, weekdays: Weekday.allCases)]
    }
    let start = AgendaMinute(minutes: taken * 5)!
    let slot = Slot(resource: .c(1), date: CivilDate(iso: "2026-11-24")!, minutes: start..<start.adding(minutes: 5)!)
    let index = AgendaIndex(rules: rules, appointments: [.fixture(slot)], today: .fixture)
    let free = Self.free(index)
    #expect(free.count == 287)
    #expect(!free.contains(start.description))
    #expect(free == free.sorted())
  }
}
