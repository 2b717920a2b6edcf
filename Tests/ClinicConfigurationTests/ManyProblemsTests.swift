internal import ClinicConfiguration
internal import Testing

@Suite("All problems at once, in the order of the file, and none that is only the consequence of another")
struct ManyProblemsTests {
  @Test("A file with a mistake in every section")
  func everySection() {
    var text = smallClinic
    for (old, new) in [
      ("DFIMS999306", "DFIMS999301"), ("numero: 930", "numero: 093"), ("zona: America", "zna: America"), ("minutos: 15", "minutos: quince"),
      ("[kiosco, telefono]", "[kiosco, teléfono]"), ("exige_derechos: no", "exige_derechos: nop"), ("horario: 08:00", "horario: 8"),
      ("numeros: V1", "numeros: 1"), ("dias: lunes-viernes", "dias: lunes-viernez"), ("recursos: [C1-C3]", "recursos: [C1-C4]"),
      ("desde: 2026-12-24", "desde: 2026-11-31"), ("nombre: Navidad", "nombre: "), ("horizonte_dias: 28", "horizonte_dias: 0"),
      ("limite: [{", "limites: [{"), ("codigo: unifila", "codigo: Unifila"),
    ] { text = text.replacing(old, with: new) }
    #expect(
      problems(text) == [
        "c.yaml:1:8: aviso: el último dígito de la CLUES DFIMS999301 no es el acostumbrado; cotéjela con el catálogo de la Secretaría de Salud; si ahí está así, déjela",
        #"c.yaml:3:9: numero: "093" empieza con cero y se presta a confusión; escriba 93"#,
        #"c.yaml:5:1: la clave "zna" no existe en la raíz del archivo; ¿quiso decir "zona"?"#,
        #"c.yaml:9:14: minutos: "quince" no es un número entero; escriba solo dígitos, de 5 a 480"#,
        #"c.yaml:10:23: canales: "teléfono" no existe; ¿quiso decir "telefono"?"#,
        #"c.yaml:17:21: exige_derechos: "nop" no es sí ni no; escriba sí o no"#,
        #"c.yaml:22:14: horario: "8" no es una hora; escriba 08:00"#,
        #"c.yaml:31:14: numeros: "1" no nombra consultorios ni ventanillas; escriba la letra (C consultorio, V ventanilla) y un número de 1 a 999, como V1 o V1-V3"#,
        #"c.yaml:36:11: dias: el día "viernez" no existe; ¿quiso decir "viernes"?"#,
        #"c.yaml:43:12: desde: la fecha "2026-11-31" no existe: noviembre de 2026 tiene 30 días; escriba un día de 01 a 30"#,
        "c.yaml:46:33: nombre está vacío; escriba su valor después de los dos puntos",
        "c.yaml:49:19: horizonte_dias: 0 está fuera de lo permitido; escriba un número de 1 a 366 días",
        #"c.yaml:57:24: codigo: "Unifila" no sirve como código: solo letras minúsculas sin acento, dígitos y _, con una letra al principio; escriba unifila"#,
        #"c.yaml:59:3: la clave "limites" no existe en orientacion; ¿quiso decir "limite"?"#,
      ])
  }

  @Test(
    "A section that is missing or illegible does not make the names it would define unknown elsewhere",
    arguments: [
      ("turnos:", "turno:", [#"c.yaml:19:1: la clave "turno" no existe en la raíz del archivo; ¿quiso decir "turnos"?"#]),
      ("codigo: nocturno", "codigo: Noc turno", [
        #"c.yaml:23:13: codigo: "Noc turno" no sirve como código: solo letras minúsculas sin acento, dígitos y _, con una letra al principio; escriba noc_turno"#
      ]),
      ("servicios: [tramites]\n    piso: 1", "servicios: [tramites]\n    piso: uno", [
        #"c.yaml:33:11: piso: "uno" no es un número entero; escriba solo dígitos, de -5 a 60"#
      ]),
      ("consultorios:\n", "consultorios: []\nconsultorio:\n", [
        "c.yaml:26:15: no hay ningún consultorio; defina al menos uno, como C1",
        #"c.yaml:27:1: la clave "consultorio" no existe en la raíz del archivo; ¿quiso decir "consultorios"?"#,
      ]),
    ] as [(String, String, [String])])
  func noCascades(old: String, new: String, expected: [String]) {
    #expect(problems(clinic(replacing: old, with: new)) == expected)
  }

  @Test("An empty mapping misses every required key, and only those")
  func everythingMissing() {
    let missing = problems("{}")
    #expect(missing.count == 12)
    #expect(missing.allSatisfy { $0.hasPrefix("c.yaml:1:1: falta \"") })
    #expect(missing.first == #"c.yaml:1:1: falta "clues" en la raíz del archivo; agregue, por ejemplo, clues: DFIMS000266"#)
    #expect(!missing.contains { $0.contains("ventanillas") || $0.contains("cierres") })
  }
}
