extension Patient {
  /// The need of who does not hear: they are called by eye, and nobody telephones them, whatever they or anybody said.
  package static let deaf = "sordera"
  /// The need of who signs; they are called as who does not hear.
  package static let signs = "señas"

  /// Whether a call aloud, or by telephone, does not reach them.
  package var isDeaf: Bool { needs.contains(Self.deaf) || needs.contains(Self.signs) }
}
