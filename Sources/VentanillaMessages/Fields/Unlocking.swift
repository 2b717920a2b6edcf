package import ClinicDomain
package import Scheduling
package import TTRPCCore

extension Wire.UnlockIdentificationRequest {
  /// What staff unlock.
  package enum Target: Hashable, Sendable {
    case device(String)
    case identifier(Identification.Identifier)
  }

  /// - Throws: INVALID_ARGUMENT for the first field that cannot be read, in the message's order.
  package func checked() throws(RPCError) -> (target: Target, reason: UnlockIdentification.Reason) {
    let target: Target
    switch self.what {
    case .device(let name):
      guard (1...128).contains(name.utf8.count) else { throw .field("device", "escriba el equipo como lo dice el estado, por ejemplo kiosk/entrada-2") }
      target = .device(name)
    case .nss(let text):
      do { target = .identifier(.nss(try NSS(parsing: text))) } catch { throw .field("nss", error.mensaje) }
    case .patientNumber(let text):
      do { target = .identifier(.patientNumber(try PatientNumber(parsing: text))) } catch { throw .field("patient_number", error.mensaje) }
    case .curp(let text):
      do { target = .identifier(.curp(try CURP(parsing: text))) } catch { throw .field("curp", error.mensaje) }
    case nil: throw .field("what", "falta decir qué se desbloquea: un equipo, o el NSS, número de paciente o CURP de la persona")
    }
    guard let reason = UnlockIdentification.Reason(reason) else { throw .field("reason", "falta el motivo") }
    return (target, reason)
  }
}

extension UnlockIdentification.Reason {
  /// `nil` for what is no reason, or one that a newer client knows.
  package init?(_ wire: Wire.UnlockReason) {
    switch wire {
    case .identityShown: self = .identityShown
    case .deviceChecked: self = .deviceChecked
    case .attemptEnded: self = .attemptEnded
    case .maintenance: self = .maintenance
    default: return nil
    }
  }

  package var wire: Wire.UnlockReason {
    switch self {
    case .identityShown: .identityShown
    case .deviceChecked: .deviceChecked
    case .attemptEnded: .attemptEnded
    case .maintenance: .maintenance
    }
  }
}

extension Wire.IdentificationLimit {
  package init(_ bound: IdentificationBound) {
    switch bound {
    case .device: self = .device
    case .visit: self = .visit
    case .person: self = .person
    }
  }
}
