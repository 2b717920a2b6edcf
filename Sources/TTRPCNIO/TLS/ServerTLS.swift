internal import NIOSSL
internal import Synchronization
package import TTRPCCore

/// The TLS side of a listener: TLS 1.3, a certificate asked of everybody, and who it lets in.
///
/// What it is stands in files, and is read again by ``reload()``: handshakes from then on use the new content, open connections go on
/// with the keys they have. Content that is wrong changes nothing.
package final class ServerTLS: Sendable {
  package let files: TLSFiles
  let admission: CertificateAdmission
  /// Told of every connection that is not let in, on the event loop: it must not wait.
  let onRefusal: @Sendable (TLSRefusal) -> Void
  private let now: @Sendable () -> Int64
  private let state: Mutex<State>

  private struct State {
    var material: TLSMaterial
    var context: NIOSSLContext
    /// What was last looked at, good or not.
    var seen: TLSFileContents
    /// The first second at which a certificate of an open connection may be over; too early when that connection has gone.
    var earliestEnd = Int64.max
  }

  /// - Parameter now: seconds since 1970.
  /// - Throws: every fault of the files.
  package init(
    files: TLSFiles, admission: CertificateAdmission, now: @escaping @Sendable () -> Int64 = { CalendarTime.now },
    onRefusal: @escaping @Sendable (TLSRefusal) -> Void = { _ in }
  ) throws(TLSFaults) {
    let contents = TLSFileContents(reading: files)
    let (material, context) = try Self.make(contents, admission, at: now())
    self.files = files
    self.admission = admission
    self.now = now
    self.onRefusal = onRefusal
    state = Mutex(State(material: material, context: context, seen: contents))
  }

  /// What is wrong with the files of a server of that clinic; nothing is kept open.
  ///
  /// - Parameter now: seconds since 1970; this moment without it.
  package static func faults(of files: TLSFiles, clinic: String, at now: Int64? = nil) -> [TLSFault] {
    let admission = CertificateAdmission(clinic: clinic, roles: [], admitted: [])
    do throws(TLSFaults) {
      _ = try make(TLSFileContents(reading: files), admission, at: now ?? CalendarTime.now)
      return []
    } catch { return error.faults }
  }

  /// The CLUES of the clinic that it serves.
  package var clinic: String { admission.clinic }

  /// The certificate's last second, counted from 1970.
  package var validUntil: Int64 { state.withLock { $0.material.validUntil } }

  package enum Reload: Hashable, Sendable {
    /// The files are as they were when they were last looked at.
    case unchanged
    case renewed
    /// What was in force stays in force.
    case refused(TLSFaults)
  }

  /// Reads the files again.
  ///
  /// New content that is wrong is told once: the next look finds it unchanged. Then let the server apply it to the connections that
  /// are open: ``TTRPCServer/endDenied(of:)``, also when ``mayBeOver``. Reads files and makes a context: not for an event loop.
  package func reload() -> Reload {
    let contents = TLSFileContents(reading: files)
    guard contents != state.withLock({ $0.seen }) else { return .unchanged }
    do throws(TLSFaults) {
      let (material, context) = try Self.make(contents, admission, at: now())
      state.withLock { ($0.material, $0.context, $0.seen) = (material, context, contents) }
      return .renewed
    } catch {
      state.withLock { $0.seen = contents }
      return .refused(error)
    }
  }

  private static func make(
    _ contents: TLSFileContents, _ admission: CertificateAdmission, at now: Int64
  ) throws(TLSFaults) -> (TLSMaterial, NIOSSLContext) {
    let material = try TLSMaterial(contents, at: now) { certificate throws(CertificateRefusal) in
      let identity = try certificate.identity(roles: [])
      guard identity.clinic == admission.clinic else { throw .otherClinic(identity.clinic) }
      return identity
    }
    return (material, try material.context())
  }

  // MARK: On the event loop

  /// The handler that a new connection begins with; it has the files' content of this moment.
  func makeHandler() -> NIOSSLServerHandler { NIOSSLServerHandler(context: state.withLock { $0.context }) }

  /// Judges the holder of a certificate whose chain the handshake has verified.
  func judge(_ certificate: PeerCertificate) throws(CertificateRefusal) -> (CallerCertificate, RoleSet) {
    let denied = state.withLock { $0.material.denied }
    let (identity, role) = try admission.judge(certificate, denied: denied, at: now())
    note(end: certificate.notAfter)
    return (CallerCertificate(identity: identity, serial: certificate.serial, validUntil: certificate.notAfter), role)
  }

  /// Whether a certificate that was let in may be over by now, so that it is time to look through the connections.
  package var mayBeOver: Bool { now() > state.withLock(\.earliestEnd) }

  /// The connections are looked through: each that goes on is noted anew.
  func forgetEnds() { state.withLock { $0.earliestEnd = .max } }

  func note(end: Int64) { state.withLock { $0.earliestEnd = min($0.earliestEnd, end) } }

  /// Why a connection that was let in may not go on: its certificate has been denied since, or is over.
  func ending(of certificate: CallerCertificate) -> CertificateRefusal? {
    if state.withLock({ $0.material.denied.contains(certificate.serial) }) { return .denied }
    return now() > certificate.validUntil ? .expired : nil
  }

  /// Seconds since 1970, as this side tells them.
  var time: Int64 { now() }
}
