internal import ArgumentParser

/// What the telephone bridge takes for a hundred calls at once.
struct BenchPhone: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "phone",
    abstract: "A hundred calls at once through ivr-bridge, each with a number of its own: turnaround, memory, silence.",
    discussion: """
      Starts the kiosk-server and the ivr-bridge that stand beside this program, with the shipped dialogues, and places calls from a \
      scripted Asterisk over real sockets. Every caller presses an NSS and a birth date of their own, \
      is found by the server, and asks for a person. Every text of the line is a sound as long as a voice takes for it, so that each step \
      is joined into one file as in a clinic. One round: the telephone's time runs --speed times as fast as a caller's; then one of twenty \
      callers in their own time, whose server takes a second for each answer.

      Bounds: turnaround at the bridge, from an answer of Asterisk to the next command where no server is waited for, p99 at most 20 ms; \
      the caller hears nothing for at most 2000 ms, also with the slow server; every caller found; no descriptor and no joined sound left.

      \(BenchOptions.jsonKeys)
      Rows: bridge (its own figures), asterisk (as the callers' side sees it, the server's work included). Values: p50Ms, p99Ms, maxMs, callKiB.
      """)

  @OptionGroup var options: BenchOptions

  @Option(help: "Calls at once, 1 to 1000.")
  var calls = 100

  @Option(help: "How many of the caller's seconds go by in one of the machine's.")
  var speed = 4.0

  func validate() throws {
    guard 1...1000 ~= calls else { throw ValidationError("--calls is 1 to 1000.") }
    guard 1...100 ~= speed else { throw ValidationError("--speed is 1 to 100.") }
  }

  func run() async throws {
    try options.finish(try await PhoneMeasurement(options: options, calls: options.quick ? min(calls, 20) : calls, speed: speed).report())
  }
}
