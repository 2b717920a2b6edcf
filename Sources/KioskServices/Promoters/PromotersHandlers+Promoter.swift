internal import ClinicDomain
internal import ClinicStore
internal import Crypto
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

// MARK: - What a promoter may ask

extension PromotersHandlers {
  package func listPeople(_ request: Wire.ListPeopleRequest, context: CallContext) async throws(RPCError) -> Wire.ListPeopleResponse {
    let today = counter.today
    let people = try await people(of: try Self.caller(context)).filter { $0.listing.stands(on: today) }
    return Wire.ListPeopleResponse(
      people: people.map {
        Wire.ListedPerson(number: Int32($0.listing.number), name: $0.patient.name.address, until: $0.listing.until.description)
      })
  }

  /// One person after the other, each in a transaction of their own under a name that follows from the order's: what a kill leaves undone is
  /// done when the order comes again, and what was done is told again.
  package func bookForPeople(
    _ request: Wire.BookForPeopleRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.BookForPeopleResponse> {
    let promoter = try Self.caller(context)
    let service = try FieldReader.service(request.service, field: "service")
    let earliest = try FieldReader.optionalDate(request.earliestDate, field: "earliest_date")
    let most = BookForListed.maximumPeople
    guard 1...most ~= request.people.count, Set(request.people).count == request.people.count, request.people.allSatisfy({ $0 > 0 }) else {
      throw .field("people", "diga de una a \(most) personas por su número en la lista, cada una una vez")
    }
    let order = try Counter.requestID(of: context)
    let content = "\(promoter.text)|\(service)|\(earliest?.description ?? "")|\(request.people.map(String.init).joined(separator: ","))"
    var placements: [Wire.Placement] = []
    for number in request.people {
      let book = BookForListed(
        promoter: promoter, number: Int(number), service: service, earliestDate: earliest, folioSeed: Counter.folioSeed())
      placements.append(try await place(book, of: order, content: "promoter-book|\(content)|\(number)", context))
    }
    return Encoded(Wire.BookForPeopleResponse(placements: placements))
  }

  private func place(
    _ book: BookForListed, of order: RequestID, content: String, _ context: CallContext
  ) async throws(RPCError) -> Wire.Placement {
    let rules = counter.rules
    let number = Int32(book.number)
    // 16 bytes: never `nil`.
    let person = RequestID(Array(SHA256.hash(data: order.bytes + Array("|\(number)".utf8))).prefix(16))
    var refused: Wire.Placement?
    do throws(RPCError) {
      let placed: Encoded<Wire.Placement> = try await counter.write(
        .promoter(.book(book)), context, as: person, content: content,
        encode: { outcome in
          guard let appointment = outcome.appointment else { preconditionFailure("a person was placed without an appointment") }
          return Encoded(rules.wirePlacement(appointment, number: number)).bytes
        },
        refused: { refusal, _ in
          refused = Wire.Placement(number: number, refusal)
          return RPCError(.failedPrecondition, "La persona no quedó agendada.")
        })
      guard let placement = try? Wire.Placement(decoding: placed.bytes) else { preconditionFailure("our own reply could not be read") }
      return placement
    } catch {
      guard let refused else { throw error }
      return refused
    }
  }

  package func listPlaced(_ request: Wire.ListPlacedRequest, context: CallContext) async throws(RPCError) -> Wire.ListPlacedResponse {
    Wire.ListPlacedResponse(appointments: try await placed(by: try Self.caller(context)).map { counter.rules.wirePlaced($0.0, number: $0.1) })
  }

  package func getPlaced(_ request: Wire.GetPlacedRequest, context: CallContext) async throws(RPCError) -> Wire.GetPlacedResponse {
    let promoter = try Self.caller(context)
    let folio = try FieldReader.folio(request.folio, field: "folio")
    guard let (appointment, number) = try await placed(by: promoter).first(where: { $0.0.folio == folio }) else {
      throw RPCError(.notFound, "Esa cita no está entre las que usted agendó y siguen en pie. Revise el folio: son 12 dígitos.")
    }
    return Wire.GetPlacedResponse(appointment: counter.rules.wirePlaced(appointment, number: number))
  }

  /// What a promoter made that is still to come, of who is on the list now; by date, hour and folio.
  private func placed(by promoter: StaffName) async throws(RPCError) -> [(Appointment, Int32)] {
    let (now, today, rules) = (counter.now, counter.today, counter.rules)
    return try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in
        var placed: [(Appointment, Int32)] = []
        for listing in try reader.listings(of: promoter.text) where listing.stands(on: today) {
          for booking in try reader.bookings(of: listing) {
            guard let appointment = try reader.appointment(folio: booking.appointment), appointment.status.isActive,
              now < rules.zone.instant(of: appointment.slot.date, minute: appointment.slot.minutes.upperBound)
            else { continue }
            placed.append((appointment, Int32(listing.number)))
          }
        }
        return placed.sorted { ($0.0.slot.date, $0.0.slot.start, $0.0.folio) < ($1.0.slot.date, $1.0.slot.start, $1.0.folio) }
      }
    }
  }

  /// Who calls: nobody without a proof has a list.
  private static func caller(_ context: CallContext) throws(RPCError) -> StaffName {
    guard let name = StaffName(context.caller.provedName) else {
      throw RPCError(.permissionDenied, "No se sabe quién llama: entre con su certificado, o con su usuario de este equipo.")
    }
    return name
  }
}

extension Wire.Placement {
  /// Nothing in it says what the person has: only that it is to be asked at the desk.
  fileprivate init(number: Int32, _ refusal: CommandRefusal) {
    switch refusal {
    case .promoter(.notListed): self.init(number: number, outcome: .notListed, text: "Nadie con ese número está en su lista.")
    case .serviceNotOffered:
      self.init(number: number, outcome: .askAtDesk, text: "Ese servicio no se agenda por promotor. La persona puede pedirlo en la ventanilla.")
    case .promoter(.nothingFree), .slotTaken, .slotOffered, .turnoFull, .quotaSpent, .closed:
      self.init(number: number, outcome: .nothingFree, text: "Por ahora no hay lugar para esta persona. Pruebe otra fecha, o que pregunte en la ventanilla por la lista de espera.")
    default:
      self.init(number: number, outcome: .askAtDesk, text: "A esta persona no se le puede dar otra cita así. Que pregunte en la ventanilla, con su identificación.")
    }
  }
}

extension ClinicRules {
  /// When and where; the service is left out.
  fileprivate func wirePlaced(_ appointment: Appointment, number: Int32) -> Wire.PlacedAppointment {
    Wire.PlacedAppointment(
      folio: appointment.folio.description, folioDisplay: appointment.folio.spoken, number: number,
      date: appointment.slot.date.description, startMinute: Int32(appointment.slot.start.minutes), display: displayText(of: appointment.slot))
  }

  fileprivate func wirePlacement(_ appointment: Appointment, number: Int32) -> Wire.Placement {
    Wire.Placement(
      number: number, outcome: .placed, appointment: wirePlaced(appointment, number: number),
      text: "Tiene cita el \(displayText(of: appointment.slot)). Folio \(appointment.folio.spoken).")
  }
}
