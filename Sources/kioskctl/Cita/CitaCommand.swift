internal import ArgumentParser

/// `kioskctl cita …`: what a patient does at the counter.
struct CitaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cita",
    abstract: "Busca, aparta, agenda, cambia, cancela y consulta citas.",
    discussion: """
      Cada orden abre su sesión con un número y la fecha de nacimiento, y la termina. Un recorrido completo:

        kioskctl cita servicios
        kioskctl cita disponibilidad
        kioskctl cita familia --nss 00129085446 --nacimiento 1985-04-30
        kioskctl cita buscar --servicio medicina_familiar --turno matutino
        kioskctl cita apartar --numero 482011570 --nacimiento 1985-04-30 \\
          --servicio medicina_familiar --primera
        kioskctl cita agendar 482011570363 --numero 482011570 \\
          --nacimiento 1985-04-30
        kioskctl cita cancelar 482011570363 --numero 482011570 \\
          --nacimiento 1985-04-30

      Con --json cada orden escribe un objeto o una lista. Una cita lleva folio, folio_display, status (la palabra de FHIR), \
      slot, hold_expires_at_unix_ms y text; un lugar lleva service, resource, date, start, end, start_minute, end_minute, \
      turno, starts_at_unix_ms, own_doctor y display. Si la clínica dice que no: {"error": {"code", "message", "refusal": \
      {"reason", "text", "alternatives", "steps"}}}.
      """,
    subcommands: [
      BuscarCommand.self, ApartarCommand.self, AgendarCommand.self, CancelarCommand.self, CodigoCommand.self, ConsultarCommand.self,
      AdmitirCommand.self, ReprogramarCommand.self, ConfirmarCommand.self, LlegadaCommand.self, ComprobarCommand.self, FamiliaCommand.self,
      ServiciosCommand.self, DisponibilidadCommand.self, BuscarJuntasCommand.self, AgendarJuntasCommand.self,
    ])
}
