internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TTRPCNIO
internal import TerminalText
internal import VentanillaMessages

/// A patient's visit, step by step, each with what it promises.
///
/// What was booked is cancelled, also when a step fails, so that the visit works again.
struct Walk {
  static let service = "medicina_familiar"
  static let deskHomoclave = "IMSS-02-066"

  let kiosk: Kiosk
  let otherKiosk: Kiosk
  let visitors: Visitors
  let narrator: Narrator

  /// The open session of the parent.
  var session = ""
  var child = Wire.Person()
  var slot = Wire.Slot()
  /// Folios that are still to be given back.
  var open: [String] = []
  private var number = 0

  private init(kiosk: Kiosk, otherKiosk: Kiosk, visitors: Visitors, narrator: Narrator) {
    (self.kiosk, self.otherKiosk, self.visitors, self.narrator) = (kiosk, otherKiosk, visitors, narrator)
  }

  /// Walks the visit with people of the padrón who have no appointments.
  ///
  /// - Parameter kiosks: where the server listens for them.
  /// - Returns: whether every step was as promised.
  static func run(kiosks: TTRPCAddress, padron: String, narrator: Narrator) async throws -> Bool {
    let kiosk = Kiosk(kiosks, narrator: narrator)
    let otherKiosk = Kiosk(kiosks, narrator: narrator)
    var held = false
    do {
      let visitors = try await Casting(kiosk: kiosk).visitors(inFile: padron)
      var walk = Walk(kiosk: kiosk, otherKiosk: otherKiosk, visitors: visitors, narrator: narrator)
      held = await walk.walk()
    } catch {
      narrator.failure(error.sentence)
    }
    await kiosk.close()
    await otherKiosk.close()
    return held
  }

  private mutating func walk() async -> Bool {
    let start = ContinuousClock.now
    do {
      try await wrongBirthDate()
      try await identify()
      try await chooseForWhom()
      try await seeSlots()
      let folio = try await hold()
      try await otherPersonWantsIt()
      try await bookAndRepeat(folio)
      try await consult(folio)
      let desk = try await deskAppointment()
      try await cancel([folio, desk])
      try await goodbye()
    } catch {
      narrator.failure("   ✗ Paso \(number): \(error.sentence)")
      await giveBack()
      return false
    }
    narrator.line("")
    let seconds = Double(Int((ContinuousClock.now - start) / .milliseconds(10))) / 100
    narrator.line(narrator.style.green("La visita salió como se prometía: \(number) pasos en \(seconds) s."))
    return true
  }

  // MARK: Telling and promising

  mutating func step(_ title: String, _ text: String) {
    number += 1
    narrator.step(number, title, text)
  }

  /// Says that a promise was kept.
  ///
  /// - Throws: the promise, when it was not.
  func promise(_ kept: Bool, _ sentence: String) throws(VisitFault) {
    guard kept else { throw VisitFault("no se cumplió: \(sentence)") }
    narrator.kept(sentence)
  }

  private mutating func giveBack() async {
    for folio in open {
      let request = Wire.CancelRequest(sessionToken: session, folio: folio)
      _ = await kiosk.ask(MethodTable.Appointments.cancel, request, quiet: true, as: Wire.CancelResponse.self)
    }
    open = []
  }
}
