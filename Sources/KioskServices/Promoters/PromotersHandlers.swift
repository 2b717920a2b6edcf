internal import ClinicDomain
internal import ClinicStore
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

/// Answers ventanilla.v1.Promoters: what staff do with lists; what promoters do is beside it.
package struct PromotersHandlers: PromotersService {
  let counter: Counter

  package init(_ counter: Counter) { self.counter = counter }
}

extension PromotersHandlers {
  package func grantListing(
    _ request: Wire.GrantListingRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.GrantListingResponse> {
    let number = try FieldReader.person(request.person)
    let promoter = try Self.promoter(request.promoter)
    let until = try FieldReader.date(request.until, field: "until")
    let actor = try counter.staff(request.reason, context)
    let patient = try counter.person(number, in: try counter.session(request.sessionToken, context))
    let (name, today) = (patient.name.address, counter.today)
    let grant = GrantListing(actor: actor, promoter: promoter, patient: patient.id, until: until)
    return try await counter.write(
      .promoter(.grant(grant)), context,
      encode: { Encoded(Wire.GrantListingResponse(listing: Wire.Listing($0.listing, name: name, on: today))).bytes },
      refused: { refusal, _ in counter.refused(refusal, wish: nil, text: Self.text(of: refusal)) })
  }

  package func revokeListing(
    _ request: Wire.RevokeListingRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.RevokeListingResponse> {
    let promoter = try Self.promoter(request.promoter)
    let number = Int(try FieldReader.number(Int64(request.number), field: "number"))
    let actor = try counter.staff(request.reason, context)
    let name = try await people(of: promoter).first { $0.listing.number == number }?.patient.name.address ?? ""
    let today = counter.today
    return try await counter.write(
      .promoter(.revoke(RevokeListing(actor: actor, promoter: promoter, number: number))), context,
      encode: { Encoded(Wire.RevokeListingResponse(listing: Wire.Listing($0.listing, name: name, on: today))).bytes },
      refused: { refusal, _ in
        refusal == .promoter(.notListed) ? Self.noSuchListing : counter.refused(refusal, wish: nil, text: Self.text(of: refusal))
      })
  }

  package func listListings(
    _ request: Wire.ListListingsRequest, context: CallContext
  ) async throws(RPCError) -> Wire.ListListingsResponse {
    let today = counter.today
    let people = try await people(of: try Self.promoter(request.promoter))
    return Wire.ListListingsResponse(listings: people.map { Wire.Listing($0.listing, name: $0.patient.name.address, on: today) })
  }

  /// Everybody who ever was on a promoter's list.
  func people(of promoter: StaffName) async throws(RPCError) -> [(listing: PromoterListing, patient: Patient)] {
    try await counter.reading { store throws(StoreFault) in
      try await store.read { reader throws(StoreFault) in
        var people: [(listing: PromoterListing, patient: Patient)] = []
        for listing in try reader.listings(of: promoter.text) {
          if let patient = try reader.patient(id: listing.patient) { people.append((listing, patient)) }
        }
        return people
      }
    }
  }

  private static func promoter(_ text: String) throws(RPCError) -> StaffName {
    guard let name = StaffName(text) else {
      throw .field("promoter", "escriba quién es como lo prueba su conexión, por ejemplo uid:1003 o el nombre de su certificado")
    }
    return name
  }

  private static let noSuchListing = RPCError(.notFound, "Nadie ha tenido ese número en la lista de ese promotor. Revíselo con la lista.")

  private static func text(of refusal: CommandRefusal) -> String? {
    switch refusal {
    case .limitReached(let allowed): "Esa lista ya tiene \(allowed) personas, que es lo más que se puede."
    case .promoter(.untilOutOfRange(let last)): "El permiso va de hoy al \(last.spanishText), cuando mucho. Elija un día entre los dos."
    default: nil
    }
  }
}

extension Wire.Listing {
  init(_ listing: PromoterListing, name: String, on today: CivilDate) {
    self.init(number: Int32(listing.number), name: name, until: listing.until.description, stands: listing.stands(on: today))
  }
}

extension CommandOutcome {
  /// What a command about a list gave.
  fileprivate var listing: PromoterListing {
    guard case .listing(let listing) = self else { preconditionFailure("a listing was granted with another outcome") }
    return listing
  }
}
