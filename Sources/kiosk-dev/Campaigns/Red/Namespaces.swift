internal import Foundation

/// Two network namespaces joined by a ``Line``; gone when ``remove()`` is called, or at the next run.
struct Namespaces: Sendable {
  static let kioskAddress = "10.99.7.1"
  static let serverAddress = "10.99.7.2"
  private static let prefix = "ventanilla-red-"

  let kiosk: String
  let server: String
  let line: Line

  /// Why there can be none here; `nil` when there can.
  static var obstacle: String? {
    if geteuid() != 0 { return "network namespaces need root" }
    if access("/dev/net/tun", R_OK | W_OK) != 0 { return "there is no /dev/net/tun" }
    return ip == nil ? "`ip` is missing: apt-get install iproute2" : nil
  }

  static var ip: String? {
    ["/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip"].first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  static func make(seed: UInt64) async throws -> Namespaces {
    if let obstacle { throw CampaignFault(obstacle) }
    try await removeOrphans()
    let id = getpid()
    let (kiosk, server) = ("\(prefix)\(id)-k", "\(prefix)\(id)-s")
    let devices = ("vk\(id)", "vs\(id)")
    let line = try Line(devices.0, devices.1, seed: seed)
    let namespaces = Namespaces(kiosk: kiosk, server: server, line: line)
    do {
      for (name, device, address) in [(kiosk, devices.0, kioskAddress), (server, devices.1, serverAddress)] {
        try await run("netns", "add", name)
        try await run("link", "set", device, "netns", name)
        try await run("-n", name, "addr", "add", "\(address)/24", "dev", device)
        try await run("-n", name, "link", "set", "lo", "up")
        try await run("-n", name, "link", "set", device, "up")
      }
    } catch {
      await namespaces.remove()
      throw error
    }
    return namespaces
  }

  func remove() async {
    line.close()
    for name in [kiosk, server] { try? await Self.run("netns", "del", name) }
  }

  /// Starts a program in one of them.
  static func words(_ namespace: String, _ program: String, _ arguments: [String]) throws(CampaignFault) -> (String, [String]) {
    guard let ip else { throw CampaignFault("`ip` is missing") }
    return (ip, ["netns", "exec", namespace, program] + arguments)
  }

  /// What a run has left that was killed.
  private static func removeOrphans() async throws {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/var/run/netns")) ?? []
    for name in names where name.hasPrefix(prefix) {
      let id = name.dropFirst(prefix.count).prefix { $0.isNumber }
      if let id = pid_t(id), kill(id, 0) == 0 { continue }
      try await run("netns", "del", name)
    }
  }

  private static func run(_ words: String...) async throws {
    guard let ip else { throw CampaignFault("`ip` is missing") }
    let run = try await ProgramRun.of(ip, words)
    guard run.status == 0 else { throw CampaignFault("ip \(words.joined(separator: " ")): \(run.text)") }
  }
}
