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
  /// Their own consultorio; `nil` when not said.
  package var consultorio: ResourceID?
  /// What stands on their card; `nil` when not said.
  package var agregado: AgregadoMedico?
  /// Which of several with both in common, from 1; `nil` when not said.
  package var ordinal: Int?
  /// The turn at the screen, or the call; `nil` for a caller that has none.
  package var visit: String?
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
    let consultorio = self.consultorio.isEmpty ? nil : try FieldReader.consultorio(self.consultorio, field: "consultorio")
    let agregado = try checkedAgregado(today: today)
    if case .curp = identifier, consultorio == nil, agregado == nil {
      throw .field("consultorio", "con la CURP hace falta también el número de su consultorio, o su agregado médico: la CURP ya dice la fecha de nacimiento")
    }
    return Identification(
      identifier: identifier, birthDate: birthDate, consultorio: consultorio, agregado: agregado,
      ordinal: ordinal == 0 ? nil : Int(ordinal), visit: try FieldReader.visit(visit))
  }

  private func checkedAgregado(today: CivilDate) throws(RPCError) -> AgregadoMedico? {
    guard !agregado.isEmpty else { return nil }
    do { return try AgregadoMedico(parsing: agregado, today: today) } catch { throw .field("agregado", error.mensaje) }
  }
}
