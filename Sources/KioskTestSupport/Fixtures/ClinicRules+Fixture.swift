package import ClinicDomain
package import Scheduling

extension ClinicRules {
  /// The small clinic in Mexico City.
  package static func fixture(zone: ClinicZone = .mexicoCity, _ change: (inout Clinic) -> Void = { _ in }) -> ClinicRules {
    ClinicRules(clinic: .fixture(change), zone: zone)
  }
}
