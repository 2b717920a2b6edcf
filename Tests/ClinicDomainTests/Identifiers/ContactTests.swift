internal import ClinicDomain
internal import Testing

@Suite("Telephone number")
struct PhoneNumberTests {
  @Test("A Mexican number is read however it is written", arguments: [
    "5512345678", "55 1234 5678", "(55) 1234-5678", "+52 55 1234 5678", "525512345678", "044 55 1234 5678", "0455512345678",
    "01 55 1234 5678", "+52 1 55 1234 5678", "521 55 1234 5678", "0052 55 1234 5678", "55.1234.5678",
  ])
  func mexican(text: String) throws {
    let phone = try PhoneNumber(parsing: text)
    #expect(phone.description == "+525512345678")
    #expect(phone.national == "5512345678")
    #expect(phone.spoken == "55 1234 5678")
    #expect(phone.masked == "••••••5678")
  }

  @Test("A foreign number needs its country's code", arguments: [
    ("+1 (213) 555-1234", "+12135551234", "+1 213 555 1234"), ("001 213 555 1234", "+12135551234", "+1 213 555 1234"),
    ("+34 912 345 678", "+34912345678", "+34912345678"),
  ])
  func foreign(text: String, canonical: String, spoken: String) throws {
    let phone = try PhoneNumber(parsing: text)
    #expect(phone.description == canonical)
    #expect(phone.spoken == spoken)
    #expect(phone.national == nil)
  }

  @Test("Areas of two digits are read 2-4-4, the others 3-3-4", arguments: [
    ("8112345678", "81 1234 5678"), ("6641234567", "664 123 4567"), ("5212345678", "521 234 5678"), ("5212345678", "521 234 5678"),
  ])
  func spoken(text: String, spoken: String) throws {
    #expect(try PhoneNumber(parsing: text).spoken == spoken)
  }

  @Test("Each reason, in the order it is checked", arguments: [
    ("", PhoneNumberFault.empty), ("+", .empty), ("55 1234 5678 ext 3", .notDigits), ("5512+345678", .notDigits),
    ("551234567", .wrongLength(9)), ("55123456789", .wrongLength(11)), ("+52 1234 5678", .wrongLength(8)),
    ("+1 213 555 123", .wrongLength(10)), ("+34912", .wrongLength(5)), ("1512345678", .noSuchArea), ("0012345678", .noSuchArea),
    ("+0123456789", .noSuchArea),
  ])
  func reasons(text: String, fault: PhoneNumberFault) {
    #expect(throws: fault) { try PhoneNumber(parsing: text) }
    #expect(PhoneNumber(text) == nil)
  }
}

@Suite("Birth date")
struct BirthDateTests {
  static let today = CivilDate(iso: "2026-11-21")!

  @Test("Keypad, paper and ISO are read", arguments: [
    "21111985", "21/11/1985", "21-11-1985", "21.11.1985", "21 11 1985", "1985-11-21", " 1985-11-21 ",
  ])
  func read(text: String) throws {
    let born = try BirthDate(parsing: text, today: Self.today)
    #expect(born.description == "1985-11-21")
    #expect(born.spoken == "21 de noviembre de 1985")
    #expect(born.masked == "••/••/1985")
    #expect(born.age(on: Self.today) == 41)
  }

  @Test("Each reason, in the order it is checked", arguments: [
    ("", BirthDateFault.empty), (" / ", .empty), ("21 nov 1985", .notADate), ("211185", .notADate), ("21/11/85", .notADate),
    ("1/11/1985", .notADate), ("2１111985", .notADate), ("31111985", .noSuchDay), ("11-31-1985", .noSuchDay), ("19851121", .noSuchDay),
    ("22112026", .inTheFuture), ("20111905", .tooLongAgo),
  ])
  func reasons(text: String, fault: BirthDateFault) {
    #expect(throws: fault) { try BirthDate(parsing: text, today: Self.today) }
  }

  @Test("Born today, and 120 years old for one day more", arguments: ["2026-11-21", "1905-11-22"])
  func bounds(iso: String) throws {
    #expect(try BirthDate(parsing: iso, today: Self.today).description == iso)
  }
}

@Suite("Sex code")
struct SexCodeTests {
  @Test("H, M and X are read in either case", arguments: [("H", SexCode.hombre), ("m", .mujer), (" X ", .noBinario)])
  func read(text: String, code: SexCode) throws {
    #expect(try SexCode(parsing: text) == code)
  }

  @Test("Each reason, in the order it is checked", arguments: [
    ("", SexCodeFault.empty), ("F", .otherScheme), ("f", .otherScheme), ("hombre", .unknown), ("1", .unknown),
  ])
  func reasons(text: String, fault: SexCodeFault) {
    #expect(throws: fault) { try SexCode(parsing: text) }
  }
}
