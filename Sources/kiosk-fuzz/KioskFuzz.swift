internal import FuzzTargets
internal import Glibc

/// libFuzzer with our targets: `kiosk-fuzz --<target> [libFuzzer's flags and corpus folders]`.
///
/// Two dashes: libFuzzer ignores such a word and hands it on when it starts this program again to minimise a finding. SwiftPM links an executable under the name of its module, and libFuzzer brings the `main` that it would rather have.
@_cdecl("kiosk_fuzz_main")
func main(count: Int32, words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Int32 {
  let given = (1..<Int(count)).compactMap { words[$0].map { String(cString: $0) } }
  guard let target = given.first(where: { $0.hasPrefix("--") }).flatMap({ FuzzTarget.named(String($0.dropFirst(2))) }) else {
    print("kiosk-fuzz --<target>: \((FuzzTarget.all + [.canary]).map(\.name).joined(separator: " "))")
    return 64
  }
  Chosen.target = target
  var count = count
  var words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = words
  return runDriver(&count, &words) { bytes, size in
    do throws(FuzzFinding) { try Chosen.target.run(UnsafeRawBufferPointer(start: bytes, count: size)) } catch {
      fatalError(error.description)
    }
    return 0
  }
}

/// Set before the first run and never after.
private enum Chosen {
  nonisolated(unsafe) static var target = FuzzTarget.canary
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<Int32>, _ words: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ run: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32
