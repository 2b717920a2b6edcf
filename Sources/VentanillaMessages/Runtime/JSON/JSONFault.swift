/// Why a JSON text is not a message of the type that was asked for.
///
/// Its description is Spanish: a technician typed the text.
package struct JSONFault: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Reason: Hashable, Sendable {
    /// The text is not JSON; line and column count from 1, columns in bytes.
    case syntax(line: Int, column: Int, expected: Expected)
    case nestedTooDeeply
    case unknownField(message: String, nearest: String?)
    /// The same field twice, under one name or two.
    case repeatedField
    /// Two fields of one oneof.
    case excludes(String)
    case wrongType(expected: Kind)
    case outOfRange(Kind)
    case unknownEnumValue(enum: String, nearest: String?)
    case embeddedNUL
  }

  package enum Expected: Hashable, Sendable {
    case value, memberName, colon, commaOrEnd, endOfText, escape, hexDigits, digit, closingQuote, utf8
  }

  /// What a field takes.
  package enum Kind: String, Hashable, Sendable {
    case object = "un objeto"
    case array = "una lista"
    case string = "un texto"
    case bool = "true o false"
    case int32 = "un entero de 32 bits"
    case uint32 = "un entero de 32 bits sin signo"
    case int64 = "un entero de 64 bits"
    case uint64 = "un entero de 64 bits sin signo"
    case real = "un número"
    case bytes = "un texto en base64"
    case enumeration = "el nombre o el número de un valor"
  }

  /// The place from the outermost object inwards, `slot.startMinute`; empty for the whole text.
  package var path: String
  package var reason: Reason

  package init(path: String = "", _ reason: Reason) {
    self.path = path
    self.reason = reason
  }

  func inside(_ field: String) -> JSONFault {
    JSONFault(path: path.isEmpty ? field : path.hasPrefix("[") ? field + path : "\(field).\(path)", reason)
  }

  package var description: String { path.isEmpty ? sentence : "`\(path)`: \(sentence)" }

  private var sentence: String {
    switch reason {
    case .syntax(let line, let column, let expected):
      "el texto no es JSON: línea \(line), columna \(column): \(Self.word(expected))"
    case .nestedTooDeeply: "hay más de \(WireScan.maximumDepth) niveles"
    case .unknownField(let message, let nearest):
      "\(message) no tiene ese campo" + (nearest.map { "; ¿quiso decir `\($0)`?" } ?? "")
    case .repeatedField: "el campo aparece dos veces"
    case .excludes(let other): "no puede ir junto con `\(other)`: el mensaje lleva solo uno de los dos"
    case .wrongType(let kind): "aquí va \(kind.rawValue)"
    case .outOfRange(let kind): "no cabe: aquí va \(kind.rawValue)"
    case .unknownEnumValue(let name, let nearest):
      "\(name) no tiene ese valor" + (nearest.map { "; ¿quiso decir `\($0)`?" } ?? "")
    case .embeddedNUL: "el texto lleva un carácter NUL"
    }
  }

  private static func word(_ expected: Expected) -> String {
    switch expected {
    case .value: "falta un valor"
    case .memberName: "falta el nombre de un campo entre comillas"
    case .colon: "faltan dos puntos"
    case .commaOrEnd: "falta una coma o el cierre"
    case .endOfText: "sobra texto después del valor"
    case .escape: "el escape con \\ no existe"
    case .hexDigits: "\\u lleva cuatro dígitos hexadecimales, y los pares sustitutos van completos"
    case .digit: "falta un dígito"
    case .closingQuote: "la cadena no se cierra, o lleva un carácter de control sin escape"
    case .utf8: "los bytes no son UTF-8"
    }
  }
}
