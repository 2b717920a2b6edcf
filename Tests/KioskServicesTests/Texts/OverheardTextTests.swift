import ClinicDomain
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import Testing
import VentanillaMessages

extension Service {
  /// Of the sensitive class.
  static let discreet = Service(
    code: ServiceCode("seguimiento"), name: "PrEP: profilaxis del VIH", slotMinutes: 15, bookableBy: Channel.allCases,
    requiresRights: false, maxActivePerPatient: 1, discreetName: "Consulta de seguimiento")
}

extension ClinicRules {
  /// The small clinic, whose consultorio 2 gives a confidential service too.
  static let discreet = ClinicRules.fixture { clinic in
    clinic.services.append(.discreet)
    clinic.resources[1].services.append(Service.discreet.code)
  }
}

/// What nobody may overhear.
private let secrets = ["prep", "profilaxis", "vih"]

private func expectNeutral(_ text: String, _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation) {
  let words = text.lowercased()
  for secret in secrets { #expect(!words.contains(secret), comment, sourceLocation: sourceLocation) }
}

@Suite("What can be overheard")
struct OverheardTextTests {
  static let rules = ClinicRules.discreet

  @Test("P32, P40: no text names a service or a person, whoever it is for, whatever the service and the status", arguments: OverheardText.allCases)
  func neutral(kind: OverheardText) {
    for service in Self.rules.clinic.services {
      for patient in [Patient.ana, .noe, .carla, .valeria] {
        for status in Appointment.Status.allCases {
          let appointment = Appointment.fixture(Slot("C2 2026-11-24 08:15"), patient: patient.id, service: service.code, status: status)
          let text = kind.text(of: appointment, for: patient, Self.rules, today: .fixture)
          expectNeutral(text, "\(text)")
          // The trámite's requirements are what to bring, and stand in the advice of an ordinary service.
          for named in [service.name, service.code.rawValue, patient.name.given, patient.name.firstSurname, patient.name.address] {
            #expect(!text.contains(named), "\(text)")
          }
          #expect(text.contains("C2") == false)
        }
      }
    }
  }

  @Test("P32: a reminder for an adolescent, and one of a confidential service, tells neither service nor room", arguments: [
    (Patient.ana, Service.familyMedicine, true), (.noe, .familyMedicine, false), (.carla, .familyMedicine, false),
    (.ana, .discreet, false), (.noe, .discreet, false),
  ])
  func reminder(patient: Patient, service: Service, tellsRoom: Bool) {
    let appointment = Appointment.fixture(Slot("C2 2026-11-24 08:15"), patient: patient.id, service: service.code)
    let text = OverheardText.reminder.text(of: appointment, for: patient, Self.rules, today: .fixture)
    let place = tellsRoom ? "UMF 999 Ejemplo, consultorio 2, planta baja" : "UMF 999 Ejemplo"
    #expect(
      text == "Le recordamos que le esperan el martes 24 de noviembre, 08:15, en \(place). Si no puede venir, cancele y otra persona tendrá su lugar.")
  }

  @Test("P40: from choosing to cancelling, no reply and no refusal at any door names a confidential service", arguments: [RoleSet.kiosk, .ivr, .staff])
  func wholeVisit(role: RoleSet) async throws {
    try await withClinic(rules: Self.rules) { clinic in
      let recorder = RecordingTransport(clinic.doors[role])
      let (patients, appointments) = (PatientsClient(recorder), AppointmentsClient(recorder))
      let identified = try await patients.identify(Wire.IdentifyRequest(identifier: .nss("00809012347"), birthDate: "2009-03-01"))
      let token = identified.sessionToken
      let services = try await appointments.listServices(Wire.ListServicesRequest()).services
      #expect(services.last?.name == "Consulta de seguimiento" && services.last?.requirements == [])
      _ = try await appointments.find(Wire.FindRequest(sessionToken: token, service: "seguimiento"))
      let slot = Wire.SlotChoice("C2 2026-11-24 08:15", service: "seguimiento")
      let held = try await appointments.hold(Wire.HoldRequest(sessionToken: token, slot: slot), options: .write())
      let folio = held.appointment!.folio
      _ = try await appointments.book(Wire.BookRequest(sessionToken: token, what: .holdFolio(folio)), options: .write())
      _ = try await appointments.get(Wire.GetRequest(sessionToken: token, folio: folio))
      _ = try await appointments.list(Wire.ListRequest(sessionToken: token))
      for choice in ["C2 2026-11-24 08:15", "C2 2026-11-24 08:30", "C4 2026-11-24 08:30", "C2 2026-11-24 08:31"] {
        _ = try await status { () throws(RPCError) in
          try await appointments.book(
            Wire.BookRequest(sessionToken: token, what: .slot(Wire.SlotChoice(choice, service: "seguimiento"))), options: .write())
        }
      }
      _ = try await appointments.cancel(Wire.CancelRequest(sessionToken: token, folio: folio), options: .write())
      expectNeutral(recorder.said)
    }
  }

  @Test("P32, P40: waiting, being offered a place, being called and being told: nothing at any door names a confidential service")
  func waitingAndTold() async throws {
    let rules = ContactTests.rules { clinic in
      clinic.services.append(.discreet)
      clinic.resources[1].services.append(Service.discreet.code)
      clinic.waitlist?.calls = CallingHours(days: Weekday.allCases, hours: .hours(6, 20))
    }
    var people = OutboundTests.callable(2)
    people[0].name.given = "Ximena"
    try await withClinic(people: people, rules: rules) { clinic in
      let (kiosk, ivr, staff) = (
        RecordingTransport(clinic.doors[.kiosk]), RecordingTransport(clinic.doors[.ivr]), RecordingTransport(clinic.doors[.staff])
      )
      let token = try await clinic.session(people[0])
      let other = try await clinic.session(people[1])
      let given = try await clinic.book("C2 2026-11-23 09:00", other, service: "seguimiento")
      let later = try await clinic.book("C2 2026-11-24 09:00", token, service: "seguimiento")
      _ = try await ContactClient(kiosk).chooseCalls(.init(sessionToken: token, calls: true), options: .write())
      // A place that was left.
      let join = Wire.JoinRequest(
        sessionToken: token, services: ["seguimiento"], firstDate: "2026-11-23", lastDate: "2026-11-23", reach: .phone,
        replacesFolio: later.folio)
      _ = try await WaitlistClient(kiosk).join(join, options: .write())
      try await clinic.cancel(given.folio, other)
      try await clinic.settle()
      _ = try await WaitlistClient(kiosk).listMine(.init(sessionToken: token))
      _ = try await WaitlistClient(kiosk).listOffers(.init(sessionToken: token))
      // An appointment that the clinic moved.
      _ = try await ClosureTests.close(clinic, "C2", "2026-11-24")
      try await clinic.settle()
      // One number rings once at a time.
      var kinds: [Wire.NoticeKind] = []
      for _ in 0..<2 {
        for call in try await OutboundClient(ivr).takeCalls(.init(limit: 20), options: .write()).calls {
          kinds.append(try await OutboundClient(ivr).readNotice(.init(token: call.token)).kind)
          _ = try await OutboundClient(ivr).answerNotice(.init(token: call.token, take: false), options: .write())
          _ = try await OutboundClient(ivr).noteCall(.init(token: call.token, news: .answered), options: .write())
        }
      }
      #expect(kinds == [.offer, .moved])
      _ = try await ContactClient(kiosk).listNotices(.init(sessionToken: token))
      _ = try await ContactClient(staff).listUntold(.init(all: true))
      _ = try await AppointmentsClient(kiosk).list(.init(sessionToken: token))
      for recorder in [kiosk, ivr, staff] {
        expectNeutral(recorder.said)
        #expect(!recorder.said.contains("Ximena"))
      }
      #expect(!ivr.said.contains("seguimiento") && !staff.said.contains("eguimiento"))
    }
  }
}
