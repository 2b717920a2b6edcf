internal import ClinicDomain
internal import Scheduling
package import TTRPCCore
package import VentanillaMessages

extension ProxiesHandlers {
  /// A newborn and their later row of the padrón are one person.
  package func mergeNewborn(
    _ request: Wire.MergeNewbornRequest, context: CallContext
  ) async throws(RPCError) -> Encoded<Wire.MergeNewbornResponse> {
    let merge = MergeNewborn(
      actor: try counter.staff(request.staffReason, context, field: "staff_reason"), child: try Self.number(request.newbornNumber, "newborn_number"),
      row: try Self.number(request.padronNumber, "padron_number"), numberSeed: Counter.folioSeed())
    return try await counter.write(
      .proxy(.merge(merge)), context,
      encode: { outcome in
        guard case .proxy(.merged(let person)) = outcome else { preconditionFailure("merged without a person") }
        let number = person.number.description
        return Encoded(
          Wire.MergeNewbornResponse(
            patientNumber: number,
            text: "Ya es una sola persona, con el número \(number) y con las citas que tenía. Anótelo en su cartilla: el de antes ya no sirve.")
        ).bytes
      },
      refused: { refusal, _ in counter.refused(refusal, wish: nil, text: Self.text(of: refusal)) })
  }

  private static func number(_ text: String, _ field: String) throws(RPCError) -> PatientNumber {
    do { return try PatientNumber(parsing: text) } catch { throw .field(field, error.mensaje) }
  }

  private static func text(of refusal: CommandRefusal) -> String? {
    switch refusal {
    case .appointmentNotFound: "Uno de los dos números no es de nadie. Revise el que se le dio aquí y el del padrón; si ya se unieron, queda el del padrón."
    case .resourceNotOffered:
      "Esos dos números no son de una misma persona: el primero es de un recién nacido, y el del padrón lleva el NSS de su mamá y la misma fecha de nacimiento; o de quien se registró sin NSS, y el del padrón lleva los mismos nombres y la misma fecha."
    case .wrongState: "El renglón del padrón ya tiene citas o está en espera por su cuenta: cancélelas o páselas antes, y pídalo otra vez."
    default: nil
    }
  }
}
