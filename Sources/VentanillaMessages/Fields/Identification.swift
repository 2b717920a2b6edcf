package import ClinicDomain
package import TTRPCCore

/// Who says they are here, checked.
package struct Identification: Hashable, Sendable {
  package enum Identifier: Hashable, Sendable {
    case nss(NSS)
    case patientNumber(PatientNumber)
    case curp(CURP)
  }

  package var identifier: Identifier
  /// The second factor.
  package var birthDate: CivilDate
  /// Which of several with both in common, from 1; `nil` when not said.
  package var ordinal: Int?
}

extension Wire.IdentifyRequest {
  /// - Throws: INVALID_ARGUMENT for the first field that cannot be read, in the message's order.
  package func checked(today: CivilDate) throws(RPCError) -> Identification {
    let identifier: Identification.Identifier
    switch self.identifier {
    case .nss(let text):
      do { identifier = .nss(try NSS(parsing: text)) } catch { throw .field("nss", error.mensaje) }
    case .patientNumber(let text):
      do { identifier = .patientNumber(try PatientNumber(parsing: text)) } catch {
        throw .field("patient_number", error.mensaje)
      }
    case .curp(let text):
      do { identifier = .curp(try CURP(parsing: text)) } catch { throw .field("curp", error.mensaje) }
    case nil: throw .field("identifier", "falta el NSS, el número de paciente o la CURP")
    }
    let birthDate = try FieldReader.birthDate(birthDate, today: today)
    guard ordinal >= 0 else { throw .field("ordinal", "el número de la persona empieza en 1") }
    return Identification(
      identifier: identifier, birthDate: birthDate, ordinal: ordinal == 0 ? nil : Int(ordinal))
  }
}
