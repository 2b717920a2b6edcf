package import ClinicDomain
package import TTRPCCore

/// A wire field that cannot be read becomes INVALID_ARGUMENT; the message names the field and says what to write instead.
extension RPCError {
  package static func field(_ name: String, _ advice: String) -> RPCError {
    RPCError(.invalidArgument, "\(name): \(advice)")
  }
}

/// The readers of single fields. Each says which field it could not read.
package enum FieldReader {
  package static func date(_ text: String, field: String) throws(RPCError) -> CivilDate {
    guard let date = CivilDate(iso: text) else {
      throw .field(field, "escriba la fecha como AAAA-MM-DD, por ejemplo 2026-11-24")
    }
    return date
  }

  /// As ``date(_:field:)``, where an empty text means that no date was given.
  package static func optionalDate(_ text: String, field: String) throws(RPCError) -> CivilDate? {
    text.isEmpty ? nil : try date(text, field: field)
  }

  package static func minute(_ minutes: Int32, field: String) throws(RPCError) -> AgendaMinute {
    guard let minute = AgendaMinute(minutes: Int(minutes)) else {
      throw .field(field, "los minutos desde la medianoche van de 0 a 2880")
    }
    return minute
  }

  package static func resource(_ text: String, field: String) throws(RPCError) -> ResourceID {
    guard let resource = ResourceID(text: text) else {
      throw .field(field, "escriba la letra y el número de la agenda, por ejemplo C12 o V2")
    }
    return resource
  }

  /// "C12", or from a keypad "12".
  package static func consultorio(_ text: String, field: String) throws(RPCError) -> ResourceID {
    let id = Int(digits: text.utf8).flatMap { ResourceID(.consultorio, $0) } ?? ResourceID(text: text)
    guard let id, id.kind == .consultorio else { throw .field(field, "escriba el número de su consultorio, por ejemplo 12") }
    return id
  }

  package static func service(_ text: String, field: String) throws(RPCError) -> ServiceCode {
    guard !text.isEmpty, text.utf8.count <= 64 else {
      throw .field(field, "escriba el código del servicio, por ejemplo medicina_familiar")
    }
    return ServiceCode(text)
  }

  package static func folio(_ text: String, field: String) throws(RPCError) -> Folio {
    do { return try Folio(parsing: text) } catch { throw .field(field, error.mensaje) }
  }

  /// The turn at a screen, or the call; `nil` for a caller that has none.
  package static func visit(_ text: String) throws(RPCError) -> String? {
    guard text.utf8.count <= 64 else { throw .field("visit", "de 1 a 64 bytes, o vacío") }
    return text.isEmpty ? nil : text
  }

  /// The number of a person in a session.
  package static func person(_ number: Int32, field: String = "person") throws(RPCError) -> Int {
    guard number >= 0 else { throw .field(field, "el número de persona empieza en 0") }
    return Int(number)
  }

  /// ISO, or eight digits from a keypad; not after `today`, not more than 120 years before it.
  package static func birthDate(
    _ text: String, today: CivilDate, field: String = "birth_date"
  ) throws(RPCError) -> CivilDate {
    do { return try BirthDate(parsing: text, today: today).date } catch {
      throw .field(field, error.mensaje)
    }
  }
}
