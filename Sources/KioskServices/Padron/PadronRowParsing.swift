internal import ClinicDomain

/// Reads the fields of one row and gathers everything that is wrong with them.
struct PadronRowParsing {
  let line: Int
  let fields: [String]
  let header: PadronHeader
  let rules: PadronRules
  private(set) var problems: [PadronProblem] = []
  private var doubts: [PadronProblem] = []

  init(line: Int, fields: [String], header: PadronHeader, rules: PadronRules) {
    (self.line, self.fields, self.header, self.rules) = (line, fields, header, rules)
  }

  /// The person; `nil` when ``problems`` says why not.
  mutating func row() -> PadronRow? {
    guard fields.count == header.width else {
      refuse(nil, "La fila tiene \(fields.count) campos y la primera fila \(header.width). Revise las comas y las comillas.")
      return nil
    }
    let (nss, agregado, curp) = (nss(), agregado(), curp())
    let number = number()
    let name = name()
    let birthDate = birthDate(curp: curp)
    let sex = sex(curp: curp) ?? agregado?.sex(resolvedBy: nil)
    let phone = phone()
    let (language, needs) = (language(), needs())
    let (consultorio, turno) = (consultorio(), turno())
    let (rights, ordinal) = (rights(), ordinal())
    compare(nss, agregado, curp, birthDate)
    guard problems.isEmpty, let name, let birthDate, let rights else { return nil }
    return PadronRow(
      line: line, nss: nss, agregado: agregado, curp: curp, number: number, name: name, birthDate: birthDate, sex: sex,
      phone: phone, language: language, needs: needs, consultorio: consultorio, turno: turno, rights: rights, ordinal: ordinal, doubts: doubts)
  }

  private mutating func refuse(_ column: PadronColumn?, _ mensaje: String) {
    problems.append(PadronProblem(line: line, column: column, mensaje: mensaje))
  }

  private mutating func doubt(_ column: PadronColumn, _ mensaje: String) {
    doubts.append(PadronProblem(line: line, column: column, mensaje: mensaje))
  }

  /// The field's text without spaces around it; `nil` when it is empty or the file has no such column.
  private mutating func text(_ column: PadronColumn) -> String? {
    guard let index = header.index(of: column) else { return nil }
    let text = fields[index].trimmed
    guard !text.isEmpty else {
      if column.isRequired { refuse(column, "Falta el dato. Es obligatorio.") }
      return nil
    }
    return text
  }
}

// MARK: - Identifiers

extension PadronRowParsing {
  private mutating func identifier<Value, Fault: IdentifierFault>(
    _ column: PadronColumn, _ parse: (String) throws(Fault) -> Value
  ) -> Value? {
    guard let text = text(column) else { return nil }
    do throws(Fault) {
      return try parse(text)
    } catch {
      refuse(column, error.mensaje)
      return nil
    }
  }

  private mutating func nss() -> NSS? {
    guard let text = text(.nss) else { return nil }
    do throws(NSSFault) {
      return try NSS(parsing: text)
    } catch {
      var mensaje = error.mensaje
      if case .wrongLength(let count) = error, count < 11 {
        mensaje += " Las hojas de cálculo quitan los ceros del principio: dé a la columna formato de texto."
      }
      refuse(.nss, mensaje)
      return nil
    }
  }

  private mutating func agregado() -> AgregadoMedico? {
    let today = rules.today
    return identifier(.agregado) { text throws(AgregadoMedicoFault) in try AgregadoMedico(parsing: text, today: today) }
  }

  private mutating func curp() -> CURP? {
    identifier(.curp) { text throws(CURPFault) in try CURP(parsing: text) }
  }

  private mutating func number() -> PatientNumber? {
    identifier(.numeroPaciente) { text throws(PatientNumberFault) in try PatientNumber(parsing: text) }
  }

  private mutating func phone() -> PhoneNumber? {
    identifier(.telefono) { text throws(PhoneNumberFault) in try PhoneNumber(parsing: text) }
  }

  private mutating func birthDate(curp: CURP?) -> CivilDate? {
    guard let date = date(.fechaNacimiento) else { return nil }
    do throws(BirthDateFault) {
      _ = try BirthDate(date, today: rules.today)
    } catch {
      refuse(.fechaNacimiento, error.mensaje)
      return nil
    }
    if let curp, curp.birthDate != date {
      refuse(.fechaNacimiento, "La fecha no es la de la CURP. Corrija la que esté mal.")
    }
    return date
  }

  private mutating func sex(curp: CURP?) -> SexCode? {
    let written = identifier(.sexo) { text throws(SexCodeFault) in try SexCode(parsing: text) }
    if let written, let curp, curp.sex != written {
      refuse(.sexo, "El sexo no es el de la CURP. Corrija el que esté mal.")
    }
    return written ?? curp?.sex
  }

  /// What needs more than one column.
  private mutating func compare(_ nss: NSS?, _ agregado: AgregadoMedico?, _ curp: CURP?, _ birthDate: CivilDate?) {
    // Judged by what the row says, so that a mistyped value is told once, where it stands.
    let (hasNSS, hasAgregado) = (text(.nss) != nil, text(.agregado) != nil)
    if hasNSS, !hasAgregado {
      refuse(.agregado, "Falta el agregado médico: sin él no se distingue a la persona dentro de su familia.")
    }
    if hasAgregado, !hasNSS { refuse(.nss, "Falta el Número de Seguridad Social que va con el agregado médico.") }
    if let agregado, let curp {
      for warning in agregado.warnings(comparedWith: curp) { doubt(.agregado, warning.mensaje) }
    } else if let agregado, let birthDate, agregado.birthYear != birthDate.year {
      doubt(.agregado, AgregadoMedicoWarning.birthYearDiffers.mensaje)
    }
    guard let nss, let agregado else { return }
    let titularYear = agregado.relation.isTitular ? birthDate?.year : nil
    for warning in nss.warnings(today: rules.today, titularBirthYear: titularYear) { doubt(.nss, warning.mensaje) }
  }
}

// MARK: - The person

extension PadronRowParsing {
  private mutating func name() -> PersonName? {
    let (given, first) = (nameText(.nombre), nameText(.primerApellido))
    let (second, chosen) = (nameText(.segundoApellido), nameText(.nombreSocial))
    let pronoun = nameText(.pronombre)
    guard let given, let first else { return nil }
    return PersonName(given: given, firstSurname: first, secondSurname: second, chosen: chosen, pronoun: pronoun)
  }

  /// At most 50 characters (NOM-024-SSA3-2012), no control characters.
  private mutating func nameText(_ column: PadronColumn) -> String? {
    guard let text = text(column) else { return nil }
    guard text.count <= 50 else {
      refuse(column, "Tiene \(text.count) caracteres y caben 50. Escríbalo más corto.")
      return nil
    }
    guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      refuse(column, "Tiene un salto de línea u otro carácter que no se ve. Escríbalo de nuevo.")
      return nil
    }
    guard text.contains(where: \.isLetter) else {
      refuse(column, "No tiene ninguna letra. Escríbalo como en el acta.")
      return nil
    }
    return text
  }

  private mutating func language() -> String {
    guard let text = text(.idioma) else { return "es" }
    guard isLanguageTag(text) else {
      refuse(.idioma, "No es un código de idioma. Escriba, por ejemplo, es, nah, yua, tzh o tzo.")
      return "es"
    }
    return text
  }

  /// Two or three lower-case letters, then parts of letters and digits. BCP 47 allows eight in a part; our own variants behind
  /// `x` have longer names (`tzo-x-zinacantan`), so up to 16.
  private func isLanguageTag(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard (2...3).contains(parts[0].count), parts[0].allSatisfy({ $0.isASCII && $0.isLowercase }) else { return false }
    return parts.dropFirst().allSatisfy { part in
      (1...16).contains(part.count) && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }
  }

  private mutating func needs() -> [String] {
    guard let text = text(.necesidades) else { return [] }
    let words = text.split(separator: ";").map(\.trimmed).filter { !$0.isEmpty }
    guard words.allSatisfy(\.isNeedWord), words.count <= 16 else {
      refuse(.necesidades, "Use palabras en minúsculas, sin espacios, separadas por punto y coma: sin_escaleras;lectura.")
      return []
    }
    return Set(words).sorted()
  }

  private mutating func ordinal() -> Int? {
    guard let text = text(.ordinal) else { return nil }
    guard let number = Int(digits: text.utf8), (1...99).contains(number) else {
      refuse(.ordinal, "Debe ser un número del 1 al 99.")
      return nil
    }
    return number
  }
}

// MARK: - The clinic

extension PadronRowParsing {
  private mutating func consultorio() -> ResourceID? {
    guard let text = text(.consultorio) else { return nil }
    let id = Int(digits: text.utf8).flatMap { ResourceID(.consultorio, $0) } ?? ResourceID(text: text)
    guard let id, id.kind == .consultorio else {
      refuse(.consultorio, "Debe ser el número de un consultorio, del 1 al 999.")
      return nil
    }
    if let known = rules.consultorios, !known.contains(id) {
      refuse(.consultorio, "La clínica no tiene ese consultorio. Use uno de su configuración.")
      return nil
    }
    return id
  }

  private mutating func turno() -> TurnoCode? {
    guard let text = text(.turno) else { return nil }
    let code = TurnoCode(text.lowercased())
    guard let known = rules.turnos else { return code }
    guard known.contains(code) else {
      refuse(.turno, "La clínica no tiene ese turno. Use uno de estos: \(known.map(\.rawValue).joined(separator: ", ")).")
      return nil
    }
    return code
  }

  private mutating func rights() -> Rights? {
    let (written, until) = (text(.derechosEstado), date(.derechosHasta))
    guard let written else { return nil }
    guard let state = Rights.State(rawValue: written) ?? Rights.State(rawValue: written.foldedSpanish.replacing(" ", with: "_"))
    else {
      let states = Rights.State.allCases.map(\.rawValue).joined(separator: ", ")
      refuse(.derechosEstado, "No es un estado de derechos. Use: \(states).")
      return nil
    }
    if state == .baja || state == .conservacionDerechos, until == nil, text(.derechosHasta) == nil {
      refuse(.derechosHasta, "Falta la fecha: con ella se cuentan los 56 días de conservación de derechos.")
    }
    return Rights(state: state, date: until)
  }

  private mutating func date(_ column: PadronColumn) -> CivilDate? {
    guard let text = text(column) else { return nil }
    guard let date = CivilDate(iso: text) else {
      refuse(column, "No es una fecha del calendario. Escríbala como AAAA-MM-DD, por ejemplo 1990-02-05.")
      return nil
    }
    // Room for the 56 days that a baja adds.
    guard (1800...3000).contains(date.year) else {
      refuse(column, "El año no es creíble. Revíselo.")
      return nil
    }
    return date
  }
}

extension StringProtocol {
  /// Lower-case letters (ñ and accents too), digits and underscores, at most 32.
  fileprivate var isNeedWord: Bool {
    count <= 32 && allSatisfy { $0.isLowercase || $0.isNumber || $0 == "_" }
  }
}
