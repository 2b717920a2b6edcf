internal import ClinicConfiguration
internal import Foundation
internal import IVRDialogue
internal import Testing

@Suite("Each kind of wrong dialogue, and what its author reads")
struct WrongDialoguesTests {
  typealias Row = (file: String, old: String, new: String, expected: String)

  static let folder = "\(configuration)/dialogues"
  static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".yaml") }.sorted()

  /// The problems of the shipped files after one change; the folder is left out.
  private func problems(_ row: Row) throws -> [String] {
    let files = try Self.names.map { name in
      var text = try String(contentsOfFile: "\(Self.folder)/\(name)", encoding: .utf8)
      if name == row.file {
        precondition(text.contains(row.old), "not there: \(row.old)")
        let range = text.range(of: row.old)!
        text.replaceSubrange(range, with: row.new)
      }
      return DialogueConfiguration.File(path: name, bytes: Array(text.utf8))
    }
    do throws(ConfigurationProblems) {
      return try DialogueConfiguration.read(files, folder: "dialogues", guides: shippedGuides).warnings.map(\.description)
    } catch {
      return error.problems.map(\.description)
    }
  }

  private func check(_ row: Row) throws {
    let found = try problems(row)
    #expect(found.contains { $0.hasPrefix(row.expected) }, "\(row.expected)\n\(found.joined(separator: "\n"))")
  }

  @Test("Keys and words", arguments: [
    ("menu.yaml", "siguiente: saludo", "siguiente: saldo",
      #"menu.yaml:12:16: siguiente: "saldo" no es ningún paso de este diálogo; ¿quiso decir "saludo"?"#),
    ("citas.yaml", "tipo: dato", "tipo: datos", #"citas.yaml:116:11: tipo: "datos" no existe; ¿quiso decir "dato"?"#),
    ("citas.yaml", "{cita_dia}, a las {cita_hora}, {cita_lugar}. Su folio", "{cita_da}. Su folio",
      #"citas.yaml:152:12: texto: {cita_da} no es ningún dato; ¿quiso decir "cita_dia"?"#),
    ("citas.yaml", "resultados: {hay: ofrece, no_hay: sin_lugar, otra_unidad: otra_unidad, caido: sin_sistema}", "resultados: {hay: ofrece, otra_unidad: otra_unidad, caido: sin_sistema}",
      #"citas.yaml:41:17: falta "no_hay" en resultados de pide: horarios; agregue, por ejemplo, no_hay: un paso"#),
    ("persona.yaml", "dialogo: persona", "dialogo: personas",
      #"persona.yaml:2:10: el diálogo se llama "personas" y el archivo "persona.yaml"; llame al archivo personas.yaml"#),
    ("linea.yaml", "  silencio: No oí ninguna tecla.\n", "", #"linea.yaml:13:3: falta "silencio" en textos"#),
    ("linea.yaml", "primera_tecla: 8", "primera_tecla: 3",
      "linea.yaml:10:27: primera_tecla: 3 está fuera de lo permitido; escriba un número de 7 a 30 segundos"),
    ("orientacion.yaml", "guia: dengue", "guia: dengues", #"orientacion.yaml:54:12: no hay ninguna guía "dengues""#),
    ("menu.yaml", "dialogo: tramites", "dialogo: tramite", #"menu.yaml:"#),
  ] as [Row])
  func keys(_ row: Row) throws { try check(row) }

  @Test("What the proofs find stands at its step or option, with the way that breaks the rule", arguments: [
    ("citas.yaml", "    emergencia: \"911\"\n", "", "citas.yaml:8:11: lo primero que se oye no es qué hacer en una emergencia"),
    ("citas.yaml", "    saludo: sí\n", "", "identificacion.yaml:9:11: por el camino citas.emergencia → citas.saludo → citas.identifica → identificacion.ya (no identificado) → identificacion.pide_nss se pregunta antes de saludar"),
    ("menu.yaml", " Una persona, 0.", "", "menu.yaml:20:11: por el camino menu.emergencia → menu.saludo → menu.origen (no del_extranjero) → menu.principal se pregunta sin haber dicho que el 0 es una persona"),
    ("menu.yaml", "    no_se: persona\n", "", "menu.yaml:20:11: la pregunta no tiene salida para quien no sabe"),
    ("menu.yaml", "va: principal, texto: \"Para volver, oprima 3.\"", "va: otras, texto: \"Para volver, oprima 2.\"", "menu.yaml:34:9: el texto de la opción (es) no dice su tecla"),
    ("menu.yaml", "Para citas, oprima 2.", "Oprima 2 para citas.", "menu.yaml:25:9: la tecla se dice antes de acabar"),
    ("persona.yaml", "si_no: cerrado", "si_no: horario", "persona.yaml:"),
    ("persona.yaml", "    emergencia: \"911\"\n", "", "persona.yaml:"),
    ("citas.yaml", "ocupado: ocupada, ya_tiene: ya_tiene, rechazado: rechazada, caido: sin_sistema, incierto: sin_sistema", "ocupado: aparta, ya_tiene: ya_tiene, rechazado: rechazada, caido: sin_sistema, incierto: sin_sistema",
      "citas.yaml:131:11: por el camino "),
    ("citas.yaml", "{paso: identifica, tipo: dialogo, dialogo: identificacion, regresa: novedades}", "{paso: identifica, tipo: dialogo, dialogo: identificacion}",
      "identificacion.yaml:8:12: por el camino citas.emergencia → citas.saludo → citas.identifica → identificacion.ya (no identificado) → "),
    ("citas.yaml", "resultados: {ok: confirma, ocupado", "resultados: {ok: reserva, ocupado", "citas.yaml:146:11: por el camino "),
    ("citas.yaml", " Su folio es {folio}. Lo repito: {folio}.", "", "encuesta.yaml:"),
    ("identificacion.yaml", "    siguiente: eco\n", "    siguiente: identifica\n", "identificacion.yaml:76:11: por el camino "),
    ("citas.yaml", "va: otra_fecha, texto: \"Para otra fecha, oprima 3.\"", "va: busca_fecha, texto: \"Para otra fecha, oprima 3.\"", "citas.yaml:"),
    ("orientacion.yaml", "va: vih, texto", "va: persona, texto", "menu.yaml:8:11: desde aquí a la guía \"exposicion_vih\" no se llega en 4 preguntas sin identificarse y sin el sistema"),
    ("menu.yaml", "dialogo: orientacion, desde: temas}", "dialogo: citas, desde: identifica}", "menu.yaml:8:11: desde aquí a la guía \"cancer_infantil\" no se llega"),
    ("citas.yaml", "no_hay: sin_lugar, otra_unidad: otra_unidad, caido: sin_sistema}", "no_hay: hecha, otra_unidad: otra_unidad, caido: sin_sistema}", "citas.yaml:"),
    ("lenguas.yaml", "{paso: espanol, tipo: lengua, lengua: es}", "{paso: espanol, tipo: regreso}", "lenguas.yaml:"),
    ("citas.yaml", "Por teléfono ya no queda lugar en esas fechas.",
      "La disponibilidad institucional correspondiente permanece temporalmente imposibilitada telefónicamente.", "citas.yaml:73:11: el mensaje es difícil de entender"),
    ("citas.yaml", "Marque cuando quiera. ", "", "citas.yaml:13:11: el saludo no dice que se puede oprimir una tecla en cualquier momento"),
    ("citas.yaml", "{tecla: 4, va: persona, texto: \"Si no puede esperar", "{tecla: 4, va: orientacion, texto: \"Si no puede esperar",
      "citas.yaml:36:9: quien no puede esperar llega aquí a otra cosa que una persona"),
    ("orientacion.yaml", "{paso: dolor_de_pecho, tipo: guia, guia: dolor_de_pecho, fecha: fecha}",
      "{paso: dolor_de_pecho, tipo: dato, dato: telefono, texto: Marque su teléfono., ejemplo: \"Por ejemplo: 5, 5.\", siguiente: pecho, no_se: pecho}\n  - {paso: pecho, tipo: guia, guia: dolor_de_pecho, fecha: fecha}",
      "orientacion.yaml:23:9: por el camino orientacion.emergencia → orientacion.saludo → orientacion.temas, con esta opción, antes de las palabras de emergencia de la guía \"dolor_de_pecho\""),
    ("linea.yaml", "nah: persona", "nah: completo", "linea.yaml:1:1: falta el texto en nah, que la línea declara completo"),
  ] as [Row])
  func proofs(_ row: Row) throws { try check(row) }

  @Test("A call that the clinic makes and that asks for anything of whoever answers, or leads to where it is asked, is refused", arguments: [
    ("aviso.yaml", "dialogo: persona}", "dialogo: identificacion}", "a quien contesta no se le pregunta nada de sí"),
    ("aviso.yaml", "pide: conservar\n    resultados: {ok: igual, caido: sin_sistema}", "pide: citas\n    resultados: {hay: igual, no_hay: ya_no, caido: sin_sistema}",
      "a quien contesta no se le pregunta nada de sí"),
    ("aviso.yaml", "Hay un lugar antes: {dia}, a las {hora}.", "¿Lo quiere?", "se pide tomar sin haber repetido los datos y sin un sí"),
    ("aviso.yaml", "ocupado: ya_no, rechazado", "ocupado: adios, rechazado", "con \"ocupado\" la llamada se acaba y ya"),
  ] as [Row])
  func notices(_ row: Row) throws {
    let found = try problems(row)
    #expect(found.contains { $0.contains(row.expected) }, "\(found.joined(separator: "\n"))")
  }

  @Test("P22: a dialogue that lacks the greeting, the echo, or the answer with its folio and day is refused, whatever it does", arguments: [
    ("citas.yaml", "    saludo: sí\n", "", "se pregunta antes de saludar"),
    ("tramites.yaml", "    saludo: sí\n", "", "se pregunta antes de saludar"),
    ("citas.yaml", "Le aparté el {dia}, a las {hora}, {lugar}.", "¿Así está bien?", "se pide reservar sin haber repetido los datos y sin un sí"),
    ("citas.yaml", "En lugar del {cita_dia}, viene el {dia}, a las {hora}, {lugar}.", "¿Así está bien?", "se pide cambiar sin haber repetido los datos y sin un sí"),
    ("tramites.yaml", "Le aparté el {dia}, a las {hora}, {lugar}.", "¿Así está bien?", "se pide reservar sin haber repetido los datos y sin un sí"),
    ("llamada.yaml", "Le llamamos al {telefono}.", "¿Así está bien?", "se pide llamada sin haber repetido los datos y sin un sí"),
    ("folio.yaml", "Folio {folio_dado}. Nació el {nacimiento}.", "¿Así está bien?", "se pide folio sin haber repetido los datos y sin un sí"),
    ("identificacion.yaml", "Marcó {nss}. Nació el {nacimiento}.", "¿Así está bien?", "se pide identificar sin haber repetido los datos y sin un sí"),
    ("citas.yaml", " Folio {folio}.", "", "se hizo y no se dice el folio y el día"),
    ("citas.yaml", " Su folio es {folio}. Lo repito: {folio}.", "", "se hizo y no se dice el folio y el día"),
    ("citas.yaml", " Su folio es {folio}.\"", "\"", "se hizo y no se dice el folio y el día"),
    ("tramites.yaml", " Su folio es {folio}. Lo repito: {folio}.", "", "se hizo y no se dice el folio y el día"),
    ("llamada.yaml", " Su folio es {folio_llamada}.", "", "se hizo y no se dice el folio y el día"),
  ] as [Row])
  func goodTreatment(_ row: Row) throws {
    let found = try problems(row)
    #expect(found.contains { $0.contains(row.expected) }, "\(found.joined(separator: "\n"))")
  }

  @Test("A line whose dialogues wait for one another without end is refused, not searched for ever")
  func depth() throws {
    let found = try problems(("citas.yaml", "{paso: de_guia, tipo: dialogo, dialogo: identificacion, regresa: ofrece}",
      "{paso: de_guia, tipo: dialogo, dialogo: citas, desde: de_guia, regresa: ofrece}", ""))
    #expect(found.contains { $0.contains("esperan más de 4 diálogos unos a otros") })
  }
}
