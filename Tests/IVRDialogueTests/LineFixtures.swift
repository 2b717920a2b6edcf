internal import ClinicConfiguration
internal import ClinicDomain
internal import Crypto
internal import Foundation
internal import Guidance
internal import IVRDialogue

let configuration = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .appending(path: "kiosk-config").path

let shippedGuides: [GuidanceConfiguration.Loaded] = {
  do {
    return try GuidanceConfiguration.load(
      folder: "\(configuration)/guidance", profile: .production, digest: { Array(SHA256.hash(data: $0)) }
    ).value
  } catch {
    preconditionFailure("the shipped guides: \(error)")
  }
}()

/// The line of kiosk-config.
let shippedLine: PhoneLine = {
  do {
    return try DialogueConfiguration.load(folder: "\(configuration)/dialogues", guides: shippedGuides).value
  } catch {
    preconditionFailure("the shipped dialogues: \(error)")
  }
}()
