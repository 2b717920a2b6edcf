package import VentanillaMessages

extension Wire.Person {
  /// Keys: those of the contract's `Person`.
  package var json: JSONValue {
    .object([
      .init("person", .number("\(person)")),
      .init("name", .string(name)),
      .init("consultorio", .string(consultorio)),
      .init("turno", .string(turno)),
      .init("language", .string(language)),
      .init("needs", .array(needs.map { .string($0) })),
      .init("minor", .bool(minor)),
      .init("covered_until", .string(coveredUntil)),
    ])
  }
}

extension TextTable {
  /// For whom a session may act, by the numbers that `--persona` takes.
  package init(people: [Wire.Person]) {
    self.init(
      [Column("Persona", alignedRight: true), Column("Nombre"), Column("Edad"), Column("Consultorio"), Column("Turno")],
      rows: people.map { person in
        ["\(person.person)", person.name, person.minor ? "menor" : "mayor", person.consultorio, person.turno]
      })
  }
}
