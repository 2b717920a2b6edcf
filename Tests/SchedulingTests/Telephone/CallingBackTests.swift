import ClinicDomain
import KioskTestSupport
import Scheduling
import Testing

extension Callback {
  /// Of somebody who asks about their health, unless changed.
  static func fixture(_ change: (inout Callback) -> Void = { _ in }) -> Callback {
    var callback = Callback(
      folio: .fixture(1), phone: PhoneNumber("5512345678"), reason: .guidance, channel: .phone, owner: .post(.clinician),
      requestedAt: .fixture, dueAt: Instant.fixture.adding(seconds: 7200), changedAt: .fixture)
    change(&callback)
    return callback
  }
}

@Suite("Calls that the clinic owes")
struct CallingBackTests {
  static let doctor = StaffName("staff/uid:1000")!
  static let other = StaffName("staff/uid:1001")!
  static let request = RequestCallback(phone: PhoneNumber("5512345678")!, reason: .guidance, channel: .phone, folioSeed: 1)

  /// Taken by the doctor, after so many attempts.
  static func taken(_ attempts: Int = 0, answered: Bool = false) -> Callback {
    .fixture { callback in
      callback.state = .taken
      callback.owner = .staff("staff/uid:1000")
      callback.attempts = attempts
      callback.wasAnswered = answered
    }
  }

  func outcome(_ command: TelephoneCommand, _ callback: Callback?, at seconds: Int = 60) throws -> Callback {
    let scope = TelephoneScope(callback: callback, next: 8)
    guard case .callback(let after) = try command.decide(scope, at: Instant.fixture.adding(seconds: seconds)).outcome else { fatalError() }
    return after
  }

  @Test("A request has an owner and a deadline: a clinician within an hour for health, the desk within four for all else", arguments: [
    (Callback.Reason.guidance, Callback.Post.clinician, 1), (.appointment, .desk, 4), (.tramite, .desk, 4), (.other, .desk, 4),
  ])
  func requested(reason: Callback.Reason, post: Callback.Post, hours: Int) throws {
    var request = Self.request
    request.reason = reason
    let decision = try TelephoneCommand.requestCallback(request).decide(at: .fixture)
    // It is seven, and the clinic opens at eight.
    let expected = Callback.fixture { callback in
      callback.reason = reason
      callback.owner = .post(post)
      callback.dueAt = Instant.fixture.adding(seconds: 3600 * (1 + hours))
    }
    #expect(decision == TelephoneDecision(.callback(expected), [.callback(expected)]))
  }

  @Test("A number that waits already keeps the promise that it has; when too many wait nobody is promised anything")
  func twice() throws {
    let command = TelephoneCommand.requestCallback(Self.request)
    let known = Callback.fixture { $0.reason = .appointment }
    #expect(try command.decide(TelephoneScope(samePhone: known, waiting: 500), at: .fixture) == TelephoneDecision(.callback(known), []))
    #expect(throws: TelephoneRefusal.tooManyWaiting) { try command.decide(TelephoneScope(waiting: 500), at: .fixture) }
    #expect(throws: Never.self) { try command.decide(TelephoneScope(waiting: 499), at: .fixture) }
  }

  @Test("Who takes it owns it; another may take it over only once it has escalated")
  func taking() throws {
    let take = TelephoneCommand.takeCallback(.fixture(1), by: Self.doctor)
    #expect(try outcome(take, .fixture()).owner == .staff("staff/uid:1000"))
    #expect(try take.decide(TelephoneScope(callback: Self.taken()), at: .fixture).changes == [])
    let takeOver = TelephoneCommand.takeCallback(.fixture(1), by: Self.other)
    #expect(throws: TelephoneRefusal.takenByAnother) { try outcome(takeOver, Self.taken()) }
    var late = Self.taken()
    late.escalation = .init(at: .fixture, reason: .late)
    #expect(try outcome(takeOver, late).owner == .staff("staff/uid:1001"))
  }

  @Test("The third attempt at which nobody answers gives it to the supervisor; an answer before does not", arguments: [
    (0, false, CallbackAttempt.Result.noAnswer, false), (1, false, .busy, false), (2, false, .wrongNumber, true),
    (2, true, .noAnswer, false), (2, false, .answered, false),
  ])
  func attempts(before: Int, answered: Bool, result: CallbackAttempt.Result, escalates: Bool) throws {
    let attempt = TelephoneCommand.noteAttempt(NoteAttempt(folio: .fixture(1), result: result, by: Self.doctor))
    let now = Instant.fixture.adding(seconds: 60)
    let decision = try attempt.decide(TelephoneScope(callback: Self.taken(before, answered: answered), next: 8), at: now)
    let expected = Callback.fixture { callback in
      callback.attempts = before + 1
      callback.wasAnswered = answered || result == .answered
      callback.changedAt = now
      callback.state = escalates ? .open : .taken
      callback.owner = escalates ? .post(.supervisor) : .staff("staff/uid:1000")
      callback.escalation = escalates ? .init(at: now, reason: .unreached) : nil
    }
    let row = CallbackAttempt(id: 8, callback: .fixture(1), number: before + 1, at: now, by: "staff/uid:1000", result: result)
    #expect(decision == TelephoneDecision(.callback(expected), [.callback(expected), .attempt(row)]))
  }

  @Test("Attempts end, and only the owner makes them")
  func attemptBounds() {
    let attempt = TelephoneCommand.noteAttempt(NoteAttempt(folio: .fixture(1), result: .noAnswer, by: Self.doctor))
    #expect(throws: TelephoneRefusal.attemptsSpent) { try outcome(attempt, Self.taken(9, answered: true)) }
    #expect(throws: TelephoneRefusal.notYours) { try outcome(attempt, .fixture()) }
    let foreign = TelephoneCommand.noteAttempt(NoteAttempt(folio: .fixture(1), result: .noAnswer, by: Self.other))
    #expect(throws: TelephoneRefusal.notYours) { try outcome(foreign, Self.taken()) }
  }

  @Test("It is closed with an outcome after somebody answered, or as unreached after all attempts; the number is forgotten")
  func closing() throws {
    func close(_ outcome: Callback.Outcome, _ name: StaffName = Self.doctor) -> TelephoneCommand {
      .closeCallback(CloseCallback(folio: .fixture(1), outcome: outcome, by: name))
    }
    let closed = try outcome(close(.attended), Self.taken(2, answered: true))
    #expect(closed.state == .closed && closed.phone == nil && closed.closing?.outcome == .attended)
    for word in Callback.Outcome.allCases where word != .unreached {
      #expect(throws: TelephoneRefusal.notSpokenYet) { try outcome(close(word), Self.taken(2)) }
    }
    #expect(throws: TelephoneRefusal.notUnreachedYet) { try outcome(close(.unreached), Self.taken(2)) }
    var unreached = Self.taken(3)
    unreached.escalation = .init(at: .fixture, reason: .unreached)
    #expect(try outcome(close(.unreached), unreached).closing?.outcome == .unreached)
    #expect(throws: TelephoneRefusal.notYours) { try outcome(close(.attended, Self.other), Self.taken(2, answered: true)) }
    for command in [close(.attended), .takeCallback(.fixture(1), by: Self.doctor)] {
      #expect(throws: TelephoneRefusal.callbackClosed) { try outcome(command, closed) }
      #expect(throws: TelephoneRefusal.callbackNotFound) { try outcome(command, nil) }
    }
  }

  @Test("A deadline that passes escalates it once: to the supervisor when nobody took it, and for all to see when somebody did")
  func late() throws {
    let escalate = TelephoneCommand.escalateCallback(.fixture(1))
    #expect(try outcome(escalate, .fixture(), at: 7199) == .fixture())
    let now = Instant.fixture.adding(seconds: 7200)
    let open = try outcome(escalate, .fixture(), at: 7200)
    #expect(open.escalation == .init(at: now, reason: .late) && open.owner == .post(.supervisor) && open.state == .open)
    let taken = try outcome(escalate, Self.taken(), at: 7200)
    #expect(taken.escalation == .init(at: now, reason: .late) && taken.owner == .staff("staff/uid:1000") && taken.state == .taken)
    #expect(try outcome(escalate, open, at: 9999) == open)
  }
}

@Suite("By when the clinic will have been open for so long")
struct CallbackDeadlineTests {
  /// Monday to Friday 08:00 to 20:00; Friday and Saturday from 18:00 to 02:00 besides.
  static let rules = ClinicRules.fixture()

  @Test("Minutes count while any agenda is open", arguments: [
    ("2026-11-23T13:00:00Z", 60, "2026-11-23T15:00:00.000Z"), // Monday 07:00: opens at 08:00
    ("2026-11-23T16:30:00Z", 60, "2026-11-23T17:30:00.000Z"),
    ("2026-11-24T01:30:00Z", 60, "2026-11-24T14:30:00.000Z"), // Monday 19:30: half an hour is left
    ("2026-11-28T07:30:00Z", 60, "2026-11-29T00:30:00.000Z"), // Saturday 01:30 of Friday's night: Saturday 18:00 + 30
    ("2026-11-29T20:00:00Z", 240, "2026-11-30T18:00:00.000Z"), // Sunday: Monday 08:00 + 4 h
  ])
  func deadlines(now: String, minutes: Int, due: String) {
    #expect(Self.rules.callbackDeadline(after: Instant(iso: now)!, openMinutes: minutes).description == due)
  }

  @Test("Holidays are skipped, and a clinic that never opens calls all the same")
  func closed() {
    let holiday = ClinicRules.fixture { $0.nonWorkingDays = [CivilDate(iso: "2026-11-23")!] }
    #expect(holiday.callbackDeadline(after: .fixture, openMinutes: 60).description == "2026-11-24T15:00:00.000Z")
    let never = ClinicRules.fixture { $0.resources = [] }
    #expect(never.callbackDeadline(after: .fixture, openMinutes: 60) == Instant.fixture.adding(seconds: 3600))
  }
}
