internal import CBenchLoad
internal import Foundation
internal import IVRBridge
internal import KioskTestSupport

/// The steps of `bench phone`.
struct PhoneMeasurement {
  let options: BenchOptions
  let calls: Int
  let speed: Double

  static let columns = [
    BenchReport.Column(key: "p50Ms", title: "p50 ms", digits: 3), BenchReport.Column(key: "p99Ms", title: "p99 ms", digits: 3),
    BenchReport.Column(key: "maxMs", title: "max ms", digits: 3), BenchReport.Column(key: "callKiB", title: "KiB per call"),
  ]

  func report() async throws -> BenchReport {
    let loadBefore = MachineLoad.load()
    let folder = try CampaignFolder()
    let clinic = CampaignClinic(consultorios: max(2, calls / 50), slots: 60)
    try CampaignServer.prepare(clinic, in: folder, limits: Self.limits)
    let server = try await CampaignServer.start(in: folder, more: ["--escucha", "unix:\(folder.path("f.sock"))=telefono"])
    try await server.importPeople(1...calls + 1)
    let sounds = try writeSounds(in: folder)
    let port = try Sockets.freePort()
    let bridge = try await startBridge(in: folder, port: port, server: "f.sock")
    // What is loaded once is not a call's.
    _ = try await place([calls + 1], port: port, sounds, speed: speed)
    let idle = (bytes: bench_process_resident_bytes(bridge.pid), open: Self.descriptors(of: bridge.pid))
    options.progress("\(calls) calls")
    let (transcripts, most) = try await watchingMemory(of: bridge.pid) { try await place(Array(1...calls), port: port, sounds, speed: speed) }
    let open = try await settledDescriptors(of: bridge.pid, idle.open)
    let status = await bridge.stop(within: .seconds(30))
    let log = try folder.text(of: "bridge.log")
    let slow = try await slowRound(in: folder, sounds)
    if let complaint = await server.complaintOfStop() { throw BenchFault(complaint) }
    options.progressEnded()
    let left = try FileManager.default.contentsOfDirectory(atPath: "\(sounds)/\(SoundJoiner.folderName)").count
    return report(
      transcripts, slow, log: log, status, left: left, most - idle.bytes, open - idle.open, loadBefore)
  }

  private func report(
    _ transcripts: [PhoneTranscript], _ slow: [PhoneTranscript], log: String, _ status: Int32, left: Int, _ bytes: Int64, _ open: Int,
    _ loadBefore: Double
  ) -> BenchReport {
    let turnarounds = transcripts.flatMap(\.turnarounds).map { $0 / .milliseconds(1) }.sorted()
    let own = BridgeLine(in: log)
    let perCall = Double(bytes) / 1024 / Double(calls)
    let silence = transcripts.map(\.deadAir).max().map { $0 / .milliseconds(1) } ?? .nan
    let clean = transcripts.count { $0.faults.isEmpty && $0.lostKeys.isEmpty && $0.dialplan == "persona" }
    let found = transcripts.count(where: \.wasFound)
    return BenchReport(
      bench: "phone", rounds: 1, machine: MachineLoad(loadBefore: loadBefore), columns: Self.columns,
      rows: [
        .init(name: "bridge", values: ["p50Ms": own.p50, "p99Ms": own.p99, "callKiB": perCall]),
        .init(
          name: "asterisk",
          values: ["p50Ms": turnarounds.share(0.5), "p99Ms": turnarounds.share(0.99), "maxMs": turnarounds.last ?? .nan]),
      ],
      bounds: [
        .init(name: "turnaround p99 at the bridge, ms", value: own.p99, atMost: 20),
        .init(name: "longest silence that a caller heard, ms", value: silence, atMost: 2000),
        .init(
          name: "longest silence of \(slow.count) callers of a server that takes a second for each answer, ms",
          value: slow.map(\.deadAir).max().map { $0 / .milliseconds(1) } ?? .nan, atMost: 2000),
        .init(name: "of them, found and told «un momento»", value: Double(slow.count { $0.wasFound && $0.wasToldToWait }), atLeast: Double(slow.count)),
        .init(name: "calls without a lost key or a fault of the protocol", value: Double(clean), atLeast: Double(calls)),
        .init(name: "callers whom the server found by what they pressed", value: Double(found), atLeast: Double(calls)),
        .init(name: "descriptors left open", value: Double(open), atMost: 0),
        .init(name: "joined sounds left behind", value: Double(left), atMost: 0),
        .init(name: "the bridge's exit status", value: Double(status), atMost: 0),
      ],
      notes: ["\(turnarounds.count) commands in \(calls) calls; a caller's time ran \(speed) times as fast as the machine's."])
  }

  // MARK: The parts

  /// A sound for every text of the line, as long as a voice takes for it.
  private func writeSounds(in folder: CampaignFolder) throws -> String {
    try folder.write(configuration(port: 4573, server: "f.sock"), to: "ivr-bridge.yaml")
    let material = try BridgeMaterial.load(path: folder.path("ivr-bridge.yaml"))
    for sound in material.sounds {
      try NamedSound.write(
        "\(sound.folder)/\(sound.name)", milliseconds: Self.millisecondsPerLetter * sound.words.count, in: material.soundFolder.path)
    }
    return material.soundFolder.path
  }

  /// 150 words a minute.
  private static let millisecondsPerLetter = 65

  /// Callers whose server takes a second for each answer, in their own time: the bridge's clocks run in it too.
  private func slowRound(in folder: CampaignFolder, _ sounds: String) async throws -> [PhoneTranscript] {
    let slow = try await SlowSocket.start(at: folder.path("lento.sock"), before: folder.path("f.sock"), delay: .seconds(1))
    let port = try Sockets.freePort()
    let bridge = try await startBridge(in: folder, port: port, server: "lento.sock")
    options.progress("callers of a slow server")
    let transcripts = try await place(Array(1...min(calls, Self.slowCalls)), port: port, sounds, speed: 1)
    _ = await bridge.stop(within: .seconds(30))
    await slow.close()
    return transcripts
  }

  private static let slowCalls = 20

  private func place(_ numbers: [Int], port: Int, _ sounds: String, speed: Double) async throws -> [PhoneTranscript] {
    try await withThrowingTaskGroup(of: PhoneTranscript.self) { group in
      for number in numbers {
        group.addTask { try await ScriptedAsterisk.call(Self.identifying(CampaignPerson(number: number), sounds, speed: speed), port: port) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }

  /// Forty-millisecond tones with twenty between them arrive as 80 and 45.
  private static func identifying(_ person: CampaignPerson, _ sounds: String, speed: Double) -> PhoneScript {
    let quick = Duration.milliseconds(125)
    var script = PhoneScript(script: "citas", speed: speed)
    script.disk = sounds
    return script
      .pressing(person.nss, on: "pide_nss", every: quick).pressing("30041985", on: "pide_nacimiento", every: quick)
      .pressing("1", on: "eco.tecla_1").pressing("0", on: "acciones.tecla_1")
  }

  private func configuration(port: Int, server: String) -> String {
    """
    escucha: 127.0.0.1:\(port)
    asterisk: [127.0.0.1]
    servidores: [{unix: \(server)}]
    clinica: clinic.yaml
    guias: \(URL(fileURLWithPath: options.root).path)/kiosk-config/guidance
    dialogos: \(URL(fileURLWithPath: options.root).path)/kiosk-config/dialogues
    perfil: prueba
    grabaciones: grabaciones
    sonidos: sonidos
    sonidos_en_asterisk: ventanilla
    llamadas: 1000
    """
  }

  private func startBridge(in folder: CampaignFolder, port: Int, server: String) async throws -> ChildProcess {
    try folder.write(configuration(port: port, server: server), to: "ivr-bridge.yaml")
    try folder.write("", to: "bridge.log")
    let bridge = try await ChildProcess.start(
      try BuiltPrograms.path("ivr-bridge"), ["serve", "--config", folder.path("ivr-bridge.yaml")], log: folder.path("bridge.log"))
    let end = ContinuousClock.now + .seconds(30)
    while try !folder.text(of: "bridge.log").contains("lista: ") {
      guard !bridge.hasEnded, ContinuousClock.now < end else {
        throw BenchFault("ivr-bridge did not start: \(try folder.text(of: "bridge.log"))")
      }
      try await Task.sleep(for: .milliseconds(10))
    }
    return bridge
  }

  /// The greatest resident size, looked at ten times a second until the calls are over.
  private func watchingMemory(
    of process: pid_t, _ calls: () async throws -> [PhoneTranscript]
  ) async throws -> ([PhoneTranscript], Int64) {
    let watch = Task {
      var most: Int64 = 0
      while !Task.isCancelled {
        most = max(most, bench_process_resident_bytes(process))
        try? await Task.sleep(for: .milliseconds(100))
      }
      return most
    }
    defer { watch.cancel() }
    let transcripts = try await calls()
    watch.cancel()
    return (transcripts, await watch.value)
  }

  private static func descriptors(of process: pid_t) -> Int {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").count) ?? -1
  }

  /// Connections close a moment after the last call.
  private func settledDescriptors(of process: pid_t, _ wanted: Int) async throws -> Int {
    for _ in 0..<100 where Self.descriptors(of: process) > wanted { try await Task.sleep(for: .milliseconds(50)) }
    return Self.descriptors(of: process)
  }

  /// The telephone's role as server.yaml's sample has it is a thousand calls a second; a hundred callers at once start together.
  private static let limits = """
    limites:
      llamadas: [{papel: kiosco, por_segundo: 1000000, de_golpe: 1000000}, {papel: telefono, por_segundo: 1000000, de_golpe: 1000000}]
    """
}

/// What the bridge says of itself when it closes: "cifras … turno_p50_ms=0.12 turno_p99_ms=1.30".
private struct BridgeLine {
  let p50: Double
  let p99: Double

  init(in log: String) {
    func number(_ key: String) -> Double {
      guard let start = log.range(of: "\(key)=", options: .backwards) else { return .nan }
      return Double(log[start.upperBound...].prefix { "0123456789.".contains($0) }) ?? .nan
    }
    (p50, p99) = (number("turno_p50_ms"), number("turno_p99_ms"))
  }
}

extension PhoneTranscript {
  /// Only who is found is asked what they want.
  fileprivate var wasFound: Bool { heard.contains { $0.hasSuffix("acciones.tecla_1") } }
  fileprivate var wasToldToWait: Bool { heard.contains { $0.hasSuffix("un_momento") } }
}

extension CampaignFolder {
  fileprivate func text(of name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }
}

extension [Double] {
  /// Of sorted numbers.
  fileprivate func share(_ share: Double) -> Double { isEmpty ? .nan : self[Swift.min(count - 1, Int(Double(count) * share))] }
}
