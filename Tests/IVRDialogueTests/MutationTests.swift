internal import IVRDialogue
internal import KioskTestSupport
internal import Testing

/// What a slip of the hand makes of the shipped dialogues. The whole campaign of 10,000 is `kiosk-dev linea --mutaciones 10000`.
@Suite("Mutated dialogues")
struct MutationTests {
  @Test("The shipped line gives nobody who presses anything less than the proofs promise")
  func shippedHolds() {
    var random = SeededGenerator(seed: 1)
    let oracle = CallOracle(shippedLine)
    for _ in 0..<150 { #expect(oracle.play(&random) == nil) }
  }

  @Test("A mutation is refused with the way that breaks it, or breaks nothing that a caller could notice", arguments: [1, 2] as [UInt64])
  func mutations(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var (refused, taken) = (0, 0)
    for _ in 0..<80 {
      let mutant = shippedLine.mutated(&random)
      let problems = mutant.problems()
      guard problems.isEmpty else {
        refused += 1
        continue
      }
      taken += 1
      let oracle = CallOracle(mutant)
      for _ in 0..<8 { #expect(oracle.play(&random) == nil) }
    }
    #expect(refused > 30)
    #expect(taken > 0)
  }
}

/// Mutations that the campaign found taken although a caller missed something: each was a mistake of the proofs.
@Suite("Mutations that once escaped")
struct EscapedMutationTests {
  @Test("A text that stands at a step which says nothing is not heard: the folio is still owed (seed 7, mutations 424 and 9560)")
  func unheardText() {
    var line = shippedLine
    let dialogue = line.dialogues.firstIndex { $0.id == .callback }!
    let step = line.dialogues[dialogue].steps.firstIndex { $0.id == StepID("hecha") }!
    line.dialogues[dialogue].steps[step].kind = .dialogue(.menu, at: nil, next: nil)
    #expect(line.problems().map(\.rule).contains(.noAnswer))
  }
}
