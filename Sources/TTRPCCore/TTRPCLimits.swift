/// Every bound of a connection, by name. The status that a bound answers with carries that name.
package struct TTRPCLimits: Hashable, Sendable {
  /// Bytes of data in one frame, either way.
  ///
  /// 4 MiB is the protocol's own number: every peer refuses more, so a larger value here would only move the error.
  /// Answer: RESOURCE_EXHAUSTED, at the header; the body is thrown away as it comes and the connection stays usable.
  package var maxFrameLength: Int = 4_194_304

  /// Connections of one server.
  ///
  /// A clinic has tens of kiosks and a bridge; 4,096 leaves room for every one of them to have lost a few sockets in the
  /// same power cut, and at about 6 KiB each costs 24 MiB at worst. Answer: RESOURCE_EXHAUSTED to the first request, then close.
  package var maxConnections: Int = 4096

  /// Connections of one server from one TCP address; a Unix socket has none.
  ///
  /// A quarter of ``maxConnections``: one broken or hostile machine leaves three quarters to the others, and no kiosk or bridge
  /// needs a hundredth of it. Answer: RESOURCE_EXHAUSTED to the first request, then close.
  package var maxConnectionsPerAddress: Int = 1024

  /// Calls of one connection that have been started and not answered.
  ///
  /// One kiosk makes one call at a time; a bridge with 200 lines a few hundred. 1,024 lets a bridge double twice, and bounds
  /// what one broken client can have running. Answer: RESOURCE_EXHAUSTED to the call beyond; the others go on.
  package var maxCallsInFlight: Int = 1024

  /// Those of them that stream.
  ///
  /// A screen watches its board, its queue and its configuration; a bridge at most one call for each of 200 lines. A stream has no natural
  /// end, and holds a task, two queues and what is in them: so it is bounded apart from calls, which end by themselves. Answer:
  /// RESOURCE_EXHAUSTED to the stream beyond; the others go on, and unary calls are made as before.
  package var maxStreamsPerConnection: Int = 256

  /// Calls that one device may make, on all its connections together.
  ///
  /// A person at a screen causes a call or two a second, and a screen that starts asks for twenty things at once: 50 a second and 200 at
  /// once are out of reach for everything but a loop gone wrong, and a tenth of a percent of what the server can answer. A device is
  /// a TCP address with its role; on a Unix socket, whose file already says who may call, each connection counts for itself. Answer:
  /// RESOURCE_EXHAUSTED with the time to wait, to the call beyond; what else the device has sent waits until it may call again.
  package var callsPerSecond = CallRate(perSecond: 50, burst: 200)

  /// The rate of a role whose devices do more than one person's work, in place of ``callsPerSecond``.
  package var callsPerSecondByRole: [RoleSet: CallRate] = [:]

  /// Devices whose used-up calls are remembered, connected or not.
  ///
  /// Twice ``maxConnections``, so that every connection can be another device's; about 200 bytes each. One is forgotten when it is
  /// gone and its rate is whole again, which takes seconds. Answer: none; a device beyond it has its rate anew on each connection.
  package var maxDevices: Int = 8192

  /// Bytes of replies that wait for a peer that does not read, per connection.
  ///
  /// 256 KiB is more than a second of a kiosk's traffic. Answer: none; the server stops reading that connection until half of
  /// it has left. One burst and the replies of calls already in flight may still be added.
  package var maxBytesBufferedOut: Int = 262_144

  /// Bytes that a server keeps over all its connections: half-received frames, and on streams the messages that wait, for a method that has
  /// not read them or for a client that has not.
  ///
  /// Sixteen full frames at once: a clinic's largest messages are pieces of a padrón, and few send one. Without it every connection
  /// could hold 4 MiB, and every stream ``maxBytesQueuedPerStream``: 1,024 streams 8 GiB. A stream counts 2 KiB for itself, and its messages
  /// in the steps of ``QueueCharge``. Answer: RESOURCE_EXHAUSTED, on the stream whose message went over it, which ends, or on that of the
  /// frame, whose connection then closes; the others go on.
  package var maxBytesBufferedIn: Int = 67_108_864

  /// Those that a server keeps for the connections of one TCP address.
  ///
  /// A quarter of ``maxBytesBufferedIn``, as with connections: one machine that begins many long messages and ends none leaves three
  /// quarters to the others. A connection keeps one half-received frame, and no longer a request than its method takes. Answer: as there.
  package var maxBytesBufferedInPerAddress: Int = 16_777_216

  /// Bytes of replies after which a burst is sent although there are more requests to answer.
  ///
  /// 64 KiB fills one write and is about 500 small replies, a millisecond of work, so that a client that pipelines does not make the
  /// others of its loop wait longer than that.
  package var maxBurstOut: Int = 65_536

  /// Pairs of metadata in one request.
  ///
  /// Two bytes on the wire become a pair of strings in memory; without a bound 4 MiB become 64. Callers send fewer than ten.
  /// Answer: RESOURCE_EXHAUSTED.
  package var maxMetadataPairs: Int = 128

  /// How long a TLS handshake may take, from the connection on.
  ///
  /// It is two round trips and a signature, a moment on a LAN; ten seconds outlast three lost packets on a line of 150 ms. Until then the
  /// peer is a stranger that costs memory. Answer: close; nothing can be said before there are keys.
  package var handshakeDeadline: Duration = .seconds(10)

  /// How long the ten bytes of a frame's header may take, from the first to the last.
  ///
  /// They fit one packet; ten seconds outlast a packet that is lost three times. Answer: close; there is no stream to answer on.
  package var headerDeadline: Duration = .seconds(10)

  /// How long a frame's body may take, unless it comes at ``minBodyRate`` or more.
  ///
  /// Every message of the contract but a piece of a padrón is a few KiB and comes in a moment on any line. Answer: RESOURCE_EXHAUSTED
  /// on the frame's stream, then close.
  package var bodyDeadline: Duration = .seconds(30)

  /// Bytes a second at which a body may take longer than ``bodyDeadline``, judged anew at each end of it.
  ///
  /// 4 KiB a second is half of the slowest line that a clinic has (64 kbit), so that a full frame still crosses it.
  package var minBodyRate: Int = 4096

  /// How long a connection may say nothing while it has no call in flight.
  ///
  /// A quarter of an hour is longer than a kiosk stands still while the clinic is open, and bounds what a program holds that forgets to
  /// close: one connection a minute is fifteen, not thousands. A client of ours pings and stays; another connects again in the morning, as
  /// it does after a power cut. Bytes of any kind count, and it is noticed up to a seventh later. Answer: close, once what was
  /// asked has been answered; there is no stream to say it on.
  package var idleTime: Duration = .seconds(900)

  /// How long a connection that this end has finished with is still read, so that the last replies are not lost.
  ///
  /// Closing a socket with unread bytes resets it, and a reset throws away what the peer has not read. A second is long on any
  /// network on which the call itself made sense.
  package var linger: Duration = .seconds(1)

  /// How long a peer may leave replies unread without taking one byte.
  ///
  /// A minute is longer than any pause of a living client and shorter than the 15 minutes TCP waits for a dead one. Answer: close.
  package var writeStall: Duration = .seconds(60)

  /// Bytes of messages that have come on one stream and that nobody has read yet, at either end; each message counts 32 more, for
  /// its array's header, so that empty messages are bounded too.
  ///
  /// 8 MiB hold any message that fits a frame and a second one behind it; a reader that is further behind has stopped reading, and
  /// plain ttrpc has no word to slow the sender down (``WireExtensions/credit`` has). Answer: that stream fails with RESOURCE_EXHAUSTED, at
  /// a client after the messages that it has; the others go on.
  package var maxBytesQueuedPerStream: Int = 8_388_608

  /// Bytes of messages that a server's method has sent on one stream and that the connection has not written, each with 32 more.
  ///
  /// 64 KiB fill one write, so that a method hands over many messages for each visit to the loop. Answer: none; the method waits.
  package var maxBytesUnsentPerStream: Int = 65_536

  /// How long a peer that takes pings may say nothing before it is asked whether it is there; looked at that often.
  ///
  /// Ten seconds are short for who waits at a counter, and cost an idle connection a tenth of a packet a second.
  package var pingInterval: Duration = .seconds(10)

  /// How long a peer that was asked may go on saying nothing.
  ///
  /// Ten seconds outlast a switch that restarts its port, a lost packet sent three times, and the 64 KiB that a modem of 64 kbit
  /// keeps before the ping. Answer: close; the calls in flight fail with UNAVAILABLE.
  package var pingTimeout: Duration = .seconds(10)

  package init() {}

  package static let standard = TTRPCLimits()

  /// The rate that a device of this role has.
  package func rate(of role: RoleSet) -> CallRate { callsPerSecondByRole[role] ?? callsPerSecond }
}
