package import ClinicDomain
package import Scheduling
package import TTRPCCore

extension RPCError {
  fileprivate static func form(_ fault: HomeVisitFormFault) -> RPCError { .field(fault.field.rawValue, fault.mensaje) }
}

extension FieldReader {
  package static func postalCode(_ text: String) throws(RPCError) -> PostalCode {
    guard !text.isEmpty else { throw .form(HomeVisitFormFault(.postalCode, .missing)) }
    guard let code = PostalCode(text) else { throw .form(HomeVisitFormFault(.postalCode, .notPostalCode)) }
    return code
  }
}

extension Wire.FindHomeVisitsRequest {
  /// - Throws: INVALID_ARGUMENT for the first field that cannot be read, in the message's order.
  package func checked() throws(RPCError) -> (code: PostalCode, date: CivilDate?, earliest: CivilDate?, limit: Int) {
    let code = try FieldReader.postalCode(postalCode)
    let date = try FieldReader.optionalDate(date, field: "date")
    let earliest = try FieldReader.optionalDate(earliestDate, field: "earliest_date")
    guard (0...50).contains(limit) else { throw .field("limit", "de 1 a 50; 0 da 6") }
    return (code, date, earliest, limit == 0 ? 6 : Int(limit))
  }
}

extension Wire.RequestHomeVisitRequest {
  /// - Throws: INVALID_ARGUMENT for the first field that is missing or cannot be read, in the message's order.
  package func checked() throws(RPCError) -> (choice: SlotChoice, form: HomeVisitForm) {
    let resource = try FieldReader.resource(resource, field: "resource")
    let date = try FieldReader.date(date, field: "date")
    let start = try FieldReader.minute(startMinute, field: "start_minute")
    let address: HomeAddress
    do throws(HomeVisitFormFault) {
      address = try HomeAddress(street: street, neighbourhood: neighbourhood, postalCode: postalCode, references: references)
    } catch { throw .form(error) }
    let phone = self.phone.isEmpty ? nil : try FieldReader.phone(self.phone, field: "phone")
    let consultorio = self.consultorio.isEmpty ? nil : try FieldReader.consultorio(self.consultorio, field: "consultorio")
    do throws(HomeVisitFormFault) {
      let form = try HomeVisitForm(
        address: address, applicant: applicant, kinship: kinship, phone: phone, consultorio: consultorio,
        turno: turno.isEmpty ? nil : TurnoCode(turno))
      return (SlotChoice(resource: resource, date: date, start: start), form)
    } catch { throw .form(error) }
  }
}
