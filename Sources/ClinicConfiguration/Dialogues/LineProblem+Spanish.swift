internal import Guidance
internal import IVRDialogue

extension LineProblem {
  /// In the words of who writes dialogues; the way that breaks the rule is part of it.
  var complaint: Complaint {
    let way = "por el camino \(path)"
    switch rule {
    case .noSpanish: return Complaint("la línea no está completa en español", fix: "escriba es: completo en idiomas")
    case .missingRole(let id): return Complaint("falta el diálogo \"\(id)\", al que lleva la línea misma", fix: "copie \(id).yaml de las muestras")
    case .missingStep(let id): return Complaint("\"\(id)\" no es ningún paso de ese diálogo", fix: "corrija a dónde va")
    case .missingDialogue(let id): return Complaint("no hay ningún diálogo \"\(id)\"", fix: "corrija el nombre, o agregue \(id).yaml")
    case .missingGuide(let id): return Complaint("no hay ninguna guía \"\(id)\"", fix: "corrija el nombre, o agregue guidance/\(id).yaml")
    case .guideNeedsDate(let id):
      return Complaint("la guía \"\(id)\" puede dar una fecha y no dice a dónde sigue", fix: "agregue fecha: con un paso que lleve a citas")
    case .noOptions: return Complaint("el menú no tiene opciones", fix: "agregue al menos una")
    case .tooManyOptions(let count):
      return Complaint("el menú tiene \(count) opciones y nadie recuerda más de \(DialogueLimits.options)", fix: "haga de él dos menús")
    case .keyOutOfRange: return Complaint("esa tecla no se puede usar: 0, 9 y * sirven igual en todas partes", fix: "use una de 1 a 8")
    case .repeatedKey: return Complaint("la tecla \(key ?? 0) tiene dos opciones", fix: "dé a cada opción su tecla")
    case .nextWithoutList: return Complaint("otra: sí no va en un menú sin lista", fix: "agregue lista y si_se_acaban, o escriba va:")
    case .missingOutcome(let word): return Complaint("no dice a dónde va \"\(word.rawValue)\"", fix: "agregue \(word.rawValue): en resultados")
    case .unreachable: return Complaint("a este paso no se llega nunca", fix: "lleve a él alguna opción, o quítelo")
    case .noWayOut: return Complaint("\(way) ya no se llega a ningún fin", fix: "dé una salida a una persona")
    case .loopsForEver:
      return Complaint("\(way) se da vueltas sin fin, sin que nadie oprima nada", fix: "ponga una pregunta en la vuelta, o llévela a una persona")
    case .returnsNowhere:
      return Complaint("\(way) el diálogo regresa y nadie lo llamó", fix: "llámelo con regresa:, o termínelo con fin o con otro diálogo")
    case .tooDeep: return Complaint("\(way) esperan más de \(DialogueLimits.depth) diálogos unos a otros", fix: "quite regresa: de alguno")
    case .tooManySituations: return Complaint("los diálogos se cruzan demasiado para comprobarlos", fix: "quite caminos entre ellos")
    case .firstWordsAreNotEmergency:
      return Complaint("lo primero que se oye no es qué hacer en una emergencia", fix: "empiece con un mensaje con emergencia: \"911\"")
    case .farFromHelp(let language):
      return Complaint(
        "\(way) quedan más de \(DialogueLimits.pressesToHelp) teclas hasta una instrucción de emergencia o una persona (idioma \(language))",
        fix: "revise persona.yaml, a donde lleva el 0, y a dónde lleva este paso si el sistema no contesta")
    case .noDontKnow: return Complaint("la pregunta no tiene salida para quien no sabe", fix: "agregue no_se: persona")
    case .personNotAnnounced:
      return Complaint("\(way) se pregunta sin haber dicho que el 0 es una persona", fix: "dígalo en el saludo: \"Una persona, 0.\"")
    case .anyTimeNotSaid:
      return Complaint("el saludo no dice que se puede oprimir una tecla en cualquier momento", fix: "dígalo en el saludo: \"Oprima una tecla cuando quiera.\"")
    case .emergencyOutOfReach(let id):
      return Complaint(
        "\(way), con esta opción, antes de las palabras de emergencia de la guía \"\(id)\" se marca un dato o se espera al sistema",
        fix: "lleve la opción derecho a la guía; los datos van después")
    case .cannotWaitGetsNoPerson:
      return Complaint("quien no puede esperar llega aquí a otra cosa que una persona", fix: "llévelo a persona: ninguna fecha se ofrece antes")
    case .guideOutOfReach(let id):
      return Complaint(
        "desde aquí a la guía \"\(id)\" no se llega en \(DialogueLimits.questionsToGuide) preguntas sin identificarse y sin el sistema",
        fix: "lleve a ella una opción de orientacion.yaml")
    case .refusalIsTheEnd(let word):
      return Complaint("\(way), con \"\(word.rawValue)\" la llamada se acaba y ya", fix: "ofrezca otra cosa: otra fecha, que le llamen, una persona")
    case .valueNotKnown(let value):
      return Complaint("\(way) se dice {\(value.rawValue)} y todavía no se sabe", fix: "pregúntelo antes, o quítelo del texto")
    case .requestNotReady(let kind):
      return Complaint("\(way) se pide \(kind.rawValue) y falta un dato", fix: "pregunte antes lo que necesita")
    case .noGreeting: return Complaint("\(way) se pregunta antes de saludar", fix: "empiece con un mensaje con saludo: sí")
    case .noEcho(let kind):
      return Complaint(
        "\(way) se pide \(kind.rawValue) sin haber repetido los datos y sin un sí",
        fix: "ponga antes un menú que diga \(kind.echo) y pregunte si es correcto")
    case .asksWhomItCalls:
      return Complaint(
        "\(DialogueID.notice) es la llamada que hace la clínica: a quien contesta no se le pregunta nada de sí",
        fix: "quite el dato, la guía o el diálogo; la única salida es persona")
    case .noAnswer:
      return Complaint("\(way) se hizo y no se dice el folio y el día", fix: "dígalos: {folio} y {cita_dia}, o {folio_llamada} y {plazo_dia}")
    case .missingText, .tooManyWords, .longSentence, .hardToRead, .keyNotSpoken, .keyBeforePurpose, .emergencyNotSaid: return wordsComplaint
    }
  }

  private var wordsComplaint: Complaint {
    switch rule {
    case .missingText(let language):
      return Complaint("falta el texto en \(language), que la línea declara completo", fix: "escríbalo, o declare \(language): persona en linea.yaml")
    case .tooManyWords(let language, let count, let allowed):
      return Complaint("el mensaje tiene \(count) palabras en \(language), con sus datos, y caben \(allowed)", fix: "acórtelo, o haga de él dos pasos")
    case .longSentence(let count, let allowed): return Complaint("una oración tiene \(count) palabras y caben \(allowed)", fix: "haga de ella dos")
    case .hardToRead(let points, let needed):
      return Complaint("el mensaje es difícil de entender: \(points) puntos INFLESZ de \(needed)", fix: "use palabras y oraciones más cortas")
    case .keyNotSpoken(let language):
      return Complaint("el texto de la opción (\(language)) no dice su tecla", fix: "termínelo con: oprima \(key ?? 0)")
    case .keyBeforePurpose: return Complaint("la tecla se dice antes de acabar", fix: "primero para qué y al final la tecla: Para cancelar, oprima \(key ?? 0).")
    case .emergencyNotSaid(let language):
      return Complaint("el texto de emergencia (\(language)) no dice 911 ni Urgencias", fix: "diga a dónde llamar o a dónde ir")
    default: preconditionFailure("no rule about words: \(rule)")
    }
  }
}

extension RequestKind {
  /// What has to be read back before, in the names of a text.
  fileprivate var echo: String {
    switch self {
    case .identify: "{nss} o {paciente}, y {nacimiento}"
    case .status: "{folio_dado}"
    case .book: "{dia} y {hora}, después de apartar"
    case .reschedule: "{cita_dia} y {cita_hora}, y {dia} y {hora}"
    case .cancel, .confirm: "{cita_dia} y {cita_hora}"
    case .callback: "{telefono}"
    case .takeNotice, .acceptOffer: "{dia} y {hora}"
    case .find, .hold, .list, .resume, .orient, .joinWaitlist, .declineOffer, .notice, .keepAsIs, .news, .heardNews, .yearlyCheck, .wasOfUse, .wasOfNoUse: "lo que se entendió"
    }
  }
}
