package import TTRPCCore
package import VentanillaMessages

extension Wire.AppointmentStatus {
  /// FHIR's word, for programs: "booked", "checked-in".
  package var word: String {
    switch self {
    case .unrecognized(let number): "\(number)"
    default: StatusCode.snakeCase("\(self)").replacing("_", with: "-")
    }
  }

  /// For people.
  package var spanish: String {
    switch self {
    case .unspecified, .unrecognized: "desconocida"
    case .proposed: "propuesta"
    case .pending: "apartada"
    case .booked: "confirmada"
    case .arrived: "en la clínica"
    case .checkedIn: "registrada"
    case .fulfilled: "atendida"
    case .cancelled: "cancelada"
    case .noshow: "no asistió"
    case .waitlist: "en espera"
    case .enteredInError: "por error"
    }
  }
}

extension Wire.RefusalReason {
  /// For programs: "slot_taken".
  package var word: String {
    switch self {
    case .unrecognized(let number): "\(number)"
    default: StatusCode.snakeCase("\(self)")
    }
  }
}

extension RPCError {
  /// Why a reservation was refused, when the status carries it and it can be read.
  package var refusal: Wire.Refusal? {
    for detail in details {
      if let found = try? detail.decoded(as: Wire.Refusal.self) { return found }
    }
    return nil
  }
}
