internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension CareHandlers {
  /// Cero rechazo: Urgencias now, a near date, or a person by name. Nothing that goes wrong behind it takes the answer away.
  package func attendPregnancy(
    _ request: Wire.AttendPregnancyRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.AttendPregnancyResponse> {
    // Nobody is looked up before this: who tells an alarm sign has said no name.
    if request.alarmSign { return try await sendToUrgencias(context) }
    let phone = request.phone.isEmpty ? nil : try FieldReader.phone(request.phone, field: "phone")
    let (person, actor, channel) = try person(of: request, context)
    if let person, let actor, let answer = await date(for: person, asked: actor, through: channel) { return Encoded(answer) }
    return try await promise(to: person, phone: phone ?? person?.phone, context)
  }

  private func person(
    of request: Wire.AttendPregnancyRequest, _ context: CallContext
  ) throws(RPCError) -> (person: Patient?, actor: Patient?, Channel) {
    let number = try FieldReader.person(request.person)
    guard !request.sessionToken.isEmpty else { return (nil, nil, Channel(role: context.role)) }
    let session = try counter.session(request.sessionToken, context)
    return (try counter.person(number, in: session, needing: .book), session.actor, session.channel)
  }
}

// MARK: - Urgencias

extension CareHandlers {
  /// Staff have the alarm; without it the answer is the same.
  private func sendToUrgencias(_ context: CallContext) async throws(RPCError) -> Encoded<Wire.AttendPregnancyResponse> {
    let now = counter.now
    let report = AlarmReport(
      session: (0..<16).map { _ in UInt8.random(in: .min ... .max) }, guide: Self.guide, sign: "senal_embarazo", code: .mater,
      channel: Channel(role: context.role), device: context.callerName, toldAt: now)
    do throws(RPCError) {
      return try await counter.telephone(.tellAlarm(report), context, content: "attend-pregnancy|alarm") { outcome in
        guard case .alarm(let alarm) = outcome else { preconditionFailure("an alarm was raised with another outcome") }
        return Encoded(Wire.AttendPregnancyResponse(answer: .urgencias, text: Self.urgencias, alarm: alarm.id)).bytes
      }
    } catch {
      guard error.isOfStore else { throw error }
      return Encoded(Wire.AttendPregnancyResponse(answer: .urgencias, text: Self.urgencias))
    }
  }

  /// No guide asked: the sign was told to the counter itself.
  private static let guide = PlayedGuide(code: "mostrador_embarazo", version: 1, hash: [UInt8](repeating: 0, count: 32))
  private static let urgencias =
    "Vaya ahora a Urgencias, de cualquier hospital: la deben recibir sin cita, sin pago y con o sin seguro. Si no puede ir, marque 911."
}

// MARK: - A date

extension CareHandlers {
  private static let slotsShown = 6

  /// The appointment that she has, or slots that she can book, within the clinic's days; `nil` when there is none, or the store cannot say.
  /// Only for somebody who may book: a slot is no answer to who cannot. Whether a companion still may is asked of the store, as List does.
  private func date(for person: Patient, asked actor: Patient, through channel: Channel) async -> Wire.AttendPregnancyResponse? {
    let (rules, now) = (counter.rules, counter.now)
    guard let policy = rules.clinic.maternity, (try? await counter.mayAct(actor, for: person, needing: [.see, .book])) == true,
      let known = try? await standing(of: person)
    else { return nil }
    if let near = policy.near(known.active.filter({ rules.maySee($0, actor.id) }), rules: rules, at: now) {
      return Wire.AttendPregnancyResponse(
        answer: .appointment, text: "Ya tiene cita el \(rules.displayText(of: near.slot)). \(Self.meanwhile)",
        appointment: rules.wireAppointment(near, of: person))
    }
    let view = PersonView(person, active: known.active, inSeries: known.inSeries)
    let slots = counter.store.snapshot.prenatalSlots(
      policy, for: view, household: known.household, through: channel, limit: Self.slotsShown, at: now)
    guard let first = slots.first else { return nil }
    return Wire.AttendPregnancyResponse(
      answer: .slots, text: "Hay lugar desde el \(rules.displayText(of: first.slot)). Elija el que le quede mejor. \(Self.meanwhile)",
      slots: slots.map(rules.wireSlot))
  }

  private func standing(
    of person: Patient
  ) async throws(StoreFault) -> (active: [Appointment], inSeries: [Folio], household: [Appointment]) {
    let today = counter.today
    let hasLimit = counter.rules.clinic.policy.maxActivePerHousehold != nil
    return try await counter.store.read { reader throws(StoreFault) in
      let active = try reader.appointments(of: person.id, since: today.advanced(by: -1)).filter(\.status.isActive)
      var others: [Appointment] = []
      if hasLimit, let nss = person.nss {
        for relative in try reader.family(of: nss) where relative.id != person.id {
          others += try reader.appointments(of: relative.id, since: today.advanced(by: -1)).filter(\.status.isActive)
        }
      }
      return (active, try reader.foliosInSeries(of: person.id, since: today.advanced(by: -60)), others)
    }
  }

  private static let meanwhile = "Si sangra, le sale líquido o se siente mal antes, vaya a Urgencias o marque 911."
}

// MARK: - A person

extension CareHandlers {
  /// Who is on duty owes her an answer; when that cannot be written down she is sent to them now.
  private func promise(
    to person: Patient?, phone: PhoneNumber?, _ context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.AttendPregnancyResponse> {
    let (rules, now) = (counter.rules, counter.now)
    let command = RequestCallback(
      phone: phone, reason: .pregnancy, patient: person?.id, channel: Channel(role: context.role), folioSeed: Counter.folioSeed())
    do throws(RPCError) {
      return try await counter.telephone(.requestCallback(command), context, content: "attend-pregnancy|\(counter.content(of: command))") {
        Encoded(rules.namedAnswer($0.callback)).bytes
      }
    } catch {
      guard error.isOfStore else { throw error }
      let due = rules.onDutyPromise(at: now).due
      return Encoded(
        Wire.AttendPregnancyResponse(
          answer: .person, text: "\(rules.whoAnswers(at: now)) Vaya con ella o llámele ahora. \(Self.meanwhile)", named: rules.named(at: now),
          dueAtUnixMs: due.milliseconds))
    }
  }
}

extension ClinicRules {
  fileprivate func namedAnswer(_ callback: Callback) -> Wire.AttendPregnancyResponse {
    let local = zone.local(of: callback.dueAt)
    let how = callback.phone == nil ? "la atiende aquí" : "le llama"
    // The roster of when it was promised: who asks again has the same person.
    let titled = clinic.maternity?.roster.first { callback.owner == .onDuty($0.title) }
    let who = titled.map { "\($0.title), \(how)" } ?? "Quien está de guardia \(how)"
    return Wire.AttendPregnancyResponse(
      answer: .person,
      text: "\(who) a más tardar a las \(local.minute). Su folio es \(callback.folio.spoken). Si sangra, le sale líquido o se siente mal antes, vaya a Urgencias o marque 911.",
      named: titled.map(Wire.NamedPerson.init) ?? Wire.NamedPerson(post: callback.owner.spanishText), folio: callback.folio.description,
      dueAtUnixMs: callback.dueAt.milliseconds)
  }

  /// Who is on duty now.
  fileprivate func named(at now: Instant) -> Wire.NamedPerson {
    let local = zone.local(of: now)
    guard let policy = clinic.maternity else { return Wire.NamedPerson(post: "médico de guardia") }
    return Wire.NamedPerson(policy.onDuty(on: local.date, at: local.minute))
  }

  fileprivate func whoAnswers(at now: Instant) -> String {
    let person = named(at: now)
    guard !person.name.isEmpty else { return "La atiende quien está de guardia, en la ventanilla." }
    return "La atiende \(person.name), \(person.post), teléfono \(person.phone)."
  }
}

extension Wire.NamedPerson {
  fileprivate init(_ person: OnDuty) {
    self.init(name: person.name, post: person.post, phone: person.phone.national ?? person.phone.description)
  }
}

extension RPCError {
  /// Whether the store could not do what was asked: full, closing, overfull, read only or too slow. What the caller did wrong is none of it.
  fileprivate var isOfStore: Bool {
    switch code {
    case .unavailable, .resourceExhausted, .failedPrecondition, .internal, .unknown, .deadlineExceeded, .aborted, .dataLoss: true
    default: false
    }
  }
}
