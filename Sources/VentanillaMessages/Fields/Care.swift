package import ClinicDomain
package import TTRPCCore

extension FieldReader {
  /// A word for what a person needs, such as `sin_escaleras` or `señas`.
  package static func need(_ text: String, field: String) throws(RPCError) -> String {
    let isLegal = 1...40 ~= text.count && text.allSatisfy { $0 == "_" || $0.isNumber && $0.isASCII || $0.isLetter && $0.isLowercase }
    guard isLegal else { throw .field(field, "de 1 a 40 letras minúsculas, dígitos o _, como sin_escaleras") }
    return text
  }

  /// What a person is called, or spoken of as: at most 50 characters of one line, with a letter; `nil` for a text that is not given.
  package static func calledName(_ text: String, field: String) throws(RPCError) -> String? {
    let plain = text.split(separator: " ").joined(separator: " ")
    guard !plain.isEmpty else { return nil }
    let isOneLine = !plain.unicodeScalars.contains { [.control, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory) }
    guard plain.count <= 50, plain.utf8.count <= 200, isOneLine, plain.contains(where: \.isLetter) else {
      throw .field(field, "escriba hasta 50 letras en un solo renglón")
    }
    return plain
  }

  package static func phone(_ text: String, field: String) throws(RPCError) -> PhoneNumber {
    do throws(PhoneNumberFault) { return try PhoneNumber(parsing: text) } catch { throw .field(field, error.mensaje) }
  }

  package static func optionalPostalCode(_ text: String, field: String) throws(RPCError) -> PostalCode? {
    guard !text.isEmpty else { return nil }
    guard let code = PostalCode(text) else { throw .field(field, "escriba los cinco dígitos del código postal, como 07300") }
    return code
  }

  /// - Returns: `nil` for a text that is not given.
  package static func credential(_ text: String, field: String) throws(RPCError) -> UniversalCredential? {
    guard !text.isEmpty else { return nil }
    guard let credential = UniversalCredential(text) else {
      throw .field(field, "no parece lo que da un lector de códigos QR; acerque otra vez la credencial")
    }
    return credential
  }
}

extension Wire.SetNeedsRequest {
  /// - Throws: INVALID_ARGUMENT for the first field that cannot be read, in the message's order.
  package func checked() throws(RPCError) -> (added: [String], removed: [String]) {
    guard !add.isEmpty || !remove.isEmpty else { throw .field("add", "diga qué necesita la persona, o qué ya no") }
    guard add.count + remove.count <= 20 else { throw .field("add", "veinte palabras a lo más, con las que se quitan") }
    var (added, removed): ([String], [String]) = ([], [])
    for word in add { added.append(try FieldReader.need(word, field: "add")) }
    for word in remove { removed.append(try FieldReader.need(word, field: "remove")) }
    return (added, removed)
  }
}

extension Institution {
  /// `nil` for one that is not given, or that a newer client knows.
  package init?(_ wire: Wire.Institution) {
    switch wire {
    case .imss: self = .imss
    case .imssBienestar: self = .imssBienestar
    case .issste: self = .issste
    case .pemex: self = .pemex
    case .sedena: self = .sedena
    case .semar: self = .semar
    case .none: self = .none
    case .unspecified, .unrecognized: return nil
    }
  }

  package var wire: Wire.Institution {
    switch self {
    case .imss: .imss
    case .imssBienestar: .imssBienestar
    case .issste: .issste
    case .pemex: .pemex
    case .sedena: .sedena
    case .semar: .semar
    case .none: .none
    }
  }
}

extension HealthUnit.Care {
  /// `nil` for what is no care, or one that a newer client knows.
  package init?(_ wire: Wire.UnitCare) {
    switch wire {
    case .urgencias: self = .urgencias
    case .familyMedicine: self = .familyMedicine
    case .childbirth: self = .childbirth
    case .vaccination: self = .vaccination
    case .hospital: self = .hospital
    case .unspecified, .unrecognized: return nil
    }
  }

  package var wire: Wire.UnitCare {
    switch self {
    case .urgencias: .urgencias
    case .familyMedicine: .familyMedicine
    case .childbirth: .childbirth
    case .vaccination: .vaccination
    case .hospital: .hospital
    }
  }
}

extension Wire.FindUnitsRequest {
  /// - Throws: INVALID_ARGUMENT for the first field that cannot be read, in the message's order.
  package func checked() throws(RPCError) -> UnitDirectory.Query {
    let postalCode = try FieldReader.optionalPostalCode(postalCode, field: "postal_code")
    var place: BirthState?
    if !state.isEmpty {
      place = BirthState(rawValue: state.uppercased())
      guard place != nil, place != .extranjero else { throw .field("state", "escriba las dos letras del estado, como DF o JC") }
    }
    var cares: [HealthUnit.Care] = []
    for wire in care {
      guard let one = HealthUnit.Care(wire) else { throw .field("care", "urgencias, medicina general, partos, vacunas u hospitalización") }
      cares.append(one)
    }
    guard 0...50 ~= limit else { throw .field("limit", "de 1 a 50; 0 da 3") }
    return UnitDirectory.Query(
      institution: Institution(institution), postalCode: postalCode, state: place, care: cares, limit: limit == 0 ? 3 : Int(limit))
  }
}
