internal import ArgumentParser

/// `kioskctl identificacion …`: failed identifications, for who looks after the hall.
struct IdentificacionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "identificacion",
    abstract: "Muestra los intentos fallidos de identificarse y desbloquea.",
    discussion: """
      Un kiosco con demasiados intentos fallidos deja de identificar hasta que el personal lo ve y lo desbloquea; todo lo demás sigue.
      Una persona que ya no puede probar por un medio ese día se identifica en la ventanilla, y ahí se le desbloquea.

        kioskctl identificacion estado
        kioskctl identificacion desbloquear --equipo kiosk/entrada-2 --motivo equipo-revisado
        kioskctl identificacion desbloquear --nss 00129085446 --motivo identidad-comprobada
      """,
    subcommands: [EstadoCommand.self, DesbloquearCommand.self])
}
