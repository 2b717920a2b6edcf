package import ClinicDomain

/// A call of the clinic's own with what it is about.
package struct OutboundEntry: Hashable, Sendable {
  package var call: OutboundCall
  package var offer: SlotOffer
  package var place: FreedPlace
  package var phone: PhoneNumber?
}

extension StoreReader {
  /// The call of that name.
  package func outboundCall(_ token: [UInt8]) throws(StoreFault) -> OutboundEntry? {
    let rows = try statement("SELECT \(OutboundCall.columns) FROM outbound_call WHERE token = ?")
    rows.bind(token, at: 1)
    guard let call = try rows.all({ row throws(StoreFault) in try OutboundCall(row) }).first, let offer = try slotOffer(call.offer),
      let place = try freedPlace(offer.place)
    else { return nil }
    return OutboundEntry(call: call, offer: offer, place: place, phone: try patient(id: offer.patient)?.phone)
  }
}
