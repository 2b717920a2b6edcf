internal import Guidance

extension GuideReader {
  /// Holds the proofs against a guide that was read, and reports what they find where it stands.
  mutating func prove(_ guide: Guide, hash: ContentHash, profile: GuidanceProfile) {
    for problem in guide.problems(under: .production, hash: hash) {
      let complaint = problem.complaint(hash)
      if profile == .trial, problem.rule.waitsForSignature {
        findings.warning(position(of: problem), complaint.message, fix: complaint.fix)
      } else {
        findings.error(position(of: problem), complaint)
      }
    }
  }

  private func position(of problem: GuideProblem) -> TextPosition {
    if let key = problem.key, let place = answerPositions[AnswerPlace(node: problem.node, key: key)] { return place }
    return stepNames.first { $0.value == problem.node.rawValue }?.position ?? start
  }
}

extension GuideProblem {
  /// In the words of who writes guides; the way that breaks the rule is part of it.
  func complaint(_ hash: ContentHash) -> Complaint {
    let way = "por el camino \(path)"
    switch rule {
    case .repeatedNode: return Complaint("hay otro paso \"\(node)\"", fix: "cambie el nombre de uno de los dos")
    case .missingNode(let next): return Complaint("\"\(next)\" no es ningún paso de esta guía", fix: "corrija a dónde va")
    case .noAnswers: return Complaint("la pregunta no tiene respuestas", fix: "agregue al menos sí, no y no sé")
    case .tooManyAnswers(let count):
      return Complaint("la pregunta tiene \(count) respuestas y nadie recuerda más de \(GuideLimits.answers)", fix: "haga de ella dos preguntas")
    case .keyOutOfRange: return Complaint("esa tecla no se puede usar: 0, 9 y * sirven igual en todas partes", fix: "use una de 1 a 8")
    case .repeatedKey: return Complaint("la tecla \(key ?? 0) tiene dos respuestas", fix: "dé a cada respuesta su tecla")
    case .noSpanish: return Complaint("la guía no está completa en español", fix: "escriba es: completo en idiomas")
    case .unreachable: return Complaint("a este paso no se llega nunca", fix: "lleve a él alguna respuesta, o quítelo")
    case .noWayOut: return Complaint("\(way) ya no se llega a ningún fin", fix: "dé a alguna respuesta una salida a una persona")
    case .speaksForEver:
      return Complaint("\(way) se habla sin fin, sin preguntar nada", fix: "ponga una pregunta en la vuelta, o llévela a un fin")
    case .farFromHelp(let language):
      return Complaint(
        "\(way) quedan más de \(GuideLimits.pressesToHelp) teclas hasta una instrucción de emergencia o una persona (idioma \(language))",
        fix: "lleve la respuesta no_se a una persona")
    case .noDontKnow: return Complaint("la pregunta no tiene respuesta para quien no sabe", fix: "agregue una con respuesta: no_se que vaya a una persona")
    case .noCannotWait:
      return Complaint(
        "a esta pregunta le sigue una fecha y no tiene respuesta para quien no puede esperar",
        fix: "agregue una con respuesta: no_puedo_esperar que vaya a una persona")
    case .doubtGetsADate:
      return Complaint(
        "\(way) se ofrece esto a quien dijo que no sabe o que no puede esperar", fix: "lleve esas respuestas a una persona, a urgencias o al 911")
    case .alarmWithoutInstruction:
      return Complaint(
        "la respuesta es una señal de alarma y lo siguiente que se oye (\(path)) no dice qué hacer",
        fix: "llévela a una instrucción con emergencia: 911 o urgencias")
    case .alarmGetsADate:
      return Complaint("\(way) se ofrece esto después de una señal de alarma", fix: "después de una alarma solo van 911, urgencias o una persona")
    case .pregnantIsRefused:
      return Complaint("\(way) una embarazada oye que no hay lugar", fix: "llévela a urgencias o a una persona: cero rechazo")
    case .pregnantWaits:
      return Complaint(
        "\(way) una embarazada espera de más o se queda sin respuesta",
        fix: "cita en \(GuideLimits.prenatalDays) días o menos y si_no_hay_lugar directo a una persona, o llamada en \(GuideLimits.prenatalCallbackMinutes) minutos")
    case .promptSignWaits:
      return Complaint(
        "\(way) una señal que no puede esperar recibe esto",
        fix: "cita en \(GuideLimits.promptDays) días hábiles o menos, con si_no_hay_lugar directo a una persona")
    case .identityBeforeEmergency:
      return Complaint("\(way) se pide identificarse en el camino a una emergencia", fix: "quite la identificación de ese camino")
    case .emergencyIsLate:
      return Complaint(
        "\(way) no se dice qué hacer en una emergencia en los primeros \(GuideLimits.promptsToEmergency) mensajes, y la guía activa un código",
        fix: "empiece con una instrucción con emergencia: 911")
    case .onsetNotAsked:
      return Complaint("\(way) se activa código cerebro y no se pregunta cuándo empezó", fix: "pase por una pregunta con empezo_hace_minutos")
    case .signedOtherContent:
      return Complaint("la firma es de otro contenido: la huella de este es \(hash)", fix: "que quien firma lo lea otra vez y firme esa huella")
    case .unsignedEnd:
      return Complaint("\(way) se termina en algo que necesita la firma de un médico", fix: "agregue firma, o termine en 911, urgencias, una persona o una cita")
    case .missingText, .tooManyWords, .longSentence, .hardToRead, .keyNotSpoken, .emergencyNotSaid, .forbiddenWords, .asksIdentity:
      return wordsComplaint
    }
  }

  private var wordsComplaint: Complaint {
    switch rule {
    case .missingText(let language):
      return Complaint("falta el texto en \(language), que la guía declara completo", fix: "escríbalo, o declare \(language): persona en idiomas")
    case .tooManyWords(let language, let count, let allowed):
      return Complaint("el mensaje tiene \(count) palabras en \(language) y caben \(allowed)", fix: "acórtelo, o haga de él dos pasos")
    case .longSentence(let count, let allowed):
      return Complaint("una oración tiene \(count) palabras y caben \(allowed)", fix: "haga de ella dos")
    case .hardToRead(let points, let needed):
      return Complaint("el mensaje es difícil de entender: \(points) puntos INFLESZ de \(needed)", fix: "use palabras y oraciones más cortas")
    case .keyNotSpoken(let language):
      return Complaint("el texto de la respuesta (\(language)) no dice su tecla", fix: "termínelo con: oprima \(key ?? 0)")
    case .emergencyNotSaid(let language):
      return Complaint("la instrucción de emergencia (\(language)) no dice 911 ni Urgencias", fix: "diga a dónde llamar o a dónde ir")
    case .forbiddenWords(let words):
      return Complaint("\"\(words)\" diagnostica, tranquiliza o clasifica", fix: "diga solo qué hacer: la guía no dictamina")
    case .asksIdentity(let words):
      return Complaint("\"\(words)\": aquí no se pide ni se menciona la identidad", fix: "quite esas palabras de la pregunta o de la emergencia")
    default: preconditionFailure("no rule about words: \(rule)")
    }
  }
}
