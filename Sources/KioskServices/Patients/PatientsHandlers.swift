internal import ClinicDomain
internal import Scheduling
internal import VentanillaMessages

/// Answers ventanilla.v1.Patients; one file for each method.
package struct PatientsHandlers: PatientsService {
  let counter: Counter
  package init(_ counter: Counter) { self.counter = counter }

  /// A person as the holder of a session may see them.
  func wirePerson(_ patient: Patient, number: Int) -> Wire.Person {
    Wire.Person(
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
