extension Optional {
  /// `flatMap` whose closure reads the store. By that name the compiler would take it for the standard library's, everywhere.
  func reading<Value>(_ body: (Wrapped) throws(StoreFault) -> Value?) throws(StoreFault) -> Value? {
    guard let self else { return nil }
    return try body(self)
  }
}
