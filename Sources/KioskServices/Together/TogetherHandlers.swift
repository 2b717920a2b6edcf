internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

/// Answers ventanilla.v1.Together: several people in one step.
package struct TogetherHandlers: TogetherService {
  let counter: Counter

  package init(_ counter: Counter) { self.counter = counter }

  /// Slots that follow each other, from the index snapshot; of the people only what they may be asked about.
  package func findTogether(
    _ request: Wire.FindTogetherRequest, context: CallContext
  ) async throws(RPCError) -> Wire.FindTogetherResponse {
    let people = try await self.people(request.people, request.sessionToken, context)
    let channel = Channel(role: context.role)
    var query = try request.checked(for: nil, channel: channel)
    let rules = counter.rules
    guard let service = rules.clinic.service(query.service), service.bookableBy.contains(channel), service.companions.isEmpty else {
      throw counter.refused(.serviceNotOffered, wish: nil, as: .notFound)
    }
    let now = counter.now
    let views = try await views(of: people, at: now)
    let all = PersonView(together: views)
    query.person = all
    let runs = counter.store.snapshot.findTogether(people.count, query, at: now)
    guard runs.isEmpty else { return Wire.FindTogetherResponse(runs: runs.map(rules.wireRun)) }
    let covered = !service.requiresRights || all.coverage.covers(max(counter.today, query.earliestDate ?? counter.today))
    let elsewhere = service.requiresRights && covered ? all.elsewhere.map { rules.clinic.nextSteps(for: .caredElsewhere($0)) } : nil
    let steps = elsewhere ?? rules.clinic.nextSteps(for: covered ? .noSlot : .noRights)
    return Wire.FindTogetherResponse(steps: steps.map(Wire.NextStep.init))
  }

  /// An appointment for each, or for nobody.
  package func bookTogether(
    _ request: Wire.BookTogetherRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.BookTogetherResponse> {
    let asked = try request.checked()
    let session = try counter.session(request.sessionToken, context)
    let patients = try numbered(request.people, in: session)
    let rules = counter.rules
    let minutes = rules.clinic.service(asked.service)?.slotMinutes ?? 0
    let members = try patients.enumerated().map { place, patient throws(RPCError) in
      guard let start = asked.choice.start.adding(minutes: place * minutes) else {
        throw RPCError.field("start_minute", "no caben tantas personas antes de que termine la agenda")
      }
      return BookTogether.Member(
        patient: patient.id, choice: SlotChoice(resource: asked.choice.resource, date: asked.choice.date, start: start))
    }
    return try await counter.write(
      .together(
        BookTogether(
          actor: .person(session.actor.id), service: asked.service, members: members, channel: session.channel,
          folioSeed: Counter.folioSeed())),
      context,
      encode: { outcome in
        guard case .appointments(let made) = outcome else { preconditionFailure("booked together without appointments") }
        let wire = zip(made, patients).map { rules.wireAppointment($0, of: $1) }
        return Encoded(Wire.BookTogetherResponse(appointments: wire, text: rules.togetherText(made))).bytes
      },
      refused: { counter.refused($0, wish: $1) })
  }

  /// The people of a session's numbers, whom its person may act for now.
  private func people(_ numbers: [Int32], _ token: String, _ context: CallContext) async throws(RPCError) -> [Patient] {
    let session = try counter.session(token, context)
    let patients = try numbered(numbers, in: session)
    for patient in patients where !(try await counter.mayAct(session.actor, for: patient)) { throw Counter.notForThisPerson }
    return patients
  }

  private func numbered(_ numbers: [Int32], in session: SessionRegistry.Session) throws(RPCError) -> [Patient] {
    guard 2...BookTogether.maximumMembers ~= numbers.count, Set(numbers).count == numbers.count else {
      throw .field("people", "diga de dos a ocho personas, cada una una vez")
    }
    var patients: [Patient] = []
    for number in numbers { patients.append(try counter.person(try FieldReader.person(number, field: "people"), in: session)) }
    return patients
  }

  /// With what each has at the time, so that no run is shown in which somebody would be in two places.
  private func views(of people: [Patient], at now: Instant) async throws(RPCError) -> [PersonView] {
    let rules = counter.rules
    return try await counter.reading { store throws(StoreFault) in
      var views: [PersonView] = []
      for patient in people {
        let active = try await store.appointments(of: patient.id, includePast: false, now: now)
          .filter { $0.status.isActive && !rules.isConfidential($0.service) }
        views.append(PersonView(patient, active: active))
      }
      return views
    }
  }
}

extension Wire.FindTogetherRequest {
  fileprivate func checked(for person: PersonView?, channel: Channel) throws(RPCError) -> FindSlots {
    guard (0...20).contains(limit) else { throw .field("limit", "de 1 a 20; 0 da 6") }
    return try Wire.FindRequest(
      service: service, turno: turno, date: date, earliestDate: earliestDate, limit: limit == 0 ? 6 : limit
    ).checked(for: person, channel: channel)
  }
}

extension Wire.BookTogetherRequest {
  fileprivate func checked() throws(RPCError) -> (service: ServiceCode, choice: SlotChoice) {
    let service = try FieldReader.service(service, field: "service")
    let resource = try FieldReader.resource(resource, field: "resource")
    let date = try FieldReader.date(date, field: "date")
    return (service, SlotChoice(resource: resource, date: date, start: try FieldReader.minute(startMinute, field: "start_minute")))
  }
}

extension ClinicRules {
  fileprivate func wireRun(_ run: [FoundSlot]) -> Wire.SlotRun {
    var whole = run[0].slot
    whole.minutes = whole.start..<run[run.count - 1].slot.minutes.upperBound
    return Wire.SlotRun(slots: run.map(wireSlot), display: spanText(of: whole))
  }

  /// "martes 24 de noviembre, de 08:15 a 09:00, consultorio 12, planta baja".
  private func spanText(of slot: Slot) -> String {
    let first = dayAndHour(of: slot).split(separator: ",")
    let end = dayAndHour(of: Slot(resource: slot.resource, date: slot.date, minutes: slot.minutes.upperBound ..< .latest)).split(separator: ",")
    return "\(first[0]), de\(first[first.count - 1]) a\(end[end.count - 1]), \(placeText(of: slot.resource))"
  }

  /// Says when the family comes, and that each has a folio of their own.
  fileprivate func togetherText(_ made: [Appointment]) -> String {
    guard let first = made.first, let last = made.last else { return "" }
    var whole = first.slot
    whole.minutes = first.slot.start..<last.slot.minutes.upperBound
    return "Son \(made.count) citas seguidas: \(spanText(of: whole)). Cada persona tiene su propio folio; si una no puede venir, cancele solo la suya."
  }
}
