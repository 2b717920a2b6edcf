import ClinicDomain
import ClinicStore
import KioskServices
import KioskTestSupport
import Scheduling
import TTRPCCore
import VentanillaMessages

extension WaitlistPolicy {
  static let fixture = WaitlistPolicy(
    sources: FreedPlace.Source.allCases, offersAtOnce: 2, answerMinutes: 20, closesMinutes: 30, maxAsks: 5, maxDays: 30, maxPerPatient: 2)
}

extension ClinicRules {
  /// The small clinic, with a waitlist.
  static func waiting(_ change: (inout Clinic) -> Void = { _ in }) -> ClinicRules {
    .fixture { clinic in
      clinic.waitlist = .fixture
      change(&clinic)
    }
  }
}

/// `count` people who have nothing to do with one another.
func strangers(_ count: Int) -> [Patient] {
  (0..<count).map { .fixture(Int64(101 + $0), nss: nil, consultorio: nil, turno: nil) }
}

extension TestClinic {
  var keeper: AgendaKeeper { AgendaKeeper(counter) }

  /// Lets the server do of itself what there is to do now.
  ///
  /// - Returns: how much that was.
  @discardableResult
  func settle() async throws -> Int {
    var done = 0
    for _ in 0..<100 {
      let more = try await keeper.look()
      if more == 0 { return done }
      done += more
    }
    return done
  }

  /// Puts the person of a session on the list.
  @discardableResult
  func join(
    _ token: String, from first: String = "2026-11-23", to last: String = "2026-11-27", turno: String = "", replacing folio: String = ""
  ) async throws -> Wire.WaitlistEntry {
    let request = Wire.JoinRequest(
      sessionToken: token, services: ["medicina_familiar"], firstDate: first, lastDate: last, turno: turno, reach: .phone,
      replacesFolio: folio)
    return try await waitlist().join(request, options: .write()).entry!
  }

  func offers(_ token: String) async throws -> [Wire.Offer] { try await waitlist().listOffers(.init(sessionToken: token)).offers }
  func entries(_ token: String) async throws -> [Wire.WaitlistEntry] { try await waitlist().listMine(.init(sessionToken: token)).entries }

  func answer(_ offer: Int64, _ accept: Bool, _ token: String) async throws -> Wire.AnswerOfferResponse {
    try await waitlist().answerOffer(.init(sessionToken: token, offer: offer, accept: accept), options: .write())
  }

  func cancel(_ folio: String, _ token: String) async throws {
    _ = try await appointments().cancel(.init(sessionToken: token, folio: folio), options: .write())
  }

  /// Whether a search for nobody in particular shows a slot of that day.
  func isFree(_ place: String, on date: String) async throws -> Bool {
    try await appointments().find(.init(service: "medicina_familiar", date: date, limit: 100)).slots.contains { $0.place == place }
  }

  func day(_ date: String = "") async throws -> Wire.ListDayResponse { try await waitlist(.staff).listDay(.init(date: date)) }
}
