internal import ArgumentParser
internal import Foundation

/// Writes everything that is generated from Protos/, or says what is out of date.
struct GenerateProtos: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate-protos",
    abstract: "Generate the C and Swift code of Protos/.",
    discussion: """
      Needs protoc and protoc-c (Debian: protobuf-compiler, protobuf-c-compiler, libprotobuf-c-dev). Builds our own protoc \
      plugin in Sources/protoc-gen-ventanilla first; the first time takes about half a minute.

      Exit status: 0 when all files are written or, with --check, up to date; 1 when --check finds a difference or a tool fails.
      """)

  @Flag(help: "Write nothing; name the files that differ from what would be written.")
  var check = false

  @Option(help: ArgumentHelp("The project's root.", valueName: "folder"))
  var root = "."

  func run() throws {
    let generation = ProtoGeneration(root: URL(fileURLWithPath: root, isDirectory: true))
    let differences = try generation.differences()
    guard check else {
      try generation.write(differences)
      return print(differences.isEmpty ? "generated code was up to date" : "\(differences.count) files written or removed")
    }
    guard !differences.isEmpty else { return print("generated code is up to date") }
    for difference in differences { print("\(difference.kind.rawValue): \(difference.path)") }
    print("run `kiosk-dev generate-protos` (made with \(try generation.toolVersions()))")
    throw ExitCode(1)
  }
}

/// Where generated code comes from and goes to.
struct ProtoGeneration {
  let root: URL

  /// One C target, and the Swift that stands on it.
  struct Unit {
    /// The target's folder; its last part is the target's name.
    let cTarget: String
    /// Below Protos/ or Tests/Shapes/, or of protoc itself.
    let protos: [String]
    let swift: (folder: String, options: String)?

    var cModule: Substring { cTarget.split(separator: "/").last ?? "" }
  }

  struct Difference {
    enum Kind: String {
      case missing, differs
      case surplus = "not generated any more"
    }

    let path: String
    let kind: Kind
    /// What belongs there; `nil` for a surplus file.
    let contents: Data?
  }

  /// `options.proto` is read by our plugin only, and protoc-c must not generate it.
  func units() throws -> [Unit] {
    [
      Unit(
        cTarget: "Sources/CTTRPCProtos",
        protos: ["google/protobuf/any.proto", "google/rpc/status.proto", "ttrpc/ttrpc.proto"], swift: nil),
      Unit(
        cTarget: "Sources/CVentanillaProtos",
        protos: try protos("ventanilla/v1").filter { !$0.hasSuffix("/options.proto") },
        swift: ("Sources/VentanillaMessages/Generated", "cmodule=CVentanillaProtos,table=MethodTable")),
      Unit(
        cTarget: "Sources/CBenchProtos", protos: try protos("bench/v1"),
        swift: (
          "Sources/kiosk-dev/Generated",
          "cmodule=CBenchProtos,table=BenchMethodTable,runtime=VentanillaMessages"
        )),
      Unit(
        cTarget: "Tests/CShapesProtos", protos: ["shapes/v1/shapes.proto"],
        swift: (
          "Tests/VentanillaMessagesTests/Generated/Shapes",
          "cmodule=CShapesProtos,table=ShapesMethodTable,runtime=VentanillaMessages"
        )),
    ]
  }

  /// Every difference between what is there and what belongs there, by path.
  func differences() throws -> [Difference] {
    let plugin = try buildPlugin()
    let units = try units()
    var wanted: [String: Data] = [:]
    for unit in units { wanted.merge(try outputs(of: unit, plugin: plugin)) { _, new in new } }
    let owned = units.flatMap { unit in [unit.cTarget] + (unit.swift.map { [$0.folder] } ?? []) }
    let present = try owned.flatMap(files(below:))
    let surplus = present.filter { wanted[$0] == nil }.map { Difference(path: $0, kind: .surplus, contents: nil) }
    let changed = wanted.compactMap { path, contents -> Difference? in
      guard let old = try? Data(contentsOf: root.appending(path: path)) else {
        return Difference(path: path, kind: .missing, contents: contents)
      }
      return old == contents ? nil : Difference(path: path, kind: .differs, contents: contents)
    }
    return (surplus + changed).sorted { $0.path < $1.path }
  }

  func write(_ differences: [Difference]) throws {
    for difference in differences {
      let file = root.appending(path: difference.path)
      guard let contents = difference.contents else {
        try FileManager.default.removeItem(at: file)
        continue
      }
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try contents.write(to: file)
    }
  }

  func toolVersions() throws -> String {
    let versions = try Tool.run("protoc-c", ["--version"]) + ", " + Tool.run("protoc", ["--version"])
    return versions.split(separator: "\n").joined(separator: " ")
  }

  // MARK: Making one unit

  private func outputs(of unit: Unit, plugin: URL) throws -> [String: Data] {
    let scratch = FileManager.default.temporaryDirectory.appending(path: "ventanilla-protos-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: scratch) }
    let (c, swift) = (scratch.appending(path: "c"), scratch.appending(path: "swift"))
    for folder in [c, swift] {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
    let folders = [root.appending(path: "Protos").path, root.appending(path: "Tests/Shapes").path, "/usr/include"]
    var arguments = folders.flatMap { ["-I", $0] } + ["--c_out=\(c.path)"]
    if let options = unit.swift?.options {
      arguments += ["--plugin=\(plugin.path)", "--ventanilla_out=\(swift.path)", "--ventanilla_opt=\(options)"]
    }
    _ = try Tool.run("protoc", arguments + unit.protos)

    var outputs = moduleFiles(of: unit)
    for proto in unit.protos {
      let stem = proto.dropLast(".proto".count)
      outputs["\(unit.cTarget)/\(stem).pb-c.c"] = try Data(contentsOf: c.appending(path: "\(stem).pb-c.c"))
      outputs["\(unit.cTarget)/include/\(stem).pb-c.h"] = try Data(contentsOf: c.appending(path: "\(stem).pb-c.h"))
    }
    if let folder = unit.swift?.folder {
      for name in try FileManager.default.contentsOfDirectory(atPath: swift.path) {
        outputs["\(folder)/\(name)"] = try Data(contentsOf: swift.appending(path: name))
      }
    }
    return outputs
  }

  /// The header of all headers, and the module that Swift imports.
  private func moduleFiles(of unit: Unit) -> [String: Data] {
    let includes = unit.protos.map { "#include \"\($0.dropLast(".proto".count)).pb-c.h\"\n" }.joined()
    let module = "module \(unit.cModule) {\n  umbrella header \"\(unit.cModule).h\"\n  export *\n}\n"
    return [
      "\(unit.cTarget)/include/\(unit.cModule).h": Data(("// Written by kiosk-dev generate-protos. Do not edit.\n" + includes).utf8),
      "\(unit.cTarget)/include/module.modulemap": Data(module.utf8),
    ]
  }

  private func buildPlugin() throws -> URL {
    let package = root.appending(path: "Sources/protoc-gen-ventanilla").path
    _ = try Tool.run("swift", ["build", "--package-path", package, "--product", "protoc-gen-ventanilla"])
    return URL(fileURLWithPath: package).appending(path: ".build/debug/protoc-gen-ventanilla")
  }

  private func protos(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.appending(path: "Protos/\(folder)").path)
      .filter { $0.hasSuffix(".proto") }.sorted().map { "\(folder)/\($0)" }
  }

  private func files(below folder: String) throws -> [String] {
    let base = root.appending(path: folder).path
    guard FileManager.default.fileExists(atPath: base) else { return [] }
    return try FileManager.default.subpathsOfDirectory(atPath: base)
      .filter { path in
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: "\(base)/\(path)", isDirectory: &isFolder) && !isFolder.boolValue
      }
      .map { "\(folder)/\($0)" }
  }
}

/// Another program, run to its end.
enum Tool {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// - Returns: what it wrote to standard output.
  /// - Throws: ``Failure`` when it is missing, or with what it wrote when its status is not 0.
  static func run(_ name: String, _ arguments: [String]) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [name] + arguments
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    switch process.terminationStatus {
    case 0: return text
    case 127: throw Failure(description: "\(name) is not installed; `make test` installs what is missing")
    default: throw Failure(description: "\(name) failed:\n\(text)")
    }
  }
}
