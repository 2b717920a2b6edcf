internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// Who is in front of the screen, and for whom.
extension Walk {
  mutating func wrongBirthDate() async throws(VisitFault) {
    step(
      "Identificarse, con un error",
      "Una persona pone su NSS y se equivoca en la fecha de nacimiento. Quien no está registrado recibe la misma respuesta.")
    let wrong = Wire.IdentifyRequest(identifier: .nss(visitors.parent.nss), birthDate: "1931-02-03")
    let first = try await kiosk.refused(
      MethodTable.Patients.identify, wrong, .unauthenticated, as: Wire.IdentifyResponse.self)
    let nobody = Wire.IdentifyRequest(identifier: .nss(Self.unusedNSS), birthDate: visitors.parent.birthDate)
    let second = try await kiosk.refused(
      MethodTable.Patients.identify, nobody, .unauthenticated, as: Wire.IdentifyResponse.self)
    try promise(first == second, "Las dos respuestas son iguales: nadie averigua aquí quién es derechohabiente")
  }

  /// No padrón of ours has it: made-up numbers begin with 00, and real ones never with 99.
  private static let unusedNSS = NSS(firstTenDigits: 9_999_999_999)!.description

  mutating func identify() async throws(VisitFault) {
    step("Identificarse", "Ahora con la fecha correcta: el segundo dato abre una sesión de 128 bits, que termina sola si nadie la usa.")
    let request = Wire.IdentifyRequest(identifier: .nss(visitors.parent.nss), birthDate: visitors.parent.birthDate)
    let reply: Wire.IdentifyResponse = try await kiosk.granted(MethodTable.Patients.identify, request)
    session = reply.sessionToken
    try promise(
      session.utf8.count == 32, "Sesión abierta para \(reply.person?.name ?? ""); termina a los \(reply.idleSeconds) s sin uso")
  }

  mutating func chooseForWhom() async throws(VisitFault) {
    step("Para quién es", "La familia comparte el NSS. Una persona adulta pide para sí y para menores; de otros adultos, solo con su permiso.")
    let family: Wire.ListFamilyResponse = try await kiosk.granted(
      MethodTable.Patients.listFamily, Wire.ListFamilyRequest(sessionToken: session))
    narrator.table(TextTable(people: family.people))
    guard let minor = family.people.first(where: \.minor) else { throw VisitFault("la familia no tiene menores") }
    child = minor
    try promise(
      family.people.first?.person == 0 && family.people.dropFirst().allSatisfy(\.minor),
      "Primero quien se identificó, luego menores; ningún otro adulto sin su permiso")
    narrator.kept("La cita será para \(child.name)")
  }

  mutating func goodbye() async throws(VisitFault) {
    step("Despedirse", "La sesión se cierra, y lo que alguien intente con ella después no sirve.")
    let end = Wire.EndSessionRequest(sessionToken: session)
    let _: Wire.EndSessionResponse = try await kiosk.granted(MethodTable.Patients.endSession, end)
    _ = try await kiosk.refused(
      MethodTable.Appointments.list, Wire.ListRequest(sessionToken: session), .unauthenticated, as: Wire.ListResponse.self)
    narrator.kept("La pantalla queda limpia para la siguiente persona")
  }
}
