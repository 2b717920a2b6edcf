package import Guidance

/// What the telephone bridge needs to know: who may call it, which server it calls, what it says and where that lies as sound.
///
/// Relative paths in ivr-bridge.yaml are relative to the file's own folder, and are resolved here.
package struct BridgeConfiguration: Hashable, Sendable {
  /// Where Asterisk calls, on TCP.
  package var host: String
  /// 1 ... 65535.
  package var port: Int
  /// The addresses of those Asterisks that may; at least one, none twice.
  package var asterisks: [String]
  /// The clinic's servers, the preferred first; at least one, none twice.
  package var servers: [ServerConfiguration.Address]
  package var clinicFile: String
  package var guidesFolder: String
  package var dialoguesFolder: String
  /// Whether guides must be signed to end in anything below an emergency, a person or an appointment.
  package var profile: GuidanceProfile
  /// A folder for each language with what people have recorded, `es/menu.saludo.wav`; those take the place of the machine's.
  package var recordingsFolder: String
  /// Where sounds are written: a folder for each language.
  package var soundsFolder: String
  /// What Asterisk calls that folder: below its own `sounds`, or an absolute path of its machine.
  package var soundsName: String
  /// Languages whose texts a native speaker has read.
  package var reviewedLanguages: [String]
  /// Calls at once, 1 ... 2000.
  package var calls: Int
  /// How long the server may take for one question of a call, seconds, 2 ... 30.
  package var requestSeconds: Int
  /// How long calls may still be handed over after SIGTERM, seconds, 1 ... 60.
  package var drainSeconds: Int
  /// The calls that the clinic makes of itself; `nil` for none.
  package var outbound: Outbound?

  /// What is shown to servers on TCP, and who has to stand for them; `nil` speaks to them in the clear.
  package var tls: TLS?

  /// Files in PEM.
  package struct TLS: Hashable, Sendable {
    package var certificate: String
    package var key: String
    package var authority: String

    package init(certificate: String, key: String, authority: String) {
      self.certificate = certificate
      self.key = key
      self.authority = authority
    }
  }

  /// How Asterisk is had to call people.
  package struct Outbound: Hashable, Sendable {
    /// Asterisk's spool of calls to make.
    package var spoolFolder: String
    /// What Asterisk dials, with `{numero}` where the ten digits go.
    package var channel: String
    /// The clinic's own number, ten digits: whom it calls can call it back.
    package var callerID: String
    /// Calls at once, 1 ... 20.
    package var atOnce: Int

    package init(spoolFolder: String, channel: String, callerID: String, atOnce: Int) {
      self.spoolFolder = spoolFolder
      self.channel = channel
      self.callerID = callerID
      self.atOnce = atOnce
    }
  }
}
