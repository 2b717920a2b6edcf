package import ClinicConfiguration
package import ClinicDomain
internal import Crypto
internal import Foundation
package import IVRDialogue
package import KioskClient
package import NIOCore
internal import TTRPCCore
package import TTRPCNIO

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
    let line = try DialogueConfiguration.load(folder: bridge.dialoguesFolder, guides: guides.value)
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

  /// - Throws: as ``clock()``.
  package func options(group: any EventLoopGroup) throws(BridgeStartFault) -> BridgeOptions {
    let zone = try zone()
    let library = SoundLibrary(
      prefix: configuration.soundsName, lengths: soundFolder.lengths(of: sounds), zone: zone.identifier, winterOffset: zone.winterOffset)
    let servers = configuration.servers.map(\.ttrpc)
    let courier = Courier(KioskClient(servers, group: group, options: .ofCourier))
    var options = BridgeOptions(sounds: library, clock: .system(zone)) { [line] in Call(line: line) } backEnd: {
      KioskBackEnd(KioskClient(servers, group: group, options: .ofOneCall), courier: courier)
    }
    options.courier = courier
    (options.host, options.port, options.allowed) = (configuration.host, configuration.port, Set(configuration.asterisks))
    options.limits.calls = configuration.calls
    options.limits.longestRequest = .seconds(configuration.requestSeconds)
    options.limits.grace = .seconds(configuration.drainSeconds)
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

extension TimeZone {
  /// Seconds from UTC in the middle of January.
  fileprivate var winterOffset: Int { secondsFromGMT(for: Date(timeIntervalSince1970: 1_768_500_000)) }
}
