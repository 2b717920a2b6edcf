internal import Foundation
internal import KioskTestSupport

/// Why a campaign could not be run to its end; what it checks is then neither shown nor refuted.
struct CampaignFault: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// A folder of a campaign's own, gone with the campaign; its name is short, for sockets stand in it.
final class CampaignFolder: Sendable {
  let path: String

  init() throws(CampaignFault) {
    do throws(FreshFolderFault) { path = try FreshFolder.make() } catch { throw CampaignFault(error.description) }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func path(_ name: String) -> String { "\(path)/\(name)" }

  func write(_ text: String, to name: String) throws(CampaignFault) {
    do { try text.write(toFile: path(name), atomically: false, encoding: .utf8) } catch {
      throw CampaignFault("cannot write \(path(name)): \(error.localizedDescription)")
    }
  }
}
