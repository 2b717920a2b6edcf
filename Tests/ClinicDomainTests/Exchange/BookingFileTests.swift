import ClinicDomain
import Testing

@Suite("Another system's file of bookings")
struct BookingFileTests {
  static let map = BookingMap(
    source: "simf", text: SeparatedText(decoding: .utf8, separator: UInt8(ascii: ";")),
    columns: [
      .init(.reference, "ID", line: 3), .init(.resource, "Consultorio", line: 4), .init(.date, "Fecha", line: 5), .init(.start, "Hora", line: 6),
      .init(.minutes, "Min", line: 7), .init(.service, "Servicio", line: 8), .init(.status, "Estado", line: 9), .init(.nss, "NSS", line: 10),
      .init(.birthDate, "Nacimiento", line: 11),
    ],
    dates: .dayFirst, hours: .clock, resources: [.init("CONS 01", ResourceID(.consultorio, 1)!)],
    services: [.init("Medicina Familiar", ServiceCode("medicina_familiar"))], cancelled: ["BAJA"], standing: "ACTIVA")
  static let header = "ID;consultorio;FECHA;Hora;Min;Servicio;Estado;NSS;Nacimiento\n"

  static func read(_ text: String) throws -> BookingFile { try map.file(Array(text.utf8)) }

  @Test("Each row is a booking or a problem with its line, its column and what to do; none is left out")
  func rows() throws {
    let file = try Self.read(
      "\u{FEFF}" + Self.header + """
        A1; cons 01 ;24/11/2026;8:15;15;MEDICINA FAMILIAR;ACTIVA;00755000015;30/04/1985
        A2;C7;24/11/2026 00:00;08:30:00;;;baja;;
        "A""3";CONS 02;24/11/2026;08:15;;;;;
        A4;C7;2026-11-24;08:15;;;;;
        A5;C7;24/11/2026;8.15;;;;;
        A6;C7;24/11/2026;08:15;mucho;;;;
        A7;C7;24/11/2026;08:15;;Rayos X;;;
        A1;C7;24/11/2026;08:15;;;;;

        ;C7;24/11/2026;08:15;;;;;
        A8;C7;24/11/2026
        A9;C7;24/11/2026;09:00;;;;00755000016;30/04/1985
        """)
    #expect(file.rows.map(\.reference) == ["A1", "A2", "A9"] && file.count == 11)
    #expect(
      file.rows[0]
        == BookingRow(
          line: 2, reference: "A1", resource: ResourceID(.consultorio, 1)!, date: CivilDate(iso: "2026-11-24")!, start: AgendaMinute(text: "08:15")!,
          minutes: 15, service: ServiceCode("medicina_familiar"), nss: NSS("00755000015")!, birthDate: CivilDate(iso: "1985-04-30")!))
    #expect(file.rows[1].isCancelled && file.rows[1].start == AgendaMinute(text: "08:30")! && file.rows[1].minutes == nil)
    // An NSS whose check digit is wrong costs the person, not the time.
    #expect(file.rows[2].nss == nil && file.rows[2].remark?.contains("se toma la hora sin persona") == true)
    #expect(file.problems.map { "\($0.line) \($0.column) \($0.reference ?? "-")" } == [
      "4 Consultorio A\"3", "5 Fecha A4", "6 Hora A5", "7 Min A6", "8 Servicio A7", "9 ID A1", "11 ID -", "12  -",
    ])
    #expect(file.problems[0].text == "«CONS 02» no está en consultorios del mapa. Agréguelo, por ejemplo: \"CONS 02\": C12")
    #expect(file.problems[1].text.contains("dd/mm/aaaa") && file.problems[2].text.contains("hh:mm"))
    #expect(file.problems[5].text == "El identificador ya está en la línea 2. Deje una de las dos filas.")
    #expect(file.problems[7].text == "La fila tiene 3 campos y la primera 9. Revise separadores y comillas.")
  }

  @Test("A file that is not what the map says is told whole: which columns it lacks, which it has, where a quote or a letter is wrong")
  func faults() {
    #expect(throws: BookingFileFault.empty) { try Self.map.file([]) }
    #expect(throws: BookingFileFault.missing([.init(.date, "Fecha", line: 5), .init(.status, "Estado", line: 9)], has: ["ID", "Consultorio", "Día", "Hora", "Min", "Servicio", "NSS", "Nacimiento"])) {
      try Self.read("ID;Consultorio;Día;Hora;Min;Servicio;NSS;Nacimiento\n")
    }
    #expect(throws: BookingFileFault.text(.unclosedQuote(line: 3))) { try Self.read(Self.header + "A1;C7;;;;;;;\nA2;\"C7;;;;;;;\nA3;;;;;;;;\n") }
    #expect(throws: BookingFileFault.text(.notUTF8(line: 2))) { try Self.map.file(Array(Self.header.utf8) + [0xD1, 0x0A]) }
  }

  @Test("What is written is read back as it was, in every decoding, separator and form", arguments: SeparatedText.Decoding.allCases, WrittenDate.allCases)
  func written(decoding: SeparatedText.Decoding, dates: WrittenDate) throws {
    for (separator, hours) in zip([",", ";", "|", "\t"], [WrittenHour.clock, .compact, .halves, .clock]) {
      var map = Self.map
      map.text = SeparatedText(decoding: decoding, separator: separator.utf8.first!)
      (map.dates, map.hours) = (dates, hours)
      map.resources = [.init("Señalado, \"1\"; piso|2", ResourceID(.consultorio, 1)!)]
      let rows = (0..<40).map { number in
        BookingRow(
          line: number + 2, reference: "R\(number)", resource: ResourceID(.consultorio, number % 2 + 1)!,
          date: CivilDate(iso: "2026-11-24")!.advanced(by: number), start: AgendaMinute(minutes: 60 + 31 * number)!, minutes: number % 3 == 0 ? nil : 15,
          service: number % 2 == 0 ? ServiceCode("medicina_familiar") : ServiceCode("otro_2"), isCancelled: number % 5 == 0,
          nss: number % 7 == 0 ? nil : NSS("00755000015")!, birthDate: number % 7 == 0 ? nil : CivilDate(iso: "1985-04-30")!)
      }
      let bytes = try #require(map.bytes(of: rows))
      let read = try map.file(bytes)
      #expect(read.rows == rows && read.problems == [])
    }
  }

  @Test("A word that the decoding does not have is not written as another one")
  func unwritable() {
    var map = Self.map
    map.text.decoding = .latin1
    map.standing = "vigente →"
    #expect(map.bytes(of: [BookingRow(reference: "1", resource: ResourceID(.consultorio, 1)!, date: CivilDate(iso: "2026-11-24")!, start: .midnight)]) == nil)
  }

  @Test("Dates and hours as they are written, and as they are not", arguments: [
    (WrittenDate.iso, "2026-1-4", "2026-01-04"), (.dayFirst, "4/1/2026", "2026-01-04"), (.dayFirstDashed, "04-01-2026", "2026-01-04"),
    (.monthFirst, "1/4/2026", "2026-01-04"), (.compact, "20260104", "2026-01-04"), (.dayFirst, "31/02/2026", nil), (.dayFirst, "4-1-2026", nil),
    (.iso, "04-01-2026", nil), (.dayFirst, "4/1/26", nil), (.compact, "2026-01-04", nil), (.dayFirst, "", nil),
  ] as [(WrittenDate, String, String?)])
  func dates(form: WrittenDate, text: String, date: String?) { #expect(form.date(text)?.description == date) }

  @Test("Hours of the day", arguments: [
    (WrittenHour.clock, "8:05", 485), (.clock, "08:05:00", 485), (.clock, "26:00", 1560), (.compact, "0805", 485), (.compact, "805", 485),
    (.halves, "12:05 am", 5), (.halves, "12:05 p.m.", 725), (.halves, "08:05 PM", 1205), (.clock, "8.05", nil), (.clock, "8:5", nil),
    (.compact, "8:05", nil), (.halves, "13:05 PM", nil), (.halves, "08:05", nil), (.clock, "08:61", nil),
  ] as [(WrittenHour, String, Int?)])
  func hours(form: WrittenHour, text: String, minute: Int?) { #expect(form.minute(text)?.minutes == minute) }
}
