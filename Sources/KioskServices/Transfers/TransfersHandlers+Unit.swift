internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension TransfersHandlers {
  /// What is done is read from what is there, as with a change of doctor.
  package func handOver(_ request: Wire.HandOverRequest, context: CallContext) async throws(RPCError) -> Encoded<Wire.HandOverResponse> {
    let unit = try self.unit(request.unit)
    let from = try FieldReader.date(request.fromDate, field: "from_date")
    guard counter.today.advanced(by: -Self.longestAgo) <= from else { throw .field("from_date", "a lo más \(Self.longestAgo) días atrás") }
    let actor = try counter.staff(request.reason, context)
    let limit = try Self.limit(request.limit)
    let (people, unknown) = try await people(of: request)
    let to = CaredElsewhere(unit: unit, from: from)
    let handover = UnitHandover(counter: counter, actor: actor, to: to, givesUp: request.giveUp)
    let done = try await counter.reading { _ throws(StoreFault) in try await handover.run(for: people, limit: request.dryRun ? nil : limit) }
    let rules = counter.rules
    return Encoded(
      Wire.HandOverResponse(
        appointments: done.appointments.prefix(Self.shownAppointments).map { rules.wireHandedOver($0) }, handed: Int32(done.handed),
        remaining: Int32(done.remaining), unchanged: Int32(done.unchanged), unknown: unknown, untold: done.untold.map(\.number.description),
        text: done.text(to: to, givesUp: request.giveUp, isDryRun: request.dryRun) + Self.text(ofUnknown: unknown.count)))
  }

  package func takeBack(_ request: Wire.TakeBackRequest, context: CallContext) async throws(RPCError) -> Encoded<Wire.TakeBackResponse> {
    let clues = try Self.clues(request.clues, "clues")
    let actor = try counter.staff(request.reason, context)
    let limit = try Self.limit(request.limit)
    let handed = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in try reader.handedOver(to: clues) }
    }
    let listed = try await find(request.people)
    let ids = Set(handed.map(\.id))
    let unknown = listed.indices.filter { listed[$0].map { !ids.contains($0.id) } ?? true }.map(Int32.init)
    let people = request.people.isEmpty ? handed : listed.compactMap(\.self).filter { ids.contains($0.id) }
    let back = UnitReturn(counter: counter, actor: actor)
    let done = try await counter.reading { _ throws(StoreFault) in try await back.run(for: people.prefix(limit)) }
    let left = people.count - done.takenBack
    let rules = counter.rules
    return Encoded(
      Wire.TakeBackResponse(
        appointments: done.appointments.map { rules.wireHandedOver($0) }, takenBack: Int32(done.takenBack), remaining: Int32(left),
        unknown: unknown, untold: done.untold.map(\.number.description), text: done.text(left: left) + Self.text(ofUnknown: unknown.count)))
  }

  package func listHandedOver(
    _ request: Wire.ListHandedOverRequest, context: CallContext
  ) async throws(RPCError) -> Wire.ListHandedOverResponse {
    let clues = try Self.clues(request.clues, "clues")
    let after = request.afterFolio.isEmpty ? nil : try FieldReader.folio(request.afterFolio, field: "after_folio")
    let page = try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in try reader.handedBookings(to: clues, after: after, limit: 500) }
    }
    // What was given up here is to be given there: to the other unit none of it is cancelled.
    return Wire.ListHandedOverResponse(bookings: page.compactMap(\.wire).map { booking in
      var booking = booking
      booking.cancelled = false
      return booking
    })
  }
}

// MARK: - Fields

extension TransfersHandlers {
  /// A handover that was cut off may be gone on with for so long after its date.
  private static let longestAgo = 31
  private static let shownAppointments = 1000

  private static func limit(_ limit: Int32) throws(RPCError) -> Int {
    guard (0...500).contains(limit) else { throw .field("limit", "de 1 a 500; 0 da 200") }
    return limit == 0 ? 200 : Int(limit)
  }

  private static func clues(_ text: String, _ field: String) throws(RPCError) -> CLUES {
    do { return try CLUES(parsing: text) } catch { throw .field(field, error.mensaje) }
  }

  private func unit(_ wire: Wire.HandoverUnit?) throws(RPCError) -> ReceivingUnit {
    guard let wire else { throw .field("unit", "falta la unidad que los recibe") }
    let clues = try Self.clues(wire.clues, "unit.clues")
    guard clues != counter.rules.clinic.identity.clues else { throw .field("unit.clues", "es la de esta clínica; escriba la de la otra unidad") }
    func text(_ text: String, _ length: ClosedRange<Int>, _ field: String) throws(RPCError) -> String {
      guard length.contains(text.count), text.unicodeScalars.allSatisfy({ $0.value >= 0x20 }) else {
        throw .field(field, "de \(length.lowerBound) a \(length.upperBound) caracteres, en un renglón")
      }
      return text
    }
    return ReceivingUnit(clues: clues, name: try text(wire.name, 1...60, "unit.name"), address: try text(wire.address, 0...120, "unit.address"))
  }

  private func people(of request: Wire.HandOverRequest) async throws(RPCError) -> ([Patient], unknown: [Int32]) {
    guard !request.fromResource.isEmpty else {
      guard !request.people.isEmpty else { throw .field("people", "diga de qué consultorio y turno son, o de 1 a 500 personas") }
      let found = try await find(request.people)
      return (found.compactMap(\.self), found.indices.filter { found[$0] == nil }.map(Int32.init))
    }
    guard request.people.isEmpty else { throw .field("people", "no van con from_resource: diga lo uno o lo otro") }
    let source = try doctor(request.fromResource, request.fromTurno, "from_resource", "from_turno")
    return (try await people(of: source, request.bornFrom, request.bornTo), [])
  }

  /// Each row's one person, in the list's order; `nil` for nobody, for two, and for somebody who stands in the list already.
  private func find(_ rows: [Wire.PersonReference]) async throws(RPCError) -> [Patient?] {
    guard rows.count <= 500 else { throw .field("people", "mande a lo más 500 personas en cada parte") }
    var keys: [ExternalRow.Identity] = []
    for (place, row) in rows.enumerated() { keys.append(try ExternalRow.Identity(row, field: "people[\(place)]")) }
    let wanted = keys
    return try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in
        var seen: Set<PatientID> = []
        var found: [Patient?] = []
        for key in wanted {
          let person = try reader.person(key)
          found.append(person.flatMap { seen.insert($0.id).inserted ? $0 : nil })
        }
        return found
      }
    }
  }

  private static func text(ofUnknown count: Int) -> String {
    count == 0 ? "" : " \(count.counted("renglón no es", "renglones no son")) de una persona del padrón: revíselos."
  }
}

extension ExternalRow.Identity {
  /// - Throws: INVALID_ARGUMENT for the first field that cannot be read.
  fileprivate init(_ row: Wire.PersonReference, field: String) throws(RPCError) {
    if !row.patientNumber.isEmpty {
      do { self = .number(try PatientNumber(parsing: row.patientNumber)) } catch { throw .field("\(field).patient_number", error.mensaje) }
    } else if !row.curp.isEmpty {
      do { self = .curp(try CURP(parsing: row.curp)) } catch { throw .field("\(field).curp", error.mensaje) }
    } else {
      let born = try FieldReader.date(row.birthDate, field: "\(field).birth_date")
      do { self = .nss(try NSS(parsing: row.nss), born: born) } catch { throw .field("\(field).nss", error.mensaje) }
    }
  }
}

extension ClinicRules {
  fileprivate func wireHandedOver(_ appointment: Appointment) -> Wire.HandedOverAppointment {
    Wire.HandedOverAppointment(
      folio: appointment.folio.description, givenUp: appointment.status != .booked, display: displayText(of: appointment.slot))
  }
}
