internal import ClinicDomain

/// A clinic made for a campaign: consultorios of family medicine with one turno a day, the same every day for a week ahead.
struct CampaignClinic: Sendable {
  static let service = "medicina_familiar"
  static let slotMinutes = 15
  static let firstMinute = 480
  /// 08:00 to midnight.
  static let mostSlots = 64
  static let days = 7

  var clues = "DFIMS009996"
  var consultorios = 1
  /// Of each consultorio on each day.
  var slots = 24
  var appointmentsPerPerson = 1
  var holdsPerPerson = 1
  /// Further sections of clinic.yaml; each line ends.
  var sections = ""

  /// The agenda's `number`-th slot of a day, as minutes since midnight.
  static func start(_ number: Int) -> Int { firstMinute + number * slotMinutes }

  var clinicYAML: String {
    """
    clues: \(clues)
    ooad: Ciudad de México Norte
    numero: 999
    nombre: UMF 999 de campaña
    zona: America/Mexico_City
    servicios:
      - codigo: \(Self.service)
        nombre: Medicina familiar
        minutos: \(Self.slotMinutes)
        canales: [kiosco, telefono, ventanilla]
        exige_derechos: sí
        citas_por_persona: \(appointmentsPerPerson)
    turnos:
      - {codigo: matutino, nombre: matutino, horario: "08:00-\(Self.clockText(Self.start(slots)))"}
    consultorios:
      - {numeros: C1-C\(consultorios), servicios: [\(Self.service)], piso: 0, etiquetas: [sin_escaleras]}
    reglas:
      - {turno: matutino, dias: lunes-domingo, recursos: [C1-C\(consultorios)]}
    dias_inhabiles: []
    reservas:
      horizonte_dias: \(Self.days)
      apartado_segundos: {kiosco: 3600, telefono: 3600, ventanilla: 3600}
      tolerancia_minutos: 10
      registro_abre_minutos: 30
      citas_activas_por_persona: \(appointmentsPerPerson)
      apartados_por_persona: \(holdsPerPerson)
      mayoria_de_edad: 18
    orientacion:
      sin_lugar: [{codigo: otra_fecha, texto: Pruebe otra fecha.}]
      sin_derechos: [{codigo: vigencia, texto: Pregunte por su vigencia.}]
      limite: [{codigo: cancelar, texto: Cancele una de sus citas.}]
      otro: [{codigo: ventanilla, texto: Pregunte en la ventanilla.}]
    unidades_infarto:
      - {nombre: Hospital de campaña, domicilio: "calle Uno 10", telefono: "5550109001", minutos: 12, hemodinamia: sí}

    """ + sections
  }

  private static func clockText(_ minutes: Int) -> String { "\(twoDigits(minutes / 60)):\(twoDigits(minutes % 60))" }
  private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

/// A made-up adult with rights, alone under an NSS that begins with 00.
struct CampaignPerson: Sendable {
  static let birthDate = "1985-04-30"
  static let padronHeader = "nss,agregado,nombre,primer_apellido,fecha_nacimiento,sexo,derechos_estado"

  /// From 1; at most 99,999,999.
  let number: Int

  var nss: String { NSS(firstTenDigits: number)!.description }
  var padronRow: String { "\(nss),1H1985OR,Persona,De Campaña,\(Self.birthDate),H,VIGENTE\n" }
}
