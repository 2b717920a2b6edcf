internal import ArgumentParser
internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// Which place is meant: all of it typed, or the first that `cita buscar` would show.
struct SlotOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Código del servicio; `cita servicios` los lista.", valueName: "código"))
  var servicio: String?

  @Option(
    help: ArgumentHelp("Agenda: C12 es el consultorio 12, V2 la ventanilla 2.", valueName: "agenda"),
    transform: { try AgendaText.resource($0) })
  var agenda: ResourceID?

  @Option(help: ArgumentHelp("Fecha: 2026-11-24.", valueName: "fecha"), transform: { try AgendaText.date($0) })
  var fecha: CivilDate?

  @Option(help: ArgumentHelp("Hora a la que empieza: 08:15.", valueName: "hora"), transform: { try AgendaText.minute($0) })
  var hora: AgendaMinute?

  @Flag(help: "El primer lugar libre, con el médico propio si lo hay; sirve con --agenda y --fecha para acotar.")
  var primera = false

  var isEmpty: Bool { servicio == nil && agenda == nil && fecha == nil && hora == nil && !primera }

  /// - Throws: which options are missing, with an example.
  func require() throws {
    guard servicio != nil else { throw ValidationError("Falta --servicio. Por ejemplo: --servicio medicina_familiar") }
    guard !primera else {
      guard hora == nil else { throw ValidationError("--hora no va con --primera, que elige la hora.") }
      return
    }
    var missing: [String] = []
    if agenda == nil { missing.append("--agenda") }
    if fecha == nil { missing.append("--fecha") }
    if hora == nil { missing.append("--hora") }
    guard missing.isEmpty else {
      throw ValidationError(
        "Falta \(missing.joined(separator: " y ")). Por ejemplo: --agenda C12 --fecha 2026-11-24 --hora 08:15; o use --primera.")
    }
  }

  /// The place, searched for when it was not typed.
  ///
  /// - Throws: ``Failure`` when nothing is free.
  func choice(
    for session: PatientSession, _ appointments: AppointmentsClient, _ options: CallOptions
  ) async throws -> Wire.SlotChoice {
    if let agenda, let fecha, let hora, let servicio {
      return Wire.SlotChoice(
        service: servicio, resource: agenda.description, date: fecha.description, startMinute: Int32(hora.minutes))
    }
    let request = Wire.FindRequest(
      sessionToken: session.token, person: session.person, service: servicio ?? "", date: fecha?.description ?? "",
      resource: agenda?.description ?? "", limit: 1)
    let found = try await Failure.of { () throws(RPCError) in try await appointments.find(request, options: options) }
    guard let slot = found.slots.first else { throw Failure(nothingFree: found.steps) }
    return slot.choice
  }
}

extension Failure {
  init(nothingFree steps: [Wire.NextStep]) {
    self.init(.refused, "No hay lugares libres que cumplan lo que se pide.", next: steps.lines.joined(separator: "\n"))
  }
}

/// Dates, hours and agendas as they are typed.
enum AgendaText {
  static func date(_ text: String) throws -> CivilDate {
    guard let date = CivilDate(iso: text) else { throw ValidationError("escriba año, mes y día, como 2026-11-24") }
    return date
  }

  /// Reads "0,1,2": so many numbers, each once; `amount` says how many in words.
  static func numbers(_ text: String, _ count: ClosedRange<Int>, amount: String, example: String) throws -> [Int32] {
    let numbers = text.split(separator: ",").map { Int32($0) }
    guard count ~= numbers.count, !numbers.contains(nil), Set(numbers).count == numbers.count else {
      throw ValidationError("Escriba de \(amount) números separados por comas, cada uno una vez, como \(example).")
    }
    return numbers.compactMap(\.self)
  }

  static func minute(_ text: String) throws -> AgendaMinute {
    guard let minute = AgendaMinute(text: text) else { throw ValidationError("escriba hora y minutos, como 08:15") }
    return minute
  }

  static func resource(_ text: String) throws -> ResourceID {
    guard let resource = ResourceID(text: text) else {
      throw ValidationError("escriba la letra y el número de la agenda, como C12 o V2")
    }
    return resource
  }
}

/// `2026-11-24`, `09:30` or both: from when on.
struct Since: Equatable {
  var date: CivilDate?
  var minute: AgendaMinute?

  init(typed text: String) throws {
    let parts = text.split(whereSeparator: { $0 == "T" || $0 == " " })
    switch parts.count {
    case 1 where text.contains(":"): minute = try AgendaText.minute(text)
    case 1: date = try AgendaText.date(text)
    case 2: (date, minute) = (try AgendaText.date(String(parts[0])), try AgendaText.minute(String(parts[1])))
    default: throw ValidationError("escriba una fecha, una hora o las dos: 2026-11-24T09:30")
    }
  }
}
