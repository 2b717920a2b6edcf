internal import Yams

/// What libyaml says of a text that is no YAML, in the words of who writes the file.
func syntaxComplaint(_ error: any Error, in yaml: String) -> PlacedComplaint {
  switch error as? YamlError {
  case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
    .composer(let context, let problem, let mark, _):
    return syntaxComplaint(problem, context, at: TextPosition(mark), in: yaml)
  case .reader:
    return PlacedComplaint(
      firstControlCharacter(in: yaml), "hay un carácter de control que no se ve", fix: "bórrelo y escriba la línea de nuevo")
  default:
    return PlacedComplaint(.start, "el archivo no se puede leer como YAML", fix: "compárelo con el de una clínica de muestra")
  }
}

private func syntaxComplaint(
  _ problem: String, _ context: YamlError.Context?, at position: TextPosition, in yaml: String
) -> PlacedComplaint {
  let scalars = Array(yaml.unicodeScalars)
  let position = inside(position, scalars)
  let character = scalars.index(of: position).map { scalars[$0] }
  if character == "\t" || problem.contains("tab character") {
    return PlacedComplaint(position, "hay un tabulador", fix: "use espacios para sangrar: YAML no admite tabuladores")
  }
  let known = knownProblems.first { problem.contains($0.problem) && (context?.text ?? "").contains($0.context) }
  guard let known else {
    return PlacedComplaint(
      position, "la sintaxis no es de YAML (\(problem))", fix: "revise esta línea y la anterior")
  }
  // What was opened and never closed is looked for where it opens.
  let opening = context.map { inside(TextPosition($0.mark), scalars) }
  return PlacedComplaint(known.isAtOpening ? opening ?? position : position, known.message, fix: known.fix)
}

/// libyaml puts an unexpected end on a line that does not exist; the last one that does is meant.
private func inside(_ position: TextPosition, _ scalars: [Unicode.Scalar]) -> TextPosition {
  let lines = scalars.split(separator: "\n", omittingEmptySubsequences: false)
  let last = lines.last?.isEmpty == true && lines.count > 1 ? lines.count - 1 : lines.count
  guard position.line > last else { return position }
  return TextPosition(line: last, column: lines[last - 1].count + 1)
}

private func firstControlCharacter(in yaml: String) -> TextPosition {
  var (line, column) = (1, 1)
  for scalar in yaml.unicodeScalars {
    switch scalar.value {
    case 0x0A: (line, column) = (line + 1, 1)
    case 0x09, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...0x10FFFF: column += 1
    default: return TextPosition(line: line, column: column)
    }
  }
  return .start
}

/// The first row whose words occur in libyaml's problem and context applies.
private struct KnownProblem {
  let problem: String
  let context: String
  /// Whether the place to look at is where the unfinished thing begins, not where the parser noticed.
  let isAtOpening: Bool
  let message: String
  let fix: String

  init(_ problem: String, in context: String = "", isAtOpening: Bool = false, _ message: String, fix: String) {
    self.problem = problem
    self.context = context
    self.isAtOpening = isAtOpening
    self.message = message
    self.fix = fix
  }
}

private let knownProblems: [KnownProblem] = [
  KnownProblem(
    "did not find expected key", in: "flow mapping", "falta una coma o la llave que cierra",
    fix: "escriba , entre las claves y } al final"),
  KnownProblem(
    "did not find expected key", "la sangría no concuerda con las líneas de arriba",
    fix: "alinee las claves de un mismo grupo en la misma columna"),
  KnownProblem(
    "mapping values are not allowed", "no se espera \":\" aquí",
    fix: "si es parte de un texto, póngalo entre comillas; si es una clave, revise la sangría"),
  KnownProblem(
    "did not find expected ',' or ']'", isAtOpening: true, "la lista que empieza con [ no se cierra",
    fix: "escriba , entre los elementos y ] al final"),
  KnownProblem(
    "did not find expected ',' or '}'", isAtOpening: true, "el grupo que empieza con { no se cierra",
    fix: "escriba , entre las claves y } al final"),
  KnownProblem(
    "did not find expected node content", in: "flow", isAtOpening: true, "lo que se abre aquí con [ o { no se cierra",
    fix: "escriba ] o } al final"),
  KnownProblem(
    "did not find expected '-' indicator", "la lista se interrumpe",
    fix: "empiece cada elemento con \"- \" en la misma columna"),
  KnownProblem(
    "block sequence entries are not allowed", "no se espera \"-\" aquí",
    fix: "ponga la lista en las líneas siguientes a la clave"),
  KnownProblem(
    "could not find expected ':'", isAtOpening: true, "falta \":\" después de la clave",
    fix: "escriba la clave, dos puntos, un espacio y el valor"),
  KnownProblem(
    "found unexpected end of stream", in: "quoted scalar", isAtOpening: true, "las comillas no se cierran",
    fix: "escriba la comilla que falta"),
  KnownProblem(
    "found unexpected document indicator", in: "quoted scalar", isAtOpening: true, "las comillas no se cierran",
    fix: "escriba la comilla que falta"),
  KnownProblem(
    "found unknown escape character", "la barra \\ no se puede usar así entre comillas dobles", fix: "use comillas sencillas"),
  KnownProblem(
    "found character that cannot start any token", "un valor no puede empezar con este carácter",
    fix: "ponga el valor entre comillas"),
  KnownProblem(
    "found undefined alias", "aquí no se usan anclas (&) ni alias (*) de YAML",
    fix: "repita el valor, o ponga el texto entre comillas si esos signos son parte de él"),
  KnownProblem(
    "did not find expected alphabetic or numeric character", "un valor no puede empezar con & o *",
    fix: "ponga el valor entre comillas"),
  KnownProblem("but found another document", "el archivo tiene más de un documento", fix: "quite las líneas \"---\""),
  KnownProblem(
    "did not find expected <document start>", "después del contenido hay algo que no le pertenece",
    fix: "revise la sangría de esta línea"),
  KnownProblem("found incompatible YAML document", "la versión de YAML no se admite", fix: "quite la línea que empieza con %"),
  KnownProblem(
    "Maximum nesting level", "hay demasiados niveles, uno dentro de otro",
    fix: "compárelo con el archivo de una clínica de muestra"),
]
