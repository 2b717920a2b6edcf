internal import ClinicDomain
internal import Scheduling
internal import TTRPCCore
internal import VentanillaMessages

extension ClinicRules {
  /// - Parameters:
  ///   - isOwnNumber: whether nobody else of the NSS has the person's telephone number.
  ///   - consent: whether the person lets the clinic call about what it did of itself.
  func wireEntry(
    _ entry: WaitlistEntry, position: Int, of patient: Patient, isOwnNumber: Bool, consent: CallConsent?
  ) -> Wire.WaitlistEntry {
    Wire.WaitlistEntry(
      id: entry.id, services: entry.wish.services.map(\.rawValue), firstDate: entry.wish.dates.lowerBound.description,
      lastDate: entry.wish.dates.upperBound.description, position: Int32(position), asked: Int32(entry.asked),
      untilUnixMs: entry.until.milliseconds, text: entryText(entry, position: position, isCalled: calls(patient, about: entry, isOwnNumber: isOwnNumber, consent: consent),
        isDeaf: patient.isDeaf))
  }

  /// "Es el número 3 de la lista de espera. Le avisaremos si se libra un lugar entre el martes 24 … y el lunes 30 de noviembre."
  private func entryText(_ entry: WaitlistEntry, position: Int, isCalled: Bool, isDeaf: Bool) -> String {
    let place = position == 1 ? "Es la primera persona de la lista de espera." : "Es el número \(position) de la lista de espera."
    let (first, last) = (entry.wish.dates.lowerBound, entry.wish.dates.upperBound)
    let days = first == last ? "el \(first.spanishDayText)" : "entre el \(first.spanishDayText) y el \(last.spanishDayText)"
    let reach = isCalled ? "Le llamaremos" : isDeaf ? "Pregunte aquí" : "Pregunte aquí, o por teléfono,"
    let kept = entry.replaces == nil ? "" : " Su cita de ahora sigue en pie hasta que acepte otra."
    return "\(place) \(reach) si se libra un lugar \(days). Decir que no, o no contestar, no le quita su lugar.\(kept)"
  }

  func wireOffer(_ offer: SlotOffer, of place: FreedPlace, to patient: Patient) -> Wire.Offer {
    let own = place.slot.resource == patient.consultorio && place.turno == patient.turno
    return Wire.Offer(
      id: offer.id, slot: wireSlot(place.slot, service: place.service, turno: place.turno, ownDoctor: own),
      expiresAtUnixMs: offer.expiresAt.milliseconds, entry: offer.entry,
      text: "Se libró un lugar: \(displayText(of: place.slot)). Puede aceptarlo hasta el \(dayAndHour(at: offer.expiresAt)); "
        + "es de quien lo acepte primero.")
  }

  /// Why somebody cannot join; `nil` where the refusal's own sentence fits.
  func waitlistText(_ refusal: CommandRefusal) -> String? {
    switch refusal {
    case .serviceNotOffered where clinic.waitlist == nil: "Esta clínica no tiene lista de espera: lo que se libra es de quien lo pida primero."
    case .slotInThePast: "Esas fechas ya pasaron. Elija otras."
    case .limitReached(let allowed): "Ya está \(allowed == 1 ? "una vez" : "\(allowed) veces") en la lista de espera, que es lo más que se puede."
    default: nil
    }
  }
}

extension WaitlistEntry.Reach {
  /// A number of a newer client counts as in person.
  init(_ wire: Wire.WaitlistReach) {
    switch wire {
    case .phone: self = .phone
    case .message: self = .message
    default: self = .inPerson
    }
  }
}
