internal import ClinicDomain
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// Finds people for the visit: those of the padrón who have no appointments, so that every run begins alike.
struct Casting {
  private static let longestSearch = 50

  let kiosk: Kiosk

  func visitors(inFile path: String) async throws(VisitFault) -> Visitors {
    let candidates = try Visitors.candidates(inFile: path, today: .machineToday)
    var chosen: Visitor?
    for candidate in candidates.prefix(Self.longestSearch) {
      guard try await isFree(candidate) else { continue }
      guard let parent = chosen else {
        chosen = candidate
        continue
      }
      return Visitors(parent: parent, rival: candidate)
    }
    throw VisitFault("El padrón no tiene dos familias sin citas con las que hacer la visita. Borre la carpeta de datos y repita.")
  }

  /// Whether nobody for whom this person acts has an appointment, and a child is among them.
  private func isFree(_ visitor: Visitor) async throws(VisitFault) -> Bool {
    let identify = Wire.IdentifyRequest(identifier: .nss(visitor.nss), birthDate: visitor.birthDate)
    let opened = await kiosk.ask(MethodTable.Patients.identify, identify, quiet: true, as: Wire.IdentifyResponse.self)
    let token: String
    switch opened {
    case .success(let reply): token = reply.sessionToken
    // The store holds somebody else under this NSS.
    case .failure(let error) where error.code == .unauthenticated: return false
    case .failure(let error): throw VisitFault("Identify contestó \(error.code.name) al buscar a la familia: \(error.message)")
    }
    guard !token.isEmpty else { return false }
    let family: Wire.ListFamilyResponse = try await kiosk.granted(
      MethodTable.Patients.listFamily, Wire.ListFamilyRequest(sessionToken: token), quiet: true)
    var isFree = family.people.contains(where: \.minor)
    for person in family.people where isFree {
      let list: Wire.ListResponse = try await kiosk.granted(
        MethodTable.Appointments.list, Wire.ListRequest(sessionToken: token, person: person.person), quiet: true)
      isFree = list.appointments.isEmpty
    }
    let end = Wire.EndSessionRequest(sessionToken: token)
    _ = await kiosk.ask(MethodTable.Patients.endSession, end, quiet: true, as: Wire.EndSessionResponse.self)
    return isFree
  }
}
