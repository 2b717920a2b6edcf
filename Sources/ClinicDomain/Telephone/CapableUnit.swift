/// A hospital that can do what código infarto asks for: where somebody with the signs of the heart is taken.
package struct CapableUnit: Hashable, Sendable {
  package var name: String
  /// As it is said aloud.
  package var address: String
  /// A Mexican number.
  package var phone: PhoneNumber
  /// 1 to 6 digits.
  package var phoneExtension: String?
  /// By road, 1 ... 600: whichever is least is the nearest.
  package var minutes: Int
  /// Whether it opens an artery with a catheter, at any hour.
  package var doesHemodynamics: Bool

  package init(name: String, address: String, phone: PhoneNumber, phoneExtension: String? = nil, minutes: Int, doesHemodynamics: Bool) {
    self.name = name
    self.address = address
    self.phone = phone
    self.phoneExtension = phoneExtension
    self.minutes = minutes
    self.doesHemodynamics = doesHemodynamics
  }
}
