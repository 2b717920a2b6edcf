import Synchronization
import Testing

@testable import kioskctl

/// What a command line said and how it ended, without a server.
struct Spoken {
  var status: CommandStatus
  var out = ""
  var error = ""

  static func by(_ line: String) async -> Spoken {
    let texts = Mutex(("", ""))
    let output = Output { text, isError in
      texts.withLock { if isError { $0.1 += text } else { $0.0 += text } }
    }
    let words = line.split(separator: " ").map(String.init)
    let status = await Kioskctl.run(words, output: output)
    let (out, error) = texts.withLock { $0 }
    return Spoken(status: status, out: out, error: error)
  }
}

@Suite("A command line that is wrong")
struct ArgumentTests {
  @Test("says in Spanish what is wrong and what to write, and ends with 64", arguments: [
    ("cita buscarr", "¿Quiso decir `kioskctl cita buscar`?"),
    ("cyta buscar", "¿Quiso decir `kioskctl cita`?"),
    ("cita buscar --servicio x --limtie 3", "No existe la opción '--limtie'. ¿Quiso decir '--limite'?"),
    ("cita buscar", "Falta '--servicio <código>'"),
    ("cita buscar --servicio", "Falta el valor de '--servicio <código>'"),
    ("cita buscar --servicio x --limite 101", "--limite va de 1 a 100."),
    ("cita buscar --servicio x --limite muchos", "El valor 'muchos' no sirve para '--limite <n>'"),
    ("cita buscar --servicio x --fecha 24/11/2026", "escriba año, mes y día, como 2026-11-24"),
    ("cita buscar --servicio x --fecha 2026-02-30", "escriba año, mes y día, como 2026-11-24"),
    ("cita buscar --servicio x --desde mañana", "escriba año, mes y día, como 2026-11-24"),
    ("cita buscar --servicio x --desde 2026-11-24T25h", "escriba hora y minutos, como 08:15"),
    ("cita buscar --servicio x --agenda 12", "escriba la letra y el número de la agenda, como C12 o V2"),
    ("cita buscar --servicio x --persona 1", "Falta decir quién es"),
    ("cita buscar --servicio x --espera 0", "--espera: escriba segundos"),
    ("cita buscar --servicio x --servidor nada", "escriba la ruta de un socket"),
    ("cita buscar --servicio x --servidor 127.0.0.1:70000", "el puerto va de 1 a 65535"),
    ("cita apartar --servicio x --primera", "Falta decir quién es: --nss, --numero o --curp, con --nacimiento."),
    ("cita apartar --nss 123 --nacimiento 1985-04-30", "tiene 11 dígitos y aquí hay 3"),
    ("cita apartar --nss 00139221924 --nacimiento 1985-04-30", "algún dígito está cambiado"),
    ("cita apartar --numero 12345678x --nacimiento 1985-04-30", "lleva solo dígitos"),
    ("cita apartar --curp HEGG560427MVZRRL04 --nacimiento 1956-04-27 --servicio x --primera", "Con --curp falta --consultorio o --agregado"),
    ("cita apartar --nss 00139221923 --nacimiento 1985-04-30 --consultorio V2", "Escriba el número del consultorio"),
    ("identificacion desbloquear --motivo mantenimiento", "Diga qué se desbloquea con uno solo"),
    ("identificacion desbloquear --equipo x --nss 00139221923 --motivo mantenimiento", "Diga qué se desbloquea con uno solo"),
    ("identificacion desbloquear --equipo x", "Falta '--motivo <motivo>'"),
    ("identificacion desbloquear --equipo x --motivo porque-si", "'porque-si' no sirve para '--motivo <motivo>'"),
    ("identificacion estdo", "¿Quiso decir `kioskctl identificacion estado`?"),
    ("cita apartar --curp HEGG560427 --nacimiento 1985-04-30", "CURP"),
    ("cita apartar --nss 00139221923 --nacimiento 1985-02-30", "Ese día no existe en el calendario."),
    ("cita apartar --nss 00139221923", "Falta --nacimiento"),
    ("cita apartar --nacimiento 1985-04-30", "Falta el número de quien nació ese día"),
    ("cita apartar --nss 00139221923 --curp HEGG560427MVZRRL04 --nacimiento 1985-04-30", "con uno solo: --nss, --numero o --curp"),
    ("cita apartar --nss 00139221923 --nacimiento 1985-04-30", "Falta --servicio."),
    ("cita apartar --nss 00139221923 --nacimiento 1985-04-30 --servicio x", "Falta --agenda y --fecha y --hora."),
    ("cita apartar --nss 00139221923 --nacimiento 1985-04-30 --servicio x --primera --hora 08:15", "--hora no va con --primera"),
    ("cita apartar --nss 00139221923 --nacimiento 1985-04-30 --servicio x --primera --solicitud 12", "van 32 dígitos hexadecimales"),
    ("cita agendar 482011570364 --nss 00139221923 --nacimiento 1985-04-30", "algún dígito está cambiado"),
    ("cita cancelar --nss 00139221923 --nacimiento 1985-04-30", "Falta '<folio>'"),
    ("cita cancelar 12 --nss 00139221923 --nacimiento 1985-04-30", "El folio tiene 12 dígitos y aquí hay 2."),
    ("cita confirmar 482011570363", "o --personal con el motivo"),
    ("cita llegada 482011570363 --personal porque-si", "El valor 'porque-si' no sirve para '--personal <motivo>'"),
    ("cita reprogramar 482011570363 --personal en-persona", "Falta '--agenda <agenda>'"),
    ("nombre poner Sofía --pronombre ella --motivo en-persona --nss 00139221923 --nacimiento 1985-04-30 --persona 1", "quite --persona"),
    ("nombre quitar --motivo en-persona --nss 00139221923 --nacimiento 1985-04-30 --persona 1", "dé el número y el nacimiento de ella"),
    ("permiso dar --a 310045525 --a-nacimiento 1990-02-01 --puede ver --nss 00139221923 --nacimiento 1985-04-30 --persona 1", "quite --persona"),
    ("permiso quitar 3 --nss 00139221923 --nacimiento 1985-04-30 --persona 1", "quite --persona"),
    ("permiso ver --nss 00139221923 --nacimiento 1985-04-30 --persona 1", "quite --persona"),
    ("permiso familia dar --a-nacimiento 1990-02-01 --nss 00139221923 --nacimiento 1985-04-30 --persona 1", "quite --persona"),
    ("permiso familia quitar --todos --nss 00139221923 --nacimiento 1985-04-30 --persona 1", "quite --persona"),
    ("recien-nacido registrar --nacio 2026-11-20 --nss 00139221923 --nacimiento 1998-04-30 --persona 1", "quite --persona"),
    ("cita codigo 482011570363 --nss 00139221923 --nacimiento 1985-04-30 --persona 1", "quite --persona"),
    ("cita familia --nss 00139221923 --nacimiento 1985-04-30 --persona 1", "quite --persona"),
    ("cita buscar-juntas --personas 0,1 --servicio x --nss 00139221923 --nacimiento 1985-04-30 --persona 1", "quite --persona"),
    ("cita agendar-juntas --personas 0,1 --servicio x --agenda C12 --fecha 2026-11-24 --hora 08:15 --nss 00139221923 --nacimiento 1985-04-30 --persona 1",
      "quite --persona"),
    ("agenda dia 12", "escriba la letra y el número de la agenda, como C12 o V2"),
    ("agenda liberar 12", "El folio tiene 12 dígitos y aquí hay 2."),
    ("db verify x --cabeza 12", "van el número del renglón, dos puntos y 64 dígitos hexadecimales"),
    ("call", "Falta el método, como Appointments/Find."),
    ("call Apointments/Fnd", "¿Quiso decir Appointments/Find?"),
    ("call Book", "¿Quiso decir Appointments/Book?"),
    ("call Nada/De/Nada", "Todos los métodos: kioskctl call --lista"),
    ("call Appointments/Find {\"servce\":\"x\"}", "¿quiso decir `service`?"),
    ("call Appointments/Find {\"limit\":\"tres\"}", "`limit`: aquí va un entero de 32 bits"),
    ("call Appointments/Find {", "el texto no es JSON: línea 1"),
    ("call Appointments/Find {} --meta clave", "escriba clave=valor"),
    ("call --lista Appointments/Find", "--lista no lleva método."),
    ("db backup ../x", "Escriba solo el nombre"),
    ("db chek", "¿Quiso decir `kioskctl db check`?"),
    ("padron import", "Falta '<archivo>'"),
  ])
  func wrongLine(line: String, sentence: String) async {
    let spoken = await Spoken.by(line)
    #expect(spoken.status == .usage, "\(spoken.error)")
    #expect(spoken.error.contains(sentence), "\(spoken.error)")
    #expect(spoken.out == "")
  }

  @Test("A file that is not there is said, with 66", arguments: [
    ("call Appointments/Find @/no/hay", "No se puede leer /no/hay."), ("padron import /no/hay.csv", "No existe el archivo /no/hay.csv."),
    ("padron import /tmp", "No se puede leer /tmp."),
  ])
  func missingFile(line: String, sentence: String) async {
    let spoken = await Spoken.by(line)
    #expect(spoken.status == .noInput)
    #expect(spoken.error.contains(sentence), "\(spoken.error)")
  }

  @Test("No server is said with its address and what to do, with 69; a program gets an object")
  func noServer() async {
    let spoken = await Spoken.by("call Health/Check --json --servidor /tmp/no-hay-servidor.sock --espera 30")
    #expect(spoken.status == .unreachable)
    #expect(spoken.error.contains("/tmp/no-hay-servidor.sock"))
    #expect(spoken.error.contains("--servidor"))
    #expect(spoken.out.contains(#""code": "UNAVAILABLE""#))
  }

  @Test("A socket path of more than 107 bytes is one clear sentence")
  func longPath() async {
    let path = "/tmp/" + String(repeating: "a", count: 110)
    let spoken = await Spoken.by("call Health/Check --servidor \(path)")
    #expect(spoken.status == .usage)
    #expect(spoken.error.contains("la ruta del socket mide 115 bytes y el sistema admite 107"))
  }

  @Test("Help is Spanish, ends with 0, and each command shows a line to copy", arguments: [
    "cita buscar", "cita apartar", "cita agendar", "cita cancelar", "cita consultar", "cita familia", "cita servicios", "call",
    "config check", "db check", "db backup", "padron import", "guia", "informe",
  ])
  func help(command: String) async {
    let spoken = await Spoken.by("\(command) --help")
    #expect(spoken.status == .ok)
    #expect(spoken.out.contains("kioskctl \(command)"))
    #expect(spoken.out.contains("Ejemplo"))
    for english in ["USAGE", "OPTIONS", "default:", "Show "] { #expect(!spoken.out.contains(english), "\(english)") }
  }

  @Test("The first help lists every exit status")
  func exitStatuses() async {
    let spoken = await Spoken.by("--help")
    for status in CommandStatus.allCases { #expect(spoken.out.contains("\(status.rawValue)  ")) }
  }
}
