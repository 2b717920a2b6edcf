/// A further agenda that an appointment of a service occupies for the same time: the remote specialist's, the professional's who sits with
/// the person. A service may need several; it is given only when each has somebody free.
package struct CompanionRole: Hashable, Sendable {
  /// A stable word: `especialista_remoto`.
  package var code: String
  /// What a person reads: "especialista a distancia".
  package var name: String
  /// The agendas that can fill it, in the order in which they are tried; at least one.
  package var resources: [ResourceID]

  package init(code: String, name: String, resources: [ResourceID]) {
    self.code = code
    self.name = name
    self.resources = resources
  }
}
