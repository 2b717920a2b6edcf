internal import SwiftProtobuf
internal import SwiftProtobufPluginLibrary

/// The protoc plugin: `.proto` files in, Swift value types, service protocols, clients and the method table out.
///
/// Options (`--ventanilla_opt=key=value,…`):
/// - `cmodule`: the C target that holds protoc-c's output for the same files. Required.
/// - `table`: the name of the method table's type. Required.
/// - `runtime`: the module that declares `WireMessage`; left out when the output is part of that module.
///
/// The output depends on the files, their order and the options, and on nothing else.
@main
struct VentanillaGenerator: CodeGenerator {
  var supportedFeatures: [Google_Protobuf_Compiler_CodeGeneratorResponse.Feature] {
    // Claimed so that protoc lets such a file through to us, and our refusal says what to write instead.
    [.proto3Optional]
  }

  var version: String? { "1" }

  func generate(
    files: [FileDescriptor],
    parameter: any CodeGeneratorParameter,
    protoCompilerContext: any ProtoCompilerContext,
    generatorOutputs: any GeneratorOutputs
  ) throws {
    let options = try GeneratorOptions(parameter.parsedPairs)
    let files = files.sorted { $0.name < $1.name }
    for file in files {
      try Contract.check(file)
      let stem = Naming.fileStem(file)
      if !(file.messages.isEmpty && file.enums.isEmpty) {
        try generatorOutputs.add(
          fileName: "\(stem)Messages.swift", contents: MessageFile(file, options).text)
      }
      if !file.services.isEmpty {
        try generatorOutputs.add(
          fileName: "\(stem)Services.swift", contents: ServiceFile(file, options).text)
      }
    }
    try generatorOutputs.add(
      fileName: "\(options.table).swift", contents: TableFile(files, options).text)
  }
}

/// What the command line says to the plugin.
struct GeneratorOptions {
  var cModule = ""
  var table = ""
  var runtime: String?

  init(_ pairs: [(key: String, value: String)]) throws {
    for (key, value) in pairs {
      switch key {
      case "cmodule": cModule = value
      case "table": table = value
      case "runtime": runtime = value
      default: throw ContractFault("option `\(key)` is unknown; there are cmodule, table and runtime")
      }
    }
    guard !cModule.isEmpty, !table.isEmpty else {
      throw ContractFault("options cmodule=… and table=… are required")
    }
  }
}
