package import ClinicConfiguration

/// One order to Asterisk's spool: dial this number once, and bring whoever answers to the dialplan.
///
/// Source: Asterisk's pbx_spool, "Call Files": a file that is moved whole into the spool's folder is taken at once; with `Archive: yes` it is
/// found in the folder beside, with a line `Status: Completed` (somebody answered), `Expired` (nobody did, it was busy, or there was no way
/// there: a real Asterisk 22 tells them apart in its log alone) or `Failed` (it could not read the file). Its name is the call's: the same
/// call is never there twice. That is why it is a file and no AMI Originate: after a crash nobody could tell whether an order was carried out.
package struct CallFile: Hashable, Sendable {
  package let token: String
  /// Ten digits.
  package let number: String

  /// - Returns: `nil` for a token or a number that could say something else to Asterisk than itself.
  package init?(token: String, number: String) {
    guard token.utf8.count == 32, token.utf8.allSatisfy({ 48...57 ~= $0 || 97...102 ~= $0 }),
      number.utf8.count == 10, number.utf8.allSatisfy({ 48...57 ~= $0 })
    else { return nil }
    self.token = token
    self.number = number
  }

  package var name: String { "\(Self.prefix)\(token)\(Self.suffix)" }

  static let prefix = "ventanilla-"
  static let suffix = ".call"

  /// The token in a file's name; `nil` for a file that is not ours.
  static func token(in name: String) -> String? {
    guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return nil }
    let token = String(name.dropFirst(prefix.count).dropLast(suffix.count))
    return CallFile(token: token, number: "5500000000")?.token
  }

  /// Where the dialplan begins; kiosk-config/asterisk/extensions.conf has it.
  static let context = "ventanilla-saliente"
  /// What the dialplan hands to the bridge; nothing of a person.
  static let variable = "VENTANILLA_AVISO"
  /// How long it rings, seconds: five rings.
  static let ringSeconds = 30

  /// Its content. One try: nobody is called twice about one offer.
  package func text(_ outbound: BridgeConfiguration.Outbound) -> String {
    """
    Channel: \(outbound.channel.replacing("{numero}", with: number))
    CallerID: <\(outbound.callerID)>
    MaxRetries: 0
    WaitTime: \(Self.ringSeconds)
    Context: \(Self.context)
    Extension: aviso
    Priority: 1
    Setvar: \(Self.variable)=\(token)
    Archive: yes

    """
  }
}
