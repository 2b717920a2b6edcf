extension Int {
  /// The number from ASCII digits alone: no sign, no space, not empty. `nil` otherwise, or when it overflows.
  package init?(digits: some Sequence<UInt8>) {
    var value = 0
    var count = 0
    for byte in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      let (product, over) = value.multipliedReportingOverflow(by: 10)
      let (sum, overAgain) = product.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
      guard !over, !overAgain else { return nil }
      (value, count) = (sum, count + 1)
    }
    guard count > 0 else { return nil }
    self = value
  }

  /// The number in decimal, with zeros in front up to `width` characters.
  package func padded(_ width: Int) -> String {
    let text = String(self)
    return String(repeating: "0", count: Swift.max(0, width - text.utf8.count)) + text
  }
}
