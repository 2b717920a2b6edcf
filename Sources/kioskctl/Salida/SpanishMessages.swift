/// ArgumentParser speaks English; whoever uses kioskctl reads Spanish.
///
/// A table of its phrases. What stands in no row stays as it is, so that a new version of the parser loses no message.
enum SpanishMessages {
  private static let phrases: [(english: String, spanish: String)] = [
    ("USAGE: ", "USO: "), ("Usage: ", "Uso: "), ("OVERVIEW: ", ""),
    ("ARGUMENTS:", "ARGUMENTOS:"), ("OPTIONS:", "OPCIONES:"), ("SUBCOMMANDS:", "ÓRDENES:"),
    ("<options>", "<opciones>"), ("<subcommand>", "<orden>"), ("(default:", "(si no se dice:"), ("Help:  ", "Ayuda:  "),
    ("(values:", "(valores:"), ("Show help information.", "Muestra esta ayuda."),
    ("Show subcommand help information.", "Muestra la ayuda de una orden."),
    ("Show the version.", "Muestra la versión."),
    ("' for detailed help.", "' explica cada orden."), ("' for more information.", "' explica esta orden."),
    ("  See '", "  '"), ("Unknown option '", "No existe la opción '"), ("'. Did you mean '", "'. ¿Quiso decir '"),
    ("Missing expected argument '", "Falta '"), ("Missing value for '", "Falta el valor de '"),
    ("The value '", "El valor '"), ("' is invalid for '", "' no sirve para '"),
    ("Please provide one of the following:", "Use uno de estos:"), ("Please provide one of ", "Use uno de "), ("unexpected arguments: ", "sobran: "),
    ("Unexpected argument '", "Sobra '"), ("Missing one of: ", "Falta uno de: "), ("' or '", "' o '"),
  ]

  static func translate(_ message: String) -> String {
    phrases.reduce(message) { $0.replacing($1.english, with: $1.spanish) }
  }
}
