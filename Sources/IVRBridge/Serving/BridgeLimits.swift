/// Every bound of the bridge, by name.
package struct BridgeLimits: Hashable, Sendable {
  /// Calls at once.
  ///
  /// A clinic of 30 consultorios has fewer than 30 lines; 200 are those of a call centre for several. A call costs some tens of kilobytes here
  /// and a connection at the server. Answer: the one beyond is closed at once, and the dialplan goes on to a person.
  package var calls = 200

  /// How long the clinic's server may take for one request of a call.
  ///
  /// It takes milliseconds; after ten seconds of «un momento» a caller is better served by a person. Answer: the dialogue is told that
  /// the server is away.
  package var longestRequest: Duration = .seconds(10)

  /// How long a request may take before Asterisk is told to listen for keys meanwhile: most take less, and cost no further command.
  package var quickRequest: Duration = .milliseconds(40)

  /// How long a request may take before the caller hears «un momento»: longer silence sounds like a broken line.
  package var silence: Duration = .seconds(1)

  /// Between two of them; with ``silence`` the longest that nothing is heard.
  package var betweenMoments: Duration = .milliseconds(1500)

  /// How often the server is shown that a caller who only listens is still there.
  ///
  /// A session ends when it is idle for a minute in server.yaml's sample, and for ten seconds at the least.
  package var keepAlive: Duration = .seconds(5)

  /// Steps of one call. The dialplan's fifteen minutes hold a few hundred; more is a dialogue that goes in a circle without the caller.
  /// Answer: a person.
  package var stepsPerCall = 5000

  /// Sounds missing on Asterisk's disk, in one call, before it goes to a person whatever the dialogue wants.
  package var missingSounds = 3

  /// How long a bridge that ends waits for its calls to be handed over.
  package var grace: Duration = .seconds(10)

  package init() {}
}
