internal import ClinicDomain
internal import Scheduling

/// The folios that a seed proposes on a day, in order; the same seed and day always propose the same ones.
struct FolioCandidates {
  let seed: UInt64
  let day: CivilDate

  /// Among a day's 100 million folios with 100,000 taken, eight in a row are taken once in 10²⁴ times.
  static let bound = 8

  subscript(attempt: Int) -> Folio { Folio(random: seed.mixed(attempt), on: day) }
}

extension UInt64 {
  /// The seed itself first, then numbers that tell nothing of one another.
  ///
  /// Source: SplitMix64 (Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
  func mixed(_ attempt: Int) -> UInt64 {
    guard attempt > 0 else { return self }
    var z = self &+ UInt64(attempt) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

extension Command {
  /// Where its folio comes from; 0 for commands that make none.
  var folioSeed: UInt64 {
    switch self {
    case .hold(let hold): hold.folioSeed
    case .book(let book): book.folioSeed
    case .admit(let admit): admit.folioSeed
    case .waitlist(let waitlist): waitlist.folioSeed
    case .closure(let closure): closure.folioSeed
    case .series(let series): series.folioSeed
    case .override(let override): override.folioSeed
    case .duty(let duty): duty.folioSeed
    case .telephone(let telephone): telephone.folioSeed
    case .together(let together): together.folioSeed
    case .paper(let paper): paper.folioSeed
    case .exchange(let bookings): bookings.folioSeed
    case .resolve(let resolve): resolve.folioSeed
    case .homeVisit(let visit): visit.folioSeed
    case .promoter(let promoter): promoter.folioSeed
    case .transfer(let transfer): transfer.folioSeed
    case .life(let life): if case .reschedule(_, let seed) = life.step { seed } else { 0 }
    case .cancel, .releaseHold, .grantConsent, .revokeConsent, .importPatients, .identification, .proxy, .care, .undoForMany: 0
    }
  }
}
