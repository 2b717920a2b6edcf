/// Why a text is not an identifier. Each parser's cases stand in the order they are checked.
///
/// Neither form repeats what was typed: faults may be logged, identifiers may not.
package protocol IdentifierFault: Error, Hashable, Sendable {
  /// What a program reads, in snake case: "bad_check_digit".
  var code: String { get }
  /// What the person should do next, a Spanish sentence or two.
  var mensaje: String { get }
}
