internal import ClinicDomain
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension ProxiesHandlers {
  /// Somebody whom no padrón knows, so that they can be given a place.
  package func registerPerson(
    _ request: Wire.RegisterPersonRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.RegisterPersonResponse> {
    let given = try Self.name(request.givenName, "given_name", isRequired: true)
    let first = try Self.name(request.firstSurname, "first_surname", isRequired: true)
    let second = try Self.name(request.secondSurname, "second_surname", isRequired: false)
    let birthDate = try FieldReader.birthDate(request.birthDate, today: counter.today)
    let phone = request.phone.isEmpty ? nil : try FieldReader.phone(request.phone, field: "phone")
    let language = request.language.isEmpty ? "es" : request.language
    guard (2...3).contains(language.utf8.count), language.utf8.allSatisfy({ (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }) else {
      throw .field("language", "el código de la lengua, por ejemplo es o nah; vacío es español")
    }
    var others: [PatientNumber] = []
    for number in request.otherThan {
      do { others.append(try PatientNumber(parsing: number)) } catch { throw .field("other_than", error.mensaje) }
    }
    let register = RegisterPerson(
      actor: try counter.staff(request.staffReason, context, field: "staff_reason"),
      name: PersonName(given: given, firstSurname: first, secondSurname: second.isEmpty ? nil : second, chosen: nil, pronoun: nil),
      birthDate: birthDate, phone: phone, language: language, otherThan: others, numberSeed: Counter.folioSeed())
    return try await counter.write(
      .proxy(.person(register)), context,
      encode: { outcome in
        guard case .proxy(.person(let registered)) = outcome else { preconditionFailure("registered without a person") }
        let number = registered.person.number.description
        return Encoded(
          Wire.RegisterPersonResponse(
            patientNumber: number, known: !registered.isNew, text: registered.spanishText,
            namesakes: registered.namesakes.map(\.number.description))
        ).bytes
      },
      refused: { refusal, _ in counter.refused(refusal, wish: nil) })
  }

  private static func name(_ text: String, _ field: String, isRequired: Bool) throws(RPCError) -> String {
    let name = String(text.split(separator: " ").joined(separator: " "))
    guard name.utf8.count <= 80, !(isRequired && name.isEmpty),
      name.unicodeScalars.allSatisfy({ $0.properties.isAlphabetic || " '-.".unicodeScalars.contains($0) })
    else { throw .field(field, isRequired ? "solo letras, hasta 80; no puede quedar vacío" : "solo letras, hasta 80, o vacío") }
    return name
  }
}

extension RegisteredPerson {
  fileprivate var spanishText: String {
    let number = person.number
    guard !isNew else {
      return "Quedó registrada con el número \(number). Con él y su fecha de nacimiento se le da lugar en Urgencias y en lo que no pide derechos. Anótelo en una tarjeta."
    }
    let others = namesakes.map(\.number).filter { $0 != number }
    let same = others.isEmpty ? "" : " También \(others.count == 1 ? "se llama así y nació ese día quien tiene el número" : "se llaman así y nacieron ese día quienes tienen los números") \(others.map(\.description).joined(separator: ", "))."
    return "Ya había alguien con esos nombres y esa fecha, con el número \(number): si es la misma persona, use ese número.\(same) Si es otra persona, confírmelo y regístrela aparte."
  }
}
