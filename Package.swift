// swift-tools-version: 6.2
// The targets stand in layer order: what stands lower may import what stands higher, and TidyTests hold it so.
import PackageDescription

/// Every import states its access, `any` is written, members come only from modules that the file imports.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A clinic's machine needs no Swift: in release the programs it runs carry what they use of Swift's library, and only that is mapped
/// (`kiosk-dev bench memory`). lld packs the relocations, which are read whole at each start, and folds functions that are equal.
let shipped: [LinkerSetting] = [
  .unsafeFlags(
    [
      "-static-stdlib", "-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs", "-Xlinker", "--icf=safe", "-Xlinker", "--no-export-dynamic",
      // Foundation's static parts, which a module compiled for the shared ones does not name.
      "-lCoreFoundation", "-l_FoundationICU", "-l_FoundationCShims", "-l_FoundationCollections",
    ], .when(configuration: .release))
]

let nio: [Target.Dependency] = [
  .product(name: "NIOCore", package: "swift-nio"),
  .product(name: "NIOPosix", package: "swift-nio"),
]
let embedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let http: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let lifecycle: [Target.Dependency] = [
  .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
  .product(name: "UnixSignals", package: "swift-service-lifecycle"),
]
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let tls: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
/// The event that ends a handshake.
let tlsEvents: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let tracing: Target.Dependency = .product(name: "Tracing", package: "swift-distributed-tracing")

let inMemoryTracing: Target.Dependency = .product(name: "InMemoryTracing", package: "swift-distributed-tracing")

/// `FUZZ=1`, with a folder of its own (`--scratch-path .build-fuzz`): what takes bytes from strangers is built for libFuzzer;
/// `FUZZ=address`: and with AddressSanitizer, which sees more and runs at a third of the speed.
let fuzzing = Context.environment["FUZZ"]

let package = Package(
  name: "Ventanilla",
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // Pure: no sockets, no SQL, no C, no clock, no files, no Foundation.
    // The nouns of the clinic.
    .target(name: "ClinicDomain", swiftSettings: settings),
    // The verbs: decisions, and what is free.
    .target(name: "Scheduling", dependencies: ["ClinicDomain"], swiftSettings: settings),
    // Medical guidance as data, and the proofs about it.
    .target(name: "Guidance", dependencies: ["ClinicDomain"], swiftSettings: settings),
    // A telephone call as a machine, dialogues as data, and the proofs about them.
    .target(name: "IVRDialogue", dependencies: ["ClinicDomain", "Guidance"], swiftSettings: settings),
    // The protocol as values.
    .target(name: "TTRPCCore", swiftSettings: settings),
    // What Asterisk and a phone bridge say to each other, as values.
    .target(name: "FastAGI", swiftSettings: settings),

    // Adapters: each owns one outside thing.
    // The text of kiosk-config.
    .target(
      name: "ClinicConfiguration", dependencies: ["ClinicDomain", "Guidance", "IVRDialogue", .product(name: "Yams", package: "Yams")],
      swiftSettings: settings),
    // libprotobuf-c, and what protoc-c made of Protos/.
    .systemLibrary(
      name: "CProtobufC", pkgConfig: "libprotobuf-c", providers: [.apt(["libprotobuf-c-dev"])]),
    .target(name: "CTTRPCProtos", dependencies: ["CProtobufC"]),
    .target(name: "CVentanillaProtos", dependencies: ["CProtobufC"]),
    // Wire messages and domain values.
    .target(
      name: "VentanillaMessages",
      dependencies: ["CVentanillaProtos", "CProtobufC", "TTRPCCore", "ClinicDomain", "Scheduling"],
      swiftSettings: settings),
    // Sockets.
    .target(name: "TTRPCNIO", dependencies: ["TTRPCCore", tls, tlsEvents, tracing] + nio, swiftSettings: settings),
    // The database, on the system's libsqlite3.
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .target(name: "ClinicStore", dependencies: ["ClinicDomain", "Scheduling", "CSQLite", crypto, metrics], swiftSettings: settings),

    // Services and assembly.
    // One file for each RPC.
    .target(
      name: "KioskServices",
      dependencies: ["ClinicDomain", "Scheduling", "VentanillaMessages", "ClinicStore", "TTRPCCore", crypto],
      swiftSettings: settings),
    // The composition root of the server.
    .target(
      name: "KioskServer",
      dependencies: [
        "ClinicConfiguration", "KioskServices", "TTRPCNIO", "VentanillaMessages", "ClinicStore", "Scheduling",
        "ClinicDomain", "TTRPCCore", logging, metrics, tracing, tls, http,
      ] + lifecycle + nio,
      swiftSettings: settings),
    // The typed client.
    .target(
      name: "KioskClient",
      dependencies: ["TTRPCNIO", "TTRPCCore", "VentanillaMessages", "ClinicDomain", logging, tracing, tls] + nio,
      swiftSettings: settings),

    // The telephone bridge: Asterisk on one side, the clinic's server on the other, a dialogue between.
    .target(
      name: "IVRBridge",
      dependencies: [
        "FastAGI", "IVRDialogue", "Guidance", "KioskClient", "VentanillaMessages", "TTRPCNIO", "TTRPCCore", "ClinicConfiguration",
        "ClinicDomain", "TerminalText", crypto, logging,
      ] + lifecycle + nio,
      swiftSettings: settings),

    // Words and tables for a terminal, as kioskctl and kiosk-dev print them.
    .target(
      name: "TerminalText", dependencies: ["VentanillaMessages", "TTRPCCore", "ClinicDomain"], swiftSettings: settings),
    // What tests and kiosk-dev share: seeds, fixtures, the simulator.
    .target(
      name: "KioskTestSupport",
      dependencies: [
        "KioskServer", "KioskServices", "KioskClient", "VentanillaMessages", "ClinicStore", "Scheduling", "IVRDialogue", "Guidance", "ClinicDomain",
        "TTRPCCore", "TTRPCNIO", "CSQLite", crypto, logging,
      ] + nio,
      swiftSettings: settings),
    // What takes bytes from strangers, as functions of those bytes: for libFuzzer and for the tests.
    .target(
      name: "FuzzTargets", dependencies: ["FastAGI", "TTRPCNIO", "TTRPCCore", "VentanillaMessages", embedded] + nio, swiftSettings: settings),

    // Executables: arguments in, one library call, exit code out.
    .executableTarget(
      name: "ivr-bridge", dependencies: ["IVRBridge", "IVRDialogue", "ClinicConfiguration", "ClinicDomain", arguments],
      swiftSettings: settings, linkerSettings: shipped),
    .executableTarget(name: "kiosk-server", dependencies: ["KioskServer", arguments], swiftSettings: settings, linkerSettings: shipped),
    .executableTarget(
      name: "kioskctl",
      dependencies: [
        "KioskClient", "KioskServer", "TTRPCNIO", "TTRPCCore", "VentanillaMessages", "CProtobufC", "ClinicConfiguration", "KioskServices", "ClinicStore",
        "TerminalText", "Guidance", "ClinicDomain", crypto, arguments, tracing,
      ] + nio,
      swiftSettings: settings, linkerSettings: shipped),
    // The developer's tool, with the C that measures peers.
    .target(name: "CBenchProtos", dependencies: ["CProtobufC"]),
    .target(name: "CBenchLoad"),
    .executableTarget(
      name: "kiosk-dev",
      dependencies: [
        "KioskServer", "KioskServices", "KioskClient", "KioskTestSupport", "FuzzTargets", "TerminalText", "ClinicConfiguration",
        "ClinicStore", "Scheduling", "IVRBridge", "IVRDialogue", "Guidance", "ClinicDomain", "TTRPCNIO", "TTRPCCore", "VentanillaMessages", "CProtobufC",
        "CBenchProtos", "CBenchLoad", arguments, logging, crypto, "CSQLite",
      ] + lifecycle + nio,
      swiftSettings: settings, linkerSettings: shipped),

    // Tests mirror the sources.
    tests("ClinicDomainTests", ["ClinicDomain", "KioskTestSupport"]),
    tests("SchedulingTests", ["Scheduling", "ClinicDomain", "KioskTestSupport"]),
    tests("TTRPCCoreTests", ["TTRPCCore"]),
    tests("FastAGITests", ["FastAGI"]),
    tests("TTRPCNIOTests", ["TTRPCNIO", "TTRPCCore", "KioskTestSupport", embedded, tls, tracing, inMemoryTracing] + nio),
    tests("ConformanceTests", ["TTRPCNIO", "TTRPCCore", embedded] + nio, exclude: ["README.md", "Fixtures"]),
    tests("FuzzTargetsTests", ["FuzzTargets", "KioskTestSupport", "kiosk-dev"]),
    tests("GuidanceTests", ["Guidance", "ClinicConfiguration", "ClinicDomain", "KioskTestSupport", crypto]),
    tests(
      "IVRDialogueTests", ["IVRDialogue", "ClinicConfiguration", "Guidance", "ClinicDomain", "KioskTestSupport", crypto],
      exclude: ["Transcripts"]),
    tests("ClinicConfigurationTests", ["ClinicConfiguration", "IVRDialogue", "Guidance", "ClinicDomain", crypto]),
    .target(name: "CShapesProtos", dependencies: ["CProtobufC"], path: "Tests/CShapesProtos"),
    tests(
      "VentanillaMessagesTests",
      ["VentanillaMessages", "CVentanillaProtos", "CShapesProtos", "CProtobufC", "TTRPCCore", "ClinicDomain", "Scheduling", "kiosk-dev"]),
    // A disk that loses its power; opened by name, never SQLite's default.
    .target(name: "CCrashVFS", path: "Tests/CCrashVFS"),
    tests("ClinicStoreTests", ["ClinicStore", "Scheduling", "ClinicDomain", "KioskTestSupport", "CCrashVFS", "CSQLite"]),
    tests("SimulationTests", ["ClinicStore", "Scheduling", "ClinicDomain", "KioskTestSupport"]),
    tests(
      "KioskServicesTests",
      ["KioskServices", "VentanillaMessages", "ClinicStore", "Scheduling", "ClinicConfiguration", "ClinicDomain", "TTRPCCore", "KioskTestSupport"]),
    tests("KioskClientTests", ["KioskClient", "TTRPCNIO", "TTRPCCore", "VentanillaMessages", "KioskTestSupport"] + nio),
    tests(
      "IVRBridgeTests",
      ["IVRBridge", "FastAGI", "IVRDialogue", "Guidance", "ClinicDomain", "ClinicConfiguration", "KioskTestSupport", "TTRPCCore", logging] + nio),
    tests(
      "KioskServerTests",
      [
        "KioskServer", "KioskServices", "ClinicStore", "Scheduling", "ClinicDomain", "TTRPCCore", "KioskTestSupport", embedded, metrics, logging,
      ] + nio),
    tests(
      "KioskctlTests",
      ["kioskctl", "TerminalText", "KioskClient", "VentanillaMessages", "Guidance", "ClinicDomain", "TTRPCNIO", "TTRPCCore", arguments]),
    tests(
      "KioskDevTests",
      [
        "kiosk-dev", "KioskServices", "KioskTestSupport", "ClinicStore", "Scheduling", "ClinicDomain", "VentanillaMessages",
        "TTRPCNIO", "TTRPCCore", "FuzzTargets", "CBenchLoad", "CSQLite", arguments,
      ] + nio),
    // Real processes, real sockets, real files.
    tests(
      "IntegrationTests",
      [
        "KioskServer", "KioskServices", "KioskClient", "KioskTestSupport", "VentanillaMessages", "ClinicStore", "Scheduling",
        "ClinicDomain", "ClinicConfiguration", "TTRPCNIO", "TTRPCCore", "IVRBridge", "kiosk-server", "ivr-bridge", "kioskctl", "kiosk-dev",
        logging, tracing, inMemoryTracing,
      ] + nio),
    tests("TidyTests", ["kiosk-dev"]),
  ],
  swiftLanguageModes: [.v6]
)

if let fuzzing {
  // In what is fuzzed; nothing else is built so.
  let sanitized = [fuzzing == "address" ? "-sanitize=fuzzer,address" : "-sanitize=fuzzer"]
  for target in package.targets where ["TTRPCCore", "FastAGI", "TTRPCNIO", "VentanillaMessages", "FuzzTargets"].contains(target.name) {
    target.swiftSettings = settings + [.unsafeFlags(sanitized)]
  }
  package.targets.append(
    .executableTarget(
      name: "kiosk-fuzz", dependencies: ["FuzzTargets"],
      swiftSettings: settings + [.unsafeFlags(sanitized + ["-parse-as-library"])],
      linkerSettings: [.unsafeFlags(sanitized + ["-use-ld=lld"])]))
}

// `WIRE=1`: of the tests, the wire's alone, so that a sanitizer builds what it is to look at.
if Context.environment["WIRE"] != nil {
  let wire = ["TTRPCCoreTests", "TTRPCNIOTests", "ConformanceTests", "KioskClientTests"]
  package.targets.removeAll { $0.type == .test && !wire.contains($0.name) }
}

/// A folder of Tests/.
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}
