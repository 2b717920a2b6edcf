internal import ArgumentParser

/// The morning of a clinic whose places of the day are given out by phone: PEERS.md §1, the Machalí load.
struct Machali: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "machali",
    abstract: "See who gets a place when 900 people want 90: one release, reserved shares, or staggered releases with shares.",
    discussion: """
      Plays mornings by a clock of its own on a real store; the same seed plays the same mornings everywhere. What it finds is printed, whatever it \
      is; the exit status says only whether the store kept its promises.
      """)

  @Option(help: "The first morning's seed.")
  var seed: UInt64 = 1

  @Option(help: "How many mornings of each rule.")
  var mornings = 10

  @Option(help: "How many want a place, 90 to 5000.")
  var people = 900

  @Option(help: "Telephone lines, 1 to 100.")
  var lines = 8

  func validate() throws {
    guard (1...1000).contains(mornings), (90...5000).contains(people), (1...100).contains(lines) else {
      throw ValidationError("--mornings takes 1 to 1000, --people 90 to 5000, --lines 1 to 100.")
    }
  }

  func run() throws {
    print(MachaliParameters.description)
    for rule in MachaliRule.allCases {
      var sum = MachaliReport()
      for morning in 0..<mornings {
        var parameters = MachaliParameters(seed: seed &+ UInt64(morning), people: people, lines: lines)
        parameters.seed = seed &+ UInt64(morning)
        var played = try MachaliMorning(parameters, rule)
        sum = sum + (try played.run())
      }
      print(sum.line(rule.rawValue, mornings: mornings))
    }
    print("machali: \(mornings) mornings of each rule, seeds \(seed) to \(seed &+ UInt64(mornings - 1)), people \(people), lines \(lines): ok")
  }
}
