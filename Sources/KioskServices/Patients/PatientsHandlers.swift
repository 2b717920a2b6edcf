internal import ClinicDomain
internal import Scheduling
internal import VentanillaMessages

/// Answers ventanilla.v1.Patients; one file for each method.
package struct PatientsHandlers: PatientsService {
  let counter: Counter
  package init(_ counter: Counter) { self.counter = counter }

  /// A person as the holder of a session may see them: of who gave them some rights only, how to address them, and where their own doctor is
  /// when their appointments may be seen.
  func wirePerson(_ patient: Patient, number: Int, rights: ProxyRights = .all) -> Wire.Person {
    guard rights.isSuperset(of: .agenda) else {
      let sees = rights.contains(.see)
      return Wire.Person(
        person: Int32(number), name: patient.name.address, consultorio: sees ? patient.consultorio?.description ?? "" : "",
        turno: sees ? patient.turno?.rawValue ?? "" : "", minor: counter.isMinor(patient))
    }
    return Wire.Person(
      person: Int32(number), name: patient.name.address,
      consultorio: patient.consultorio?.description ?? "", turno: patient.turno?.rawValue ?? "",
      language: patient.language, needs: patient.needs,
      minor: patient.isMinor(on: counter.today, adultAge: counter.rules.clinic.policy.adultAge),
      coveredUntil: patient.rights.lastCoveredText)
  }
}

extension Rights {
  fileprivate var lastCoveredText: String {
    if case .through(let last) = coverage { last.description } else { "" }
  }
}
