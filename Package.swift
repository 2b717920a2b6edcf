// swift-tools-version: 6.2
// The targets stand in layer order: what stands lower may import what stands higher, and TidyTests hold it so.
import PackageDescription

/// Every import states its access, `any` is written, members come only from modules that the file imports.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "Ventanilla",
  targets: [
    // Pure: no sockets, no SQL, no C, no clock, no files, no Foundation.
    .target(name: "ClinicDomain", swiftSettings: settings),
    .target(name: "TTRPCCore", swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
