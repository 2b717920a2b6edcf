internal import ClinicDomain
internal import KioskClient
internal import TTRPCCore
internal import TerminalText
internal import VentanillaMessages

/// Slots, holds and appointments.
extension Walk {
  mutating func seeSlots() async throws(VisitFault) {
    step("Ver lugares", "De mañana en adelante: primero con su propio consultorio y turno, después los demás.")
    let found: Wire.FindResponse = try await kiosk.granted(MethodTable.Appointments.find, search(for: child))
    narrator.table(TextTable(slots: found.slots))
    guard let first = found.slots.first else { throw VisitFault("no hay ningún lugar libre") }
    slot = first
    let firstOther = found.slots.firstIndex { !$0.ownDoctor } ?? found.slots.endIndex
    try promise(
      first.ownDoctor && found.slots[firstOther...].allSatisfy { !$0.ownDoctor },
      "Su médico va primero: \(child.consultorio), turno \(child.turno)")
  }

  private func search(for person: Wire.Person) -> Wire.FindRequest {
    Wire.FindRequest(
      sessionToken: session, person: person.person, service: Self.service,
      earliestDate: CivilDate.machineToday.advanced(by: 1).description)
  }

  mutating func hold() async throws(VisitFault) -> String {
    step("Apartar", "El lugar se guarda mientras la familia decide; las búsquedas de los demás ya no lo muestran.")
    let request = Wire.HoldRequest(sessionToken: session, person: child.person, slot: slot.choice)
    let reply: Wire.HoldResponse = try await kiosk.granted(MethodTable.Appointments.hold, request)
    let appointment = try appointment(reply.appointment)
    open.append(appointment.folio)
    try promise(
      appointment.status == .pending && appointment.holdExpiresAtUnixMs > 0,
      "Apartado con el folio \(appointment.folioDisplay): \(slot.display)")
    return appointment.folio
  }

  mutating func otherPersonWantsIt() async throws(VisitFault) {
    step("Otra persona quiere el mismo lugar", "En el kiosco de al lado alguien más lo pide. Nunca se oye solo «no hay citas».")
    let identify = Wire.IdentifyRequest(identifier: .nss(visitors.rival.nss), birthDate: visitors.rival.birthDate)
    let rival: Wire.IdentifyResponse = try await otherKiosk.granted(MethodTable.Patients.identify, identify)
    let request = Wire.BookRequest(sessionToken: rival.sessionToken, what: .slot(slot.choice))
    let error = try await otherKiosk.refused(
      MethodTable.Appointments.book, request, .failedPrecondition, as: Wire.BookResponse.self)
    let refusal = error.refusal ?? Wire.Refusal()
    narrator.table(TextTable(slots: refusal.alternatives))
    for step in refusal.steps { narrator.paragraph("• \(step.text)") }
    let end = Wire.EndSessionRequest(sessionToken: rival.sessionToken)
    let _: Wire.EndSessionResponse = try await otherKiosk.granted(MethodTable.Patients.endSession, end, quiet: true)
    try promise(
      refusal.reason == .slotTaken && !refusal.alternatives.isEmpty,
      "Rechazado porque el lugar tiene dueño, con \(refusal.alternatives.count) lugares parecidos a cambio")
  }

  mutating func bookAndRepeat(_ folio: String) async throws(VisitFault) {
    step(
      "Agendar, y repetir la solicitud",
      "Se confirma el apartado. La respuesta se «pierde» y el kiosco repite con el mismo identificador.")
    let request = Wire.BookRequest(sessionToken: session, person: child.person, what: .holdFolio(folio))
    let id = RequestIdentifier()
    let first: Wire.BookResponse = try await kiosk.granted(MethodTable.Appointments.book, request, id: id)
    let again: Wire.BookResponse = try await kiosk.granted(MethodTable.Appointments.book, request, id: id)
    let appointment = try appointment(first.appointment)
    narrator.paragraph(appointment.text)
    try promise(
      appointment.status == .booked && appointment.folio == folio,
      "Cita confirmada y guardada en disco, folio \(appointment.folioDisplay)")
    try promise(first == again, "Repetir la solicitud da la misma respuesta: una cita, no dos")
  }

  mutating func consult(_ folio: String) async throws(VisitFault) {
    step("Consultar", "Por persona y por folio.")
    let list: Wire.ListResponse = try await kiosk.granted(
      MethodTable.Appointments.list, Wire.ListRequest(sessionToken: session, person: child.person))
    narrator.table(TextTable(appointments: list.appointments))
    let one: Wire.GetResponse = try await kiosk.granted(
      MethodTable.Appointments.get, Wire.GetRequest(sessionToken: session, folio: folio))
    try promise(
      list.appointments.map(\.folio) == [folio] && one.appointment == list.appointments.first,
      "La cita está, una sola vez, y por folio es la misma")
  }

  mutating func deskAppointment() async throws(VisitFault) -> String {
    step(
      "Un trámite",
      "Cambio de clínica (\(Self.deskHomoclave)): la ventanilla es un recurso como un consultorio, con las mismas llamadas.")
    let services: Wire.ListServicesResponse = try await kiosk.granted(
      MethodTable.Appointments.listServices, Wire.ListServicesRequest())
    guard let tramite = services.services.first(where: { $0.homoclave == Self.deskHomoclave }) else {
      throw VisitFault("la clínica no ofrece \(Self.deskHomoclave) en los kioscos")
    }
    let search = Wire.FindRequest(
      sessionToken: session, service: tramite.code, earliestDate: CivilDate.machineToday.advanced(by: 1).description)
    let found: Wire.FindResponse = try await kiosk.granted(MethodTable.Appointments.find, search)
    guard let free = found.slots.first else { throw VisitFault("no hay lugar en ninguna ventanilla") }
    let request = Wire.BookRequest(sessionToken: session, what: .slot(free.choice))
    let reply: Wire.BookResponse = try await kiosk.granted(MethodTable.Appointments.book, request)
    let appointment = try appointment(reply.appointment)
    open.append(appointment.folio)
    narrator.paragraph(appointment.text)
    try promise(
      appointment.status == .booked && free.resource.hasPrefix("V"),
      "Cita en la \(free.placeText), folio \(appointment.folioDisplay)")
    return appointment.folio
  }

  mutating func cancel(_ folios: [String]) async throws(VisitFault) {
    step("Cancelar", "Las dos citas se cancelan; los lugares quedan libres al momento.")
    for folio in folios {
      let request = Wire.CancelRequest(sessionToken: session, folio: folio, reason: .cannotCome)
      let reply: Wire.CancelResponse = try await kiosk.granted(MethodTable.Appointments.cancel, request)
      open.removeAll { $0 == folio }
      let appointment = try appointment(reply.appointment)
      try promise(appointment.status == .cancelled, "Folio \(appointment.folioDisplay) cancelado")
    }
    let found: Wire.FindResponse = try await kiosk.granted(MethodTable.Appointments.find, search(for: child))
    try promise(found.slots.contains { $0.choice == slot.choice }, "Se ofrece otra vez: \(slot.display)")
  }

  private func appointment(_ appointment: Wire.Appointment?) throws(VisitFault) -> Wire.Appointment {
    guard let appointment else { throw VisitFault("la respuesta no trae la cita") }
    return appointment
  }
}
