internal import ClinicDomain
internal import Guidance
internal import IVRDialogue
internal import Testing

/// Against "Tu cita en 3 minutos": counted, and timed at 150 words a minute and 0.7 seconds a key.
@Suite("How long a call takes")
struct LengthTests {
  static let tuesday = CivilDate(year: 2026, month: 11, day: 24)!

  static func rehearse(
    _ script: String, _ listening: Rehearsal.Listening = .toTheEnd, withAppointment: Bool = false, keys: [String]
  ) -> Rehearsal {
    var clinic = RehearsedClinic(today: tuesday)
    if withAppointment { clinic.makeAppointment() }
    let start = CallStart(script: script, today: tuesday, time: AgendaMinute(minutes: 600)!)
    var rehearsal = Rehearsal(shippedLine, start, clinic: clinic, listening: listening)
    for key in keys { rehearsal.press(key) }
    return rehearsal
  }

  @Test("A whole booking is nine prompts, and every one heard to its end takes less than three minutes")
  func booking() {
    let call = Self.rehearse("citas", keys: CallTally.bookingKeys)
    #expect(call.ended == .ok)
    #expect(call.tally.prompts == 9)
    #expect(call.tally.questions == 7)
    #expect(call.tally.milliseconds < 180_000)
  }

  @Test("A cancellation takes less than a minute for whoever presses once their option was said")
  func cancellation() {
    let call = Self.rehearse("citas", .untilOption, withAppointment: true, keys: CallTally.cancellationKeys)
    #expect(call.ended == .ok)
    #expect(call.tally.prompts == 7)
    #expect(call.tally.milliseconds < 60_000)
  }

  @Test("A cancellation takes less than a minute for whoever hears every prompt to its end")
  func patientCancellation() {
    let call = Self.rehearse("citas", withAppointment: true, keys: CallTally.cancellationKeys)
    #expect(call.ended == .ok)
    #expect(call.tally.prompts == 7)
    // Five seconds to spare, for a slower voice.
    #expect(call.tally.milliseconds <= 55_000)
  }

  @Test("A call that the clinic makes takes less than a minute for whoever hears it to its end, and asks one key")
  func notice() {
    var rehearsal = Rehearsal(
      shippedLine, CallStart(script: "aviso", today: Self.tuesday, time: AgendaMinute(minutes: 600)!, notice: RehearsedClinic.notice(of: "aviso")))
    rehearsal.press("1")
    #expect(rehearsal.ended == .ok)
    #expect(rehearsal.tally.questions == 1 && rehearsal.tally.keys == 1)
    #expect(rehearsal.tally.milliseconds < 60_000)
  }

  @Test("«Si es una emergencia…» takes five seconds at most, in every dialogue in which a call can begin")
  func firstWords() {
    for dialogue in shippedLine.dialogues where dialogue.isEntry {
      let call = Self.rehearse(dialogue.id.rawValue, keys: [])
      let words = call.heard.first.map { Readability($0.words).words } ?? 99
      #expect(words * CallTally.millisecondsOfWord <= 5000)
      #expect(call.heard.first?.isUnstoppable == true)
      #expect(call.heard.first?.words == "Si es una emergencia, cuelgue y marque 911.")
    }
  }
}
