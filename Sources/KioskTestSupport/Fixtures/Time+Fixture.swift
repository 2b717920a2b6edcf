package import ClinicDomain

extension CivilDate {
  /// A Monday.
  package static let fixture = CivilDate(iso: "2026-11-23")!
}

extension Instant {
  /// 07:00 in Mexico City on ``CivilDate/fixture``, before any turno.
  package static let fixture = Instant(iso: "2026-11-23T13:00:00Z")!
}

extension ClinicZone {
  /// UTC−6 all year, since 2022.
  package static let mexicoCity = ClinicZone(name: "America/Mexico_City", initialOffsetSeconds: -6 * 3600)!

  /// Tijuana in 2026 by tzdata 2025b: −8, −7 from 8 March 10:00 UTC, −8 again from 1 November 09:00 UTC.
  package static let tijuana = ClinicZone(
    name: "America/Tijuana", initialOffsetSeconds: -8 * 3600,
    transitions: [
      .init(at: Instant(iso: "2026-03-08T10:00:00Z")!, offsetSeconds: -7 * 3600),
      .init(at: Instant(iso: "2026-11-01T09:00:00Z")!, offsetSeconds: -8 * 3600),
    ])!
}
