package import ClinicConfiguration
package import ClinicDomain
internal import Crypto
internal import Foundation
internal import Guidance
package import IVRDialogue
package import KioskClient
package import Logging
package import NIOCore
internal import TTRPCCore
package import TTRPCNIO
internal import VentanillaMessages

/// Everything that the files say, read and proven.
package struct BridgeMaterial: Sendable {
  package let configuration: BridgeConfiguration
  package let clinic: Clinic
  package let line: PhoneLine
  package let warnings: [ConfigurationProblem]

  /// - Throws: every problem of the first kind of file that has one: ivr-bridge.yaml, the clinic, the guides, the dialogues.
  package static func load(path: String) throws(ConfigurationProblems) -> BridgeMaterial {
    let configured = try BridgeConfiguration.load(path: path)
    let bridge = configured.value
    let clinic = try ClinicConfiguration.load(path: bridge.clinicFile)
    let guides = try GuidanceConfiguration.load(folder: bridge.guidesFolder, profile: bridge.profile) { Array(SHA256.hash(data: $0)) }
    var line = try DialogueConfiguration.load(folder: bridge.dialoguesFolder, guides: guides.value)
    line.value.infarctionUnit = clinic.value.infarctionUnits.first
    line.value.maternity = clinic.value.maternity
    line.value.units = clinic.value.spokenUnits
    line.value.closed = PhoneLine.ClosedHours.all(of: clinic.value)
    if line.value.infarctionUnit == nil, guides.value.contains(where: \.raisesInfarction) {
      throw ConfigurationProblems([
        ConfigurationProblem(
          severity: .error, file: bridge.clinicFile, position: .start,
          message: "una guía da código infarto y no se dice a dónde llevar a la persona", fix: "agregue unidades_infarto con al menos una unidad")
      ])
    }
    for (guide, service) in guides.value.flatMap(\.remoteServices) where clinic.value.service(service)?.companions.isEmpty ?? true {
      throw ConfigurationProblems([
        ConfigurationProblem(
          severity: .error, file: bridge.clinicFile, position: .start,
          message: "la guía \(guide) da una teleconsulta de \"\(service)\", que la unidad no da a distancia",
          fix: "agregue ese servicio con acompanan, o escriba destino: cita en la guía")
      ])
    }
    if let service = clinic.value.series.check?.service {
      for (step, searches) in line.value.checkSearches where !searches.contains(where: { $0.service == service }) {
        throw ConfigurationProblems([
          ConfigurationProblem(
            severity: .error, file: bridge.dialoguesFolder, position: .start,
            message: "la revisión de cada año es de \"\(service)\" (revision, en \(bridge.clinicFile)), y quien la pide en \(step) llega a "
              + searches.map { "\($0.step), que busca \($0.service.map { "\"\($0)\"" } ?? "lo último que se buscó")" }.joined(separator: ", o a "),
            fix: "agregue un paso de pide: horarios con servicio: \(service), y lleve a él la tecla de \(step)")
        ])
      }
    }
    return BridgeMaterial(
      configuration: bridge, clinic: clinic.value, line: line.value,
      warnings: configured.warnings + clinic.warnings + guides.warnings + line.warnings)
  }

  package var soundFolder: SoundFolder {
    SoundFolder(path: configuration.soundsFolder, recordings: configuration.recordingsFolder)
  }

  package var reviewed: Set<String> { Set(configuration.reviewedLanguages) }

  package var sounds: [SoundWanted] { SoundWanted.all(of: line, reviewed: reviewed) }
}

extension GuidanceConfiguration.Loaded {
  /// What it gives by video: a room, a specialist and somebody beside the person, and no ordinary slot.
  fileprivate var remoteServices: [(GuideID, ServiceCode)] {
    guide.nodes.compactMap { if case .teleconsultation(let term, _)? = $0.disposition { (guide.id, term.service) } else { nil } }
  }

  fileprivate var raisesInfarction: Bool {
    guide.nodes.flatMap(\.answers).contains { $0.marks.code == .infarto }
  }
}

extension PhoneLine {
  /// Where a caller is told that the yearly check is due, and the searches that their keys lead to from there; only where there are some. A
  /// search without a service of its own has `nil`.
  fileprivate var checkSearches: [(step: String, searches: [(step: String, service: ServiceCode?)])] {
    var found: [(step: String, searches: [(step: String, service: ServiceCode?)])] = []
    for dialogue in dialogues {
      for step in dialogue.steps {
        guard case .request(let request) = step.kind, request.kind == .yearlyCheck,
          let due = request.ways.first(where: { $0.word == .some }), let offer = heard(at: due.next, of: dialogue)
        else { continue }
        let next: [StepID] = if case .menu(let menu) = offer.step.kind {
          menu.options.compactMap { if case .go(let next) = $0.action { next } else { nil } }
        } else {
          [due.next]
        }
        let searches = next.compactMap { id -> (step: String, service: ServiceCode?)? in
          guard let (dialogue, step) = heard(at: id, of: offer.dialogue), case .request(let request) = step.kind, request.kind == .find else {
            return nil
          }
          return ("\(dialogue.id).\(step.id)", request.service)
        }
        if !searches.isEmpty { found.append(("\(offer.dialogue.id).\(offer.step.id)", searches)) }
      }
    }
    return found
  }

  /// The first step from this one on that is no mere message, nor the way into another dialogue.
  private func heard(at id: StepID, of dialogue: Dialogue) -> (dialogue: Dialogue, step: Step)? {
    var (dialogue, id) = (dialogue, id)
    // A line without a question on the way round has been refused.
    for _ in 0..<100 {
      guard let step = dialogue[id] else { return nil }
      switch step.kind {
      case .say(_, let next): id = next
      case .dialogue(let other, let at, _):
        guard let other = self[other] else { return nil }
        (dialogue, id) = (other, at ?? other.start)
      case .menu, .field, .request, .guide, .branch, .back, .language, .end: return (dialogue, step)
      }
    }
    return nil
  }
}

// MARK: - What a bridge is made of

extension BridgeMaterial {
  /// - Throws: a sentence when the machine does not know the clinic's zone.
  package func clock() throws(BridgeStartFault) -> CallClock { .system(try zone()) }

  private func zone() throws(BridgeStartFault) -> TimeZone {
    let name = clinic.identity.zone
    guard let zone = TimeZone(identifier: name) else {
      throw BridgeStartFault(description: "Esta máquina no conoce la zona \(name). Instale tzdata.")
    }
    return zone
  }

  /// - Throws: as ``clock()``; or a sentence when there are calls to make and nothing to say in them.
  package func options(
    group: any EventLoopGroup, logger: Logger = Logger(label: "ivr-bridge") { _ in SwiftLogNoOpLogHandler() }
  ) throws(BridgeStartFault) -> BridgeOptions {
    let zone = try zone()
    guard configuration.outbound == nil || line[.notice]?.isEntry == true else {
      throw BridgeStartFault(description: "ivr-bridge.yaml tiene salientes y falta el diálogo de esas llamadas. Copie aviso.yaml de las muestras.")
    }
    let library = SoundLibrary(prefix: configuration.soundsName, lengths: soundFolder.lengths(of: sounds))
    let servers = configuration.servers.map(\.ttrpc)
    let (ofOneCall, ofCourier) = try (clientOptions(.ofOneCall), clientOptions(.ofCourier))
    let courier = Courier(KioskClient(servers, group: group, options: ofCourier))
    let line = line.naming(only: library)
    var options = BridgeOptions(sounds: library, clock: .system(zone)) { Call(line: line) } backEnd: {
      KioskBackEnd(KioskClient(servers, group: group, options: ofOneCall), courier: courier)
    }
    options.courier = courier
    options.clues = clinic.identity.clues
    options.joiner = SoundJoiner(soundFolder.path, library, logger: logger)
    options.placer = configuration.outbound.map { CallPlacer(KioskClient(servers, group: group, options: ofCourier), $0, logger: logger) }
    (options.host, options.port, options.allowed) = (configuration.host, configuration.port, Set(configuration.asterisks))
    options.limits.calls = configuration.calls
    options.limits.longestRequest = .seconds(configuration.requestSeconds)
    options.limits.grace = .seconds(configuration.drainSeconds)
    return options
  }
}

extension PhoneLine {
  /// Without the units whose recording is missing, as behind a new line of the directory: the caller hears that a person says which, and no
  /// silence. Where nothing is recorded at all nothing is left out.
  fileprivate func naming(only library: SoundLibrary) -> PhoneLine {
    var line = self
    if !library.lengths.isEmpty { line.units.removeAll { library.lengths["\(Language.spanish)/\($0.id)"] == nil } }
    return line
  }
}

extension BridgeMaterial {
  /// With the files of `tls`, when there are any.
  ///
  /// - Throws: a sentence for files that are wrong.
  func clientOptions(_ options: KioskClientOptions) throws(BridgeStartFault) -> KioskClientOptions {
    guard let tls = configuration.tls else { return options }
    let files = TLSFiles(certificate: tls.certificate, key: tls.key, trustRoot: tls.authority)
    var options = options
    do throws(TLSFaults) { options.tls = try ClientTLS(files: files, roles: RoleSet.named.map(\.name)) } catch {
      let wrong = error.faults.map { files.path(of: $0.file) ?? tls.certificate }
      throw BridgeStartFault(
        description: "tls de ivr-bridge.yaml: no sirve \(wrong.joined(separator: ", ")). Revise que sea PEM, que esté vigente y que la llave sea la suya.")
    }
    return options
  }
}

extension KioskClientOptions {
  /// A connection of one call: what is held on it ends with it.
  package static var ofOneCall: KioskClientOptions {
    var introduction = ClientIntroduction(name: "ivr-bridge", version: IVRBridgeProgram.version)
    introduction.extensions.insert(.holds)
    var options = KioskClientOptions()
    options.introduction = introduction
    // Who waits on the telephone is told soon, and not after the client's last try.
    options.connectTimeout = .seconds(2)
    return options
  }
}

extension KioskClientOptions {
  /// Of what outlasts calls: nothing is held on it.
  static var ofCourier: KioskClientOptions {
    var options = ofOneCall
    options.introduction?.extensions.remove(.holds)
    return options
  }
}

extension ServerConfiguration.Address {
  package var ttrpc: TTRPCAddress {
    switch self {
    case .tcp(let host, let port): .tcp(host: host, port: port)
    case .unix(let path): .unix(path: path)
    }
  }
}

extension CallClock {
  /// This machine's clock, on the clinic's wall.
  static func system(_ zone: TimeZone) -> CallClock {
    CallClock(now: { Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }) { instant in
      let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant.milliseconds) / 1000))
      let local = ClinicZone(name: zone.identifier, initialOffsetSeconds: offset) ?? .utc
      return local.local(of: instant)
    }
  }
}
