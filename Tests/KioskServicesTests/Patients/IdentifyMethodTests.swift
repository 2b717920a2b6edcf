import ClinicDomain
import KioskServices
import KioskTestSupport
import TTRPCCore
import Testing
import VentanillaMessages

@Suite("Identifying a person")
struct IdentifyMethodTests {
  typealias Identifier = Wire.IdentifyRequest.Identifier

  @Test(
    "NSS, patient number or CURP with the right birth date opens a session, by screen or by keypad",
    arguments: Depth.allCases,
    [
      (Identifier.nss("00809012347"), "1985-04-30", "Persona 1"), (.nss("0080 901-2347"), "30041985", "Persona 1"),
      (.patientNumber(Patient.beto.number.description), "1984-02-29", "Persona 2"),
      (.patientNumber(Patient.beto.number.spoken), "29/02/1984", "Persona 2"),
      (.curp("LOGA010101XJCPRNA0"), "2001-01-01", "Valeria"), (.curp("loga010101xjcprna0"), "01012001", "Valeria"),
    ])
  func opens(depth: Depth, example: (Identifier, String, String)) async throws {
    try await withClinic(depth) { clinic in
      let reply = try await clinic.patients().identify(
        Wire.IdentifyRequest(identifier: example.0, birthDate: example.1, consultorio: example.0.isCURP ? "1" : ""))
      #expect(reply.person?.name == example.2 && reply.person?.person == 0)
      #expect(reply.idleSeconds == 60 && reply.choices == [])
      #expect(reply.sessionToken.utf8.count == 32)
      #expect(reply.sessionToken.allSatisfy { $0.isHexDigit && !$0.isUppercase })
    }
  }

  @Test("What the holder of a session sees of themselves")
  func person() async throws {
    let beto = { var beto = Patient.beto; beto.rights = Rights(state: .baja, date: CivilDate(iso: "2026-11-01")); return beto }()
    try await withClinic(people: [beto]) { clinic in
      let reply = try await clinic.patients().identify(
        Wire.IdentifyRequest(identifier: .nss("00809012347"), birthDate: "29021984"))
      #expect(
        reply.person
          == Wire.Person(
            person: 0, name: "Persona 2", consultorio: "C2", turno: "vespertino", language: "es", needs: [], minor: false,
            coveredUntil: "2026-12-27"))
    }
  }

  @Test("Unknown number, wrong birth date and wrong ordinal are one answer, to the byte", arguments: Depth.allCases)
  func oneAnswer(depth: Depth) async throws {
    let unknown = PatientNumber(random: 12345).description
    let wrong: [(Identifier, String, Int32)] = [
      (.nss("00755000015"), "1985-05-01", 0), (.nss("92919084431"), "1985-04-30", 0),
      (.patientNumber(Patient.ana.number.description), "1985-05-01", 0), (.patientNumber(unknown), "1985-04-30", 0),
      (.curp("LOGA010101XJCPRNA0"), "2001-01-02", 0), (.curp("PEXJ000229HDFRXNA0"), "2000-02-29", 0),
      (.nss("00809012347"), "1985-04-30", 2), (.nss("00809012347"), "2018-05-05", 3),
    ]
    try await withClinic(depth) { clinic in
      for (identifier, birthDate, ordinal) in wrong {
        let error = try await status { () throws(RPCError) in
          try await clinic.patients().identify(
            Wire.IdentifyRequest(
              identifier: identifier, birthDate: birthDate, ordinal: ordinal, consultorio: identifier.isCURP ? "C1" : ""))
        }
        // Code, message and details are all that is encoded.
        #expect(error == .notRecognised)
      }
      #expect(clinic.counter.sessions.count == 0)
    }
  }

  @Test(
    "A field that cannot be read is named, with what to write instead",
    arguments: [
      (nil, "1985-04-30", 0, "identifier: falta el NSS, el número de paciente o la CURP"),
      (
        .nss(""), "1985-04-30", 0,
        "nss: Escriba los 11 dígitos de su Número de Seguridad Social; están en su Cartilla Nacional de Salud."
      ),
      (
        .nss("0080901234X"), "", 0,
        "nss: El Número de Seguridad Social lleva solo dígitos. Escríbalo sin letras ni otros signos."
      ),
      (
        .nss("0080901234"), "1985-04-30", 0,
        "nss: El Número de Seguridad Social tiene 11 dígitos y aquí hay 10. Revíselo en su Cartilla y escríbalo completo."
      ),
      (
        .nss("00809012346"), "1985-04-30", 0,
        "nss: El Número de Seguridad Social no es correcto: algún dígito está cambiado. Revíselo dígito por dígito en su Cartilla."
      ),
      (
        .patientNumber("12"), "1985-04-30", 0,
        "patient_number: El número de paciente tiene 9 dígitos y aquí hay 2. Revíselo en su tarjeta y escríbalo completo."
      ),
      (
        .patientNumber("012345678"), "1985-04-30", 0,
        "patient_number: Ningún número de paciente empieza con 0. Revise en su tarjeta el primer dígito."
      ),
      (.curp("LOGA"), "1985-04-30", 0, "curp: La CURP tiene 18 caracteres y aquí hay 4. Escríbala completa."),
      (
        .curp("FETO930411HJCRMN01"), "1985-04-30", 0,
        "curp: Las cuatro primeras letras no corresponden a una CURP. Cópielas como están en su constancia."
      ),
      (
        .nss("00809012347"), "", 0,
        "birth_date: Escriba la fecha de nacimiento con 8 dígitos: día, mes y año. Por ejemplo, 05021990."
      ),
      (
        .nss("00809012347"), "ayer", 0,
        "birth_date: La fecha de nacimiento lleva 8 dígitos: dos del día, dos del mes y cuatro del año. Por ejemplo, 05021990."
      ),
      (
        .nss("00809012347"), "30021985", 0,
        "birth_date: Ese día no existe en el calendario. Revise el día y el mes; primero va el día."
      ),
      (
        .nss("00809012347"), "2026-11-24", 0,
        "birth_date: La fecha de nacimiento no puede ser posterior a hoy. Revise el año."
      ),
      (
        .nss("00809012347"), "1885-04-30", 0,
        "birth_date: La fecha de nacimiento es de hace más de 120 años. Revise el año."
      ),
      (
        .curp("LOGA010101XJCPRNA0"), "2001-01-01", 0,
        "consultorio: con la CURP hace falta también el número de su consultorio, o su agregado médico: la CURP ya dice la fecha de nacimiento"
      ),
      (.nss("00809012347"), "1985-04-30", -1, "ordinal: el número de la persona empieza en 1"),
    ] as [(Identifier?, String, Int32, String)])
  func unreadable(identifier: Identifier?, birthDate: String, ordinal: Int32, message: String) async throws {
    try await withClinic { clinic in
      let error = try await status { () throws(RPCError) in
        try await clinic.patients().identify(
          Wire.IdentifyRequest(identifier: identifier, birthDate: birthDate, ordinal: ordinal))
      }
      #expect(error == RPCError(.invalidArgument, message))
    }
  }

  @Test(
    "Who shares NSS and birth date is asked which they are: minors by first name, adults by number",
    arguments: [
      ("00809012347", "2018-05-05", ["Lucas", "Mateo"]),
      ("00129800421", "1990-10-10", ["persona 1", "persona 2"]),
      ("00129800421", "2016-01-02", ["María José", "María Fernanda"]),
      ("00997000070", "2017-02-03", ["Santi", "Pau"]),
    ])
  func choices(nss: String, birthDate: String, labels: [String]) async throws {
    try await withClinic { clinic in
      var request = Wire.IdentifyRequest(identifier: .nss(nss), birthDate: birthDate)
      let question = try await clinic.patients().identify(request)
      #expect(
        question
          == Wire.IdentifyResponse(
            choices: labels.enumerated().map { Wire.PersonChoice(ordinal: Int32($0.offset + 1), label: $0.element) }))
      #expect(clinic.counter.sessions.count == 0)
      request.ordinal = 2
      let answer = try await clinic.patients().identify(request)
      #expect(answer.choices == [] && answer.sessionToken.utf8.count == 32)
      let second = Patient.household.filter { $0.nss?.description == nss && $0.birthDate.description == birthDate }[1]
      #expect(answer.person?.name == second.name.address)
    }
  }

  @Test("One patient number is one person: twins are not asked")
  func numberTellsTwinsApart() async throws {
    try await withClinic { clinic in
      let reply = try await clinic.patients().identify(
        Wire.IdentifyRequest(identifier: .patientNumber(Patient.mateo.number.description), birthDate: "05052018"))
      #expect(reply.person?.name == "Mateo" && reply.person?.minor == true)
    }
  }

  @Test("A consultorio or an agregado that is given must be right; one wrong answer for all", arguments: [
    ("C1", "", true), ("1", "", true), ("", "1M1985OR", true), ("1", "1M1985OR", true), ("2", "", false), ("C2", "1M1985OR", false),
    ("", "1F1985OR", false), ("1", "2M1985OR", false),
  ])
  func furtherFactor(consultorio: String, agregado: String, opens: Bool) async throws {
    let ana = { var ana = Patient.ana; ana.agregado = AgregadoMedico("1M1985OR"); return ana }()
    try await withClinic(people: [ana, .beto]) { clinic in
      let request = Wire.IdentifyRequest(
        identifier: .nss("00809012347"), birthDate: "1985-04-30", consultorio: consultorio, agregado: agregado)
      guard !opens else { return _ = try await clinic.patients().identify(request) }
      let error = try await status { () throws(RPCError) in try await clinic.patients().identify(request) }
      #expect(error == .notRecognised)
    }
  }

  @Test("Twins are told apart by their consultorio too, and then nobody is asked")
  func twinsByConsultorio() async throws {
    let (lucas, mateo) = (Patient.lucas, { var mateo = Patient.mateo; mateo.consultorio = .c(2); return mateo }())
    try await withClinic(people: [lucas, mateo]) { clinic in
      let reply = try await clinic.patients().identify(
        Wire.IdentifyRequest(identifier: .nss("00809012347"), birthDate: "2018-05-05", consultorio: "2"))
      #expect(reply.choices == [] && reply.person?.name == "Mateo")
    }
  }
}

extension Wire.IdentifyRequest.Identifier {
  fileprivate var isCURP: Bool { if case .curp = self { true } else { false } }
}
