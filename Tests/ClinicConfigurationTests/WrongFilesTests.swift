internal import ClinicConfiguration
internal import Testing

/// Each row: a stretch of the small clinic, what a hand made of it, and every line that is then shown.
@Suite("Each kind of wrong clinic.yaml, and what the technician reads")
struct WrongFilesTests {
  typealias Row = (old: String, new: String, expected: [String])

  @Test("P42: an OOAD that does not exist is refused with line, column and the likely one", arguments: [
    ("ooad: Ciudad de México Norte", "ooad: Ciudad de México Nort",
      [#"c.yaml:2:7: ooad: "Ciudad de México Nort" no es ninguno de los 35 OOAD; ¿quiso decir "Ciudad de México Norte"?"#]),
    ("ooad: Ciudad de México Norte", "ooad: Veracruz",
      [#"c.yaml:2:7: ooad: "Veracruz" no es ninguno de los 35 OOAD; escriba Veracruz Norte o Veracruz Sur"#]),
    ("ooad: Ciudad de México Norte", "ooad: Texas",
      [#"c.yaml:2:7: ooad: "Texas" no es ninguno de los 35 OOAD; escriba su nombre, como Jalisco o Ciudad de México Sur"#]),
  ] as [Row])
  func ooad(_ row: Row) { check(row) }

  @Test("Identity", arguments: [
    ("DFIMS999306", "DFIMS99930", ["c.yaml:1:8: clues: tiene 10 caracteres y son 11; escríbala completa, como DFIMS000266"]),
    ("DFIMS999306", "DFIMS99930O",
      ["c.yaml:1:8: clues: el carácter 11 no es un dígito; escriba 5 letras y 6 dígitos, como DFIMS000266"]),
    ("DFIMS999306", "XXIMS999306",
      ["c.yaml:1:8: clues: las letras XX no son de ningún estado; la Ciudad de México es DF; Colima, CM; el Estado de México, MC"]),
    ("zona: America/Mexico_City", "zona: America/Mexico",
      [#"c.yaml:5:7: zona: "America/Mexico" no es una zona horaria de México; ¿quiso decir "America/Mexico_City"?"#]),
    ("zona: America/Mexico_City", "zona: Cancún",
      [#"c.yaml:5:7: zona: "Cancún" no es una zona horaria de México; ¿quiso decir "America/Cancun"?"#]),
    ("zona: America/Mexico_City", "zona: Europe/Madrid",
      [#"c.yaml:5:7: zona: "Europe/Madrid" no es una zona horaria de México; se admiten: America/Mexico_City, America/Cancun, America/Merida, America/Monterrey, America/Matamoros, America/Chihuahua, America/Ciudad_Juarez, America/Ojinaga, America/Hermosillo, America/Mazatlan, America/Bahia_Banderas, America/Tijuana"#]),
    ("nombre: UMF 930 de prueba", "nombre:", ["c.yaml:4:8: nombre está vacío; escriba su valor después de los dos puntos"]),
    ("nombre: UMF 930 de prueba", "nombre: |\n  UMF\n  930", ["c.yaml:4:9: nombre: el texto ocupa varias líneas; escríbalo en una sola"]),
    ("nombre: UMF 930 de prueba", #"nombre: "UMF\0 930""#,
      ["c.yaml:4:9: nombre: el texto tiene un carácter que no se ve; escríbalo de nuevo, con letras y signos"]),
  ] as [Row])
  func identity(_ row: Row) { check(row) }

  @Test("What is only doubtful is a warning, and the clinic is read", arguments: [
    ("DFIMS999306", "DFIMS999301",
      ["c.yaml:1:8: aviso: el último dígito de la CLUES DFIMS999301 no es el acostumbrado; cotéjela con el catálogo de la Secretaría de Salud; si ahí está así, déjela"]),
    ("DFIMS999306", "JCIMS000313",
      ["c.yaml:1:8: aviso: la CLUES es de Jalisco (JC) y el OOAD Ciudad de México Norte no; compruebe las dos primeras letras: se espera DF"]),
    ("zona: America/Mexico_City", "zona: America/Tijuana",
      ["c.yaml:5:7: aviso: la zona America/Tijuana no es la de Ciudad de México; compruebe la hora de la unidad; ahí se usa America/Mexico_City"]),
    ("citas_por_persona: 2", "citas_por_persona: 9",
      ["c.yaml:13:13: aviso: tramites permite 9 citas por persona, pero entre todos los servicios solo caben 3; baje citas_por_persona o suba citas_activas_por_persona"]),
    ("recursos: [C1-C3]", "recursos: [C1-C2]",
      ["c.yaml:27:14: aviso: C3 no tiene ninguna regla: no dará citas; agregue C3 a una regla"]),
    ("descansos: [11:00-11:30]", "descansos: [11:00-11:20]",
      ["c.yaml:35:12: aviso: de 11:20 a 14:00 no cabe un número entero de citas de 15 minutos: sobran 10; mueva el descanso o el horario si no es a propósito"]),
  ] as [Row])
  func warnings(_ row: Row) throws {
    let text = clinic(replacing: row.old, with: row.new)
    #expect(try ClinicConfiguration.read(text: text, file: "c.yaml").warnings.map(\.description) == row.expected)
  }

  @Test("Numbers that YAML would take for others", arguments: [
    ("numero: 930", "numero: 1_000", [#"c.yaml:3:9: numero: "1_000" no es un número entero; escriba solo dígitos: 1000"#]),
    ("numero: 930", "numero: 010", [#"c.yaml:3:9: numero: "010" empieza con cero y se presta a confusión; escriba 10"#]),
    ("numero: 930", "numero: 0x1F", [#"c.yaml:3:9: numero: "0x1F" no es un número entero; escriba solo dígitos, de 1 a 9999"#]),
    ("numero: 930", "numero: 8:00", [#"c.yaml:3:9: numero: "8:00" no es un número entero; escriba solo dígitos, de 1 a 9999"#]),
    ("numero: 930", "numero: 1e3", [#"c.yaml:3:9: numero: "1e3" no es un número entero; escriba solo dígitos, de 1 a 9999"#]),
    ("numero: 930", "numero: ~", [#"c.yaml:3:9: numero: "~" no es un número entero; escriba solo dígitos, de 1 a 9999"#]),
    ("numero: 930", "numero: 99999999999999999999",
      [#"c.yaml:3:9: numero: "99999999999999999999" no es un número entero; escriba solo dígitos, de 1 a 9999"#]),
    ("numero: 930", "numero: -3", ["c.yaml:3:9: numero: -3 está fuera de lo permitido; escriba un número de 1 a 9999"]),
    ("numero: 930", "numero: -0", [#"c.yaml:3:9: numero: "-0" empieza con cero y se presta a confusión; escriba 0"#]),
    ("minutos: 15", "minutos: 15 min", [#"c.yaml:9:14: minutos: "15 min" no es un número entero; escriba solo dígitos: 15"#]),
    ("minutos: 15", "minutos: 3", ["c.yaml:9:14: minutos: 3 está fuera de lo permitido; escriba un número de 5 a 480 minutos"]),
    ("horizonte_dias: 28", "horizonte_dias: 400",
      ["c.yaml:49:19: horizonte_dias: 400 está fuera de lo permitido; escriba un número de 1 a 366 días"]),
    ("telefono: 180", "telefono: 5",
      ["c.yaml:50:46: telefono: 5 está fuera de lo permitido; escriba un número de 10 a 3600 segundos"]),
    ("piso: 1", "piso: PB", [#"c.yaml:33:11: piso: "PB" no es un número; escriba 0 para la planta baja"#]),
  ] as [Row])
  func numbers(_ row: Row) { check(row) }

  @Test("Services", arguments: [
    ("- codigo: tramites", "- codigo: Trámites de Ventanilla",
      [#"c.yaml:13:13: codigo: "Trámites de Ventanilla" no sirve como código: solo letras minúsculas sin acento, dígitos y _, con una letra al principio; escriba tramites_de_ventanilla"#]),
    ("- codigo: tramites", "- codigo: medicina_familiar",
      [#"c.yaml:13:13: el servicio "medicina_familiar" ya está en la línea 7; cambie el código de uno de los dos"#]),
    ("[kiosco, telefono]", "[kiosko, telefono]", [#"c.yaml:10:15: canales: "kiosko" no existe; ¿quiso decir "kiosco"?"#]),
    ("[kiosco, telefono]", "[kiosco, kiosco]", [#"c.yaml:10:23: el canal "kiosco" ya está en la línea 10; quite el repetido"#]),
    ("[kiosco, telefono]", "[]", ["c.yaml:10:14: canales está vacío; escriba al menos un valor"]),
    ("exige_derechos: no", "exige_derechos: false", [#"c.yaml:17:21: exige_derechos: "false" no es sí ni no; escriba no"#]),
    ("exige_derechos: no", "exige_derechos: quizá", [#"c.yaml:17:21: exige_derechos: "quizá" no es sí ni no; escriba sí o no"#]),
    ("citas_por_persona: 2", "citas_por_persona: 2\n    homoclave: IMSS-2-66",
      [#"c.yaml:19:16: homoclave: "IMSS-2-66" no es una homoclave; escríbala como IMSS-02-066 o IMSS-02-066-M"#]),
    ("servicios: [tramites]", "servicios: [medicina_familiar]",
      [#"c.yaml:13:13: ningún consultorio ni ventanilla da el servicio "tramites"; agréguelo a los servicios de alguno, o quítelo de aquí"#]),
  ] as [Row])
  func services(_ row: Row) { check(row) }

  @Test("Hours", arguments: [
    ("horario: 08:00-14:00", "horario: 8:00",
      [#"c.yaml:22:14: horario: "8:00" no es un horario de una hora a otra; escriba también cuándo termina, como 08:00-14:00"#]),
    ("horario: 08:00-14:00", "horario: 8.00-14:00", [#"c.yaml:22:14: horario: "8.00" no es una hora; escriba 08:00"#]),
    ("horario: 08:00-14:00", "horario: 8-14", [#"c.yaml:22:14: horario: "8" no es una hora; escriba 08:00"#]),
    ("horario: 08:00-14:00", "horario: 08:00-14:60",
      [#"c.yaml:22:14: horario: "14:60" no es una hora; escriba horas de 0 a 24 y minutos de 00 a 59, como 08:00"#]),
    ("horario: 18:00-02:00", "horario: 18:00-26:00",
      [#"c.yaml:25:14: horario: la hora "26:00" no existe; escriba 02:00 si es del día siguiente"#]),
    ("horario: 08:00-14:00", "horario: 08:00-08:00",
      ["c.yaml:22:14: horario: el horario empieza y termina a las 08:00; para un día entero escriba 00:00-24:00; si no, corrija una de las dos"]),
    ("horario: 08:00-14:00", "horario: 24:00-06:00",
      ["c.yaml:22:14: horario: el horario empieza a las 24:00; escriba 00:00 si es la medianoche"]),
    ("descansos: [11:00-11:30]", "descansos: [13:30-14:30]",
      ["c.yaml:38:17: el descanso sale del horario del turno matutino; escriba un descanso entre 08:00 y 14:00"]),
    ("descansos: [11:00-11:30]", "descansos: [11:00-11:30, 11:15-11:45]",
      ["c.yaml:38:30: el descanso se encima con el de las 11:00; sepárelos o escriba uno solo"]),
    ("descansos: [11:00-11:30]", "descansos: [08:10-14:00]",
      ["c.yaml:35:12: en este turno no cabe ninguna cita de 15 minutos; alargue el turno o quite descansos"]),
  ] as [Row])
  func hours(_ row: Row) { check(row) }

  @Test("Consultorios and ventanillas", arguments: [
    ("numeros: C1-C3", "numeros: 1-3",
      [#"c.yaml:27:14: numeros: "1-3" no nombra consultorios ni ventanillas; escriba la letra (C consultorio, V ventanilla) y un número de 1 a 999, como C1 o C1-C15"#]),
    ("numeros: C1-C3", "numeros: [C1-C3, C2]", ["c.yaml:27:22: C2 ya está definido en la línea 27; deje cada número en un solo lugar"]),
    ("  - numeros: C1-C3", "  - numeros: C2-C3\n    servicios: [medicina_familiar]\n    piso: 2\n  - numeros: C1-C5",
      ["c.yaml:30:14: C2 y C3 ya están definidos en la línea 27; deje cada número en un solo lugar"]),
    ("numeros: C1-C3", "numeros: V1-V3", [#"c.yaml:27:14: numeros: "V1-V3" mezcla consultorios (C) y ventanillas (V); aquí escriba C1 o C1-C15"#]),
    ("numeros: C1-C3", "numeros: C3-C1", [#"c.yaml:27:14: numeros: "C3-C1" va de mayor a menor; escriba C1-C3"#]),
    ("servicios: [tramites]", "servicios: [tramite]", [#"c.yaml:32:17: servicios: "tramite" no está definido; ¿quiso decir "tramites"?"#]),
    ("servicios: [tramites]", "servicios: [tramites, medicina_familiar]",
      ["c.yaml:32:27: medicina_familiar dura 15 minutos y tramites, del mismo lugar, 30; ponga juntos solo servicios de la misma duración"]),
  ] as [Row])
  func resources(_ row: Row) { check(row) }

  @Test("Rules", arguments: [
    ("turno: matutino", "turno: matutno", [#"c.yaml:35:12: turno: "matutno" no está definido; ¿quiso decir "matutino"?"#]),
    ("dias: lunes-viernes", "dias: lunes-vienres", [#"c.yaml:36:11: dias: el día "vienres" no existe; ¿quiso decir "viernes"?"#]),
    ("dias: lunes-viernes", "dias: [lunes-viernes, jueves]", ["c.yaml:36:27: el jueves ya está en la línea 36; escriba cada día una vez"]),
    ("recursos: [C1-C3]", "recursos: [C1-C5]", ["c.yaml:37:16: recursos: C4 y C5 no están definidos; solo están definidos C1 a C3"]),
    ("recursos: [C1, V1]", "recursos: [C1, V2]", ["c.yaml:41:20: recursos: V2 no está definido; solo está definido V1"]),
    ("recursos: [C1-C3]", "recursos: [C1-C3, C2]", ["c.yaml:37:23: recursos: C2 ya se nombra en la línea 37; escriba cada uno una vez"]),
    ("  - turno: nocturno", "  - turno: matutino\n    dias: viernes\n    recursos: [C2-C3]\n  - turno: nocturno",
      ["c.yaml:39:12: C2 y C3: esta regla se encima con la de la línea 35 el viernes de 08:00 a 14:00; quite de una de las dos el día, el turno o el recurso"]),
    // Sunday's night turno ends on Monday at 09:00, an hour into Monday's.
    ("horario: 18:00-02:00", "horario: 18:00-09:00",
      ["c.yaml:39:12: C1: esta regla se encima con la de la línea 35 el lunes de 08:00 a 09:00; quite de una de las dos el día, el turno o el recurso"]),
    ("dias: lunes-viernes", "dias: sábado\n    recursos: [C2]\n  - turno: tarde\n    dias: viernes",
      [#"c.yaml:38:12: turno: "tarde" no está definido; se admiten: matutino, nocturno"#]),
  ] as [Row])
  func rules(_ row: Row) { check(row) }

  @Test("Dates", arguments: [
    ("desde: 2026-12-24", "desde: 2026-02-30",
      [#"c.yaml:43:12: desde: la fecha "2026-02-30" no existe: febrero de 2026 tiene 28 días; escriba un día de 01 a 28"#]),
    ("desde: 2026-12-24", "desde: 2026-13-01", [#"c.yaml:43:12: desde: la fecha "2026-13-01" no existe: no hay mes 13; escriba un mes de 01 a 12"#]),
    ("desde: 2026-12-24", "desde: 24/12/2026", [#"c.yaml:43:12: desde: la fecha "24/12/2026" no está escrita como año-mes-día; escriba 2026-12-24"#]),
    ("desde: 2026-12-24", "desde: 2026-1-5", [#"c.yaml:43:12: desde: la fecha "2026-1-5" no está escrita como año-mes-día; escriba 2026-01-05"#]),
    ("desde: 2026-12-24", "desde: 2206-12-24", ["c.yaml:43:12: desde: el año 2206 está fuera de lo permitido; escriba un año de 2020 a 2100"]),
    ("desde: 2026-12-24", "desde: mañana", [#"c.yaml:43:12: desde: "mañana" no es una fecha; escríbala como 2026-11-21: año, mes y día"#]),
    ("desde: 2026-12-24", "desde: 2026-12-24\n    hasta: 2026-12-20",
      ["c.yaml:44:12: el cierre termina (2026-12-20) antes de empezar (2026-12-24); escriba en hasta la fecha del último día cerrado"]),
    ("fecha: 2026-01-01", "fecha: 2026-12-25", ["c.yaml:47:13: el día 2026-12-25 ya está en la línea 46; quite el repetido"]),
  ] as [Row])
  func dates(_ row: Row) { check(row) }

  @Test("Keys that are unknown or missing, and things of the wrong kind", arguments: [
    ("servicios:\n  - codigo: medicina", "serivicios:\n  - codigo: medicina",
      [#"c.yaml:6:1: la clave "serivicios" no existe en la raíz del archivo; ¿quiso decir "servicios"?"#]),
    ("zona: America/Mexico_City", "zona: America/Mexico_City\nhorario: 8:00",
      [#"c.yaml:6:1: la clave "horario" no existe en la raíz del archivo; se admiten: clues, ooad, numero, nombre, zona, servicios, turnos, consultorios, ventanillas, profesionales, reglas, cierres, dias_inhabiles, reservas, capacidad, lista_espera, avisos, unifila, duenas, series, compromisos, atencion_gratuita, directorio, embarazo, plan_de_parto, visitas_domiciliarias, orientacion, unidades_infarto"#]),
    ("nombre: UMF 930 de prueba\n", "", [#"c.yaml:1:1: falta "nombre" en la raíz del archivo; agregue, por ejemplo, nombre: UMF 20 Vallejo"#]),
    ("    nombre: matutino\n", "", [#"c.yaml:20:5: falta "nombre" en el elemento 1 de turnos; agregue, por ejemplo, nombre: matutino"#]),
    ("    piso: 0\n", "", [#"c.yaml:27:5: falta "piso" en el elemento 1 de consultorios; agregue, por ejemplo, piso: 0"#]),
    ("nombre: UMF 930 de prueba", "nombre: [UMF]", ["c.yaml:4:9: nombre lleva un solo valor y hay una lista; escriba nombre: y el valor en la misma línea"]),
    ("cierres:\n  - desde: 2026-12-24\n    motivo: fumigación", "cierres: 2026-12-24",
      [#"c.yaml:42:10: cierres es una lista y hay un valor; empiece cada elemento con "- ""#]),
    ("  apartado_segundos: {kiosco: 120, telefono: 180, ventanilla: 300}", "  apartado_segundos: 120",
      ["c.yaml:50:22: apartado_segundos es un grupo de claves y hay un valor; escriba kiosco:, telefono:, ventanilla: cada una en su línea"]),
    ("  limite: [{codigo: cancelar, texto: Cancele una de sus citas.}]\n", "",
      [#"c.yaml:57:3: falta "limite" en orientacion; agregue, por ejemplo, limite: una lista con codigo y texto"#]),
    ("otro: [{codigo: ventanilla, texto: Pregunte en la ventanilla.}]", "otro: []",
      [#"c.yaml:60:9: otro no ofrece nada: a nadie se le dice solo "no hay"; agregue al menos un paso con codigo y texto"#]),
  ] as [Row])
  func keys(_ row: Row) { check(row) }

  private func check(_ row: Row) {
    #expect(problems(clinic(replacing: row.old, with: row.new)) == row.expected)
  }
}
