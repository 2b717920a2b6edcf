internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

/// Answers ventanilla.v1.HomeVisits: who cannot come is visited.
package struct HomeVisitsHandlers: HomeVisitsService {
  let counter: Counter

  package init(_ counter: Counter) { self.counter = counter }
}

extension HomeVisitsHandlers {
  package func findHomeVisits(
    _ request: Wire.FindHomeVisitsRequest, context: CallContext
  ) async throws(RPCError) -> Wire.FindHomeVisitsResponse {
    let (code, date, earliest, limit) = try request.checked()
    let number = try FieldReader.person(request.person)
    let session = try counter.session(request.sessionToken, context)
    let patient = try counter.person(number, in: session)
    guard let policy = counter.rules.clinic.homeVisits else { throw counter.refused(.serviceNotOffered, wish: nil) }
    guard let zone = policy.zone(of: code) else { throw counter.refused(.homeVisit(.noZone), wish: nil) }
    let active = try await counter.commitments(of: patient, in: session, at: counter.now)
    let query = FindHomeVisits(
      zone: zone.code, person: PersonView(patient, active: active), channel: session.channel, date: date, earliestDate: earliest, limit: limit)
    let slots = try await free(query)
    let steps = slots.isEmpty ? counter.rules.clinic.nextSteps(for: .noSlot) : []
    return Wire.FindHomeVisitsResponse(
      zone: zone.name, slots: slots.map(counter.rules.wireSlot), steps: steps.map(Wire.NextStep.init))
  }

  package func requestHomeVisit(
    _ request: Wire.RequestHomeVisitRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.RequestHomeVisitResponse> {
    let number = try FieldReader.person(request.person)
    let (choice, form) = try request.checked()
    let session = try counter.session(request.sessionToken, context)
    let patient = try counter.person(number, in: session)
    let rules = counter.rules
    let visit = RequestHomeVisit(
      actor: .person(session.actor.id), patient: patient.id, form: form, choice: choice, channel: session.channel,
      folioSeed: Counter.folioSeed())
    // What else the person could have is looked up before, so that a refusal of the time comes with it.
    let others = try await alternatives(to: visit, for: patient, in: session)
    return try await counter.reserve(
      .homeVisit(visit), context,
      refused: { refusal, _ in counter.refused(refusal, offering: refusal.isOfTime ? others : []) },
      reply: { appointment in
        Wire.RequestHomeVisitResponse(
          appointment: rules.wireAppointment(appointment, of: patient), text: rules.homeVisitText(of: appointment))
      })
  }

  /// The first free ones of the zone from the wished date on.
  private func alternatives(
    to visit: RequestHomeVisit, for patient: Patient, in session: SessionRegistry.Session
  ) async throws(RPCError) -> [FoundSlot] {
    guard let zone = counter.rules.clinic.homeVisits?.zone(of: visit.form.address.postalCode) else { return [] }
    let active = try await counter.commitments(of: patient, in: session, at: counter.now)
    return try await free(
      FindHomeVisits(zone: zone.code, person: PersonView(patient, active: active), channel: visit.channel, earliestDate: visit.choice.date))
  }

  private func free(_ query: FindHomeVisits) async throws(RPCError) -> [FoundSlot] { try await counter.free(query) }
}

extension Counter {
  /// Where else a visit at home could take place: the first free times of its zone from a date on; `nil` for an appointment in the clinic.
  func homeAlternatives(
    to folio: Folio, of patient: Patient?, from date: CivilDate, through channel: Channel
  ) async throws(RPCError) -> [FoundSlot]? {
    guard rules.clinic.homeVisits != nil, let patient else { return nil }
    let (now, id) = (now, patient.id)
    let (visit, theirs) = try await reading { store throws(StoreFault) in
      let visit = try await store.read { reader throws(StoreFault) in try reader.homeVisit(of: folio) }
      return (visit, visit == nil ? [] : try await store.appointments(of: id, includePast: false, now: now))
    }
    guard let visit else { return nil }
    let person = PersonView(patient, active: theirs.filter { $0.status.isActive && $0.folio != folio })
    return try await free(FindHomeVisits(zone: visit.zone, person: person, channel: channel, earliestDate: max(date, today)))
  }

  fileprivate func free(_ query: FindHomeVisits) async throws(RPCError) -> [FoundSlot] {
    try await reading { _ throws(StoreFault) in try await homeVisits(query) }
  }

  private func homeVisits(_ query: FindHomeVisits) async throws(StoreFault) -> [FoundSlot] {
    let (now, today) = (now, today)
    let days = try await store.read { reader throws(StoreFault) in try reader.homeVisitDays(ofZone: query.zone, since: today) }
    return store.snapshot.find(query, days: days, at: now)
  }

  /// Where else somebody can be visited whom the clinic put off, by the rule of the zone where they were to be visited last: on its days, by those who
  /// go there, while it has room.
  ///
  /// - Parameter date: nothing before it.
  /// - Returns: `nil` for what is no visit at home; empty also for who was never to be visited.
  func homeVisits(
    owedFor service: ServiceCode, to person: PersonView, _ patient: PatientID, from date: CivilDate, through channel: Channel, limit: Int
  ) async throws(StoreFault) -> [FoundSlot]? {
    guard rules.clinic.homeVisits?.service == service else { return nil }
    guard let visit = try await store.read({ reader throws(StoreFault) in try reader.latestHomeVisit(of: patient) }) else { return [] }
    return try await homeVisits(FindHomeVisits(zone: visit.zone, person: person, channel: channel, earliestDate: date, limit: limit))
  }
}

extension CommandRefusal {
  /// Whether another time may be granted.
  var isOfTime: Bool {
    switch self {
    case .homeVisit(.outsideHours), .homeVisit(.notVisited), .homeVisit(.zoneFull): true
    case .appointmentNotFound, .wrongState, .homeVisit, .limitReached, .householdLimitReached, .notAllowed, .serviceNotOffered, .rightsEndBefore, .caredElsewhere: false
    default: true
    }
  }
}
