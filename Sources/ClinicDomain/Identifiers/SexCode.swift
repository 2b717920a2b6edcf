/// Sex as the CURP writes it in its position 11, X included since 2023.
package enum SexCode: String, Hashable, Sendable, CaseIterable {
  case hombre = "H"
  case mujer = "M"
  case noBinario = "X"

  /// Reads `H`, `M` or `X`, in either case.
  ///
  /// F is refused rather than guessed: who writes F for a woman writes M for a man.
  ///
  /// - Throws: the first reason that applies, in the order of ``SexCodeFault``.
  package init(parsing text: some StringProtocol) throws(SexCodeFault) {
    let letter = text.withoutGrouping.uppercased()
    guard !letter.isEmpty else { throw .empty }
    guard letter != "F" else { throw .otherScheme }
    guard let code = SexCode(rawValue: letter) else { throw .unknown }
    self = code
  }

  /// "hombre", "mujer", "no binario".
  package var spanishText: String {
    switch self {
    case .hombre: "hombre"
    case .mujer: "mujer"
    case .noBinario: "no binario"
    }
  }
}

/// Why a text is no sex code. Cases stand in the order they are checked.
package enum SexCodeFault: IdentifierFault {
  case empty
  /// `F`, from the scheme in which `M` means a man.
  case otherScheme
  case unknown

  package var code: String {
    switch self {
    case .empty: "empty"
    case .otherScheme: "other_scheme"
    case .unknown: "unknown"
    }
  }

  package var mensaje: String {
    switch self {
    case .empty: "Escriba el sexo: H (hombre), M (mujer) o X (no binario)."
    case .otherScheme: "Use las letras de la CURP: H (hombre), M (mujer) o X (no binario), no M y F."
    case .unknown: "El sexo se escribe con una letra: H (hombre), M (mujer) o X (no binario)."
    }
  }
}

extension SexCode: CustomStringConvertible {
  package var description: String { rawValue }
}
