internal import KioskClient
internal import TTRPCCore
internal import VentanillaMessages

/// One intention of a client under one request id, and what it was answered.
struct CrashRequest: Sendable {
  enum Order: Sendable {
    case hold(Wire.SlotChoice)
    case book(Wire.SlotChoice)
    /// Makes an appointment of the hold of that folio.
    case confirm(String)
    case cancel(String)
  }

  enum Answer: Sendable {
    /// The reply's bytes, and the appointment in them.
    case granted([UInt8], Wire.Appointment)
    case refused
    /// The server was gone.
    case none
    /// An error that no client should see.
    case wrong(String)
  }

  let id: RequestIdentifier
  let order: Order
  /// The first answer's bytes.
  var reply: [UInt8]?

  /// Sends it, under its id, in whatever session is open now.
  func send(over transport: some RPCTransport, token: String) async -> Answer {
    let (method, payload) = encoded(token)
    do throws(RPCError) {
      let bytes = try await transport.unary(method, payload: payload, options: .write(id))
      guard let appointment = appointment(in: bytes) else { return .wrong("\(method.method) answered without an appointment") }
      return .granted(bytes, appointment)
    } catch {
      switch error.code {
      case .failedPrecondition, .notFound: return .refused
      case .unavailable: return .none
      default: return .wrong("\(method.method): \(error.code) \(error.message)")
      }
    }
  }

  private func encoded(_ token: String) -> (MethodDescriptor, [UInt8]) {
    switch order {
    case .hold(let choice):
      (MethodTable.Appointments.hold, Encoded(Wire.HoldRequest(sessionToken: token, slot: choice)).bytes)
    case .book(let choice):
      (MethodTable.Appointments.book, Encoded(Wire.BookRequest(sessionToken: token, what: .slot(choice))).bytes)
    case .confirm(let folio):
      (MethodTable.Appointments.book, Encoded(Wire.BookRequest(sessionToken: token, what: .holdFolio(folio))).bytes)
    case .cancel(let folio):
      (MethodTable.Appointments.cancel, Encoded(Wire.CancelRequest(sessionToken: token, folio: folio, reason: .notNeeded)).bytes)
    }
  }

  private func appointment(in bytes: [UInt8]) -> Wire.Appointment? {
    switch order {
    case .hold: (try? Wire.HoldResponse(decoding: bytes))?.appointment
    case .book, .confirm: (try? Wire.BookResponse(decoding: bytes))?.appointment
    case .cancel: (try? Wire.CancelResponse(decoding: bytes))?.appointment
    }
  }
}
