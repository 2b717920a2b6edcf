internal import Glibc
package import TTRPCNIO

/// A certificate authority for a test, in a folder that goes with it; its certificates are made by openssl.
package final class TestAuthority: Sendable {
  package let folder: String
  private let name: String

  package static let clinic = "DFIMS000330"

  /// - Parameter name: tells the files of several authorities in one folder apart.
  package init(name: String = "ca") throws {
    folder = try FreshFolder.make()
    self.name = name
    try openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout \(name).key -out \(name).pem -days 30 -subj /CN=\(name)")
  }

  deinit { _ = system("rm -rf \(folder)") }

  package var root: String { path("\(name).pem") }

  package func path(_ file: String) -> String { "\(folder)/\(file)" }

  /// Writes a file in one step, as who replaces a certificate should.
  package func write(_ text: String, to file: String) throws {
    let new = path(file + ".new")
    guard let stream = fopen(new, "w") else { throw TestAuthorityFault(description: "cannot write \(new)") }
    fputs(text, stream)
    fclose(stream)
    rename(new, path(file))
  }

  /// Issues a certificate and its key.
  ///
  /// - Parameters:
  ///   - file: the name of both files, without ending.
  ///   - uris: its URI names, in order.
  ///   - days: how long it is valid; a negative number is over already.
  package func issue(_ file: String, uris: [String], serial: String? = nil, days: Int = 2) throws {
    let names = uris.map { "URI:\($0)" } + ["DNS:localhost", "IP:127.0.0.1"]
    try write("basicConstraints=critical,CA:FALSE\nsubjectAltName=\(names.joined(separator: ","))\n", to: "\(file).ext")
    try openssl("req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout \(file).key -out \(file).csr -subj /CN=\(file)")
    try openssl(
      "x509 -req -in \(file).csr -CA \(name).pem -CAkey \(name).key -days \(days) -extfile \(file).ext -out \(file).pem"
        + (serial.map { " -set_serial 0x\($0)" } ?? " -CAcreateserial"))
  }

  /// Issues a certificate for a role of a clinic.
  package func issue(
    _ file: String, role: String, clinic: String = TestAuthority.clinic, serial: String? = nil, days: Int = 2
  ) throws {
    try issue(file, uris: ["spiffe://imss/umf/\(clinic)/\(role)/\(file)"], serial: serial, days: days)
  }

  /// Issued certificate and key, and this authority as the trust root.
  package func files(_ file: String, root: String? = nil, denyList: String? = nil) -> TLSFiles {
    TLSFiles(
      certificate: path("\(file).pem"), key: path("\(file).key"), trustRoot: root ?? self.root, denyList: denyList.map(path))
  }

  /// Makes a certificate that no authority stands for.
  package func issueSelfSigned(_ file: String, uri: String) throws {
    try openssl(
      "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout \(file).key -out \(file).pem -days 2 -subj /CN=\(file)"
        + " -addext subjectAltName=URI:\(uri)")
  }

  /// Puts another authority's files in the place of these.
  package func take(_ files: [String], from other: TestAuthority, as names: [String]? = nil) throws {
    for (file, source) in zip(files, names ?? files) {
      try run("cp -p \(other.path(source)) \(path(file)).new && mv \(path(file)).new \(path(file))")
    }
  }

  private func openssl(_ arguments: String) throws { try run("openssl \(arguments)") }

  private func run(_ command: String) throws {
    guard system("cd \(folder) && \(command) > command.log 2>&1") == 0 else {
      throw TestAuthorityFault(description: "\(command) has failed; openssl must be installed")
    }
  }
}

/// openssl has not made what a test needs.
package struct TestAuthorityFault: Error, CustomStringConvertible {
  package let description: String
}
