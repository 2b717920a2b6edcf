internal import ArgumentParser
internal import VentanillaMessages

/// What somebody meant who mistyped a command: `cita buscarr` is `cita buscar`.
enum CommandNames {
  /// The nearest command line, when a word stands where a subcommand should and is none.
  static func suggestion(for arguments: [String]) -> String? {
    var command: any ParsableCommand.Type = Kioskctl.self
    var path: [String] = []
    for word in arguments.prefix(while: { !$0.hasPrefix("-") }) {
      let names = command.configuration.subcommands.compactMap { $0.configuration.commandName }
      guard !names.isEmpty, word != "help" else { return nil }
      guard let index = names.firstIndex(of: word) else {
        return Nearest.word(to: word, in: names).map { (["kioskctl"] + path + [$0]).joined(separator: " ") }
      }
      command = command.configuration.subcommands[index]
      path.append(word)
    }
    return nil
  }
}
