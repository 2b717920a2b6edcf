internal import Glibc
internal import NIOCore
internal import NIOSSL
package import TTRPCCore

/// Where a TLS side reads what it is.
package struct TLSFiles: Hashable, Sendable {
  package var certificate: String
  package var key: String
  package var trustRoot: String
  /// Only a server has one, and it need not.
  package var denyList: String?

  package init(certificate: String, key: String, trustRoot: String, denyList: String? = nil) {
    self.certificate = certificate
    self.key = key
    self.trustRoot = trustRoot
    self.denyList = denyList
  }

  package func path(of file: TLSFile) -> String? {
    switch file {
    case .certificate: certificate
    case .key: key
    case .trustRoot: trustRoot
    case .denyList: denyList
    }
  }
}

/// The content of a TLS side's files at one moment; a fault of reading is part of it, so that two moments can be compared.
struct TLSFileContents: Hashable, Sendable {
  private let contents: [TLSFile: Result<FileBytes, FileReadFault>]

  init(reading files: TLSFiles) {
    var contents: [TLSFile: Result<FileBytes, FileReadFault>] = [:]
    for file in TLSFile.allCases {
      guard let path = files.path(of: file) else { continue }
      contents[file] = Result { () throws(FileReadFault) in try FileBytes.read(path) }
    }
    self.contents = contents
  }

  /// `nil` for a file that is not asked for.
  func bytes(_ file: TLSFile) throws(TLSFault) -> FileBytes? {
    switch contents[file] {
    case nil: return nil
    case .success(let bytes): return bytes
    case .failure(let fault): throw .unreadable(file, reason: fault.reason)
    }
  }
}

/// A certificate, its key, the roots it trusts and the serials it denies: read, and found to belong together.
struct TLSMaterial: Sendable {
  let chain: [NIOSSLCertificate]
  let key: NIOSSLPrivateKey
  let roots: [NIOSSLCertificate]
  let denied: DenyList
  /// Who the own certificate says this side is.
  let identity: DeviceIdentity
  /// The own certificate's last second, counted from 1970.
  let validUntil: Int64

  /// - Parameters:
  ///   - now: seconds since 1970.
  ///   - judge: the identity that the own certificate must bear.
  /// - Throws: every fault there is, in the order of the files.
  init(
    _ contents: TLSFileContents, at now: Int64,
    judge: (PeerCertificate) throws(CertificateRefusal) -> DeviceIdentity
  ) throws(TLSFaults) {
    var faults: [TLSFault] = []
    let chain = Self.keep(&faults) { () throws(TLSFault) in
      let chain = try Self.certificates(contents, .certificate)
      for certificate in chain { try Self.check(certificate, of: .certificate, at: now) }
      return chain
    }
    let identity = chain.flatMap { chain in
      Self.keep(&faults) { () throws(TLSFault) in
        do throws(CertificateRefusal) { return try judge(PeerCertificate(chain[0])) } catch { throw .identity(error) }
      }
    }
    let key = Self.keep(&faults) { () throws(TLSFault) in try Self.key(contents) }
    if let chain, let key, !Self.belong(chain[0], key) { faults.append(.keyOfAnotherCertificate) }
    let roots = Self.keep(&faults) { () throws(TLSFault) in
      let roots = try Self.certificates(contents, .trustRoot)
      // While one root replaces another the old one may be over.
      let valid = roots.filter { PeerCertificate($0).isValid(at: now) }
      if valid.isEmpty { try Self.check(roots[0], of: .trustRoot, at: now) }
      return valid
    }
    let denied = Self.keep(&faults) { () throws(TLSFault) in try Self.denyList(contents) }
    guard faults.isEmpty, let chain, let identity, let key, let roots, let denied else { throw TLSFaults(faults: faults) }
    self.chain = chain
    self.key = key
    self.roots = roots
    self.denied = denied
    self.identity = identity
    validUntil = Int64(chain[0].notValidAfter)
  }

  private static func keep<Value>(_ faults: inout [TLSFault], _ read: () throws(TLSFault) -> Value) -> Value? {
    do throws(TLSFault) { return try read() } catch {
      faults.append(error)
      return nil
    }
  }

  private static func certificates(_ contents: TLSFileContents, _ file: TLSFile) throws(TLSFault) -> [NIOSSLCertificate] {
    guard let bytes = try contents.bytes(file)?.bytes, let certificates = try? NIOSSLCertificate.fromPEMBytes(bytes) else {
      throw .notPEM(file)
    }
    return certificates
  }

  private static func check(_ certificate: NIOSSLCertificate, of file: TLSFile, at now: Int64) throws(TLSFault) {
    let certificate = PeerCertificate(certificate)
    guard now <= certificate.notAfter else { throw .expired(file, since: certificate.notAfter) }
    guard now >= certificate.notBefore else { throw .notYetValid(file, until: certificate.notBefore) }
  }

  /// Debian's way of sharing a key with a group (0640) is taken; what anybody can read is no secret.
  private static func key(_ contents: TLSFileContents) throws(TLSFault) -> NIOSSLPrivateKey {
    guard let file = try contents.bytes(.key) else { throw .notPEM(.key) }
    guard file.mode & 0o037 == 0 else { throw .keyOpenToOthers(mode: file.mode) }
    // A key with a passphrase would be asked for on a terminal that a service does not have.
    guard let key = try? NIOSSLPrivateKey(bytes: file.bytes, format: .pem, passphraseCallback: Self.noPassphrase)
    else { throw .notPEM(.key) }
    return key
  }

  private static func noPassphrase(_ set: NIOSSLPassphraseSetter<[UInt8]>) throws { throw TLSFault.notPEM(.key) }

  private static func denyList(_ contents: TLSFileContents) throws(TLSFault) -> DenyList {
    guard let file = try contents.bytes(.denyList) else { return .empty }
    do throws(DenyListFault) { return try DenyList(text: String(decoding: file.bytes, as: UTF8.self)) } catch {
      throw .denyList(line: error.line)
    }
  }

  /// The library compares the two when a context takes them.
  private static func belong(_ certificate: NIOSSLCertificate, _ key: NIOSSLPrivateKey) -> Bool {
    let configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: [.certificate(certificate)], privateKey: .privateKey(key))
    return (try? NIOSSLContext(configuration: configuration)) != nil
  }

  /// The configuration of either end, TLS 1.3 and nothing older.
  ///
  /// Names are not compared with addresses: who the other side is stands in its URI, which this project judges itself.
  func context(_ configure: (inout TLSConfiguration) -> Void = { _ in }) throws(TLSFaults) -> NIOSSLContext {
    var configuration = TLSConfiguration.makeServerConfigurationWithMTLS(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key), trustRoots: .certificates(roots))
    configuration.minimumTLSVersion = .tlsv13
    configuration.certificateVerification = .noHostnameVerification
    // Both ends of a connection linger by themselves; nobody waits for a farewell.
    configuration.shutdownTimeout = .zero
    configure(&configuration)
    do { return try NIOSSLContext(configuration: configuration) } catch {
      throw TLSFaults(faults: [.refused(reason: "\(error)")])
    }
  }
}

/// Seconds since 1970, which is how certificates tell time.
enum CalendarTime {
  static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec)
  }
}
