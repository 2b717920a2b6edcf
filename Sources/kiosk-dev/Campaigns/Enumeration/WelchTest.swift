internal import Foundation

/// Whether two kinds of times can be told apart: Welch's t, for samples of unequal variance.
///
/// Below 4.5 a difference is taken for noise (Goodwill et al., "A testing methodology for side-channel resistance validation", 2011).
struct WelchTest: Sendable {
  /// Mean of the first less mean of the second, in the unit of the samples.
  let difference: Double
  let t: Double

  static let bound = 4.5

  /// - Precondition: each kind has two samples or more.
  init(_ first: [Double], _ second: [Double]) {
    let (a, b) = (Self.moments(first), Self.moments(second))
    difference = a.mean - b.mean
    let error = (a.variance / Double(first.count) + b.variance / Double(second.count)).squareRoot()
    t = error == 0 ? (difference == 0 ? 0 : .infinity) : difference / error
  }

  /// The same without what is slower than a share of all: few pauses of the machine hide much.
  init(_ first: [Double], _ second: [Double], quickest share: Double) {
    let all = (first + second).sorted()
    let cut = all[min(Int(Double(all.count) * share), all.count - 1)]
    self.init(first.filter { $0 <= cut }, second.filter { $0 <= cut })
  }

  private static func moments(_ samples: [Double]) -> (mean: Double, variance: Double) {
    let mean = samples.reduce(0, +) / Double(samples.count)
    return (mean, samples.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(samples.count - 1))
  }
}
