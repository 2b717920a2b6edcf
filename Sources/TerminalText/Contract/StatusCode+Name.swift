package import TTRPCCore

extension StatusCode {
  /// "slotTaken" is "slot_taken".
  static func snakeCase(_ camelCase: String) -> String {
    camelCase.reduce(into: "") { text, letter in
      if letter.isUppercase { text += "_" }
      text += letter.lowercased()
    }
  }
}
