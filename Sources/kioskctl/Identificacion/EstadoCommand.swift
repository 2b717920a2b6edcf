internal import ArgumentParser
internal import ClinicDomain
internal import Foundation
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// `kioskctl identificacion estado`: counts, locked kiosks and what happened.
struct EstadoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "estado",
    abstract: "Dice cuántos intentos han fallado, qué kioscos esperan al personal y qué ha pasado.",
    discussion: """
      Ningún dato es de una persona. Con --json: failures_last_hour, alarm, today, locked, events y limits.
      """)

  @OptionGroup(title: "Servidor y salida") var global: GlobalOptions

  func run() async throws {
    let output = Output.standard
    try await global.withServer { client in
      let state = try await Failure.of { () throws(RPCError) in
        try await IdentificationClient(client).getState(.init(), options: global.callOptions)
      }
      global.json ? output.json(state.json) : output.lines(state.lines(output.style))
    }
  }
}

extension Wire.IdentificationState {
  var json: JSONValue {
    let bounds = limits ?? Wire.IdentificationLimits()
    return .object([
      .init("failures_last_hour", .number("\(failuresLastHour)")), .init("alarm", .bool(alarm)),
      .init("today", .object(today.map { .init($0.channel, .number("\($0.failures)")) })),
      .init("locked", .array(locked.map { device in
        .object([.init("device", .string(device.device)), .init("locked_at_unix_ms", .number("\(device.lockedAtUnixMs)"))])
      })),
      .init("events", .array(events.map { event in
        .object([
          .init("at_unix_ms", .number("\(event.atUnixMs)")), .init("kind", .string(event.kind)), .init("device", .string(event.device)),
          .init("reason", .string(Self.motivo(event.reason))), .init("by", .string(event.by)),
        ])
      })),
      .init("limits", .object([
        .init("per_visit", .number("\(bounds.perVisit)")),
        .init("per_person_and_day", .number("\(bounds.perPersonAndDay)")),
        .init("per_device_and_hour", .number("\(bounds.perDeviceAndHour)")),
        .init("per_device_and_day", .number("\(bounds.perDeviceAndDay)")),
        .init("alarm_per_hour", .number("\(bounds.alarmPerHour)")),
      ])),
    ])
  }

  /// What a person reads.
  func lines(_ style: TerminalStyle, zone: TimeZone = .current) -> [String] {
    let bounds = limits ?? Wire.IdentificationLimits()
    let doors = today.map { "\(Self.door($0.channel)) \($0.failures)" }.joined(separator: ", ")
    var lines = [
      "Intentos fallidos en la última hora: \(failuresLastHour) (alarma desde \(bounds.alarmPerHour)). Hoy: \(doors.isEmpty ? "ninguno" : doors)."
    ]
    if alarm { lines.append(style.bold("ALARMA: alguien puede estar probando números. Vea los kioscos y avise a quien cuida el teléfono.")) }
    lines += locked.map {
      "\($0.device.printable) espera al personal desde \(Self.time($0.lockedAtUnixMs, zone)): kioskctl identificacion desbloquear --equipo \($0.device.printable) --motivo equipo-revisado"
    }
    if locked.isEmpty { lines.append("Ningún kiosco está bloqueado.") }
    lines += events.map { "\(Self.time($0.atUnixMs, zone))  \(Self.text($0))" }
    lines.append(
      """
      Se toleran \(bounds.perVisit) por visita o llamada, \(bounds.perPersonAndDay) al día por persona y medio, \
      \(bounds.perDeviceAndHour) por hora y \(bounds.perDeviceAndDay) al día por kiosco.
      """)
    return lines
  }

  private static func door(_ channel: String) -> String {
    switch channel {
    case "kiosk": "kioscos"
    case "phone": "teléfono"
    case "desk": "ventanilla"
    default: channel.printable
    }
  }

  private static func text(_ event: Wire.IdentificationEvent) -> String {
    switch event.kind {
    case "alarm": "alarma de la clínica"
    case "lock": "se bloqueó \(event.device.printable)"
    case "unlock-device": "\(event.by.printable) desbloqueó \(event.device.printable) (\(motivo(event.reason)))"
    case "unlock-person": "\(event.by.printable) desbloqueó a una persona (\(motivo(event.reason)))"
    default: event.kind.printable
    }
  }

  private static func motivo(_ reason: Wire.UnlockReason) -> String {
    DesbloquearCommand.Motivo.allCases.first { $0.wire == reason }?.rawValue ?? ""
  }

  private static func time(_ milliseconds: Int64, _ zone: TimeZone) -> String {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = zone
    format.dateFormat = "yyyy-MM-dd HH:mm"
    return format.string(from: Date(timeIntervalSince1970: Double(milliseconds) / 1000))
  }
}
