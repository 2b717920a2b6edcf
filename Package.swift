// swift-tools-version: 6.2
// The targets stand in layer order: what stands lower may import what stands higher, and TidyTests hold it so.
import PackageDescription

/// Every import states its access, `any` is written, members come only from modules that the file imports.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let nio: [Target.Dependency] = [
  .product(name: "NIOCore", package: "swift-nio"),
  .product(name: "NIOPosix", package: "swift-nio"),
]
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let lifecycle: [Target.Dependency] = [
  .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
  .product(name: "UnixSignals", package: "swift-service-lifecycle"),
]
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")

let package = Package(
  name: "Ventanilla",
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // Pure: no sockets, no SQL, no C, no clock, no files, no Foundation.
    // The nouns of the clinic.
    .target(name: "ClinicDomain", swiftSettings: settings),
    // The verbs: decisions, and what is free.
    .target(name: "Scheduling", dependencies: ["ClinicDomain"], swiftSettings: settings),
    // The protocol as values.
    .target(name: "TTRPCCore", swiftSettings: settings),

    // Adapters: each owns one outside thing.
    // The text of kiosk-config.
    .target(
      name: "ClinicConfiguration", dependencies: ["ClinicDomain", .product(name: "Yams", package: "Yams")],
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
    .target(name: "TTRPCNIO", dependencies: ["TTRPCCore"] + nio, swiftSettings: settings),
    // The database.
    .target(name: "ClinicStore", dependencies: ["ClinicDomain", "Scheduling", grdb], swiftSettings: settings),

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
        "ClinicDomain", "TTRPCCore", logging,
      ] + lifecycle + nio,
      swiftSettings: settings),
    // The typed client.
    .target(
      name: "KioskClient", dependencies: ["TTRPCNIO", "TTRPCCore", "VentanillaMessages", "ClinicDomain"] + nio,
      swiftSettings: settings),

    // Executables.
    .executableTarget(name: "kiosk-server", dependencies: ["KioskServer", arguments, logging], swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
