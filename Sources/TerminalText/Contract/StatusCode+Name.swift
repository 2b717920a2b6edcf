package import TTRPCCore

extension StatusCode {
  /// As the contract's comments and google.rpc.Code write it: "FAILED_PRECONDITION".
  package var name: String { Self.snakeCase("\(self)").uppercased() }

  /// "slotTaken" is "slot_taken".
  static func snakeCase(_ camelCase: String) -> String {
    camelCase.reduce(into: "") { text, letter in
      if letter.isUppercase { text += "_" }
      text += letter.lowercased()
    }
  }
}
