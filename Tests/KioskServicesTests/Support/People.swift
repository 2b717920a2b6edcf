import ClinicDomain
import KioskTestSupport

/// One NSS with everybody that its privacy is about, and a few people of their own. All of it made up.
extension Patient {
  /// Ana's former husband: still an adult of her NSS.
  static let elias = fixture(5, born: "1980-07-07", consultorio: .c(2))
  /// 17 on the fixture's date.
  static let noe = fixture(6, born: "2009-03-01")
  /// Twins, minors of Ana's NSS.
  static let lucas = named(7, "Lucas", born: "2018-05-05")
  static let mateo = named(8, "Mateo", born: "2018-05-05")
  /// Twins whose first names are the same.
  static let mariaJose = named(9, "María José", born: "2016-01-02", nss: "00129800421")
  static let mariaFernanda = named(10, "María Fernanda", born: "2016-01-02", nss: "00129800421")
  /// Adult twins.
  static let rosa = named(11, "Rosa", born: "1990-10-10", nss: "00129800421")
  static let irma = named(12, "Irma", born: "1990-10-10", nss: "00129800421")
  /// Has a CURP, and a chosen name that is not the legal one.
  static let valeria = {
    var person = named(13, "Rodolfo", born: "2001-01-01", nss: "00997000070")
    person.curp = CURP("LOGA010101XJCPRNA0")
    person.name.firstSurname = "Legalsurname"
    person.name.chosen = "Valeria"
    person.name.pronoun = "ella"
    return person
  }()
  /// Twins, minors, one of them with a chosen name.
  static let santi = {
    var person = named(14, "Legalname", born: "2017-02-03", nss: "00997000070")
    person.name.chosen = "Santi"
    return person
  }()
  static let pau = named(15, "Pau", born: "2017-02-03", nss: "00997000070")
  /// Cannot take stairs; her own doctor is upstairs.
  static let olga = fixture(16, nss: "00050100015", born: "1950-05-05", needs: [Patient.noStairs], consultorio: .c(3))

  static func named(_ id: Int64, _ given: String, born: String, nss: String = "00809012347") -> Patient {
    var person = fixture(id, nss: nss, born: born)
    person.name.given = given
    return person
  }

  static let household: [Patient] = [
    .ana, .beto, .carla, .dario, .elias, .noe, .lucas, .mateo, .mariaJose, .mariaFernanda, .rosa, .irma, .valeria, .santi,
    .pau, .olga,
  ]
}
