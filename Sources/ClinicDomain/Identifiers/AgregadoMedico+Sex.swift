extension AgregadoMedico {
  /// The two meanings of the sex letter.
  package enum SexScheme: Hashable, Sendable {
    /// Newer: H hombre, M mujer, X no binario.
    case hmx
    /// Older: M masculino, F femenino.
    case mf
  }

  /// Which scheme a cartilla was printed in.
  ///
  /// H and X belong to one, F to the other; M alone tells nothing, and then a CURP of the same person decides: a woman's M is
  /// `hmx`, a man's `mf`.
  ///
  /// - Returns: `nil` when it stays unknown.
  package func scheme(resolvedBy curp: CURP?) -> SexScheme? {
    switch (sexLetter, curp?.sex) {
    case (.H, _), (.X, _), (.M, .mujer): .hmx
    case (.F, _), (.M, .hombre): .mf
    case (.M, .noBinario), (.M, nil): nil
    }
  }

  /// The person's sex as far as agregado and CURP tell it; never derived from a lone M.
  ///
  /// The CURP's word stands when there is one: it is the register's, and it follows a change of it.
  ///
  /// - Returns: `nil` when it stays unknown.
  package func sex(resolvedBy curp: CURP?) -> SexCode? {
    if let curp { return curp.sex }
    return switch sexLetter {
    case .H: .hombre
    case .F: .mujer
    case .X: .noBinario
    case .M: nil
    }
  }

  /// What does not agree with a CURP of the same person, in the order of ``AgregadoMedicoWarning``.
  package func warnings(comparedWith curp: CURP) -> [AgregadoMedicoWarning] {
    var warnings: [AgregadoMedicoWarning] = []
    if birthYear != curp.birthDate.year { warnings.append(.birthYearDiffers) }
    let agrees = switch sexLetter {
    case .H: curp.sex == .hombre
    case .F: curp.sex == .mujer
    case .X: curp.sex == .noBinario
    case .M: curp.sex != .noBinario
    }
    if !agrees { warnings.append(.sexDiffers) }
    return warnings
  }
}

/// A doubt about an agregado médico that is no reason to refuse it.
package enum AgregadoMedicoWarning: Hashable, Sendable {
  case birthYearDiffers
  case sexDiffers

  package var mensaje: String {
    switch self {
    case .birthYearDiffers: "Verifique el agregado médico: su año de nacimiento no es el de la persona."
    case .sexDiffers: "Verifique el agregado médico: su letra del sexo no concuerda con la CURP."
    }
  }
}
