internal import ClinicDomain
internal import Guidance

extension GuideReader {
  private static let answerKeys: [Key] = [
    .required("tecla", "1"), .required("respuesta", "si"), .required("va", "el paso que sigue"), .required("texto", "Si es así, oprima 1."),
    .optional("alarma"), .optional("senal"), .optional("embarazo"), .optional("codigo"), .optional("empezo_hace_minutos"),
  ]

  mutating func readAnswers(_ tree: Tree, _ node: NodeID) -> [Answer]? {
    guard let items = tree.items("respuestas", &findings) else { return nil }
    let answers = items.enumerated().compactMap { index, item -> Answer? in
      guard let fields = item.fields(of: "el elemento \(index + 1) de respuestas", Self.answerKeys, &findings) else { return nil }
      let key = fields.value("tecla", .integer(1...8), &findings)
      let meaning = fields.value("respuesta", .meaning, &findings)
      let next = fields.value("va", stepName, &findings)
      let text = fields["texto"].flatMap { readText($0) }
      let marks = readMarks(fields)
      if let key { answerPositions[AnswerPlace(node: node, key: key)] = item.position }
      guard let key, let meaning, let next, let text else { return nil }
      return Answer(key, meaning, next, marks, text)
    }
    return answers.count == items.count ? answers : nil
  }

  private mutating func readMarks(_ fields: Fields) -> Marks {
    let marks = Marks(
      alarm: fields.value("alarma", .code, &findings).map { SignCode($0) },
      prompt: fields.value("senal", .code, &findings).map { SignCode($0) },
      isPregnant: fields.value("embarazo", .yesOrNo, &findings) ?? false,
      code: fields.value("codigo", .emergencyCode, &findings),
      onset: fields.value("empezo_hace_minutos", .onset, &findings))
    if marks.code != nil, fields["alarma"] == nil {
      findings.error(fields.position, "la respuesta activa un código sin señal de alarma", fix: "agregue alarma: con el nombre de la señal")
    }
    return marks
  }

  mutating func readDisposition(_ fields: Fields) -> Disposition? {
    guard let destination = fields.placed("destino", .destination, &findings) else { return nil }
    switch destination.value {
    case .emergency911: return plain(.emergency911, fields, destination)
    case .urgencias: return plain(.urgencias, fields, destination)
    case .person: return plain(.person, fields, destination)
    case .homeVisit: return plain(.homeVisit, fields, destination)
    case .noPlace: return plain(.noPlace, fields, destination)
    case .callback:
      require(["minutos"], fields, destination)
      return fields.value("minutos", .integer(1...1440, unit: "minutos"), &findings).map { .callback(withinMinutes: $0) }
    case .appointment: return readDated(fields, destination).map { .appointment($0, otherwise: $1) }
    case .teleconsultation: return readDated(fields, destination).map { .teleconsultation($0, otherwise: $1) }
    }
  }

  private mutating func plain(_ disposition: Disposition, _ fields: Fields, _ destination: Placed<Destination>) -> Disposition {
    require([], fields, destination)
    return disposition
  }

  private mutating func readDated(_ fields: Fields, _ destination: Placed<Destination>) -> (AppointmentTerm, NodeID)? {
    let business = fields["dias_habiles"] != nil
    require(["servicio", business ? "dias_habiles" : "dias", "si_no_hay_lugar"], fields, destination)
    let service = fields.value("servicio", .code, &findings)
    let days = fields.value(business ? "dias_habiles" : "dias", .integer(0...60, unit: "días"), &findings)
    let otherwise = fields.value("si_no_hay_lugar", stepName, &findings)
    guard let service, let days, let otherwise else { return nil }
    return (AppointmentTerm(service: ServiceCode(service), days: days, areBusinessDays: business), otherwise)
  }

  /// Reports which of the keys that depend on the destination are missing, and which have no business there.
  private mutating func require(_ needed: [String], _ fields: Fields, _ destination: Placed<Destination>) {
    for key in ["servicio", "dias", "dias_habiles", "minutos", "si_no_hay_lugar"] {
      if let tree = fields[key] {
        if !needed.contains(key) {
          findings.error(tree.position, "\"\(key)\" no va con destino: \(destination.value.rawValue)", fix: "quite la línea")
        }
      } else if needed.contains(key) {
        findings.error(
          destination.position, "falta \"\(key)\" para destino: \(destination.value.rawValue)",
          fix: key == "si_no_hay_lugar" ? "agregue si_no_hay_lugar: con el paso que atiende a quien no alcanza lugar" : "agregue \(key):")
      }
    }
  }
}

/// The words for ends in a guide's file.
enum Destination: String, CaseIterable {
  case emergency911 = "911"
  case urgencias
  case person = "persona"
  case appointment = "cita"
  case callback = "llamada"
  case teleconsultation = "teleconsulta"
  case homeVisit = "visita"
  case noPlace = "sin_lugar"
}

extension ValueParser<Destination> {
  static let destination = word(of: Destination.allCases.map { ($0.rawValue, $0) })
}

extension ValueParser<EmergencyCode> {
  static let emergencyCode = word(of: EmergencyCode.allCases.map { ($0.rawValue, $0) })
}

extension ValueParser<Answer.Meaning> {
  /// `sí` is taken as `si`.
  static let meaning = word(of: Answer.Meaning.allCases.map { ($0.rawValue, $0) } + [("sí", .yes)])
}

extension ValueParser<OnsetRange> {
  /// `0-60`: from the least to the most minutes ago, a week at most.
  static let onset = ValueParser { text throws(Complaint) in
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int(digits: $0.utf8) }
    guard parts.count == 2, let low = parts[0], let high = parts[1], low <= high, high <= 10_080 else {
      throw Complaint("\"\(text.excerpt)\" no dice hace cuántos minutos", fix: "escriba de menos a más, como 0-60; hasta 10080, una semana")
    }
    return OnsetRange(minutes: low...high)
  }
}
