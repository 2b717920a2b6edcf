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

/// The line of kiosk-config, with the sample directory's units.
let shippedLine: PhoneLine = {
  do {
    var line = try DialogueConfiguration.load(folder: "\(configuration)/dialogues", guides: shippedGuides).value
    line.units = try ClinicConfiguration.load(path: "\(configuration)/clinics/umf-muestra-30/clinic.yaml").value.spokenUnits
    return line
  } catch {
    preconditionFailure("the shipped dialogues: \(error)")
  }
}()
