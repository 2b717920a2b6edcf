import ClinicDomain
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("Reading the fields of requests")
struct FieldReaderTests {
  typealias Reader = @Sendable (String) throws -> Void

  static let date: Reader = { _ = try FieldReader.date($0, field: "date") }
  static let resource: Reader = { _ = try FieldReader.resource($0, field: "resource") }
  static let service: Reader = { _ = try FieldReader.service($0, field: "service") }
  static let folio: Reader = { _ = try FieldReader.folio($0, field: "folio") }
  static let dateAdvice = "escriba la fecha como AAAA-MM-DD, por ejemplo 2026-11-24"
  static let resourceAdvice = "escriba la letra y el número de la agenda, por ejemplo C12 o V2"
  static let serviceAdvice = "escriba el código del servicio, por ejemplo medicina_familiar"

  static let unreadable: [(field: String, reader: Reader, texts: [String], advice: String)] = [
    ("date", date, ["", "24/11/2026", "2026-11-31", "2026-1-1", "2026-11-24 ", "２０２６-11-24"], dateAdvice),
    ("resource", resource, ["", "12", "X1", "C0", "C1000", "C012", "C 1", "C-1", "C+1"], resourceAdvice),
    ("service", service, ["", String(repeating: "a", count: 65)], serviceAdvice),
    ("folio", folio, [""], "Escriba los 12 dígitos de su folio; están en su comprobante."),
    ("folio", folio, ["4820 1157 036A"], "El folio lleva solo dígitos. Escríbalo sin letras ni otros signos."),
    (
      "folio", folio, ["4820"],
      "El folio tiene 12 dígitos y aquí hay 4. Revíselo en su comprobante y escríbalo completo."
    ),
    ("folio", folio, ["082011570363"], "Ningún folio empieza con 0. Revise en su comprobante el primer dígito."),
    (
      "folio", folio, ["482011570364"],
      "El folio no es correcto: algún dígito está cambiado. Revíselo dígito por dígito en su comprobante."
    ),
  ]

  @Test("A text that cannot be read is INVALID_ARGUMENT, with the field's name and what to write", arguments: unreadable)
  func texts(example: (field: String, reader: Reader, texts: [String], advice: String)) {
    for text in example.texts {
      #expect(throws: RPCError(.invalidArgument, "\(example.field): \(example.advice)")) { try example.reader(text) }
    }
  }

  @Test("What is written well is read", arguments: [
    (date, "2026-11-24"), (date, "2028-02-29"), (resource, "C12"), (resource, "v2"), (resource, "C999"),
    (service, "medicina_familiar"), (service, String(repeating: "a", count: 64)),
  ] as [(Reader, String)])
  func good(reader: Reader, text: String) throws { try reader(text) }

  @Test("A date that may be missing: empty is none, and anything else is read")
  func optionalDate() throws {
    #expect(try FieldReader.optionalDate("", field: "date") == nil)
    #expect(try FieldReader.optionalDate("2026-11-24", field: "date") == CivilDate(iso: "2026-11-24"))
    #expect(throws: RPCError(.invalidArgument, "earliest_date: \(Self.dateAdvice)")) {
      try FieldReader.optionalDate(" ", field: "earliest_date")
    }
  }

  @Test("Minutes run from 0 to 2880", arguments: [(-1, false), (0, true), (2880, true), (2881, false), (.max, false), (.min, false)])
  func minute(minutes: Int32, isLegal: Bool) throws {
    if isLegal {
      #expect(try FieldReader.minute(minutes, field: "m").minutes == Int(minutes))
    } else {
      #expect(throws: RPCError(.invalidArgument, "m: los minutos desde la medianoche van de 0 a 2880")) {
        try FieldReader.minute(minutes, field: "m")
      }
    }
  }

  @Test("Numbers of people begin with 0")
  func person() throws {
    #expect(try FieldReader.person(0) == 0)
    #expect(try FieldReader.person(.max) == Int(Int32.max))
    #expect(throws: RPCError(.invalidArgument, "person: el número de persona empieza en 0")) {
      try FieldReader.person(-1)
    }
  }

  @Test("A birth date is read as on a form, on a keypad and as ISO writes it", arguments: [
    "1985-04-30", "30041985", "30/04/1985", "30-04-1985", "30 04 1985",
  ])
  func birthDate(text: String) throws {
    let today = CivilDate(iso: "2026-11-23")!
    #expect(try FieldReader.birthDate(text, today: today) == CivilDate(iso: "1985-04-30"))
  }
}
