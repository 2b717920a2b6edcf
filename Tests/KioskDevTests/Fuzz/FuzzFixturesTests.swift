import Foundation
import FuzzTargets
import TTRPCCore
import Testing

@testable import kiosk_dev

@Suite("What fuzzing starts from")
struct FuzzFixturesTests {
  @Test("Every fixture of the wire is whole frames, of a stream's transcript both sides, and targets without frames take none")
  func fixtures() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardizedFileURL
    let campaign = FuzzCampaign(root: root)
    // The target's own first byte is how it cuts them.
    let inputs = try campaign.fixtures(of: .frame).map { Array($0.dropFirst()) }
    #expect(inputs.count > 70)
    for input in inputs {
      var rest = input[...]
      while rest.count >= FrameHeader.size {
        let header = rest.withUnsafeBytes { FrameHeader($0) }
        rest = rest.dropFirst(FrameHeader.size + Int(header.length))
      }
      #expect(rest.isEmpty, "\(input.count) bytes")
    }
    #expect(try campaign.fixtures(of: .agi).isEmpty)
  }
}
