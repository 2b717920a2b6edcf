/// Every bound of a FastAGI conversation, by name.
package struct AGILimits: Hashable, Sendable {
  /// Bytes of one command, its line end among them.
  ///
  /// Asterisk cuts a line of more than 8,191 bytes in two and answers both, so that every later answer belongs to another command. 2 KiB
  /// hold the longest path of a sound with every key, four times over. Answer: the command is not sent, ``AGICommandFault/tooLong``.
  package var maxCommandBytes = 2048

  /// Words of one command; Asterisk's own number. Answer: the command is not sent, ``AGICommandFault/tooManyWords``.
  package var maxWords = 127

  /// Bytes of one line that comes from Asterisk.
  ///
  /// The longest that we ask for is a variable's value; 16 KiB are twice what Asterisk puts into one answer. Answer: ``AGIFault/lineTooLong``,
  /// and the call is closed.
  package var maxLineBytes = 16_384

  /// Lines of an environment. Asterisk sends 22 and one for each argument; our dialplan has none. Answer: ``AGIFault/environmentTooLong``.
  package var maxEnvironmentLines = 256

  /// Lines of free text in a 520 block. The longest of Asterisk 22 has about thirty. Answer: ``AGIFault/usageTooLong``.
  package var maxUsageLines = 512

  package init() {}

  package static let standard = AGILimits()
}

/// What a peer sent that no Asterisk sends: the call cannot go on.
package enum AGIFault: Error, Hashable, Sendable {
  case lineTooLong
  case environmentTooLong
  case usageTooLong
}
