internal import SwiftProtobufPluginLibrary

/// How names of the contract become names in Swift and in protoc-c's output.
enum Naming {
  /// `ventanilla/v1/appointments.proto` → `Appointments`.
  static func fileStem(_ file: FileDescriptor) -> String {
    let last = file.name.split(separator: "/").last ?? ""
    return upperCamel(String(last.prefix { $0 != "." }))
  }

  // MARK: Swift

  /// Words that Swift writes in capitals, and the institution too.
  private static let capitals: Set<String> = ["clues", "curp", "iana", "id", "nss", "url"]

  /// `patient_nss` → `patientNSS`, `Book` → `book`, `ListServices` → `listServices`.
  static func lowerCamel(_ name: String) -> String {
    let words = words(name)
    guard let first = words.first else { return name }
    return ([first] + words.dropFirst().map(capitalised)).joined()
  }

  /// `what` → `What`, `common` → `Common`.
  static func upperCamel(_ name: String) -> String { words(name).map(capitalised).joined() }

  /// `ROLE_KIOSK` of `Role` → `kiosk`.
  static func enumCase(_ value: String, of type: String) -> String {
    let prefix = words(type).joined(separator: "_") + "_"
    let value = value.lowercased()
    return escaped(lowerCamel(value.hasPrefix(prefix) ? String(value.dropFirst(prefix.count)) : value))
  }

  /// A property, parameter or function name, in backticks where Swift asks for them.
  static func property(_ name: String) -> String { escaped(lowerCamel(name)) }

  /// Where every message and enum lives, so that `Wire.Slot` and the domain's `Slot` stand side by side.
  static let namespace = "Wire"

  /// `Wire.Outer.Inner` for a nested type, without the package.
  static func swiftType(_ fullName: String, in file: FileDescriptor) -> String {
    "\(namespace).\(fullName.dropFirst(file.package.isEmpty ? 0 : file.package.count + 1))"
  }

  private static func capitalised(_ word: String) -> String {
    capitals.contains(word) ? word.uppercased() : word.prefix(1).uppercased() + word.dropFirst()
  }

  /// Lower-case words of a snake_case or CamelCase name.
  private static func words(_ name: String) -> [String] {
    var words: [String] = [""]
    var wasUpper = true
    for character in name {
      if character == "_" {
        words.append("")
        wasUpper = true
        continue
      }
      if character.isUppercase, !wasUpper { words.append("") }
      words[words.count - 1] += character.lowercased()
      wasUpper = character.isUppercase
    }
    return words.filter { !$0.isEmpty }
  }

  private static func escaped(_ name: String) -> String { keywords.contains(name) ? "`\(name)`" : name }

  private static let keywords: Set<String> = [
    "Any", "Self", "Type", "as", "associatedtype", "await", "break", "case", "catch", "class", "continue", "default",
    "defer", "deinit", "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard",
    "if", "import", "in", "init", "inout", "internal", "is", "let", "nil", "operator", "precedencegroup", "private",
    "protocol", "public", "repeat", "rethrows", "return", "self", "static", "struct", "subscript", "super", "switch",
    "throw", "throws", "true", "try", "typealias", "var", "where", "while",
  ]

  // MARK: protoc-c (its rules, from protobuf-c 1.4.1's c_helpers.cc)

  /// `ventanilla.v1.BookRequest` → `Ventanilla__V1__BookRequest`.
  static func cType(_ fullName: String) -> String {
    fullName.split(separator: ".").map { part in
      part.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }.joined(separator: "__")
  }

  /// `ventanilla.v1.BookRequest` → `ventanilla__v1__book_request`.
  static func cFunctions(_ fullName: String) -> String {
    fullName.split(separator: ".").map { part in
      var text = ""
      var wasUpper = true
      for character in part {
        if character.isUppercase, !wasUpper { text += "_" }
        text += character.lowercased()
        wasUpper = character.isUppercase
      }
      return text
    }.joined(separator: "__")
  }

  /// A struct member: lower case, with an underscore behind what C or C++ keeps for itself, in backticks where Swift does.
  static func cField(_ name: String) -> String {
    let name = name.lowercased()
    return cKeywords.contains(name) ? name + "_" : escaped(name)
  }

  private static let cKeywords: Set<String> = [
    "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break", "case", "catch", "char", "class", "compl",
    "const", "const_cast", "continue", "default", "delete", "do", "double", "dynamic_cast", "else", "enum", "explicit",
    "extern", "false", "float", "for", "friend", "goto", "if", "inline", "int", "long", "mutable", "namespace", "new",
    "not", "not_eq", "operator", "or", "or_eq", "private", "protected", "public", "register", "reinterpret_cast",
    "return", "short", "signed", "sizeof", "static", "static_cast", "struct", "switch", "template", "this", "throw",
    "true", "try", "typedef", "typeid", "typename", "union", "unsigned", "using", "virtual", "void", "volatile",
    "wchar_t", "while", "xor", "xor_eq",
  ]
}
